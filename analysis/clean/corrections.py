"""Known errors of source files, corrected on each run: corrections.yml in the folder of raw statistics.

An entry says where (file, sheet, and row or key), which value (column, before, after), why, and who said so:

    - {file: 990101/schools_2024.xlsx, sheet: 学校, row: 17, column: books, before: "232260", after: "23226",
       why: 多录一个零, who: 县教育局统计科 2024-11-02, status: open}

`key` names the row by its printed cells ({school: "9901010003"}); `column` is a name, a header or the letters of the
sheet; status `retired` keeps an entry without applying it. A county's workbook (analysis.decisions) says the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis import registered
from analysis.clean.failed_cells import normal
from analysis.read import RawSheet
from analysis.read.cell_places import cell, column_number
from analysis.read.fields import Table
from analysis.read.rows import with_rows


@dataclass(frozen=True)
class Correction:
    """One entry of corrections.yml; `row` is the row's number in the sheet, `key` its cells by column."""

    file: str
    column: str
    before: str
    after: str
    why: str
    who: str
    sheet: str | None = None
    row: int | None = None
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of one entry: `rule` is corrected, correction_unused, correction_unmatched or
    correction_mended. Unused is what changed a cell that nothing is computed of.

    `place` is the cell that it is about ("C17"), empty where none was found; `column` the table's column there, empty
    where it is none.
    """

    correction: Correction
    rule: str
    sheet: str | None
    row: int | None
    place: str = ""
    column: str = ""


@dataclass(frozen=True)
class Entries:
    """The entries that are applied, by the file that they correct, in their order."""

    by_file: dict[str, list[Correction]]

    def of(self, file: str) -> list[Correction]:
        """Return the entries of a file."""
        return self.by_file.get(file, [])

    def below(self, beginning: str) -> list[Correction]:
        """Return the entries of the files whose names begin so."""
        return [entry for file, mine in self.by_file.items() if file.startswith(beginning) for entry in mine]


def load(folder: Path, counties: Iterable[str] = ()) -> Entries:
    """Return the entries that are applied, with what counties decided; DataError names what can't be understood."""
    by_file: dict[str, list[Correction]] = {}
    for entry in registered.corrections(folder, counties):
        if entry.get("status") != "retired":
            read = _correction(entry)
            by_file.setdefault(read.file, []).append(read)
    return Entries(by_file)


def _correction(entry: dict[str, Any]) -> Correction:
    texts = {name: str(entry[name]) for name in ("file", "column", "why", "who")}
    texts |= {name: "" if entry[name] is None else str(entry[name]) for name in ("before", "after")}
    sheet = None if entry.get("sheet") is None else str(entry["sheet"])
    pairs = tuple((str(name), str(value)) for name, value in (entry.get("key") or {}).items())
    return Correction(**texts, sheet=sheet, row=entry.get("row"), key=pairs)


def apply(sheets: list[RawSheet], table: Table, corrections: list[Correction]) -> tuple[list[RawSheet], list[Outcome]]:
    """Return the sheets of one file with its corrections applied, and what became of each entry."""
    outcomes = []
    for correction in corrections:
        sheets, outcome = _apply(sheets, table, correction)
        outcomes.append(outcome)
    return sheets, outcomes


def _apply(sheets: list[RawSheet], table: Table, entry: Correction) -> tuple[list[RawSheet], Outcome]:
    mended: Outcome | None = None
    for number, sheet in enumerate(sheets):
        place = _place(sheet, table, entry.column)
        if place is None or (entry.sheet is not None and entry.sheet != sheet.name):
            continue
        chosen = _chosen(sheet, table, entry)
        chosen_rows = sheet.rows.filter(chosen)
        texts = chosen_rows.select(normal(pl.col(place)).fill_null("").alias("text"))["text"].to_list()
        before, after = _normal(entry.before), _normal(entry.after)
        for row, text in zip(chosen_rows["row"].to_list(), texts, strict=True):
            if text == before:
                replaced = pl.when(pl.col("row") == row).then(pl.lit(entry.after)).otherwise(place).alias(place)
                corrected = with_rows(sheet, sheet.rows.with_columns(replaced))
                rule = "corrected" if _is_used(corrected, row, place) else "correction_unused"
                outcome = Outcome(entry, rule, sheet.name, row, _cell(sheet, row, place), _named(sheet, place))
                return [*sheets[:number], corrected, *sheets[number + 1 :]], outcome
            if text == after:
                cell_at = _cell(sheet, row, place)
                mended = Outcome(entry, "correction_mended", sheet.name, row, cell_at, _named(sheet, place))
    return sheets, mended or Outcome(entry, "correction_unmatched", entry.sheet, entry.row)


def _named(sheet: RawSheet, place: str) -> str:
    """Return the table's column whose cells stand at a place of the frame, "" where it is of none."""
    here = int(place.removeprefix("c"))
    return next((one.column for one in sheet.layout.bindings if here in (one.position, *one.addends)), "")


def _is_used(sheet: RawSheet, row: int, place: str) -> bool:
    """Tell whether a cell is read: its row is data, its column one of the table's, its sheet not passed over."""
    read = {f"c{at}" for binding in sheet.layout.bindings for at in (binding.position, *binding.addends)}
    return not sheet.unread and place in read and bool(sheet.rows.filter(pl.col("row") == row)["data"].any())


def _place(sheet: RawSheet, table: Table, column: str) -> str | None:
    """Return the frame's column for a column's name or for a header as it stands in the sheet."""
    bound = sheet.layout.bound()
    name = next(
        (
            table_column.name
            for table_column in table.columns.values()
            if column in (table_column.name, *table_column.headers)
        ),
        None,
    )
    if name in bound:
        return f"c{bound[name].position}"
    if column in sheet.layout.texts:
        return f"c{sheet.layout.texts.index(column)}"
    letters = re.fullmatch("[A-Z]{1,3}", column)
    return f"c{column_number(column) - sheet.left}" if letters and _is_within(sheet, column) else None


def _is_within(sheet: RawSheet, letters: str) -> bool:
    """Tell whether a column, by its letters, is one of the sheet's block."""
    return 0 <= column_number(letters) - sheet.left < len(sheet.layout.texts)


def _cell(sheet: RawSheet, row: int, place: str) -> str:
    """Return where the cell of a row stands; `place` is the frame's column."""
    return cell(row, int(place.removeprefix("c")) + sheet.left)


def _chosen(sheet: RawSheet, table: Table, entry: Correction) -> pl.Expr:
    chosen = pl.lit(True) if entry.row is None else pl.col("row") == entry.row
    for name, value in entry.key:
        place = _place(sheet, table, name)
        chosen = chosen & (normal(pl.col(place)) == _normal(value)) if place else pl.lit(False)
    return chosen


def _normal(text: str) -> str:
    return str(pl.select(normal(pl.lit(text)))[0, 0])
