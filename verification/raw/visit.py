"""The workbook of a field check: schools drawn, values to verify, and what people entered there."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from verification.raw import cells

Key = tuple[str, str, str, str]
_GROUPED = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?%?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")


@cache
def known() -> dict[str, Any]:
    """Return visit.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "visit.yml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Line:
    """A line for a value: the school, table, column and class or room that it names, what was typed as verified, the
    sheet and row, and its other cells as they stand there."""

    school: str
    table: str
    column: str
    place: str
    typed: str
    sheet: str
    row: int
    cells: dict[str, Any]

    @property
    def key(self) -> Key:
        """Return what names the value; a school's own has no place."""
        return self.school, self.table, self.column, "" if self.table == "schools" else self.place

    @property
    def verified(self) -> Fraction | None:
        """Return the number that was typed, None where it is none."""
        said = unicodedata.normalize("NFKC", self.typed)
        if _GROUPED.fullmatch(said):
            said = said.replace(",", "").replace(" ", "")
        if not _NUMBER.fullmatch(said):
            return None
        return Fraction(said.removesuffix("%")) / (100 if said.endswith("%") else 1)


@dataclass(frozen=True)
class Sheets:
    """The two sheets: `drawn` are the rows of schools, `lang` the language that they are written in, `settings` what
    stands below them by name, `notes` the texts there."""

    drawn: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lang: str = "zh"

    @property
    def seed(self) -> int | None:
        """Return the seed by which schools were drawn."""
        said = self.settings.get("seed", "")
        return int(said) if said.isdecimal() else None

    @property
    def schools(self) -> list[str]:
        """Return the codes of the schools drawn, each once."""
        return list(dict.fromkeys(cells.text(row["school"]) for row in self.drawn))


def _typed(cell: Any) -> str:
    """Return a cell as it shows: a whole number without places."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip().removesuffix(" 00:00:00")


def _column(table: str, said: str) -> str:
    columns = known()["columns"].get(table, {})
    return next((name for name, words in columns.items() if said in (*words[:2], name)), said)


def read(path: Path) -> Sheets | None:
    """Return the sheets of a workbook; None where there is none."""
    if not path.is_file():
        return None
    book = openpyxl.load_workbook(path, data_only=True)
    found = Sheets()
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        for kind in ("sample", "values"):
            heads = {word: name for name, words in known()[kind].items() for word in words}
            at = next((n for n, row in enumerate(rows) if {"school"} < {heads.get(_typed(c)) for c in row}), None)
            named = [heads.get(_typed(cell), "") for cell in rows[at]] if at is not None else []
            if at is None or ("chosen" if kind == "sample" else "verified") not in named:
                continue
            found = replace(found, lang="en" if _typed(rows[at][0]) == known()[kind]["school"][1] else "zh")
            below = [dict(zip(named, row, strict=False)) for row in rows[at + 1 :]]
            if kind == "sample":
                last = next((n for n, row in enumerate(below) if not _typed(row["school"])), len(below))
                found.drawn.extend(below[:last])
                _below(found, rows[at + last + 1 :])
            else:
                found.lines.extend(_lines(sheet.title, below, at + 2))
    return found


def _below(found: Sheets, rows: list[list[Any]]) -> None:
    """Read the settings and notes below the schools."""
    named = {word: name for name in ("seed", "document", "error") for word in known()[name]}
    for first, second in ((_typed(row[0]), _typed(row[1])) for row in rows if len(row) > 1):
        if first in named and second:
            found.settings[named[first]] = second
        elif first:
            found.notes.append(first)


def _lines(title: str, rows: list[dict[str, Any]], first: int) -> list[Line]:
    tables = {word: name for name, words in known()["tables"].items() for word in words}
    found = []
    for number, row in enumerate(rows, first):
        said = {name: _typed(cell) for name, cell in row.items()}
        if not said["verified"] and not (said["school"] and said["column"]):
            continue
        table = tables.get(said["table"], said["table"])
        column = _column(table, said["column"])
        found.append(Line(said["school"], table, column, said["place"], said["verified"], title, number, row))
    return found
