"""The workbook that goes to a school: its sheets, lines and cells, for who writes it and for who reads it back.

A sheet either has a line for each column of a table (schools; teachers, once for each stage), or a row for each class
or room. Its first column is hidden and names each line by an id; whoever reads it back goes by these ids alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.read.fields import Column, Table, table
from analysis.registered import parse_yaml

#: Rows above the lines of a sheet: its title, a word of help, the heads.
TOP = 3
#: Columns of a sheet of lines, counted from 0: id, item, unit, last year's value, this year's, note.
ID, ITEM, UNIT, LAST, NOW, NOTE = range(6)
#: The hidden sheet that says whose workbook it is.
MARKED = "_junheng"
ABOUT_PERSON, ABOUT_DAY, ABOUT_REMARK = "person", "day", "remark"
_STAGES = ("primary", "junior", "senior")

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its id, the column that it fills, what is known beforehand, last year's value.

    `stage` is that of a table of stages; `locked` where what is known is not to be changed.
    """

    id: str
    column: Column
    stage: str = ""
    known: Any = None
    last: Any = None
    needed: bool = False
    locked: bool = False


@dataclass(frozen=True)
class Part:
    """One sheet of a table: lines (one a column), or rows (one a class or room) as last year had them, and blank."""

    table: Table
    lines: tuple[Line, ...] = ()
    keys: tuple[Column, ...] = ()
    values: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    blank: int = 0

    @property
    def listed(self) -> bool:
        """Tell whether it has a row for each class or room."""
        return bool(self.keys)

    def places(self) -> Iterator[tuple[Column, int]]:
        """Yield the columns of a sheet of rows with their positions: keys, then last year's value before each value."""
        for position, column in enumerate(self.keys, start=1):
            yield column, position
        for number, column in enumerate(self.values):
            yield column, 1 + len(self.keys) + 2 * number + 1


@dataclass(frozen=True)
class Form:
    """A school's workbook."""

    county: str
    year: int
    school: str
    name: str
    parts: tuple[Part, ...]
    last_year: int | None = None
    due: str = ""


@cache
def declared() -> dict[str, Any]:
    """Return collecting.yml."""
    loaded: dict[str, Any] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def form(
    county: str,
    year: int,
    known: Row,
    last: dict[str, list[Row]],
    stages: tuple[str, ...],
    last_year: int | None = None,
) -> Form:
    """Return the workbook of a school.

    `known` is its identity by columns of the schools table, `last` its rows of `last_year` by table, as they are in
    clean tables; `stages` are those of its type, all where the type is not known.
    """
    parts = []
    for name, entry in declared()["parts"].items():
        if "rows" in entry:
            parts.append(_rows(table(name), entry, last.get(name, []), _more(entry, last, name)))
        else:
            parts.append(_lines(table(name), entry, known, last.get(name, []), stages))
    return Form(county, year, str(known["school"]), str(known.get("name") or ""), tuple(parts), last_year)


def _more(entry: Row, last: dict[str, list[Row]], name: str) -> int:
    """Return how many rows a sheet needs beside those that the last year lists and the usual empty ones."""
    numbers = [row.get(column) for row in last.get("schools", []) for column in entry.get("as_many_as", ())]
    known = sum(number for number in numbers if number)
    listed = len(last.get(name, []))
    return max(int(known) - listed, 0) if known or listed else int(entry.get("unknown", 0))


def _lines(of: Table, entry: Row, known: Row, last: list[Row], stages: tuple[str, ...]) -> Part:
    lines = []
    by = entry.get("by", "")
    for stage in [each for each in stages if each != "senior"] if by else [""]:
        before: Row = next((row for row in last if not by or row.get(by) == stage), {})
        for name in entry.get("identity", ()):
            value = known.get(name)
            need = of.columns[name].required
            lines.append(Line(f"{of.name}||{name}", of.columns[name], "", value, None, need, value is not None))
        for kind in ("needed", "optional"):
            for name in entry[kind]:
                if by or _fits(name, stages):
                    id_ = f"{of.name}|{stage}|{name}"
                    needed = kind == "needed"
                    lines.append(Line(id_, of.columns[name], stage, None, before.get(name), needed))
    return Part(of, tuple(lines))


def _fits(column: str, stages: tuple[str, ...]) -> bool:
    """Tell whether a school of these stages has a column."""
    if column in declared()["of_junior"]:
        return "junior" in stages
    ending = column.rpartition("_")[2]
    return ending not in _STAGES or ending in stages


def part_of_rows(name: str) -> Part:
    """Return the sheet of a table of classes or rooms, without rows."""
    return _rows(table(name), declared()["parts"][name], [], 0)


def _rows(of: Table, entry: Row, last: list[Row], more: int) -> Part:
    keys = tuple(of.columns[name] for name in entry["rows"])
    values = tuple(of.columns[name] for name in entry["needed"])
    return Part(of, keys=keys, values=values, rows=tuple(last), blank=entry["blank"] + more)


def printed(column: Column, value: Any) -> Any:
    """Return a value of a clean table as it is printed in a cell."""
    if value is None:
        return None
    if column.kind == "choice":
        return column.choices[value][0] if value in column.choices else value
    return int(value) if isinstance(value, float) and value == int(value) else value
