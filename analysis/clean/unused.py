"""What of a sheet is not used: columns, rows, blocks and sheets, each named once with its place and its reason."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analysis.clean.checks import error_rules
from analysis.read import RawSheet
from analysis.read.cell_places import block, cell, column_letters, rows
from analysis.read.fields import Table, header_words
from analysis.read.header import Doubt
from analysis.read.header_names import derived_words, is_part, near, perhaps, plain
from analysis.read.header_units import narrow, split
from analysis.read.row_words import headers
from analysis.registered import quoted

_FEWEST_NUMBERS = 2


@dataclass(frozen=True)
class Unused:
    """One thing to tell of a sheet: `rule` is an id of checks.yml, `cells` how many cells it names as not used."""

    rule: str
    place: str
    cells: int = 0
    column: str | None = None
    before: str | None = None
    after: str | None = None
    row: int | None = None


def of_sheet(raw: RawSheet, table: Table, rejected: set[int]) -> list[Unused]:
    """Return what of a sheet is not used or is to be told, apart from its cells; `rejected` are the rows set aside."""
    if raw.unread:
        return [Unused(raw.unread, raw.block.place, raw.block.count, before=raw.block.other or None)]
    if raw.bare:
        return [Unused("table_bare", raw.block.place), *_columns(raw, table, rejected)]
    return [*_columns(raw, table, rejected), *_rows(raw), *_told(raw, table)]


def _kept(raw: RawSheet, rejected: set[int]) -> pl.DataFrame:
    """Return the rows that are data and were not set aside."""
    data_rows = raw.rows.filter("data")
    return data_rows.filter(~pl.col("row").is_in(list(rejected))) if rejected else data_rows


def _columns(raw: RawSheet, table: Table, rejected: set[int]) -> Iterator[Unused]:
    layout, positions = raw.layout, set(raw.layout.positions)
    if len(positions) == len(layout.texts):
        return
    kept_rows = _kept(raw, rejected)
    for doubt in layout.doubts:
        positions.update(doubt.positions)
        said = doubt.said or "、".join(column_letters(position + raw.left) for position in doubt.positions)
        cells = sum(_filled(raw, kept_rows, position) for position in doubt.positions)
        place = ",".join(_range(raw, position) for position in doubt.positions)
        yield Unused(doubt.rule, place, cells, doubt.column, said, doubt.entry or None)
    passed = {position: passed for passed in layout.passed for position in passed.positions}
    taken = {binding.column for binding in layout.bindings}
    for position, text in enumerate(layout.texts):
        if position in positions:
            continue
        cells = _filled(raw, kept_rows, position)
        if not cells and not text:
            continue
        rule, column, after = _reason(text, passed.get(position), table, taken)
        if cells or rule != "column_without_header":
            yield Unused(rule, _range(raw, position), cells, column, _in_line(text), after)


def _in_line(text: str) -> str:
    """Return a header as one line."""
    return " ".join(text.split())


def _reason(text: str, passed: Doubt | None, table: Table, taken: set[str]) -> tuple[str, str | None, str | None]:
    """Return why a column is not read: a check id, the column it names or is like, the line that would have it read."""
    if passed:
        return passed.rule, passed.column, None
    if not text:
        return "column_without_header", None, None
    words, path = header_words(), tuple(_in_line(text).split("/"))
    bare = {plain(word) for word in words["notes"]}
    if all(plain(part) in bare for part in path):
        return "column_of_notes", None, None
    if plain(text) in headers("year_columns") | headers("county_columns"):
        return "column_of_rows", None, None
    if column := perhaps(path, table, taken):
        return "column_near", column, f"{table.name}: {{{column}: [{'/'.join(path)}]}}"
    if any(is_part(part) or is_part(split(part).odd) for part in path):
        return "column_of_part", None, None
    if narrow(path[-1]) in words["wholes"]:
        return "column_of_whole", None, None
    columns = near(path, table, taken)
    if not columns:
        return "column_unknown", None, None
    if derived_words(path) - derived_words((table.columns[columns[0]].zh,)):
        return "column_derived", None, None
    if len(columns) > 1:
        return "column_ambiguous", None, "、".join(table.columns[column].zh for column in columns)
    return "column_near", columns[0], f"{table.name}: {{{columns[0]}: [{'/'.join(path)}]}}"


def _filled(raw: RawSheet, kept_rows: pl.DataFrame, position: int) -> int:
    """Return how many rows hold something of their own at a position."""
    present = raw.block.sheet.present
    if present is None:
        return int(kept_rows[f"c{position}"].count())
    return int(present[f"c{position}"].gather(kept_rows["row"] - 1 - raw.block.top).sum())


def _range(raw: RawSheet, position: int) -> str:
    """Return the place of a column below the header."""
    first, last = raw.block.top + raw.layout.last + 2, raw.block.top + raw.block.sheet.cells.height
    return block(min(first, last), position + raw.left, last, position + raw.left)


def _rows(raw: RawSheet) -> Iterator[Unused]:
    right = raw.left + raw.block.sheet.cells.width - 1
    if raw.rows["stray"].any():
        for row, filled in raw.rows.filter("stray").select("row", "filled").iter_rows():
            yield Unused("row_stray", block(row, raw.left, row, right), filled, row=row)
    if raw.lost.height:
        yield Unused("rows_of_others", rows(raw.lost["row"].to_list()), int(raw.lost["filled"].sum()))
    yield from _odd_rows(raw)
    for title in raw.titles:
        place = cell(title.row, raw.left) if title.row else ""
        rule = "title_of_other_year" if title.row else "name_of_other_year"
        yield Unused(rule, place, 0, before=title.text, after=f"title: {quoted(title.text)}", row=title.row or None)
    top = raw.block.top
    above = raw.block.sheet.cells.head(raw.layout.first).rows() if raw.layout.first > 0 else []
    for number, row in enumerate(above, start=1):
        numbers = sum(bool(text) and _is_number(str(text)) for text in row)
        if numbers >= _FEWEST_NUMBERS:
            cells = _own(raw, number - 1)
            yield Unused(
                "row_above_header", block(top + number, raw.left, top + number, right), cells, row=top + number
            )
    if not raw.block.sheet.hidden_rows:
        return
    hidden = raw.rows.filter(pl.col("row").is_in(list(raw.block.sheet.hidden_rows)))
    if hidden.height and raw.source.hidden is False:
        read = hidden.filter(~pl.col("total") & ~pl.col("stray"))
        yield Unused("rows_hidden_left", rows(read["row"].to_list()), int(read["filled"].sum()))
    elif hidden.filter("data").height:
        shown = hidden.filter("data")["row"].to_list()
        yield Unused("rows_hidden", rows(shown), before=str(len(shown)))


def _odd_rows(raw: RawSheet) -> Iterator[Unused]:
    """Yield the rows that are no data since they are not the source's own; those set aside are told one by one."""
    for odd in raw.odds:
        if odd.rule not in error_rules():
            filled = int(raw.rows.filter(pl.col("row").is_in(odd.rows))["filled"].sum())
            row = odd.rows[0] if len(odd.rows) == 1 else None
            yield Unused(
                odd.rule, rows(list(odd.rows)), filled, odd.column or None, odd.said or None, odd.entry or None, row
            )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace(",", "").isdigit()


def _own(raw: RawSheet, number: int) -> int:
    sheet = raw.block.sheet
    row = sheet.cells.row(number) if sheet.present is None else sheet.present.row(number)
    return sum(bool(cell) for cell in row)


def _told(raw: RawSheet, table: Table) -> Iterator[Unused]:
    """Yield what was read where another reading might be meant: hidden columns, groups that say nothing, units."""
    hidden = raw.block.sheet.hidden_columns
    for binding in raw.layout.bindings:
        if binding.position in hidden and raw.source.hidden is None:
            yield Unused("column_hidden_read", _range(raw, binding.position), column=binding.column)
        if binding.column in raw.layout.titled and binding.unit and binding.unit.factor != 1:
            factor = f"{binding.unit.factor:g}"
            yield Unused("unit_of_title", _range(raw, binding.position), column=binding.column, before=factor)
    columns = {binding.position: binding.column for binding in raw.layout.bindings}
    shown = set(raw.rows.filter("data")["row"]) if raw.block.sheet.marks else set()
    for mark in raw.block.sheet.marks:
        if mark.position in columns and mark.row in shown:
            place = cell(mark.row, mark.position + raw.left)
            yield Unused(mark.rule, place, 0, columns[mark.position], mark.before, mark.after, mark.row)
    heads: dict[str, list[int]] = {}
    for position, group in raw.layout.groups:
        heads.setdefault(group, []).append(position)
    for group, positions in heads.items():
        place = ",".join(_range(raw, position) for position in positions)
        yield Unused("header_group", place, before=group)
