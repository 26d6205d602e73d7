"""What would decide: how many more schools, or pupils in the same schools, until the interval leaves the limit.

The plan takes the estimate for the truth and schools of equal size n: the pivot at the limit is then expected at
(1 + n theta) / (1 + n limit / (1 - limit)), and the limit is decided once that lies outside the central `level` of F
with the degrees of freedom of the pivot `safe` (`tails`) and J (n - 1): verdicts rest on it. The next sample may
still come out otherwise.

Schools of unequal size tell less than as many equal ones. J is therefore counted in equal schools: in as many as would
give the end of the interval that lies beyond the limit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import tails
from .arrays import Bools, Floats, floats
from .components import odds
from .level import LEVEL
from .tails import SAFE, Pivot

#: More than this many schools, or pupils in a school, is no plan.
MOST = 10**6
#: Halvings that find a number of schools to a part in 10^12, and how near to a whole number counts as one.
STEPS, WHOLE = 50, 1e-6


@dataclass(frozen=True)
class Needed:
    """How many more schools (of the same size) or pupils (in the same schools, all together) would decide, per group.

    0 where the limit is decided already; NaN where no number would do (the estimate is at the limit, or more pupils
    can't help) or there is no rate.
    """

    schools: Floats
    pupils: Floats


def _below(schools: Floats, size: Floats, icc: Floats, bound: Floats, pivot: Pivot) -> Floats:
    """Return the expected confidence that the rate's odds are below `bound`, school effects looking normal."""
    theta, reliable = icc / (1 - icc), size * bound / (1 + size * bound)
    free = tails.freedom(pivot, schools - 1, np.zeros(len(schools)), reliable)
    return tails.below(free, schools * (size - 1), (1 + size * theta) / (1 + size * bound))


def _decided(schools: Floats, size: Floats, icc: Floats, limit: float, level: float) -> Bools:
    below = _below(schools, size, icc, np.full(len(icc), odds(limit)), SAFE)
    tail = (1 - level) / 2
    decided: Bools = (below >= 1 - tail) | (below <= tail)
    return decided


def _least(decides: Callable[[Floats], Bools], start: Floats) -> Floats:
    """Return the least value from `start` on, in whole steps, that decides; NaN where none up to MOST does."""
    low, high = np.zeros(len(start)), np.full(len(start), float(MOST))
    never = ~decides(start + high)
    while bool((high - low > 0.5).any()):
        middle = np.floor((low + high) / 2)
        yes = decides(start + middle)
        low, high = np.where(yes, low, middle + 1), np.where(yes, middle, high)
    return np.where(never, np.nan, start + high)


def _equal_schools(
    schools: Floats, size: Floats, icc: Floats, low: Floats, high: Floats, level: float, limit: float
) -> Floats:
    """Return how many schools of equal size would give the end of the interval beyond the limit; at most `schools`."""
    tail = (1 - level) / 2
    upper = icc < limit
    end = np.where(upper, high, low)
    bound = end / (1 - end)
    few, many = np.full(len(schools), 1 + 1e-9), schools.copy()
    for _ in range(STEPS):
        middle = (few + many) / 2
        below = _below(middle, size, icc, bound, "wald")
        # The more schools, the surer that the rate lies on this side of the end.
        sure = np.where(upper, below >= 1 - tail, below <= tail)
        few, many = np.where(sure, few, middle), np.where(sure, middle, many)
    return many


def needed(
    schools: npt.ArrayLike,
    pupils: npt.ArrayLike,
    icc: npt.ArrayLike,
    ci_low: npt.ArrayLike,
    ci_high: npt.ArrayLike,
    *,
    limit: float,
    level: float = LEVEL,
    p_safe: npt.ArrayLike = np.nan,
) -> Needed:
    """Return what would decide whether the rate is below the limit; arguments are the columns of an estimate.

    Without p_safe an interval that clears the limit decides.
    Raises ValueError for a limit or level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    j, total, rate, low, high, safe = (floats(each) for each in (schools, pupils, icc, ci_low, ci_high, p_safe))
    odds(limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.maximum(total / j, 1 + 1e-9)
        tail = (1 - level) / 2
        open_question = ((low < limit) & (limit <= high)) | ((safe > tail) & (safe < 1 - tail))
        rated = np.isfinite(rate) & (j > 1)
        equal = _equal_schools(j, size, rate, low, high, level, limit)
        enough = _least(lambda k: _decided(equal * k / j, size, rate, limit, level), j)
        more_schools = np.ceil(enough - j - WHOLE)
        more_pupils = np.ceil((_least(lambda k: _decided(equal, k, rate, limit, level), size) - size) * j - WHOLE)
    schools_, pupils_ = (
        np.where(~rated, np.nan, np.where(open_question, np.maximum(more, 1.0), 0.0))
        for more in (more_schools, more_pupils)
    )
    return Needed(schools_, pupils_)
