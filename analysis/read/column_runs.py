"""The runs of a sheet's columns that an empty column sets apart: further columns of a table, or something beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from analysis.read import header, row_kinds
from analysis.read.cell_places import column_letters
from analysis.read.fields import Table, header_words
from analysis.read.grid import Sheet
from analysis.read.header_units import narrow

_COUNTED = ("count", "amount", "share")
#: A sheet of more runs is none of tables: only the first of them are looked at for a table of their own.
_MOST = 12

#: Headers side by side begin at most so many rows apart.
_DEEP = 2
#: Titles stand in the first rows of a sheet.
_TITLES = 10

Run = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Part:
    """Runs of a sheet that belong together; `other` where they stand beside a table and are none of its columns."""

    sheet: Sheet
    label: str
    other: bool = False


def parts(sheet: Sheet, table: Table, context: header.Context) -> list[Part]:
    """Return the parts of a sheet from left to right: at least one.

    A table is the shortest stretch of runs that has all required columns. Of what stands before and after it, that is
    apart whose rows are not the table's, or that says again what the table has, or hardly names a column.
    """
    runs = _runs(sheet.cells, sheet.widths)
    if len(runs) == 1:
        return [Part(sheet, sheet.name)]
    tables = _tables(sheet, runs, table, context)
    if not tables:
        return [Part(sheet, sheet.name)]
    found_parts: list[Part] = []
    for number, (first, last) in enumerate(tables):
        before = 0 if number == 0 else tables[number - 1][1] + 1
        after = tables[number + 1][0] if number + 1 < len(tables) else len(runs)
        judged = _Beside(sheet, runs, (first, last), table, context)
        start, end = first, last
        if number == 0:
            while start > before and not judged.is_other(start - 1):
                start -= 1
        while end + 1 < after and not judged.is_other(end + 1):
            end += 1
        left = (
            [Part(cut(sheet, *run), label(sheet, run), other=True) for run in runs[before:start]] if not number else []
        )
        right = [Part(cut(sheet, *run), label(sheet, run), other=True) for run in runs[end + 1 : after]]
        whole = (runs[start][0], runs[end][1])
        found_parts += [*left, Part(cut(sheet, *whole), label(sheet, whole) if number else sheet.name), *right]
    return found_parts


def label(sheet: Sheet, run: Run) -> str:
    """Return what a stretch of columns of a sheet is called: 表1[C:F]."""
    return f"{sheet.name}[{column_letters(sheet.left + run[0])}:{column_letters(sheet.left + run[1] - 1)}]"


def cut(sheet: Sheet, first: int, end: int) -> Sheet:
    """Return a sheet cut to the columns from `first` to before `end`."""
    names = sheet.cells.columns[first:end]
    anew = {name: f"c{number}" for number, name in enumerate(names)}
    return replace(
        sheet,
        cells=sheet.cells.select(names).rename(anew),
        left=sheet.left + first,
        present=None if sheet.present is None else sheet.present.select(names).rename(anew),
        filled=None,
        hidden_columns=frozenset(place - first for place in sheet.hidden_columns if first <= place < end),
        marks=tuple(
            replace(mark, position=mark.position - first) for mark in sheet.marks if first <= mark.position < end
        ),
    )


def _runs(cells: pl.DataFrame, widths: pl.Series | None) -> list[Run]:
    """Return the runs of columns that an empty column sets apart: first and one past the last; titles fill none.

    `widths` are the fields of each row of a text: one with more than usual may have each value a column too far right.
    """
    titles = next((number for number in range(min(cells.height, _TITLES)) if len({*cells.row(number)}) > 2), 0)
    below = cells.slice(titles)
    if widths is not None and below.height:
        fields = widths[titles : cells.height]
        below = below.filter(fields <= fields.mode().max())
    empty = [blank == below.height for blank in below.null_count().row(0)] if cells.width else []
    starts = [place for place, blank in enumerate(empty) if not blank and (place == 0 or empty[place - 1])]
    return [(start, (*starts, cells.width)[number + 1]) for number, start in enumerate(starts)] or [(0, cells.width)]


def _tables(sheet: Sheet, runs: Sequence[Run], table: Table, context: header.Context) -> list[Run]:
    """Return the stretches of runs, first and last, that have all required columns and are as short as can be."""
    found_runs: list[Run] = []
    start = 0
    # The first begins with the header of the whole, or just below: what stands further down may need fewer columns.
    whole = _layout(sheet, table, context)
    lowest = sheet.cells.height if whole is None else whole.last + _DEEP
    while start < min(len(runs), _MOST):
        ends = range(start, min(len(runs), _MOST))
        end = next(
            (end for end in ends if _is_whole(sheet, (runs[start][0], runs[end][1]), table, context, lowest)), None
        )
        if end is None:
            break
        firsts = range(end, start - 1, -1)
        first = next(
            first for first in firsts if _is_whole(sheet, (runs[first][0], runs[end][1]), table, context, lowest)
        )
        found_runs.append((first, end))
        start, lowest = end + 1, sheet.cells.height
    return found_runs


def _is_whole(sheet: Sheet, columns: Run, table: Table, context: header.Context, lowest: int) -> bool:
    """Tell whether columns have a header with all required ones, not below the row `lowest`."""
    layout = _layout(cut(sheet, *columns), table, context)
    if layout is None or layout.first > lowest:
        return False
    return table.needed <= layout.named | {doubt.column for doubt in layout.doubts}


def _layout(part: Sheet, table: Table, context: header.Context) -> header.Layout | None:
    return header.find(part.cells, table, replace(context, hidden=part.hidden_columns, widths=part.widths))


def _is_note(heads: pl.Series) -> bool:
    return any(narrow(text) in header_words()["notes"] for text in heads.drop_nulls())


class _Beside:
    """What stands beside a table is held against: its header's rows, its columns, and the rows that it fills."""

    def __init__(self, sheet: Sheet, runs: Sequence[Run], span: Run, table: Table, context: header.Context) -> None:
        self.sheet, self.runs, self.span, self.table, self.context = sheet, runs, span, table, context
        self.cells = cut(sheet, runs[span[0]][0], runs[span[1]][1]).cells
        self.layout = _layout(cut(sheet, runs[span[0]][0], runs[span[1]][1]), table, context)
        self.columns = self.layout.bound().keys() if self.layout else set()

    def is_other(self, number: int) -> bool:
        """Tell whether a run beside the table is none of its columns."""
        cells = cut(self.sheet, *self.runs[number]).cells
        first, last = self._header(number)
        heads = cells.slice(first, last + 1 - first)
        called = header.named_at(heads.rows(), self.table)
        headed = [place for place, blank in enumerate(heads.null_count().row(0)) if blank < heads.height]
        if not headed:
            return True
        here, filled = _filled(cells, last), _filled(self.cells, last)
        sure = ~_is_head(cells, last, heads) & ~_is_too_long(self.sheet, last)
        # Rows end where a row of the sheet is empty: what comes below says nothing of the columns beside.
        height = _height(self.sheet.cells, last)
        if (_held(cells, here, last) & (filled == 0) & sure).head(height).any():
            return True
        named = {name for name in called if name}
        counted = any(self.table.columns[name].kind in _COUNTED for name in named)
        # A row with one cell is a section, a total, a note.
        remarks = row_kinds.is_remark(self.cells.slice(last + 1).select(pl.coalesce(pl.all())).to_series())
        lacking = bool(((filled > 1) & ~remarks & (here == 0) & sure).any())
        unnamed = [place for place in headed if not called[place] and not _is_note(heads[:, place])]
        hardly = len(unnamed) > len(headed) - len(unnamed)
        if lacking:
            keys = {
                column.name
                for column in self.table.columns.values()
                if column.required or column.name in self.table.key
            }
            again = bool(named & self.columns) and (bool(named & keys) or bool(unnamed))
            return hardly or not counted or again
        return hardly and bool(named) and not counted

    def _header(self, number: int) -> Run:
        """Return the rows of the table's header: a row of units, of years, may stand over the run's columns alone."""
        first, last = min(self.span[0], number), max(self.span[1], number)
        joined = _layout(cut(self.sheet, self.runs[first][0], self.runs[last][1]), self.table, self.context)
        assert self.layout is not None
        if joined is None or not joined.first <= self.layout.first <= joined.last:
            return self.layout.first, self.layout.last
        return joined.first, max(joined.last, self.layout.last)


def _is_head(cells: pl.DataFrame, last: int, heads: pl.DataFrame) -> pl.Series:
    """Tell which rows below a header begin with a text of it: it comes again there."""
    texts = list({text for row in heads.rows() for text in row if text})
    return cells.slice(last + 1).select(pl.coalesce(pl.all())).to_series().is_in(texts).fill_null(value=False)


def _is_too_long(sheet: Sheet, last: int) -> pl.Series:
    """Tell which rows below a header have more fields than it: each of their values may be a column too far right."""
    rows = pl.repeat(value=False, n=max(sheet.cells.height - last - 1, 0), dtype=pl.Boolean, eager=True)
    places = [row - last - 2 for row in sheet.too_long(last)]
    return rows.scatter(places, True) if places else rows


def _filled(cells: pl.DataFrame, last: int) -> pl.Series:
    """Return how many cells are filled in each row below a header."""
    return cells.slice(last + 1).select(pl.sum_horizontal(pl.all().is_not_null())).to_series()


def _held(cells: pl.DataFrame, filled: pl.Series, last: int) -> pl.Series:
    """Tell which rows hold something of a run: not those with a total, a note or the head of a section alone."""
    if cells.width > 1:
        return filled > 1
    return (filled > 0) & ~row_kinds.is_remark(cells.slice(last + 1).to_series())


def _height(cells: pl.DataFrame, last: int) -> int:
    """Return how many rows below a header follow one another without an empty one."""
    empty = cells.slice(last + 1).select(pl.all_horizontal(pl.all().is_null())).to_series()
    filled = (~empty).arg_true()
    ends = empty.arg_true().filter(empty.arg_true() > filled[0]) if filled.len() else filled
    return int(ends[0]) if ends.len() else len(empty)
