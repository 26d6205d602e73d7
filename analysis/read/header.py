"""Find the header of a sheet (one to three rows, under title rows) and bind its columns to those of a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import polars as pl

from analysis.read import units_between
from analysis.read.binding import Asked, Binding, Decided, Doubt, bind
from analysis.read.fields import Column, Table, Unit, addends
from analysis.read.fields import table as declared
from analysis.read.header_names import Heading, heading, is_derived, is_part, plain, tells, without_year
from analysis.read.header_units import SpokenUnits, narrow, split, told_in, unit_of
from analysis.read.numbering import numbers_columns
from analysis.read.text import too_long

#: A header starts within the first rows of a sheet.
DEEPEST_START = 40
_MOST_ROWS = 3
_FEWEST_NAMED = 2
#: Stands for any text that can be no part of a header.
_DUMB = "\0"
_LONGEST_UNIT = 8
_LONGEST_PART = 30
#: A row of labels above a table has no more texts.
_FEW_LABELS = 4
_CALLED_UNIT = ("单位", "计量单位")
#: Rows at the foot of a sheet in which a note may tell units.
_FOOT = 12
#: A title, or a note, fills no more cells of its row.
_FEW = 2

#: Kinds of columns that say of whom a row is; where they are blank it is a row of nobody.
_OF_KEYS = ("code", "text", "choice", "grade", "year", "level", "date")

Row = tuple[str | None, ...]

__all__ = ["Binding", "Context", "Decided", "Doubt", "Layout", "column_of", "find", "names_columns", "plain"]


@dataclass(frozen=True)
class Layout:
    """A sheet's header: its rows (`first` to `last`, counted from 0), bindings, and the text over each column.

    `implied` are values, by column, that the layout as a whole implies; `rows` are the header's rows as they stand.
    `doubts` name the columns that are not bound although they name a field, `passed` why other positions are not;
    `groups` are texts above names that say nothing, by position, `titled` the columns whose unit stands in a title.
    """

    first: int
    last: int
    bindings: tuple[Binding, ...]
    texts: tuple[str, ...]
    implied: dict[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    passed: tuple[Doubt, ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    titled: frozenset[str] = frozenset()

    def bound(self) -> dict[str, Binding]:
        """Return bindings by column."""
        return {binding.column: binding for binding in self.bindings}

    @cached_property
    def named(self) -> frozenset[str]:
        """Return the columns that have a value: those bound, and those implied."""
        return frozenset((*self.bound(), *self.implied))

    @cached_property
    def positions(self) -> frozenset[int]:
        """Return the positions whose cells are used."""
        return frozenset(place for binding in self.bindings for place in (binding.position, *binding.addends))


@dataclass(frozen=True)
class Context:
    """What a header is read with: the year of its source, the columns that are hidden, and what a person decided.

    `elsewhere` are the units that another table of the sheet is told to be in, or of which the sheet's name speaks;
    `widths` the fields of each row of a text: of one with more than the header none is surely in its column.
    """

    year: int = 0
    hidden: frozenset[int] = frozenset()
    decided: Decided = field(default_factory=Decided)
    elsewhere: tuple[Unit, ...] = ()
    widths: pl.Series | None = None


def find(cells: pl.DataFrame, table: Table, context: Context | None = None) -> Layout | None:
    """Return the header that names most columns, the shallowest of equals; None where no two columns are found."""
    context = context or Context()
    best = _best(cells, table)
    if best is None:
        return None
    first, depth = best
    groups = _groups_above(cells, first, table)
    first, depth = first - groups, depth + groups
    rows, titled = _extended(cells, cells.slice(first, depth).rows(), first, table)
    last = first + len(rows) - 1
    texts = tuple("/".join(path) for path in _paths(titled))
    units = _units(cells, first, last + 1)
    units = replace(units, elsewhere=(*units.elsewhere, *context.elsewhere))
    below = cells.slice(last + 1)
    if len(long := too_long(context.widths, last, cells)):
        below = cells.with_row_index("nth").filter(~pl.col("nth").is_in(long.implode())).slice(last + 1).drop("nth")
    asked = Asked(texts, table, context.year, context.hidden, context.decided, units, below)
    bound = units_between.doubted(bind(_headings(titled, table), asked), below, table, context.decided, rows)
    return Layout(
        first,
        last,
        bound.bindings,
        texts,
        bound.implied,
        tuple(rows),
        bound.doubts,
        bound.passed,
        bound.groups,
        bound.titled,
    )


def _best(cells: pl.DataFrame, table: Table) -> tuple[int, int] | None:
    """Return the first row and the depth of the rows that name most columns; None where no two columns are named."""
    height = min(cells.height, DEEPEST_START + _MOST_ROWS)
    telling: list[Row] = []
    required = {column.name for column in table.columns.values() if column.required}
    best, best_first, best_depth = _NOTHING, 0, 0
    for first in range(min(height, DEEPEST_START)):
        if _is_title(cells, first) or _is_labelled(cells.row(first), table):
            telling += [_telling(cells.row(number), table) for number in range(len(telling), first + 1)]
            continue
        if first and first >= best_first + best_depth and required <= best.columns:
            break
        if not any(cells.row(first)):
            continue
        deepest = min(_MOST_ROWS, height - first)
        telling += [_telling(cells.row(number), table) for number in range(len(telling), first + deepest)]
        deepest = _deepest(cells, first, deepest, table)
        for depth in range(1, deepest + 1):
            named = _named(tuple(telling[first : first + depth]), table)
            if (*named.rank, -depth) > (*best.rank, -best_depth):
                best, best_first, best_depth = named, first, depth
    return (best_first, best_depth) if best.rank[0] >= _FEWEST_NAMED else None


def _extended(cells: pl.DataFrame, rows: list[Row], first: int, table: Table) -> tuple[list[Row], list[Row]]:
    """Return a header's rows with those that follow and belong to it, and those of them that say what columns are."""
    rows, titled = list(rows), list(rows)
    headings, end = _headings(titled, table), min(cells.height, DEEPEST_START + 2 * _MOST_ROWS)
    while first + len(rows) < end:
        number = first + len(rows)
        row = cells.row(number)
        if not any(row) and number + 1 < cells.height and numbers_columns(cells.row(number + 1)):
            rows.append(row)
            continue
        if any(row) and row == rows[-1]:  # cells merged downwards, each over the one below
            rows.append(row)
            continue
        if _continues(row, titled[-1], headings, table) and not numbers_columns(row):
            of_units = _tells_units(row, table) and any(unit_of(text) for text in row if text)
            titled.append(_bracketed(row) if of_units else row)
            headings = _headings(titled, table)
        elif not numbers_columns(row):
            break
        rows.append(row)
    return rows, titled


def units_told(cells: pl.DataFrame, layout: Layout) -> tuple[Unit, ...]:
    """Return the units that titles and notes tell for all columns below a header."""
    return _units(cells, layout.first, layout.last + 1).units


def named_at(rows: Sequence[Row], table: Table) -> tuple[str | None, ...]:
    """Return the column that rows, taken as a header, name over each position."""
    headings = _named(tuple(_telling(row, table) for row in rows), table).headings
    return tuple(heading.column if heading else None for heading in headings)


def names_columns(rows: Sequence[Row], table: Table) -> frozenset[str]:
    """Return the columns that rows, taken as a header, name."""
    return frozenset(name for name in named_at(rows, table) if name)


def column_of(text: str, name: str) -> str | None:
    """Return the column of a table that a header (its parts joined with "/") names, None where it names none."""
    named = heading(tuple(text.split("/")), declared(name))
    return named.column if named else None


@dataclass(frozen=True)
class _Named:
    """What rows name, were they a header: the heading over each position, and whether rows of units are among them."""

    headings: tuple[Heading | None, ...]
    composed: int = 0

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the columns that are named."""
        return frozenset(heading.column for heading in self.headings if heading)

    @cached_property
    def rank(self) -> tuple[int, int, int]:
        """Return how much is named: columns, then years, then units and whole names, which may stand in own rows."""
        named = [heading for heading in self.headings if heading]
        years, nearness = (
            sum(bool(heading.years) for heading in named),
            sum(bool(heading.unit) + heading.nearness for heading in named),
        )
        return len(self.columns) + self.composed, years, nearness


_NOTHING = _Named(())


def _telling(row: Row, table: Table) -> Row:
    """Return a row with every text replaced by one mark that can be no part of a header: a title, a number, a name.

    What rows name does not depend on such texts, so that the headers of most sheets are looked at but once.
    """
    return tuple(None if text is None else text if tells(text, table) else _DUMB for text in row)


@lru_cache(maxsize=10_000)
def _named(rows: tuple[Row, ...], table: Table) -> _Named:
    paths = _paths(rows)
    texts = {plain("/".join(path)) for path in paths}
    added = {found.column for path in paths if (found := heading(tuple(path), addends(table)))}
    composed = sum(
        any(set(parts) <= added for parts in column.sums)
        or any(all(plain(part) in texts for part in parts) for parts in column.implied.values())
        for column in table.columns.values()
        if column.sums or column.implied
    )
    return _Named(_headings(rows, table), composed)


def _headings(rows: Sequence[Row], table: Table) -> tuple[Heading | None, ...]:
    return tuple(heading(tuple(path), table) for path in _paths(rows))


def _paths(rows: Sequence[Row]) -> list[list[str]]:
    """Return the texts over each column, from the top.

    A group's text reaches right over the blanks beside it, as far as something stands below and nothing new above.
    """
    filled = [list(row) for row in rows]
    for level, row in enumerate(filled[:-1]):
        group: str | None = None
        above: list[str | None] = []
        for position, text in enumerate(row):
            over = [upper[position] for upper in filled[:level]]
            named = any(other[position] and not _is_bracketed(other[position]) for other in rows[level + 1 :])
            if text:
                group, above = text, over
            elif not named or over != above:
                group = None
            row[position] = group
    paths = []
    for column in zip(*filled, strict=True):
        path: list[str] = []
        for text in column:
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(path)
    return paths


def _deepest(cells: pl.DataFrame, first: int, most: int, table: Table) -> int:
    """Return how many rows from the first may be one header: none above what numbers in it show to be data, nor its
    first row again below another; right below itself it is that of cells merged downwards."""
    begins, other = cells.row(first), False
    for number in range(first + 1, first + most):
        row = cells.row(number)
        if row == begins and other:
            return number - first
        other = other or row != begins
        if any(_is_number(text) and not tells(text, table) for text in row if text) and not numbers_columns(row):
            return number - first
    return most


def _groups_above(cells: pl.DataFrame, first: int, table: Table) -> int:
    """Return how many rows above a header are its own, for cells merged downwards repeat its texts, and say of some
    column that it is but a part, or worked out.
    """
    if not first:
        return 0
    above, row = cells.row(first - 1), cells.row(first)
    merged = any(text and text == below for text, below in zip(above, row, strict=True))
    others = [text for text, below in zip(above, row, strict=True) if text and text != below]
    says = any(is_part(text) or is_derived(text) for text in others)
    return int(merged and says and any(tells(text, table) for text in above if text))


def _is_title(cells: pl.DataFrame, number: int) -> bool:
    """Tell whether a row is a title: one text, at the left edge, above a title or several texts."""
    row = cells.row(number)
    texts = [position for position, text in enumerate(row) if text]
    if len(set(filter(None, row))) != 1 or number + 1 >= cells.height:
        return False
    row = cells.row(number + 1)
    below = [position for position, text in enumerate(row) if text]
    if not below or texts[0] > below[0]:
        return False
    return len(set(filter(None, row))) > 1 or _is_title(cells, number + 1)


def _is_labelled(row: Row, table: Table) -> bool:
    """Tell whether a row says who filled in the table, or when: a few texts, one with a colon, none of a column's name.

    填报单位：某局 | 2024年9月1日; 统计时间： | 2024年.
    """
    texts = {text for text in row if text}
    if not 0 < len(texts) <= _FEW_LABELS or not any(narrow(text).find(":") > 0 for text in texts):
        return False
    return not any(_is_named(text, table) for text in texts)


def _is_named(text: str, table: Table) -> bool:
    """Tell whether a text may be a part of a header that is neither a unit nor a year alone."""
    name = without_year(split(text).name)[0]
    return is_part(text) or bool(plain(name) and not unit_of(name) and tells(name, table))


def _is_bracketed(text: str | None) -> bool:
    return bool(text) and text[0] in "(（" and text[-1] in ")）"  # type: ignore[index]


def _continues(row: Row, above: Row, headings: Sequence[Heading | None], table: Table) -> bool:
    """Tell whether a row under a header belongs to it: units, years, parts of names, in no column that data must fill.

    A text that stands above too is a merged cell's.
    """
    filled = {place: text for place, text in enumerate(row) if text and text.strip("-—/ ") and text != above[place]}
    if not filled or any(len(text) > _LONGEST_PART or _is_number(text) for text in filled.values()):
        return False
    columns = {position: table.columns[heading.column] for position, heading in enumerate(headings) if heading}
    if _is_of_parts(filled, columns, table):
        return True
    needed = [text for place, text in filled.items() if place in columns and columns[place].required]
    if any(not unit_of(text) and text not in _CALLED_UNIT for text in needed):
        return False
    counted = any(place in columns and columns[place].base for place in filled)
    return counted and (_tells_units(row, table) or any(tells(text, table) for text in filled.values()))


def _is_of_parts(filled: dict[int, str], columns: dict[int, Column], table: Table) -> bool:
    """Tell whether a row of texts says of what its numbers are parts: it has no key, under which every row has one."""
    if len(filled) < _FEW or any(_tells_units((text,), table) and unit_of(text) for text in filled.values()):
        return False
    mine = [columns[place] for place in filled if place in columns]
    numbers = any(column.base or column.kind == "number" for column in mine)
    return numbers and not any(column.kind in _OF_KEYS for column in mine)


def _tells_units(row: Row, table: Table) -> bool:
    """Tell whether a row tells units, be they known or not: its texts are no words of names."""
    texts = [text for text in row if text and text.strip("-—/ ") and text not in _CALLED_UNIT]
    known = sum(unit_of(text) is not None for text in texts)
    return (
        len(texts) > 0
        and not any(tells(text, table) and not unit_of(text) for text in texts)
        and (known > 0 or all(len(text) <= _LONGEST_UNIT for text in texts))
    )


def _bracketed(row: Row) -> Row:
    return tuple(text and f"({text})" for text in row)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).strip("%-").isdigit()


def _units(cells: pl.DataFrame, first: int, below: int) -> SpokenUnits:
    """Return the units that the rows above a header and the notes at the foot tell for the whole sheet."""
    heads = {text for row in cells.slice(first, below - first).iter_rows() for text in row if text}
    titles = [[text for text in row if text and text not in heads] for row in cells.head(first).iter_rows()]
    foot = [[text for text in row if text] for row in cells.slice(max(below, cells.height - _FOOT)).iter_rows()]
    # A header that is repeated, as on each printed page, tells the units of its own columns alone.
    return told_in(titles, [row for row in foot if len(row) <= _FEW])
