"""What comes back from schools: workbooks of collecting.py read by their hidden ids, held against what was sent."""

import datetime
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import python_calamine

from analysis.errors import DataError
from analysis.read import collecting, grid
from analysis.read.cell_places import cell
from analysis.read.collecting import ID, ITEM, MARKED, NOW, TOP, printed
from analysis.read.facts import Merge
from analysis.read.fields import table
from analysis.read.runs import STROKE

Cells = list[list[Any]]
#: Rows of the first sheet into which a school writes: who filled it in, when, remarks.
_WRITTEN = (4, 5, 6)
#: What a formula without a value begins with here: no workbook into which it is written computes it.
_UNCOUNTED = "＝"


@dataclass(frozen=True)
class Marked:
    """Whose workbook a file is: `kind` is a mark of collecting.yml."""

    kind: str
    county: str
    year: int
    school: str


@dataclass(frozen=True)
class Edited:
    """A locked cell that is not as it was sent."""

    sheet: str
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Returned:
    """A workbook that came back: rows by table (column -> text or number, "" where empty), each with its place.

    `missing` are needed cells that are empty, by sheet: what they are called. `edited` are locked cells that were
    changed: what was sent counts. `person`, `day` and `remark` are what the school wrote of itself.
    """

    marked: Marked
    rows: dict[str, list[dict[str, Any]]]
    places: dict[str, list[str]]
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    edited: tuple[Edited, ...] = ()
    person: str = ""
    day: str = ""
    remark: str = ""


class Book:
    """The sheets of a workbook by name, each as cells from A1 on."""

    def __init__(self, content: bytes, file: str) -> None:
        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
            self._cells = {name: self._sheet(name) for name in self._book.sheet_names}
            self.merges: dict[str, frozenset[Merge]] = {}
            for sheet in grid.of_content(content, file):
                self.merges[sheet.name] = frozenset(sheet.merges)
                self._take_doubts(sheet)
        except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as fault:
            raise DataError("collect_unreadable", file=file) from fault

    def _sheet(self, name: str) -> Cells:
        return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def _take_doubts(self, sheet: grid.Sheet) -> None:
        """Take from the checked reader what a value alone does not say: errors, formulas without a value, what is
        struck out, yes and no, numbers that are shown otherwise."""
        cells = self._cells.get(sheet.name, [])
        for number, row in enumerate(sheet.cells.iter_rows()):
            mine = cells[number] if number < len(cells) else []
            for place, said in enumerate(row, start=sheet.left):
                if said and place < len(mine) and _is_doubtful(mine[place], said):
                    mine[place] = _UNCOUNTED + said[1:] if said.startswith("=") else said

    def of(self, name: str) -> Cells:
        """Return the cells of a sheet, none where there is no such sheet."""
        return self._cells.get(name, [])

    def names(self) -> list[str]:
        """Return the names of the sheets in their order."""
        return list(self._cells)

    def marked(self) -> Marked | None:
        """Return whose workbook it is; None where it is none of ours."""
        row = [text(value) for value in (self.of(MARKED) or [[]])[0]]
        known = (collecting.declared()["mark"], collecting.declared()["answers"])
        if len(row) < 4 or row[0] not in known or not row[2].isascii() or not row[2].isdigit():
            return None
        return Marked(row[0], row[1], int(row[2]), row[3])

    def lines(self) -> Iterator[tuple[str, tuple[str, int, list[Any]]]]:
        """Yield of each line the id in its hidden first column, with its sheet, row (from 1) and cells."""
        for name, cells in self._cells.items():
            for number, row in enumerate(cells, start=1):
                if row and "|" in text(row[ID]):
                    yield text(row[ID]), (name, number, row)

    def by_id(self) -> dict[str, tuple[str, int, list[Any]]]:
        """Return sheet, row (from 1) and cells of each line by its id, of several the first."""
        values_sent: dict[str, tuple[str, int, list[Any]]] = {}
        for id_, line in self.lines():
            values_sent.setdefault(id_, line)
        return values_sent


def _is_doubtful(value: Any, said: str) -> bool:
    """Tell whether a value is not all that a cell says."""
    shown = isinstance(value, int | float) and said.endswith(("%", "]"))
    return value == "" or isinstance(value, bool) or shown or STROKE in said


def _is_empty(value: Any) -> bool:
    """Tell whether a cell has no value, though there may be a formula in it."""
    return text(value) == "" or text(value).startswith(_UNCOUNTED)


def text(value: Any) -> str:
    """Return a cell as text: whole numbers without decimals, days as 2024-10-15."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()


def read(content: bytes, file: str, sent: bytes) -> Returned:
    """Return what a school wrote into its workbook; `sent` is the one that it got.

    Raises DataError where the file is no workbook, not of this edition, or has two lines of one item that differ.
    """
    book, original = Book(content, file), Book(sent, file)
    marked, due = book.marked(), original.marked()
    if marked is None or due is None or marked != due:
        raise DataError("collect_strange", file=file)
    reading = _Reading(book, original)
    if lost := [each for each in reading.laid if each not in reading.mine]:
        raise DataError("collect_lines", file=file, number=len(lost), lines=", ".join(lost[:5]))
    _check_single(book, reading.mine, file)
    _check_merged(book, original, file)
    if moved := reading.moved():
        raise DataError("collect_columns", file=file, sheet=moved)
    for id_ in reading.laid:
        if id_.partition("|")[0] not in _listed():
            reading.line(id_)
    for name in _listed():
        reading.listed(name)
    for row in (row for part in reading.rows.values() for row in part):
        row["school"] = due.school
    reading.strays()
    about = book.of(_about(book))
    said = [text(row[1]) if len(row) > 1 else "" for row in about[3:6]] + ["", "", ""]
    missing = {name: tuple(cells) for name, cells in reading.missing.items()}
    return Returned(due, reading.rows, reading.places, missing, tuple(reading.edited), *said[:3])


def _check_single(book: Book, mine: dict[str, tuple[str, int, list[Any]]], file: str) -> None:
    """Raise DataError where two lines of one item say different things: which one counts is not known.

    In a sheet of classes or rooms a row that was copied is another row.
    """
    for id_, (sheet, number, cells) in book.lines():
        first = mine[id_]
        if id_.partition("|")[0] not in _listed() and text(_at(cells, NOW)) != text(_at(first[2], NOW)):
            item = text(_at(first[2], ITEM))
            raise DataError("collect_lines_twice", file=file, sheet=sheet, rows=f"{first[1]}, {number}", item=item)


def _check_merged(book: Book, original: Book, file: str) -> None:
    """Raise DataError where cells of lines were merged since the workbook was sent: how much each has is not known."""
    for name in book.names():
        for (top, left), (bottom, right) in sorted(book.merges.get(name, frozenset())):
            was = any(((top, left), (bottom, right)) in merges for merges in original.merges.values())
            if top >= TOP and not was:
                place = f"{cell(top + 1, left)}:{cell(bottom + 1, right)}"
                raise DataError("collect_cells_merged", file=file, sheet=name, place=place)


def _listed() -> list[str]:
    """Return the tables of whose sheets each row is a class or a room."""
    return [name for name, entry in collecting.declared()["parts"].items() if "rows" in entry]


def _about(book: Book) -> str:
    titles = collecting.declared()["words"]["about"].values()
    return next((title for title in titles if book.of(title)), "")


class _Reading:
    """What is gathered line by line; `mine` came back, `laid` was sent."""

    def __init__(self, book: Book, original: Book) -> None:
        self.book, self.original = book, original
        self.mine, self.laid = book.by_id(), original.by_id()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.places: dict[str, list[str]] = {}
        self.missing: dict[str, list[str]] = {}
        self.edited: list[Edited] = []

    def line(self, id_: str) -> None:
        """Add what stands in a line of a column to the school's row of its table (of its stage)."""
        name, stage, column = id_.split("|")
        sheet, number, cells = self.mine[id_]
        sent = self.laid[id_][2]
        entry = collecting.declared()["parts"][name]
        locked = column in entry.get("identity", ()) and text(_at(sent, NOW)) != ""
        for position in [*range(ITEM, NOW), *([NOW] if locked else [])]:
            self._compare(sheet, number, position, _at(sent, position), _at(cells, position))
        value = _at(sent if locked else cells, NOW)
        part, places = self.rows.setdefault(name, []), self.places.setdefault(name, [])
        if not part or (entry.get("by") and part[-1]["_stage"] != stage):
            of_stage = {entry["by"]: printed(table(name).columns[entry["by"]], stage)} if entry.get("by") else {}
            part.append({"_stage": stage, **of_stage})
            places.append(f"{sheet}!{cell(number, NOW)}")
        part[-1][column] = value
        places[-1] = f"{places[-1].partition(':')[0]}:{cell(number, NOW)}"
        if column in entry["needed"] and _is_empty(value):
            self.missing.setdefault(sheet, []).append(text(_at(sent, ITEM)))

    def listed(self, name: str) -> None:
        """Add the rows of a sheet of classes or rooms, those below or between ours too."""
        ids = [id_ for id_ in self.laid if id_.partition("|")[0] == name]
        part, sheet = collecting.part_of_rows(name), self.mine[ids[0]][0]
        for id_ in ids:
            for column, position in part.places():
                if column in part.values:
                    before, after = (_at(cells[id_][2], position - 1) for cells in (self.laid, self.mine))
                    self._compare(sheet, self.mine[id_][1], position - 1, before, after)
        for number, cells in enumerate(self.book.of(sheet), start=1):
            row = {column.name: _at(cells, position) for column, position in part.places()}
            if number <= TOP or all(text(value) == "" for value in row.values()):
                continue
            if any(_is_empty(row[column.name]) for column in part.values):
                self.missing.setdefault(sheet, []).append(" ".join(text(row[column.name]) for column in part.keys))
            self.rows.setdefault(name, []).append(row)
            self.places.setdefault(name, []).append(f"{sheet}!{number}:{number}")

    def moved(self) -> str:
        """Return a sheet whose heads don't stand where they were sent, "" where all do: columns were moved."""
        for name in self.original.names():
            sent, mine = ([text(cell) for cell in self._row(book, name, TOP)] for book in (self.original, self.book))
            if name != MARKED and any(mine) and name != _about(self.original) and mine[: len(sent)] != sent:
                return name
        return ""

    def strays(self) -> None:
        """Note what stands in cells that nobody was to fill in: beside and below the lines, and on further sheets."""
        about = _about(self.original)
        for name in self.book.names():
            sent = self.original.of(self._sent_as(name))
            known = {text(cell) for row in sent for cell in row}
            for number, row in enumerate(self.book.of(name), start=1):
                for position, value in enumerate(row):
                    said = text(value)
                    if not said or said in known or self._is_ours(name, about, number, position, row):
                        continue
                    before = text(_at(sent[number - 1], position)) if number <= len(sent) else ""
                    if not (name == about and before):  # counted by formulas there
                        self.edited.append(Edited(name, cell(number, position), before, said))

    def _sent_as(self, name: str) -> str:
        """Return how a sheet was called when it was sent, by its lines: schools rename sheets."""
        return next((self.laid[id_][0] for id_ in self.laid if self.mine[id_][0] == name), name)

    def _is_ours(self, name: str, about: str, number: int, position: int, row: list[Any]) -> bool:
        """Tell whether a cell is one that is read, or held against what was sent, elsewhere."""
        if name == MARKED:
            return True
        if name == about:
            return position == 1 and number in _WRITTEN
        ids = [id_ for id_ in self.laid if self.mine[id_][0] == name]
        if not ids:
            return False
        table_name = ids[0].partition("|")[0]
        if table_name in _listed():
            places = [place for _, place in collecting.part_of_rows(table_name).places()]
            last = position + 1 in places and text(_at(row, ID)) in self.laid
            return number > TOP and (position in places or last)
        return text(_at(row, ID)) in self.laid and ITEM <= position <= NOW

    @staticmethod
    def _row(book: Book, name: str, number: int) -> list[Any]:
        cells = book.of(name)
        return cells[number - 1] if number <= len(cells) else []

    def _compare(self, sheet: str, row: int, position: int, before: Any, after: Any) -> None:
        if text(before) != text(after):
            self.edited.append(Edited(sheet, cell(row, position), text(before), text(after)))


def _at(cells: list[Any], position: int) -> Any:
    return cells[position] if position < len(cells) else ""
