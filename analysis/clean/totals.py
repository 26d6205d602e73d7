"""Totals and subtotals printed in a sheet against the rows above them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.clean import typed_cells
from analysis.clean.records import NOTICES
from analysis.clean.typed_sheets import TypedSheets
from analysis.read.cell_places import cell
from analysis.read.fields import Column, Table

Rows = npt.NDArray[np.bool_]
_PART = "小计"
_ADDED = ("count", "amount")
_RULE = "totals_differ"
#: Sums of decimal fractions agree to this share.
_SAME = 1e-6


def differences(typed: TypedSheets, table: Table) -> pl.DataFrame:
    """Return a notice, before (the printed total) and after (the sum of its rows), where the two differ.

    A total may be of all rows of the sheet, of those above it, since the total before it, down to the next, or of its
    school alone: of these the rows are taken that most columns agree with; where it agrees with none, a 小计 is of the
    rows since the last total, one of a school of that school's, any other of all. The sum may be of all these rows or
    of those that broke no rule. A column in which a cell can't be read is not compared.
    """
    bound = typed.raws[0].layout.bound()
    added = [column for column in table.columns.values() if column.kind in _ADDED and column.name in bound]
    if typed.totals.is_empty() or not added:
        return pl.DataFrame(schema=NOTICES)
    printed = list(zip(*_printed(typed, added), strict=True))
    unreadable = typed.notices.filter(pl.col("after").is_null() & (pl.col("rule") != "blank_mark"))
    unread = set(unreadable.select("of", "column").rows())
    rows: list[tuple[object, ...]] = []
    first = typed.raws[0]
    sheets = _sheets(typed, added)
    for number, (of, row, readings) in enumerate(_readings(typed, sheets)):
        source, sheet = typed.raws[of].source, sheets[of]
        place = (source.county, source.year, table.name, source.file, typed.raws[of].name, row)
        told_totals = [
            (column, total, at)
            for at, (column, total) in enumerate(zip(added, printed[number], strict=True))
            if total is not None and (of, column.name) not in unread
        ]
        fits = [
            [_differs(total, every[at], whole[at]) for _, total, at in told_totals]
            for every, whole in ((sheet.sums(rows), sheet.sums(rows & sheet.whole)) for rows in readings)
        ]
        best = min(range(len(fits)), key=lambda place: (sum(fits[place]), place)) if told_totals else 0
        best = best if told_totals and not all(fits[best]) else 0
        sums = sheet.sums(readings[best])
        for (column, total, at), differs in zip(told_totals, fits[best], strict=True):
            if differs:
                where = cell(row, first.layout.bound()[column.name].position + typed.raws[of].left)
                rows.append((*place, column.name, _RULE, _shown(total), _shown(sums[at]), where, 0))
    return pl.DataFrame(rows, schema=NOTICES, orient="row")


@dataclass(frozen=True, eq=False)
class _Sheet:
    """The rows of a sheet: their numbers and schools, what they have in each column that is added up (rows x columns,
    0 where nothing), and whether they broke no rule. Of a few dozen rows NumPy makes many sums in the time of one
    query."""

    numbers: npt.NDArray[np.int64]
    schools: npt.NDArray[np.object_]
    amounts: npt.NDArray[np.float64]
    whole: Rows

    def sums(self, rows: Rows) -> list[float]:
        """Return the sum of each column over some rows."""
        sums: list[float] = self.amounts[rows].sum(axis=0).tolist()
        return sums


def _sheets(typed: TypedSheets, added: list[Column]) -> list[_Sheet]:
    """Return the rows of each sheet."""
    numbers = typed.rows["row"].to_numpy()
    schools = np.array(
        typed.rows["school"].to_list() if "school" in typed.rows.columns else [None] * len(numbers), object
    )
    amounts = typed.rows.select(pl.col([column.name for column in added]).cast(pl.Float64).fill_null(0)).to_numpy()
    whole = np.ones(len(numbers), np.bool_)
    whole[typed.broken["place"].to_numpy()] = False
    edges = [0, *accumulate(typed.heights)]
    return [
        _Sheet(numbers[begin:end], schools[begin:end], amounts[begin:end], whole[begin:end])
        for begin, end in pairwise(edges)
    ]


def _printed(typed: TypedSheets, added: list[Column]) -> list[list[float | None]]:
    """Return, column by column, what the totals say."""
    first = typed.raws[0]
    bound = first.layout.bound()
    texts = [typed.totals[f"c{bound[column.name].position}"] for column in added]
    shapes = [typed_cells.Shape(column, bound[column.name].unit, first.styled) for column in added]
    return [parsed.values.to_list() for parsed in typed_cells.parse_columns(texts, shapes)]


def _readings(typed: TypedSheets, sheets: list[_Sheet]) -> Iterator[tuple[int, int, list[Rows]]]:
    """Yield of each total its sheet, its row and the rows that it may be of, the likeliest first."""
    totals = typed.totals
    parts = totals.select(pl.concat_str("^c\\d+$", ignore_nulls=True).str.contains(_PART)).to_series()
    school = typed.raws[0].layout.bound().get("school")
    codes = totals[f"c{school.position}"] if school else pl.repeat(None, totals.height, dtype=pl.String, eager=True)
    places = list(zip(totals["of"], totals["row"], strict=True))
    for number, (of, row) in enumerate(places):
        sheet = sheets[of]
        at, every = sheet.numbers, np.ones(len(sheet.numbers), np.bool_)
        last = places[number - 1][1] if number and places[number - 1][0] == of else 0
        following = places[number + 1] if number + 1 < len(places) else (of, None)
        above = at < row
        since = above & (at > last)
        below = at > row
        if following[0] == of and following[1] is not None:
            below &= at < following[1]
        mine = [sheet.schools == codes[number]] if codes[number] is not None else []
        mine = [rows for rows in mine if rows.any()]
        first = [since, *mine, every] if parts[number] else [*mine, every, since]
        yield of, row, [*first, above, below]


def _differs(total: float, *sums: float) -> bool:
    return all(abs(added_up - total) > _SAME * max(abs(total), 1) for added_up in sums)


def _shown(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
