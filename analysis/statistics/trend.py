"""Change over the years: yearly change, robust pace with its interval, and what the pace means for a target.

A year without a value is a gap: it is left out of the pace, and no change is told across it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from .arrays import Floats, floats
from .level import LEVEL


def _series(years: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return years and values sorted by year, gaps kept.

    Raises ValueError for unequal lengths or a year given twice.
    """
    when, what = floats(years), floats(values)
    if when.shape != what.shape:
        raise ValueError(f"years and values differ in length: {len(when)} and {len(what)}")
    order = np.argsort(when, kind="stable")
    when, what = when[order], what[order]
    if bool((np.diff(when) == 0).any()):
        raise ValueError(f"the year {when[:-1][np.diff(when) == 0][0]:g} is given twice")
    return when, what


def changes(years: npt.ArrayLike, values: npt.ArrayLike) -> Floats:
    """Return the change from the year before, entry by entry; NaN where that year or its value is missing.

    Raises ValueError for unequal lengths or a year given twice.
    """
    when, what = floats(years), floats(values)
    _series(when, what)
    known = dict(zip(when.tolist(), what.tolist(), strict=True))
    return np.array(
        [value - known.get(year - 1, np.nan) for year, value in zip(when, what, strict=True)], dtype=np.float64
    )


@dataclass(frozen=True)
class Pace:
    """The pace per year, its interval, and the years it comes from.

    `note` is "", "few_years" (two, which give no interval: low and high are NaN) or "one_year" (no pace either).
    """

    pace: float
    low: float
    high: float
    years: int
    note: str


def theil_sen(years: npt.ArrayLike, values: npt.ArrayLike, level: float = LEVEL) -> Pace:
    """Return the median of the slopes between all pairs of years (Theil 1950, Sen 1968, JASA 63).

    Yearly figures of the same schools hang together, which the usual interval of that median does not allow for. The
    interval here is that of a random walk with drift, whose yearly changes are independent: with c the mean change and
    s its standard deviation over m spans of k years each (changes weighted by 1 / k), c -+ t s / sqrt(span), t with m -
    1 degrees of freedom. Errors that hang together less (autoregressive, independent) cancel from one change to the
    next: for them it is too wide, never too narrow. It always holds the pace. Raises ValueError as `changes` does, and
    for a level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    when, what = _series(years, values)
    known = np.isfinite(what)
    when, what = when[known], what[known]
    number = len(when)
    if number < 2:
        return Pace(np.nan, np.nan, np.nan, number, "one_year")
    first, second = np.triu_indices(number, 1)
    slopes = np.sort((what[second] - what[first]) / (when[second] - when[first]))
    pace = float(np.median(slopes))
    if number < 3:
        return Pace(pace, np.nan, np.nan, number, "few_years")
    spans, steps = np.diff(when), np.diff(what)
    drift = float(steps.sum() / spans.sum())
    spread = float(np.sqrt(((steps - drift * spans) ** 2 / spans).sum() / (number - 2)))
    half = float(stdtrit(number - 2, (1 + level) / 2)) * spread / float(np.sqrt(spans.sum()))
    return Pace(pace, min(drift - half, pace), max(drift + half, pace), number, "")


@dataclass(frozen=True)
class Outlook:
    """What a target needs: `needed` is the pace per year from the last value to the target in its year.

    `reached` is the year in which today's pace arrives there: the last year with a value where the target is met
    already, NaN where the pace leads away from it or is 0; `earliest` and `latest` are the same at the two ends of the
    pace's interval. `needed` is 0 where it is met, NaN where its year has passed.
    """

    last_year: float
    last: float
    pace: Pace
    needed: float
    reached: float
    earliest: float
    latest: float


def outlook(
    years: npt.ArrayLike,
    values: npt.ArrayLike,
    target: float,
    target_year: float,
    at_least: bool,
    level: float = LEVEL,
) -> Outlook:
    """Return the pace needed to reach `target` by `target_year`, and when today's pace reaches it.

    `at_least`: the target is a floor (met at or above it), else a limit (met at or below it). Raises as `theil_sen`
    does.
    """
    pace = theil_sen(years, values, level)
    when, what = _series(years, values)
    known = np.isfinite(what)
    if not known.any():
        return Outlook(np.nan, np.nan, pace, *[np.nan] * 4)
    last_year, last = float(when[known][-1]), float(what[known][-1])
    gap = target - last
    if (gap <= 0) if at_least else (gap >= 0):
        return Outlook(last_year, last, pace, 0.0, *[last_year] * 3)
    needed = gap / (target_year - last_year) if target_year > last_year else np.nan

    def arrival(slope: float) -> float:
        # A hair is taken off so that a pace that arrives exactly at a year's end is not put off by rounding.
        return float(last_year + np.ceil(gap / slope - 1e-9)) if gap * slope > 0 else np.nan

    fast, slow = (pace.high, pace.low) if gap > 0 else (pace.low, pace.high)
    return Outlook(last_year, last, pace, needed, arrival(pace.pace), arrival(fast), arrival(slow))
