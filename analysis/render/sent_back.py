"""The workbook that goes back to a school: its rows as they came, cells in question marked, the rule in a comment."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from analysis.brand import brand
from analysis.clean import Records, private
from analysis.errors import language
from analysis.read.fields import Column
from analysis.read.fields import table as declared
from analysis.read.header import column_of
from analysis.render import answers
from analysis.tell.documents.check.notices import COUNTY, Notice

from .whole_workbook import AS_TYPED, WholeWorkbook

_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_PLACE = ["file", "sheet", "row"]
_COLOURS = {"error": "vermilion-tint", "value": "vermilion-tint", "warning": "ochre-tint"}
#: Kinds of column whose cells are numbers that people write with separators.
_NUMBERS = ("count", "amount", "number")
#: Widths of columns, and the number of columns from which a row is written down the page.
_NAME, _VALUE, _NARROW, _REASON = 30, 24, 13, 56
_MANY = 10
#: Points of one line of text.
_HIGH = 15
_PLAIN = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


@dataclass(frozen=True)
class Cell:
    """One cell of a row: its column (None where the table has none such), its header, what it says."""

    column: Column | None
    header: str
    value: Any


#: Rows by their place: file, sheet, row.
_Rows = dict[tuple[str, str, int | None], list[Cell]]


def write(records: Records, notices: Iterable[Notice], folder: Path, words: dict[str, str]) -> dict[str, str]:
    """Write a workbook for each school with findings, one for the county's own tables; return their names by holder."""
    of_rows = [notice for notice in notices if notice.row is not None]
    rows = _rows(records, of_rows)
    by_holder: dict[str, list[Notice]] = {}
    for notice in of_rows:
        if notice.at in rows:
            by_holder.setdefault(notice.holder, []).append(notice)
    books: dict[str, str] = {}
    for holder, findings in by_holder.items():
        name = next((notice.name for notice in findings if notice.name), "")
        label = {COUNTY: words["of_county"], "": words["unknown"]}.get(holder) or f"{holder} {name}".strip()
        books[holder] = f"{_UNSAFE.sub('_', label)[:80]}.xlsx"
        _book(folder / books[holder], findings, rows, words, (records.county, holder))
    return books


def _rows(records: Records, notices: list[Notice]) -> _Rows:
    """Return the cells of each row that has a finding: those set aside as they stood, the others as they were read."""
    rows: _Rows = {}
    wanted = pl.DataFrame(
        [notice.at for notice in notices], schema=dict.fromkeys(_PLACE[:2], pl.String) | {"row": pl.Int32}, orient="row"
    )
    for name in {notice.table for notice in notices}:
        frame = records.frames().get(name)
        if frame is None or "row" not in frame.columns:
            continue
        columns = _given(name, frame)
        frame = frame.with_columns(
            private.cells(frame[column.name], declared(name), column, column.zh, records.schools["school"])
            for column in columns
            if column.kind == "code"
        )
        place = pl.col("file", "sheet").fill_null("")
        for row in frame.with_columns(place).join(wanted.unique(), on=_PLACE, how="semi").iter_rows(named=True):
            rows[row["file"], row["sheet"], row["row"]] = [
                Cell(column, _header(column), _shown(column, row[column.name])) for column in columns
            ]
    for row in records.quarantine.iter_rows(named=True):
        cells = json.loads(row["cells"]).items()
        rows[row["file"], row["sheet"] or "", row["row"]] = [_as_it_stood(row["table"], *cell) for cell in cells]
    return rows


def _given(name: str, frame: pl.DataFrame) -> list[Column]:
    """Return the columns of a table that hold anything: those of the file, more or less."""
    filled = {series.name for series in frame if series.null_count() < len(series)}
    columns = declared(name).columns.values()
    return [column for column in columns if not column.person and (column.name in filled or column.required)]


def _header(column: Column) -> str:
    """Return a column as statistics print it, its unit below; in English mode its English name."""
    lang = language()
    unit = column.measured_in(lang)
    name = column.called(lang)
    return f"{name}（{unit}）" if unit and lang == "zh" else f"{name} ({unit})" if unit else name


def _as_it_stood(table: str, header: str, text: str | None) -> Cell:
    name = column_of(header, table)
    column = declared(table).columns[name] if name else None
    shown = column.called("en") if column is not None and language() == "en" and column.en else header
    counted = column is not None and column.kind in _NUMBERS and _PLAIN.fullmatch(text or "")
    return Cell(column, shown, float(text or "") if counted else text)


def _shown(column: Column, value: Any) -> Any:
    """Return a value in the words of the statistics: a choice as it is printed there."""
    return column.choices[value][0] if value in column.choices else value


class _Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        return self._made.setdefault(tuple(sorted(properties.items())), None) or self._add(properties)

    def _add(self, properties: dict[str, Any]) -> Any:
        added = self._made[tuple(sorted(properties.items()))] = self._book.add_format(properties)
        return added


def _book(path: Path, findings: list[Notice], rows: _Rows, words: dict[str, str], whose: tuple[str, str]) -> None:
    with WholeWorkbook(path, AS_TYPED) as book:
        formats = _Formats(book)
        for table in dict.fromkeys(notice.table for notice in findings):
            sheet = book.add_worksheet(declared(table).title[language()][:31])
            _Page(sheet, formats, words).write([notice for notice in findings if notice.table == table], rows)
        values = {
            at: {cell.column.name: cell.value for cell in cells if cell.column is not None}
            for at, cells in rows.items()
        }
        answers.write(book, *whose, findings, values)


class _Page:
    """The sheet of one table. Rows of few columns stand below each other, rows of many side by side."""

    def __init__(self, sheet: Any, formats: _Formats, words: dict[str, str]) -> None:
        self._sheet, self._formats, self._words = sheet, formats, words
        self._line = 2
        self._wrapped = formats.of(valign="top", text_wrap=True)
        self._bold = formats.of(bold=True, text_wrap=True, bottom=1, valign="top")

    def write(self, findings: list[Notice], rows: _Rows) -> None:
        """Write the rows that findings name, those of the same columns together."""
        self._sheet.write(0, 0, self._words["marked"], self._formats.of(bold=True))
        self._sheet.fit_to_pages(1, 0)
        alike: dict[tuple[str, ...], list[tuple[str, str, int | None]]] = {}
        for at in dict.fromkeys(notice.at for notice in findings):
            alike.setdefault(tuple(cell.header for cell in rows[at]), []).append(at)
        wide = max(len(head) for head in alike) > _MANY
        self._sheet.set_column(0, 0, _NAME)
        self._sheet.set_column(1, 1, _REASON if wide else _NAME)
        self._sheet.set_column(2, 60, _VALUE if wide else _NARROW)
        if not wide:
            self._sheet.set_column(3, 3, _REASON)
            self._sheet.set_landscape()
        for head, places in alike.items():
            if wide:
                self._down(head, places, findings, rows)
            else:
                self._across(head, places, findings, rows)
            self._line += 1

    def _tall(self, line: int, *texts: tuple[str, int]) -> None:
        """Make a line as high as its wrapped texts need, each with the width of its column: not every program does."""
        lines = max(sum(-(-_width(part) // wide) or 1 for part in text.split("\n")) for text, wide in texts)
        self._sheet.set_row(line, _HIGH * lines)

    def _across(
        self, head: tuple[str, ...], places: list[tuple[str, str, int | None]], findings: list[Notice], rows: _Rows
    ) -> None:
        """Write each row in a line: its place, what is to be checked, its cells."""
        names = [self._words[name] for name in ("file", "sheet", "row", "finding")]
        self._sheet.write_row(self._line, 0, [*names, *head], self._bold)
        self._tall(self._line, *((text, _NARROW) for text in head))
        for at in places:
            self._line += 1
            here = [notice for notice in findings if notice.at == at]
            self._sheet.write_row(self._line, 0, at, self._formats.of(align="left", valign="top", text_wrap=True))
            self._reason(self._line, 3, here)
            self._tall(self._line, (_reasons(here), _REASON), (at[0], _NAME), (at[1], _NAME))
            for position, cell in enumerate(rows[at], start=4):
                self._cell(self._line, position, cell, here)
        self._line += 1

    def _down(
        self, head: tuple[str, ...], places: list[tuple[str, str, int | None]], findings: list[Notice], rows: _Rows
    ) -> None:
        """Write a line for each column: its header, what is to be checked, the cell of each row."""
        here = [notice for notice in findings if notice.at in places]
        left = self._formats.of(align="left", valign="top", text_wrap=True)
        for number, name in enumerate(("file", "sheet", "row")):
            self._sheet.write(self._line + number, 0, self._words[name], self._wrapped)
            self._sheet.write_row(self._line + number, 2, [at[number] for at in places], left)
            self._tall(self._line + number, *((str(at[number]), _VALUE) for at in places))
        of_rows = [notice for notice in here if not any(_names(notice, cell) for cell in rows[notice.at])]
        if of_rows:
            self._reason(self._line + 2, 1, of_rows)
            self._tall(self._line + 2, (_reasons(of_rows), _REASON))
        self._line += 3
        blanks = [""] * len(places)
        self._sheet.write_row(self._line, 0, [self._words["column"], self._words["finding"], *blanks], self._bold)
        self._line += 1
        for number, header in enumerate(head):
            cells = [rows[at][number] for at in places]
            self._sheet.write(self._line, 0, header, self._wrapped)
            mine = [notice for notice in here if _names(notice, rows[notice.at][number])]
            self._tall(self._line, (header, _NAME), (_reasons(mine), _REASON))
            if mine:
                self._reason(self._line, 1, mine)
            for position, (at, cell) in enumerate(zip(places, cells, strict=True), start=2):
                self._cell(self._line, position, cell, [notice for notice in here if notice.at == at])
            self._line += 1

    def _reason(self, line: int, position: int, here: list[Notice]) -> None:
        look = self._formats.of(valign="top", text_wrap=True, bg_color=_worst(here), border=1)
        self._sheet.write(line, position, _reasons(here), look)

    def _cell(self, line: int, position: int, cell: Cell, here: list[Notice]) -> None:
        """Write a cell, coloured where findings of its row name it, with their reasons in a comment."""
        look: dict[str, Any] = {"valign": "top", "align": "left"}
        if cell.column is not None and isinstance(cell.value, int | float):
            whole = cell.column.kind in _NUMBERS and cell.value == int(cell.value)
            look = {"valign": "top", "num_format": "#,##0" if whole else "General"}
        mine = [notice for notice in here if _names(notice, cell)]
        if mine:
            look |= {"bg_color": _worst(mine), "border": 1}
        self._sheet.write(line, position, cell.value, self._formats.of(**look))
        if mine:
            options = {"author": self._words["author"], "x_scale": 2}
            self._sheet.write_comment(line, position, _reasons(mine), options)


def _names(notice: Notice, cell: Cell) -> bool:
    """Tell whether a finding names the column of a cell."""
    return cell.column is not None and cell.column.name in notice.columns


def _width(text: str) -> int:
    """Return how wide a text is in characters; those of Chinese count twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _reasons(here: list[Notice]) -> str:
    return "\n".join(dict.fromkeys(notice.sentence for notice in here))


def _worst(here: list[Notice]) -> str:
    """Return the colour of the worst severity."""
    return brand().colours[_COLOURS[min((notice.severity for notice in here), key=list(_COLOURS).index)]]
