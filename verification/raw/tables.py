"""One raw table of one year: which rows are data, what their cells say, and what became of every row."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openpyxl.utils import get_column_letter

from verification.raw import cells
from verification.raw.sheets import Sheet, sheets

Row = dict[str, Any]
_UNIT = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Place:
    """Where a row stands: the file, its sheet, the row's number in it."""

    file: str
    sheet: str
    row: int


@dataclass
class Table:
    """Rows of data of one file, those that are set aside, and what is mended: `rewritten` cells and corrections.

    A row holds its columns, and under "place" where it stands. `read` counts all rows below the header, `blanks`
    the columns of numbers in which a mark stands for nothing, with the mark.
    """

    rows: list[Row] = field(default_factory=list)
    aside: list[Row] = field(default_factory=list)
    mended: list[tuple[Place, str, str, str, bool]] = field(default_factory=list)
    read: int = 0
    blanks: dict[str, str] = field(default_factory=dict)

    @property
    def other(self) -> int:
        """How many rows are totals and notes."""
        return self.read - len(self.rows) - len(self.aside)


@cache
def known() -> dict[str, Any]:
    """Return columns.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text(encoding="utf-8"))
    return loaded


def kind_of(column: str) -> str:
    """Return what kind of number a column holds, "" where it holds words."""
    return next((kind for kind, columns in known()["numbers"].items() if column in columns), "")


def table(path: Path, name: str, file: str, corrections: list[Row]) -> Table:
    """Return a raw table. Raises ValueError where no header is found."""
    found = Table()
    for sheet in sheets(path):
        at = _header(sheet, name)
        if at is None:
            continue
        _fill(found, sheet, name, at, file, [one for one in corrections if one["file"] == file])
        return found
    raise ValueError(f"{file}: no header of {name}")


@dataclass(frozen=True)
class _Column:
    name: str
    unit: str


def _plain(cell: Any) -> tuple[str, str]:
    """Return a header's words without its unit, and that unit."""
    said = re.sub(r"\s", "", cells.text(cell))
    if said in ("乡镇(街道)",):
        return said, ""
    unit = _UNIT.search(said)
    return (said[: unit.start()], unit[0][1:-1]) if unit else (said, "")


def _header(sheet: Sheet, name: str) -> int | None:
    """Return the index of the header's first row."""
    words = {one.split("/")[0] for one in known()[name]["columns"]}
    for at, row in enumerate(sheet.rows[:12]):
        if sum(_plain(cell)[0] in words for cell in row) >= 3:
            return at
    return None


def _columns(sheet: Sheet, name: str, at: int) -> tuple[dict[int, _Column], int]:
    """Return the columns by position, and the index of the first row below the header."""
    names = known()[name]["columns"]
    first = sheet.rows[at]
    second = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else []
    two = not cells.text(second[0]) if second else False
    found, over = {}, ("", "")
    for place, cell in enumerate(first):
        over = _plain(cell) if cells.text(cell) else over
        under = _plain(second[place]) if two and place < len(second) else ("", "")
        column = names.get(f"{over[0]}/{under[0]}" if under[0] else over[0])
        if column:
            found[place] = _Column(column, under[1] or over[1])
    return found, at + (2 if two else 1)


def _fill(found: Table, sheet: Sheet, name: str, at: int, file: str, corrections: list[Row]) -> None:
    columns, start = _columns(sheet, name, at)
    letters = {get_column_letter(place + 1): column.name for place, column in columns.items()}
    corrections = [one | {"column": letters.get(one["column"], one["column"])} for one in corrections]
    key, like = known()[name]["first"]["column"], re.compile(known()[name]["first"]["like"])
    for index in range(start, len(sheet.rows)):
        raw = sheet.rows[index]
        if not any(cells.text(cell) for cell in raw):
            continue
        found.read += 1
        place = Place(file, sheet.title, index + 1)
        held = {column.name: (raw[at] if at < len(raw) else None, column.unit) for at, column in columns.items()}
        if not like.fullmatch(cells.text(held[key][0])):
            continue
        row, bad = _row(held, place, corrections, found)
        (found.aside if bad else found.rows).append(row)


def _row(held: dict[str, tuple[Any, str]], place: Place, corrections: list[Row], found: Table) -> tuple[Row, bool]:
    row: Row = {"place": place}
    bad, mended = False, []
    for column, (given, unit) in held.items():
        cell = given
        for one in corrections:
            if one["column"] == column and _is_of(one, held, place) and cells.text(cell) == str(one["before"]):
                mended.append((place, column, str(one["before"]), str(one["after"]), True))
                cell = one["after"]
        kind = kind_of(column)
        if kind and cells.text(cell) in cells.NOTHING - {""}:
            found.blanks.setdefault(column, cells.text(cell))
        try:
            if kind and kind != "level" and cell is given and (new := cells.rewritten(cell)) is not None:
                mended.append((place, column, str(cell), new, False))
            row[column] = _value(column, kind, cell, unit)
        except cells.UnreadableError:
            row[column], bad = cells.text(cell), True
        if kind == "count" and isinstance(row[column], Fraction) and row[column] < 0:
            row["negative"], bad = (*row.get("negative", ()), column), True
    found.mended += mended
    return row, bad


def _is_of(one: Row, held: dict[str, tuple[Any, str]], place: Place) -> bool:
    """Tell whether a correction names a row: by its number, or by cells of its key."""
    if one.get("row") not in (None, place.row):
        return False
    return all(cells.text(held[name][0]) == str(value) for name, value in (one.get("key") or {}).items())


def _value(column: str, kind: str, cell: Any, unit: str) -> Any:
    if not kind:
        words = known()["words"].get(column)
        said = cells.text(cell)
        if column == "evidence" or column == "name":
            return str(cell).strip() if cell is not None else ""
        return words.get(said, said) if words else said
    if kind == "level":
        return cells.level(cell)
    value = cells.number(cell)
    if value is None:
        return None
    if column in known()["shares"]:
        return value / 100 if unit == "%" and not cells.text(cell).endswith("%") else value
    return value * Fraction(known()["units"].get(unit, 1))
