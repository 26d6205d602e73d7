"""The rows of a source file: data apart from totals, notes and repeated headers, each with its place."""

import difflib
import re
from dataclasses import dataclass, field, replace

import polars as pl

from analysis.errors import DataError
from analysis.files import inside
from analysis.read import entry_checks, foreign_blocks, grid, header, no_header, row_kinds
from analysis.read.blocks import Block, blocks, whole
from analysis.read.cell_places import column_letters
from analysis.read.fields import Column, Table, known_as
from analysis.read.header_names import perhaps
from analysis.read.header_units import narrow
from analysis.read.shared_files import Share, share_of
from analysis.read.titles import Title
from analysis.sources import Catalogue, Source, aliases

#: A header so like one that lacks is offered as its alias.
_LIKE = 0.3
#: What ends so is a number (班数), and not what it counts (班级); columns of these kinds are numbers.
_COUNT, _COUNTED = "数", ("count", "amount", "number", "share")
#: A row of a table has so many cells, at least; one of a list of codes and names fewer.
_SEVERAL = 4


@dataclass(frozen=True, eq=False)
class FoundSheet:
    """A block of a sheet and its header; `unread`, `bare` and `titles` are those of RawSheet, `share` the source's."""

    source: Source
    table: Table
    block: Block
    layout: header.Layout
    share: Share
    unread: str = ""
    bare: bool = False
    titles: tuple[Title, ...] = ()

    @property
    def sheet(self) -> grid.Sheet:
        """Return the cells of the block."""
        return self.block.sheet

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what decides how the rows of a sheet are told apart."""
        merged = self.sheet.present is not None
        return self.unread, self.table, merged, self.sheet.cells.width, self.layout.bindings, self.layout.rows


@dataclass(frozen=True)
class Odd:
    """Rows (numbers from 1) that are hardly this source's, and why: a check id, the column that says it, what it says.

    `entry` is the line that settles it, "" where there is none.
    """

    rule: str
    rows: tuple[int, ...]
    column: str = ""
    said: str = ""
    entry: str = ""


@dataclass(frozen=True, eq=False)
class RawSheet:
    """The rows below a header that are not empty, of a sheet or of a block of one.

    `rows`: columns c0, c1, ... of text (null where blank), `row` (Int32, its number in the sheet, from 1), `filled`
    (how many cells hold something), `data` (False for totals, notes and repeated headers), `total` and `stray` (neither
    of these). `name` is the sheet's, with the columns of a block that stands beside another; `left` is the number of
    the block's first column. `bare`: no sheet of the source has a row below its header.
    `titles` tell another year than the source's, and the sheet is read all the same.
    `unread` says why a sheet's rows are no data at all (a check id): it is hidden, or has no
    header of the table. `elsewhere` are rows that other sources of the file use, `lost` those of nobody; `odds` are
    rows that are not used, or doubtful, since they are hardly the source's.
    """

    source: Source
    name: str
    layout: header.Layout
    rows: pl.DataFrame
    table: Table
    block: Block
    share: Share
    left: int = 0
    styled: bool = True
    unread: str = ""
    bare: bool = False
    titles: tuple[Title, ...] = ()
    elsewhere: int = 0
    lost: pl.DataFrame = field(default_factory=pl.DataFrame)
    odds: tuple[Odd, ...] = ()

    @property
    def data(self) -> pl.DataFrame:
        """Return the rows that are data."""
        return self.rows.filter("data")

    @property
    def too_long(self) -> list[int]:
        """Return the numbers of the rows with more fields than the header: which value is whose is not known."""
        return [number + self.block.top for number in self.block.sheet.too_long(self.layout.last)]

    @property
    def too_short(self) -> list[int]:
        """Return the numbers of the rows with fewer fields than the header, in a text whose rows have as many."""
        return [number + self.block.top for number in self.block.sheet.too_short(self.layout.last)]

    @property
    def merged(self) -> dict[int, list[int]]:
        """Return the rows (numbers from 1) in which a value is merged with another row's or column's, by position."""
        by_place: dict[int, list[int]] = {}
        data = set(self.data["row"]) if self.block.sheet.merges else set()
        for (top, first), (bottom, last) in self.block.sheet.merges:
            places = [
                place - self.left for place in range(first, last + 1) if place - self.left in self.layout.positions
            ]
            rows = [row for row in range(top + 1, bottom + 2) if row in data]
            if len(places) * len(rows) > 1:
                for place in places:
                    by_place.setdefault(place, []).extend(rows)
        return by_place

    @property
    def left_out(self) -> bool:
        """Tell whether another source of the file uses, or tells, all of it."""
        return bool(self.unread) and self.share.leaves(self.block, self.unread)

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what decides how the cells of a sheet are read."""
        return self.rows.width, self.layout.bindings, tuple(self.layout.implied.items()), self.styled, self.table


def read_source(catalogue: Catalogue, source: Source) -> list[RawSheet]:
    """Return the sheets of a source that hold its table; raises what `find_sheets` raises."""
    return rows_of(find_sheets(catalogue, source))


def find_sheets(catalogue: Catalogue, source: Source) -> list[FoundSheet]:
    """Return the blocks of the sheets of a source, each with the header of the source's table.

    Raises DataError where the file can't be read, no sheet has the table's header, or a column that is required or
    named by `where` is absent, or stands there twice.
    """
    sheets = grid.read(inside(catalogue.folder, source.file), source.file, source.encoding or None)
    wanted = known_as(source.table, aliases(catalogue.folder, source.county))
    context = header.Context(source.year, decided=header.Decided(source.columns, source.units, source.hidden))
    share = share_of(catalogue, source)
    entry_checks.before(source, sheets, wanted)
    blocks_found = [
        (sheet, block)
        for sheet in sheets
        for block in (blocks(sheet, wanted, context) if share.reads(sheet) and not sheet.blank else [whole(sheet)])
    ]
    found_sheets = [_found(source, wanted, sheet, block, share) for sheet, block in blocks_found]
    pages = [
        foreign_blocks.Page(sheet, block, not found_sheet.unread)
        for (sheet, block), found_sheet in zip(blocks_found, found_sheets, strict=True)
    ]
    judged = foreign_blocks.judge(pages, source, "year" in wanted.columns)
    found_sheets = [
        found_sheet if found_sheet.unread else _judged(found_sheet, two)
        for found_sheet, two in zip(found_sheets, judged, strict=True)
    ]
    if all(found_sheet.unread for found_sheet in found_sheets):
        if any(found_sheet.unread == "table_of_other_year" for found_sheet in found_sheets):
            raise DataError("tables_of_other_years", file=source.file, year=source.year)
        layouts = [(block.sheet, block.layout) for _, block in blocks_found if block.layout is not None]
        raise _no_header(source, wanted, sheets, layouts)
    read = [found_sheet for found_sheet in found_sheets if not found_sheet.unread]
    for found_sheet in read:
        _places_asked(source, found_sheet.layout)
    entry_checks.after(source, wanted, [(found_sheet.sheet, found_sheet.layout) for found_sheet in read])
    bare = all(found_sheet.sheet.cells.height <= found_sheet.layout.last + 1 for found_sheet in read)
    return [found_sheet if found_sheet.unread else replace(found_sheet, bare=bare) for found_sheet in found_sheets]


def _judged(found_sheet: FoundSheet, said: foreign_blocks.Otherwise) -> FoundSheet:
    """Return a block with what names and titles say of it."""
    if said.why:
        return replace(found_sheet, unread=said.why, layout=_nothing(found_sheet.block))
    return replace(found_sheet, titles=said.doubts) if said.doubts else found_sheet


def _nothing(block: Block) -> header.Layout:
    return header.Layout(-1, -1, (), ("",) * block.sheet.cells.width)


def _found(source: Source, wanted: Table, sheet: grid.Sheet, block: Block, share: Share) -> FoundSheet:
    """Return a block with its header, or with the reason why none of its rows are data."""
    why = share.unread(sheet) or block.unread
    if not why and block.layout is not None and _absent(block.layout, wanted):
        why = "sheet_without_key"
    if why in ("", "sheet_of_notes") and block.layout is None and _has_schools(source, wanted, block):
        why = "sheet_headless"
    if why or block.layout is None:
        return FoundSheet(source, wanted, block, _nothing(block), share, why or "sheet_of_notes")
    return FoundSheet(source, wanted, block, block.layout, share)


def _has_schools(source: Source, wanted: Table, block: Block) -> bool:
    """Tell whether a block without a header has rows of several cells that begin with a code of the county's schools:
    it goes on where another sheet ends."""
    if "school" not in wanted.columns or block.sheet.blank:
        return False
    cells = block.sheet.cells
    begin = "|".join(re.escape(code) for code in source.codes or (source.county,))
    code = pl.coalesce(pl.all()).str.contains(rf"^(?:{begin})[0-9A-Za-z]{{2,}}$").fill_null(value=False)
    return bool(cells.select((code & (pl.sum_horizontal(pl.all().is_not_null()) >= _SEVERAL)).any()).item())


def _absent(layout: header.Layout, wanted: Table) -> list[str]:
    return [column.zh for name, column in wanted.columns.items() if name in wanted.needed - layout.named]


def _no_header(
    source: Source, wanted: Table, sheets: list[grid.Sheet], layouts: list[tuple[grid.Sheet, header.Layout]]
) -> DataError:
    if fault := no_header.hidden(source, wanted, sheets):
        return fault
    if not layouts:
        return no_header.fault(source, wanted, sheets)
    sheet, layout = max(layouts, key=lambda pair: len(pair[1].bindings))
    for doubt in layout.doubts:
        if wanted.columns[doubt.column].required:
            values = {"column": wanted.columns[doubt.column].zh, "places": places(doubt, sheet.left)}
            key = "header_of_degrees" if doubt.rule == "column_of_degrees" else "header_doubtful"
            return DataError(key, file=source.file, sheet=sheet.name, entry=doubt.entry, **values)
    absent = [column for column in wanted.columns.values() if column.zh in _absent(layout, wanted)]
    bound = {binding.position for binding in layout.bindings}
    others = [text for position, text in enumerate(layout.texts) if text and position not in bound]
    if wide := _wide(absent, others):
        context = {"column": wide[0].zh, "texts": "、".join(wide[1])}
        return DataError("header_wide", file=source.file, sheet=sheet.name, **context)
    close = [
        text for text in others if perhaps(tuple(text.split("/")), wanted, wanted.columns.keys() - {absent[0].name})
    ]
    counted = absent[0].kind not in _COUNTED
    named = [
        text
        for text in others
        if "/" not in text and not any(sign.isdecimal() for sign in text) and not (counted and text.endswith(_COUNT))
    ]
    close = close or difflib.get_close_matches(absent[0].zh, named, n=1, cutoff=_LIKE)
    names = "、".join(column.zh for column in absent)
    place = {"file": source.file, "sheet": sheet.name, "columns": names}
    if not close:
        return DataError("header_lacks", row=layout.last + 1, **place)
    entry = f"{source.table}: {{{absent[0].name}: [{close[0][:40]}]}}"
    return DataError("header_near", row=layout.last + 1, nearest=close[0][:40], entry=entry, **place)


def _wide(absent: list[Column], heads: list[str]) -> tuple[Column, list[str]] | None:
    """Return the absent column whose choices stand side by side as headers, and these: 语文 | 数学 | 英语."""
    for column in absent:
        choices = {header.plain(text) for texts in column.choices.values() for text in texts}
        choices_found = [text for text in heads if header.plain(text) in choices]
        if len(choices_found) > 1:
            return column, choices_found
    return None


def places(doubt: header.Doubt, left: int) -> str:
    """Return the letters of the columns in doubt."""
    return "、".join(column_letters(position + left) for position in doubt.positions)


def rows_of(sheets: list[FoundSheet]) -> list[RawSheet]:
    """Return the rows of sheets, in their order; sheets whose headers are alike are looked at in one go."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, found_sheet in enumerate(sheets):
        alike.setdefault(found_sheet.alike, []).append(number)
    rows: dict[int, pl.DataFrame] = {}
    for numbers in alike.values():
        parts = [sheets[number] for number in numbers]
        if parts[0].unread:
            rows_of_parts = [_no_data(part.sheet.cells, part.block.top) for part in parts]
        else:
            cells = [part.sheet.cells for part in parts]
            tops, present = [part.block.top for part in parts], [part.sheet.present for part in parts]
            rows_of_parts = row_kinds.rows(cells, [part.layout for part in parts], tops, present, parts[0].table)
        rows |= zip(numbers, rows_of_parts, strict=True)
    return [_raw(found_sheet, rows[number]) for number, found_sheet in enumerate(sheets)]


def _raw(found_sheet: FoundSheet, rows: pl.DataFrame) -> RawSheet:
    source, sheet, block = found_sheet.source, found_sheet.sheet, found_sheet.block
    elsewhere, lost = 0, rows.clear()
    if not found_sheet.unread:
        rows, elsewhere, lost = _of_county(rows, source, found_sheet.layout, found_sheet.share)
        if source.hidden is False and sheet.hidden_rows:
            rows = rows.with_columns(data=pl.col("data") & ~pl.col("row").is_in(list(sheet.hidden_rows)))
    return RawSheet(
        source,
        block.label,
        found_sheet.layout,
        rows,
        found_sheet.table,
        block,
        found_sheet.share,
        sheet.left,
        sheet.styled,
        found_sheet.unread,
        found_sheet.bare,
        found_sheet.titles,
        elsewhere,
        lost,
    )


def _no_data(cells: pl.DataFrame, top: int) -> pl.DataFrame:
    """Return all rows that are not empty, none of them data."""
    no = pl.lit(value=False)
    filled = pl.sum_horizontal(pl.col(cells.columns).is_not_null()).cast(pl.Int32)
    return (
        cells.with_row_index("row", offset=1 + top)
        .with_columns(pl.col("row").cast(pl.Int32), filled.alias("filled"))
        .filter(pl.col("filled") > 0)
        .with_columns(no.alias("data"), no.alias("total"), no.alias("stray"), pl.lit(None, pl.String).alias("odd"))
    )


def _of_county(
    rows: pl.DataFrame, source: Source, layout: header.Layout, share: Share
) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """Return the rows of a file of several counties that are this county's (those that `where` names), how many cells
    other sources use, and the rows of nobody.
    """
    asked = _places_asked(source, layout)
    if not asked:
        return rows, 0, rows.clear()
    mine = _are(rows, asked)
    others = pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
    for where in share.wheres:
        others |= _are(rows, _places(where, layout) or []) if where != source.where else False
    data = rows["data"]
    lost = rows.filter(data & ~mine & ~others) if share.first else rows.clear()
    kept = rows.filter(mine | (~data if share.first else False))
    elsewhere = int(rows.filter(~mine & (others | (not share.first)))["filled"].sum())
    return kept, elsewhere, lost


def _are(rows: pl.DataFrame, asked: list[tuple[int, str]]) -> pl.Series:
    """Tell which rows have these texts at these positions, whatever their width and spaces."""
    if not asked:
        return pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
    text = [
        pl.col(f"c{place}").str.normalize("NFKC").str.replace_all(r"\s+", "") == narrow(wanted)
        for place, wanted in asked
    ]
    return rows.select(pl.all_horizontal(text).fill_null(value=False)).to_series()


def _places(where: tuple[tuple[str, str], ...], layout: header.Layout) -> list[tuple[int, str]] | None:
    """Return the position of each header that `where` names, and the text asked; None where one is absent."""
    heads = [header.plain(text) for text in layout.texts]
    if any(header.plain(asked) not in heads for asked, _ in where):
        return None
    return [(heads.index(header.plain(asked)), text) for asked, text in where]


def _places_asked(source: Source, layout: header.Layout) -> list[tuple[int, str]]:
    """Return the positions and texts that a source's `where` asks; DataError where a header is absent."""
    places = _places(source.where, layout)
    if places is None:
        heads = [header.plain(text) for text in layout.texts]
        asked = next(text for text, _ in source.where if header.plain(text) not in heads)
        raise DataError("header_lacks", file=source.file, sheet="", row=layout.last + 1, columns=asked)
    return places


def with_rows(sheet: RawSheet, rows: pl.DataFrame, odds: tuple[Odd, ...] = ()) -> RawSheet:
    """Return the sheet with other rows, and with what more there is to tell of them."""
    return replace(sheet, rows=rows, odds=(*sheet.odds, *odds))
