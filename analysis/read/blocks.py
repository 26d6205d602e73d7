"""A sheet to its tables: one after another, below or beside, each with a header of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.plaintext import is_digits
from analysis.read import cell_places, column_runs, header, titles
from analysis.read.fields import Table, Unit, tables
from analysis.read.grid import Sheet
from analysis.read.header_names import plain
from analysis.read.header_units import units_in

_DEEPEST = 3
#: A table with fewer required columns is not told from one beside it.
_FEWEST = 2
#: So many rows without a code are looked at one by one for heads that are spelled oddly.
_FEW = 60
#: Below a header that comes again, data begin within so many rows: the head of a section may stand between.
_SECTIONS = 3
_SHORT = 1000
_NUMBERING = ("序号", "编号", "no.", "no")


@dataclass(frozen=True, eq=False)
class Block:
    """A part of a sheet with one header: `sheet` is cut to it, its first row is row `top` + 1 of the whole.

    `label` is the sheet's name, with the block's columns where it stands beside another. `unread` says why no row of it
    is data (a check id), empty where the layout is whole; `other` is the table whose header it has instead. `count` is
    how many of its cells hold something, as another reader counts them.
    """

    sheet: Sheet
    layout: header.Layout | None
    label: str
    top: int = 0
    unread: str = ""
    other: str = ""
    count: int = 0

    @property
    def place(self) -> str:
        """Return where the block stands in its sheet; "" where it is the whole."""
        height, width = self.sheet.cells.shape
        if self.top == 0 and self.label == self.sheet.name and not self.other:
            return ""
        return cell_places.block(self.top + 1, self.sheet.left, self.top + height, self.sheet.left + width - 1)


def whole(sheet: Sheet) -> Block:
    """Return a sheet as one block without a header."""
    return _counted([Block(sheet, None, sheet.name)], sheet)[0]


def blocks(sheet: Sheet, table: Table, context: header.Context) -> list[Block]:
    """Return the blocks of a sheet from left to right and from top to bottom: at least one."""
    context = replace(context, elsewhere=units_in(sheet.name))
    if context.decided.columns:
        return _counted(list(_beside(sheet, table, context, 0, sheet.name)), sheet)
    found_blocks = [
        block
        for part in column_runs.parts(sheet, table, context)
        for block in (
            [Block(part.sheet, None, part.label, 0, "table_beside")]
            if part.other
            else _beside(part.sheet, table, context, 0, part.label)
        )
    ]
    return _counted(_doubted(found_blocks, table, context), sheet)


def _doubted(found_blocks: list[Block], table: Table, context: header.Context) -> list[Block]:
    """Return blocks whose header is in doubt about units that titles tell of a block before them."""
    units: list[Unit] = list(context.elsewhere)
    doubted = []
    for block in found_blocks:
        sheet, layout = block.sheet, block.layout
        if layout is not None and len(units) > len(context.elsewhere):
            layout = header.find(sheet.cells, table, replace(_here(sheet, context), elsewhere=tuple(units)))
        if layout is not None and len(found_blocks) > 1:
            units += header.units_told(sheet.cells, layout)
        doubted.append(replace(block, layout=layout))
    return doubted


def _here(sheet: Sheet, context: header.Context) -> header.Context:
    """Return a context with what a part of a sheet tells."""
    decided = replace(context.decided, left=sheet.left)
    return replace(context, hidden=sheet.hidden_columns, decided=decided, widths=sheet.widths)


def _counted(found_blocks: list[Block], sheet: Sheet) -> list[Block]:
    """Return blocks with the number of their cells; what lies outside all of them counts in the first."""
    counts = [count(block.sheet) for block in found_blocks]
    if sheet.filled is not None:
        counts[0] += sheet.filled - sum(counts)
    return [replace(block, count=number) for block, number in zip(found_blocks, counts, strict=True)]


def count(sheet: Sheet) -> int:
    """Return how many cells hold something of their own."""
    if sheet.cells.is_empty():
        return 0
    if sheet.present is not None:
        return sum(int(column.sum()) for column in sheet.present)
    return sheet.cells.height * sheet.cells.width - sum(column.null_count() for column in sheet.cells)


def _beside(sheet: Sheet, table: Table, context: header.Context, top: int, label: str) -> Iterator[Block]:
    """Yield the blocks of a sheet, cut where a header's required columns come again at the right."""
    here = _here(sheet, context)
    layout = header.find(sheet.cells, table, here)
    place = None if layout is None or here.decided.columns else _again(layout, table)
    if layout is None or place is None:
        yield from _below(sheet, layout, table, context, top, label)
        return
    left, right = column_runs.cut(sheet, 0, place), column_runs.cut(sheet, place, sheet.cells.width)
    yield from _beside(left, table, context, top, label)
    yield from _beside(right, table, context, top, column_runs.label(sheet, (place, sheet.cells.width)))


def _again(layout: header.Layout, table: Table) -> int | None:
    """Return the position at which all required columns come again, None where they don't."""
    names = [name for name in table.columns if name in table.needed]
    by_column: dict[str, set[int]] = {name: set() for name in names}
    for binding in layout.bindings:
        by_column.get(binding.column, set()).add(binding.position)
    for doubt in (*layout.doubts, *layout.passed):
        if doubt.rule in _TWICE:
            by_column.get(doubt.column, set()).update(doubt.positions)
    places = [sorted(places) for places in by_column.values()]
    if len(names) < _FEWEST or any(len(place) < 2 for place in places):
        return None
    place = min(place[1] for place in places)
    if place <= max(place[0] for place in places):
        return None
    while place > 1 and plain(layout.texts[place - 1]) in _NUMBERING:
        place -= 1
    return place


_TWICE = ("column_twice", "column_double")


def _rows(sheet: Sheet, first: int, height: int) -> Sheet:
    """Return a sheet cut to `height` rows from row `first`, counted from 0."""
    return replace(
        sheet,
        cells=sheet.cells.slice(first, height),
        present=None if sheet.present is None else sheet.present.slice(first, height),
        filled=None,
        widths=None if sheet.widths is None else sheet.widths.slice(first, height),
        fields=None if sheet.fields is None else sheet.fields.slice(first, height),
    )


def _below(
    sheet: Sheet, layout: header.Layout | None, table: Table, context: header.Context, top: int, label: str
) -> Iterator[Block]:
    """Yield the blocks of a sheet, cut where another header stands below the first."""
    if layout is None:
        yield Block(sheet, None, label, top, "sheet_of_notes")
        return
    next_header = _next_header(sheet.cells, layout, table, context.year)
    if next_header is None:
        yield Block(sheet, layout, label, top)
        return
    place, other = next_header
    first = _rows(sheet, 0, place)
    here = _here(sheet, context)
    yield Block(first, header.find(first.cells, table, here), label, top)  # its doubles are compared in its own rows
    rest = _rows(sheet, place, sheet.cells.height - place)
    if other:
        yield Block(rest, None, label, top + place, "table_other", other)
    else:
        yield from _beside(rest, table, context, top + place, label)


def _next_header(cells: pl.DataFrame, layout: header.Layout, table: Table, year: int) -> tuple[int, str] | None:
    """Return the first row below a header that is one itself, and the other table whose header it is ("" for its own).

    A row that is the header again, as on each printed page, is none, but where a title above it tells another year.
    """
    for number in _doubtful(cells, layout, table):
        if _is_repeated(cells, number, layout) and not _is_of_other_year(cells, number, layout, year):
            continue
        for other in (table, *(other_table for name, other_table in tables().items() if name != table.name)):
            if _is_header(cells, number, other):
                return number, "" if other is table else other.name
    return None


def _is_of_other_year(cells: pl.DataFrame, number: int, layout: header.Layout, year: int) -> bool:
    """Tell whether a title right above a row tells a year that none above the header does."""
    here = titles.above(cells, number, year) if year else ()
    return bool(here) and not {text.said for text in here} <= {
        title.said for title in titles.above(cells, layout.first, year)
    }


def _is_repeated(cells: pl.DataFrame, number: int, layout: header.Layout) -> bool:
    """Tell whether a row is the header again, or the one above it: with the rows that follow there, or with data."""
    rows = layout.rows if layout.first == 0 else (cells.row(layout.first - 1), *layout.rows)
    depth = len(rows)
    first = min((binding.position for binding in layout.bindings), default=0)
    for start in range(depth):
        again = 0
        while (
            start + again < depth
            and number + again < cells.height
            and _is_same(
                cells.row(number + again),
                rows[start + again],
                rows[start + again - 1] if start + again else (),
                start + again == depth - 1,
            )
        ):
            again += 1
        if not again:
            continue
        if start + again == depth:
            return True
        below = _data_below(cells, number + again, first)
        if below is not None and all(below not in row for row in rows):
            return True
    return False


def _data_below(cells: pl.DataFrame, number: int, first: int) -> str | None:
    """Return what a column holds in the first row from here on that is no head of a section, None where one is more."""
    for row in cells.slice(number, _SECTIONS).rows():
        if row[first] is not None:
            return str(row[first])
        if sum(text is not None for text in row) > 1:
            return None
    return None


def _is_same(row: header.Row, head: header.Row, above: header.Row, lowest: bool) -> bool:
    """Tell whether a row is one of a header's; where it has nothing there may be a copy within a merged range.

    In the lowest row that is one from above: what names a column is not merged with the next.
    """
    if not any(row):
        return False
    beside = (None,) * len(head) if lowest else (None, *head[:-1])
    over = above or (None,) * len(head)
    texts = zip(row, head, beside, over, strict=True)
    return all(text == mine or (text is None and mine in (left, upper)) for text, mine, left, upper in texts)


def _doubtful(cells: pl.DataFrame, layout: header.Layout, table: Table) -> list[int]:
    """Return the rows below a header in which a cell is what a key column of some table is called.

    Rows that begin with a code are not looked at.
    """
    school = layout.bound().get("school")
    numbers = np.arange(layout.last + 1, cells.height)
    if school is not None:
        numbers = numbers[~_begin_with_codes(cells[f"c{school.position}"].slice(layout.last + 1))]
    if len(numbers) <= _FEW:
        keys = _key_names(table)
        rows = ((number, cells.row(number)) for number in numbers.tolist())
        return [number for number, row in rows if any(text and plain(text) in keys for text in row)]
    called = cells[numbers].select(pl.any_horizontal(pl.all().is_in(_key_texts(table)))).to_series()
    row_numbers: list[int] = numbers[called.fill_null(value=False).to_numpy()].tolist()
    return row_numbers


def _begin_with_codes(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell which texts are codes of four digits or more; a few are looked at one by one, which is faster."""
    if len(texts) <= _SHORT:
        codes = [text is not None and len(text) > 3 and is_digits(text) for text in texts.to_list()]
        return np.array(codes, np.bool_)
    begins: npt.NDArray[np.bool_] = texts.str.contains(r"^[0-9]{4,}$").fill_null(value=False).to_numpy()
    return begins


@lru_cache(maxsize=64)
def _key_names(table: Table) -> frozenset[str]:
    """Return the plain headers of the key columns of a table, as the folder calls them, and of the others."""
    key_texts = {
        plain(text) for table in tables().values() for name in table.key for text in table.columns[name].headers
    }
    return frozenset(key_texts | {plain(text) for name in table.key for text in table.columns[name].headers})


@lru_cache(maxsize=64)
def _key_texts(table: Table) -> list[str]:
    key_texts = [
        text
        for each_table in (table, *tables().values())
        for name in each_table.key
        for text in each_table.columns[name].headers
    ]
    return list(dict.fromkeys(key_texts))


def _is_header(cells: pl.DataFrame, number: int, table: Table) -> bool:
    """Tell whether a row, alone or with those under it, names all required columns of a table."""
    deepest = min(_DEEPEST, cells.height - number)
    rows = cells.slice(number, deepest).rows()
    return any(table.needed <= header.names_columns(rows[:depth], table) for depth in range(1, deepest + 1))


def sheet_of(label: str) -> str:
    """Return the sheet's name of a block's label."""
    return label.split("[")[0] if label.endswith("]") else label
