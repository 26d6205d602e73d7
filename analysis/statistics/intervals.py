"""Intervals for shares: Wilson's for one group, and for several groups of respondents put together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from .arrays import Floats, floats
from .level import LEVEL


def quantile(level: float) -> float:
    """Return the two-sided standard normal quantile of `level` (0.95 gives 1.96). Raises ValueError outside (0, 1)."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    return float(ndtri((1 + level) / 2))


def wilson(k: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of Wilson's score interval for k of n (Wilson 1927, JASA 22).

    n = 0 or missing values give NaN. Raises ValueError for k outside 0 to n, or a level outside (0, 1).
    """
    hits, number = floats(k), floats(n)
    if bool(((hits < 0) | (hits > number) | (number < 0)).any()):
        raise ValueError("a count lies between 0 and the number asked")
    z2 = quantile(level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / number
        centre = (share + z2 / (2 * number)) / (1 + z2 / number)
        half = np.sqrt(z2 * (share * (1 - share) / number + z2 / (4 * number**2))) / (1 + z2 / number)
    # At 0 and at n the end is the share itself; rounding would leave it a hair inside.
    low = np.where(hits == 0, np.where(number > 0, 0.0, np.nan), centre - half)
    high = np.where(hits == number, np.where(number > 0, 1.0, np.nan), centre + half)
    return low, high


def difference(
    before: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    after: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
) -> tuple[Floats, Floats, Floats]:
    """Return after - before with its lower and upper end, from (share, low, high) of each, by MOVER.

    With d the difference: d - sqrt((share2 - low2)^2 + (high1 - share1)^2) and d + sqrt((high2 - share2)^2 + (share1 -
    low1)^2) (Zou and Donner 2008, Stat. Med. 27), at the level of the intervals given, the two taken for independent.
    """
    share1, low1, high1 = (floats(each) for each in before)
    share2, low2, high2 = (floats(each) for each in after)
    change = share2 - share1
    down, up = np.hypot(share2 - low2, high1 - share1), np.hypot(high2 - share2, share1 - low1)
    return change, np.maximum(change - down, -1.0), np.minimum(change + up, 1.0)


@dataclass(frozen=True)
class Combined:
    """The overall share of several groups of respondents: interval, rule that weighted them, number asked."""

    share: float
    low: float
    high: float
    rule: str
    respondents: float


def combine_groups(
    k: npt.ArrayLike, n: npt.ArrayLike, rule: str = "pooled", weights: npt.ArrayLike | None = None, level: float = LEVEL
) -> Combined:
    """Put groups of respondents (k satisfied of n asked, one entry per group) together by a named rule.

    `pooled`: every answer counts alike, so a group counts by its answers (Wilson's interval of the sums). `equal`:
    every group counts alike. `weighted`: by `weights`, such as the size of each group in the county. For the latter
    two the interval joins the groups' Wilson intervals by MOVER (Zou and Donner 2008, Stat. Med. 27): share -+
    sqrt(sum(w^2 (p - end)^2)). Groups without answers (n = 0 or missing) are left out; none left gives NaN. Raises
    ValueError for an unknown rule, and for weights that are missing, negative or all zero under `weighted`.
    """
    hits, number = floats(k), floats(n)
    answered = np.isfinite(hits) & np.isfinite(number) & (number > 0)
    hits, number = hits[answered], number[answered]
    if rule == "pooled":
        portions = number
    elif rule == "equal":
        portions = np.ones(len(number))
    elif rule == "weighted":
        if weights is None:
            raise ValueError("the rule 'weighted' needs weights")
        portions = floats(weights)[answered]
        if not np.isfinite(portions).all() or bool((portions < 0).any()) or (len(portions) and not portions.sum()):
            raise ValueError("weights must be known, not negative, and not all zero")
    else:
        raise ValueError(f"rule must be one of pooled, equal, weighted, got {rule!r}")
    asked = float(number.sum())
    if not asked:
        return Combined(np.nan, np.nan, np.nan, rule, 0.0)
    if rule == "pooled":
        low, high = wilson(hits.sum(), asked, level)
        return Combined(float(hits.sum() / asked), float(low[0]), float(high[0]), rule, asked)
    portions = portions / portions.sum()
    share = hits / number
    low, high = wilson(hits, number, level)
    overall = float(portions @ share)
    below = float(np.sqrt((portions**2) @ (share - low) ** 2))
    above = float(np.sqrt((portions**2) @ (high - share) ** 2))
    return Combined(overall, max(overall - below, 0.0), min(overall + above, 1.0), rule, asked)
