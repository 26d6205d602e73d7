"""What would decide: how many more schools, or pupils in the same schools, until the interval leaves the limit.

The plan takes the estimate for the truth and schools of equal size n: the pivot at the limit is then expected at
(1 + n theta) / (1 + n limit / (1 - limit)), and the limit is decided once that lies outside the central `level` of the
F distribution with J - 1 and J (n - 1) degrees of freedom. The next sample may still come out otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc

from .arrays import Bools, Floats, floats
from .components import odds

#: More than this many schools, or pupils in a school, is no plan.
MOST = 10**6


@dataclass(frozen=True)
class Needed:
    """How many more schools (of the same size) or pupils (in the same schools, all together) would decide, per group.

    0 where the limit is decided already; NaN where no number would do (the estimate is at the limit, or more pupils
    can't help) or there is no rate.
    """

    schools: Floats
    pupils: Floats


def _decided(schools: Floats, size: Floats, icc: Floats, limit: float, level: float) -> Bools:
    theta, bound = icc / (1 - icc), odds(limit)
    below = fdtrc(schools - 1, schools * (size - 1), (1 + size * theta) / (1 + size * bound))
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


def needed(
    schools: npt.ArrayLike,
    pupils: npt.ArrayLike,
    icc: npt.ArrayLike,
    ci_low: npt.ArrayLike,
    ci_high: npt.ArrayLike,
    limit: float = 0.15,
    level: float = 0.95,
) -> Needed:
    """Return what would decide whether the rate is below the limit; arguments are the columns of an estimate.

    Raises ValueError for a limit or level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    j, total, rate, low, high = (floats(each) for each in (schools, pupils, icc, ci_low, ci_high))
    odds(limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.maximum(total / j, 1 + 1e-9)
        open_question = (low < limit) & (limit <= high)
        rated = np.isfinite(rate) & (j > 1)
        more_schools = _least(lambda k: _decided(k, size, rate, limit, level), j) - j
        more_pupils = np.ceil((_least(lambda k: _decided(j, k, rate, limit, level), size) - size) * j)
    # Sizes that differ tell less than equal ones: an open question takes one more at the least.
    schools_, pupils_ = (
        np.where(~rated, np.nan, np.where(open_question, np.maximum(more, 1.0), 0.0))
        for more in (more_schools, more_pupils)
    )
    return Needed(schools_, pupils_)
