"""Rows of schools that are the sum of others: totals and subtotals whatever they are called.

Such a row comes by chance too. How often depends on how many values a number may take: of whole numbers around 700 one
in 700 is what others happen to add up to, of amounts around 3 one in three. A sum is sure where less than one in a
thousand tables of this size would have one by chance.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Sums agree to this share; candidates are taken more loosely, for long sums are rounded.
_SAME, _NEAR = 1e-9, 1e-6
#: So many tables in one may have a sum by chance before it is held for one.
CHANCE = 1e-3
#: What an amount that is no whole number is counted in.
_PART = 0.1


@dataclass(frozen=True)
class Sum:
    """A row (its place, from 0) that is the sum of rows `first` to `last`; `sure` where chance hardly makes one."""

    place: int
    first: int
    last: int
    sure: bool


def of_all_others(amounts: Floats, pupils: Floats) -> int | None:
    """Return the place of the row whose amount and pupils are both the sum of all others, of three rows or more."""
    if len(amounts) < 3:
        return None
    columns = (amounts, pupils)
    near = np.logical_and.reduce([np.abs(2 * column - column.sum()) <= _NEAR * column for column in columns])
    for place in np.flatnonzero(near & (amounts > 0) & (pupils > 0)):
        rest = np.arange(len(amounts)) != place
        if all(_is_sum(column[place], column[rest]) for column in columns):
            return int(place)
    return None


def of_runs(amounts: Floats, pupils: Floats) -> list[Sum]:
    """Return the rows that are the sum of two or more rows directly above or below them, in order of rows."""
    there = np.flatnonzero((amounts > 0) | (pupils > 0))
    x, p = amounts[there], pupils[there]
    n = len(x)
    if n < 3 or not x.any() or not p.any():
        return []
    by_place: dict[int, Sum] = {}
    for turned in (False, True):
        xs, ps = (x[::-1], p[::-1]) if turned else (x, p)
        for place, begin in _above(xs, ps):
            mine, low, high = (n - 1 - place, n - place, n - 1 - begin) if turned else (place, begin, place - 1)
            alike = _is_alike(x[low : high + 1], p[low : high + 1])
            sure = expected(x, p, 2 * n, alike=alike) < CHANCE
            at = int(there[mine])
            by_place.setdefault(at, Sum(at, int(there[low]), int(there[high]), sure))
    return [by_place[place] for place in sorted(by_place)]


def expected(amounts: Floats, pupils: Floats, trials: int, alike: bool = False) -> float:
    """Return how many sums in both columns chance makes in so many trials; `alike` where one column tells the other."""
    amount, enrolment = (_values(series) for series in (amounts, pupils))
    return trials / (enrolment * (1.0 if alike else amount))


def _values(column: Floats) -> float:
    """Return how many values the middle number of a column may take."""
    positive = column[column > 0]
    whole = bool((positive == np.floor(positive)).all())
    return max(float(np.median(positive)) / (1.0 if whole else _PART), 1.0) if len(positive) else 1.0


def _is_alike(amounts: Floats, pupils: Floats) -> bool:
    """Tell whether all rows have the same amount per pupil: then sums of one are sums of the other."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = amounts / pupils
    return bool(np.isfinite(ratio).all() and np.ptp(ratio) <= _SAME * ratio.max())


def _above(x: Floats, p: Floats) -> list[tuple[int, int]]:
    """Return rows that are the sum of rows directly above, with the first of these; no row is 0 in both columns."""
    both = x / x.sum() + p / p.sum()
    so_far, amounts, pupils = (np.concatenate([[0.0], np.cumsum(series)]) for series in (both, x, p))
    rows = np.arange(len(x))
    begin = np.searchsorted(so_far, so_far[:-1] - both)
    by_total: dict[int, int] = {}
    for step in (-1, 0):  # the sum, rounded, may be on either side
        first = np.maximum(begin + step, 0)
        near = first <= rows - 2
        for total, values in ((amounts, x), (pupils, p)):
            places = np.flatnonzero(near)
            apart = np.abs(total[places] - total[first[places]] - values[places])
            near[places] = apart <= _NEAR * values[places]
        for place in np.flatnonzero(near):
            start = int(first[place])
            if all(_is_sum(values[place], values[start:place]) for values in (x, p)):
                by_total.setdefault(int(place), start)
    return list(by_total.items())


def _is_sum(total: float, parts: Floats) -> bool:
    return abs(math.fsum(parts) - total) <= _SAME * abs(total)
