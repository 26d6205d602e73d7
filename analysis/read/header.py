"""Find the header of a sheet (one to three rows, under title rows) and bind its columns to those of a table."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache

import polars as pl

from analysis.read.fields import Table, Unit, units

#: A header starts within the first rows of a sheet.
_DEEPEST_START = 40
_MOST_ROWS = 3
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[()\[\]【】/\\\-_·•—–、,:;*#△▲☆★]")
_UNIT = re.compile(r"[(/\[]\s*(?:单位[:：]?)?\s*([^()/\[\]]+?)\s*[)\]]?$")


@dataclass(frozen=True)
class Binding:
    """One column of a table found in a sheet: where it stands, and the unit its header names.

    `addends` are further positions whose cells are added to it.
    """

    column: str
    position: int
    unit: Unit | None
    addends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A sheet's header: its rows (`first` to `last`, counted from 0), bindings, and the text over each column.

    `implied` are values, by column, that the layout as a whole implies.
    """

    first: int
    last: int
    bindings: tuple[Binding, ...]
    texts: tuple[str, ...]
    implied: dict[str, str] = field(default_factory=dict)

    def bound(self) -> dict[str, Binding]:
        """Return bindings by column."""
        return {binding.column: binding for binding in self.bindings}


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return a header as it is compared: one width, no spaces, no brackets or separators."""
    return _MARKS.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", text))).casefold()


def split_unit(text: str) -> tuple[str, Unit | None]:
    """Split `教学仪器设备值（万元）` into its name and the unit, None where it names no unit we know."""
    narrow = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    match = _UNIT.search(narrow)
    if match and (unit := _units().get(match[1].casefold())):
        return narrow[: match.start()], unit
    return narrow, None


@cache
def _units() -> dict[str, Unit]:
    return {unicodedata.normalize("NFKC", name).casefold(): unit for name, unit in units().items()}


@cache
def _names(table: str) -> dict[str, str]:
    """Return column by plain header; a two-part header counts in either order (在校学生数/小学, 小学在校学生数)."""
    from analysis.read.fields import table as of

    names: dict[str, str] = {}
    for column in of(table).columns.values():
        for header in column.headers:
            names.setdefault(plain(header), column.name)
            group, _, leaf = header.partition("/")
            if leaf:
                names.setdefault(plain(leaf + group), column.name)
    return names


def find(cells: pl.DataFrame, table: Table) -> Layout | None:
    """Return the header that binds most columns, the shallowest of equals; None where no two columns are found."""
    top = [list(row) for row in cells.head(_DEEPEST_START + _MOST_ROWS).rows()]
    best: Layout | None = None
    required = {column.name for column in table.columns.values() if column.required}
    for first in range(min(len(top), _DEEPEST_START)):
        if best is not None and first > best.last and required <= best.bound().keys():
            break
        for depth in range(1, min(_MOST_ROWS, len(top) - first) + 1):
            layout = _bind(top[first : first + depth], first, table)
            if best is None or _rank(layout) > _rank(best):
                best = layout
    return best if best is not None and len(best.bindings) > 1 else None


def _rank(layout: Layout) -> tuple[int, int, int]:
    united = sum(binding.unit is not None for binding in layout.bindings)  # units may stand in a row of their own
    return len(layout.bindings), united, layout.first - layout.last


def _bind(rows: list[list[str | None]], first: int, table: Table) -> Layout:
    paths = _paths(rows)
    bindings: dict[str, Binding] = {}
    for position, path in enumerate(paths):
        found = _column(tuple(path), table.name)
        if found and found[0] not in bindings:
            bindings[found[0]] = Binding(found[0], position, found[1])
    texts = tuple("/".join(path) for path in paths)
    implied = _complete(bindings, texts, table)
    return Layout(first, first + len(rows) - 1, tuple(bindings.values()), texts, implied)


def _complete(bindings: dict[str, Binding], texts: tuple[str, ...], table: Table) -> dict[str, str]:
    """Add bindings of columns that come in parts; return the values that the headers imply."""
    composed = [column for column in table.columns.values() if column.name not in bindings]
    composed = [column for column in composed if column.sums or column.implied]
    if not composed:
        return {}
    places = {plain(text): position for position, text in enumerate(texts) if text}
    implied = {}
    for column in composed:
        for parts in column.sums:
            found = [places.get(plain(part)) for part in parts]
            whole = [position for position in found if position is not None]
            if len(whole) == len(parts) and column.name not in bindings:
                bindings[column.name] = Binding(column.name, whole[0], None, tuple(whole[1:]))
        for value, headers in column.implied.items():
            if all(plain(header) in places for header in headers):
                implied[column.name] = value
    return implied


def _paths(rows: list[list[str | None]]) -> list[list[str]]:
    """Return the texts over each column, from the top; a group's text reaches right over the blanks beside it."""
    filled = [list(row) for row in rows]
    for level, row in enumerate(filled[:-1]):
        group: str | None = None
        for position, text in enumerate(row):
            below = any(other[position] for other in rows[level + 1 :])
            group = text or (group if below else None)
            row[position] = group
    paths = []
    for column in zip(*filled, strict=True):
        path: list[str] = []
        for text in column:
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(path)
    return paths


@lru_cache(maxsize=50_000)
def _column(path: tuple[str, ...], table: str) -> tuple[str, Unit | None] | None:
    """Return column and unit of a header path: the whole path, then ever shorter ends of it."""
    names = _names(table)
    unit: Unit | None = None
    parts = []
    for part in path:
        name, found = split_unit(part)
        alone = _units().get(name.casefold()) if not found else None  # a row of its own for units
        unit = found or alone or unit
        if name and not alone:
            parts.append(name)
    for start in range(len(parts)):
        column = names.get(plain("/".join(parts[start:])))
        if column:
            return column, unit
    if len(parts) > 2:
        column = names.get(plain(parts[0] + parts[-1]))
        if column:
            return column, unit
    if path:  # a header may itself end in what looks like a unit: 有效问卷数/份
        column = names.get(plain("/".join(path)))
        return (column, None) if column else None
    return None


def column_of(text: str, table: str) -> str | None:
    """Return the column of a table that a header (its parts joined with "/") names, None where it names none."""
    found = _column(tuple(text.split("/")), table)
    return found[0] if found else None
