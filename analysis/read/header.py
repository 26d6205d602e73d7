"""Find the header of a sheet (one to three rows, under title rows) and bind its columns to those of a table."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

import polars as pl

from analysis.read.fields import Table, Unit, tables, units

#: A header starts within the first rows of a sheet.
_DEEPEST_START = 40
_MOST_ROWS = 3
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[()\[\]【】/\\\-_·•—–、,:;*#△▲☆★]")
#: Stands for any text that can be no part of a header.
_DUMB = "\0"
_UNIT = re.compile(r"[(/\[]\s*(?:单位[:：]?)?\s*([^()/\[\]]+?)\s*[)\]]?$")

Row = tuple[str | None, ...]


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

    `implied` are values, by column, that the layout as a whole implies; `rows` are the header's rows as they stand.
    """

    first: int
    last: int
    bindings: tuple[Binding, ...]
    texts: tuple[str, ...]
    implied: dict[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()

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
    names: dict[str, str] = {}
    for column in tables()[table].columns.values():
        for header in column.headers:
            names.setdefault(plain(header), column.name)
            group, _, leaf = header.partition("/")
            if leaf:
                names.setdefault(plain(leaf + group), column.name)
    return names


def find(cells: pl.DataFrame, table: Table) -> Layout | None:
    """Return the header that binds most columns, the shallowest of equals; None where no two columns are found."""
    height = min(cells.height, _DEEPEST_START + _MOST_ROWS)
    telling: list[Row] = []
    required = {column.name for column in table.columns.values() if column.required}
    best, best_first, best_depth = _NOTHING, 0, 0
    for first in range(min(height, _DEEPEST_START)):
        if first and first >= best_first + best_depth and required <= best.columns:
            break
        deepest = min(_MOST_ROWS, height - first)
        telling += [_telling(cells.row(number), table.name) for number in range(len(telling), first + deepest)]
        for depth in range(1, deepest + 1):
            bound = _bind(tuple(telling[first : first + depth]), table.name)
            if (*bound.rank, -depth) > (*best.rank, -best_depth):
                best, best_first, best_depth = bound, first, depth
    if len(best.bindings) < 2:
        return None
    rows = tuple(cells.slice(best_first, best_depth).rows())
    texts = tuple("/".join(path) for path in _paths(rows))
    return Layout(best_first, best_first + best_depth - 1, best.bindings, texts, best.implied, rows)


@dataclass(frozen=True)
class _Bound:
    """What rows bind, were they a header."""

    bindings: tuple[Binding, ...]
    implied: dict[str, str]

    @cached_property
    def columns(self) -> set[str]:
        """Return the columns that are bound."""
        return {binding.column for binding in self.bindings}

    @cached_property
    def rank(self) -> tuple[int, int]:
        """Return how much is bound: columns, then units, which may stand in a row of their own."""
        return len(self.bindings), sum(binding.unit is not None for binding in self.bindings)


_NOTHING = _Bound((), {})


def _telling(row: Row, table: str) -> Row:
    """Return a row with every text replaced by one mark that can be no part of a header: a title, a number, a name.

    What rows bind does not depend on such texts, so that the headers of most sheets are looked at but once.
    """
    return tuple(None if text is None else text if _tells(text, table) else _DUMB for text in row)


@lru_cache(maxsize=50_000)
def _tells(text: str, table: str) -> bool:
    """Tell whether a text may be, or be a part of, what names a column, or may name a unit."""
    name, unit = split_unit(text)
    return unit is not None or name.casefold() in _units() or plain(text) in _all_names(table)


@cache
def _all_names(table: str) -> str:
    """Return all plain texts that name or imply a column of a table, in one line each."""
    names = set(_names(table))
    for column in tables()[table].columns.values():
        names |= {plain(text) for texts in (*column.sums, *column.implied.values()) for text in texts}
    return "\n".join(sorted(names))


@lru_cache(maxsize=10_000)
def _bind(rows: tuple[Row, ...], table: str) -> _Bound:
    paths = _paths(rows)
    bindings: dict[str, Binding] = {}
    for position, path in enumerate(paths):
        found = _column(tuple(path), table)
        if found and found[0] not in bindings:
            bindings[found[0]] = Binding(found[0], position, found[1])
    texts = tuple("/".join(path) for path in paths)
    implied = _complete(bindings, texts, tables()[table])
    return _Bound(tuple(bindings.values()), implied)


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


def _paths(rows: Sequence[Row]) -> list[list[str]]:
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
