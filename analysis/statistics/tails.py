"""Degrees of freedom for schools as they are: what Wald's pivot loses where school effects are not normal.

The pivot takes the spread of J school means for a sum of J - 1 squares of normal numbers. Effects with heavy tails (a
few schools far from all others) make that sum less certain, and more schools mend it slowly. Three pivots differ in the
degrees of freedom that the quantiles of F are taken at, one number for the interval's lower end, one for its upper:

- `wald`: J - 1, exact for normal effects.
- `corrected`: 2 (J - 1) / (2 + e) for the lower end, as the sum has where effects have the excess kurtosis e; for the
  upper end STEEPER times e in place of e, because samples that understate the spread understate the kurtosis too, but
  never less than `safe` has. The kurtosis of more schools is better known: beyond MANY of them STEEPER grows with the
  root of their number. With z_j the standardised school means, e is estimated by J sum((z - median)^4) / sum((z -
  mean)^2)^2 less NORMAL, where that is positive, times the reliability of the means.
- `safe`: FACTOR (J - 1)^POWER, whatever the sample looks like: squares of effects whose tails fall with the third power
  (Student's t with 3 degrees of freedom) add up at about this rate, that of a stable law of index 3/2, J^(2/3). Pupils'
  chance within schools is normal and counts with J - 1: with B the reliability of school means, 1/d = 1/(J - 1) + B^2
  (1/safe - 1/(J - 1)). At the lower end no more than CAUTIOUS (J - 1), nor than the sample's kurtosis allows.

Where `corrected` and `safe` come from, and what they hold, is measured by `benchmarks.statistics.coverage`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import fdtr, fdtrc, fdtri

from .arrays import Bools, Floats, Groups, floats

Pivot = Literal["corrected", "wald", "safe"]
PIVOTS: tuple[Pivot, ...] = ("corrected", "wald", "safe")
#: Kurtosis from which on a sample is taken not to be normal, how much steeper the upper end takes it, and the schools
#: less one from which on it takes it steeper still.
NORMAL, STEEPER, MANY = 3.1, 3.5, 30
#: The degrees of freedom of `safe`.
FACTOR, POWER, CAUTIOUS = 1.2, 0.64, 0.6


SAFE: Pivot = "safe"
#: How often the degrees of freedom of `safe` are taken anew at the end that they give.
ROUNDS = 12


def named(name: str) -> Pivot:
    """Return the pivot of a name. Raises ValueError for another one."""
    for pivot in PIVOTS:
        if pivot == name:
            return pivot
    raise ValueError(f"a pivot is one of {', '.join(PIVOTS)}, got {name!r}")


@dataclass(frozen=True)
class Freedom:
    """Degrees of freedom of each group: for the quantile of the interval's lower end, and of its upper end."""

    low: Floats
    high: Floats


def kurtosis(grouping: Groups, z: Floats, there: Bools) -> Floats:
    """Return the kurtosis of standardised school means in each group, around their median; 0 where there is no spread.

    Around the median, because around its own mean a sample of five can't look anything but normal.
    """
    number = grouping.total(there.astype(np.int64))
    # Schools without pupils come last in their group.
    order = np.argsort(np.where(there, z, np.inf))
    # Small whole numbers are sorted in one pass; twice as fast as both at once.
    codes = grouping.codes[order].astype(np.min_scalar_type(max(grouping.number, 1)))
    order = order[np.argsort(codes, kind="stable")]
    ordered = np.append(np.where(there, z, 0.0)[order], 0.0)
    last = len(z)
    low = np.minimum(grouping.starts + np.maximum(number - 1, 0) // 2, last)
    high = np.minimum(grouping.starts + number // 2, last)
    middle = (ordered[low] + ordered[high]) / 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = grouping.total(np.where(there, z, 0.0)) / number
        squares = grouping.total(np.where(there, z - grouping.spread(mean), 0.0) ** 2)
        fourth = grouping.total(np.where(there, z - grouping.spread(middle), 0.0) ** 4)
        return floats(np.nan_to_num(number * fourth / squares**2, posinf=0.0))


def reliability(grouping: Groups, n: Floats, theta: Floats, there: Bools) -> Floats:
    """Return the mean reliability n theta / (1 + n theta) of the school means of each group at its theta."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(there, 1 / (1 + 1 / (n * grouping.spread(theta))), 0.0)
        return floats(grouping.total(share) / grouping.total(there.astype(np.int64)))


def _safe(between: Floats, reliable: Floats) -> Floats:
    """Return the degrees of freedom that heavy tails leave, at the reliability of school means."""
    least = np.minimum(between, FACTOR * np.maximum(between, 0) ** POWER)
    with np.errstate(divide="ignore", invalid="ignore"):
        return floats(1 / (1 / between + reliable**2 * (1 / least - 1 / between)))


def freedom(pivot: Pivot, between: Floats, kurt: Floats, reliable: Floats) -> Freedom:
    """Return the degrees of freedom of a pivot with `between` of its own, from kurtosis and reliability by group.

    `corrected` takes the reliability at the estimate, `safe` that at the theta in question.
    """
    if pivot == "wald":
        return Freedom(between, between)
    if pivot == "corrected":
        excess = np.maximum(kurt - NORMAL, 0.0) * reliable
        steeper = STEEPER * np.sqrt(np.maximum(between / MANY, 1.0))
        high = np.maximum(2 * between / (2 + steeper * excess), _safe(between, reliable))
        return Freedom(2 * between / (2 + excess), high)
    high = _safe(between, reliable)
    seen = 2 * between / (2 + np.maximum(kurt - NORMAL, 0.0))
    return Freedom(np.minimum(np.minimum(seen, high), CAUTIOUS * between), high)


def below(free: Freedom, within: Floats, value: Floats) -> Floats:
    """Return the confidence that the true theta is below the one at which the pivot has `value`.

    Above 1/2 it follows from the degrees of freedom of the upper end, under 1/2 from those of the lower.
    """
    high, low = fdtrc(free.high, within, value), fdtrc(free.low, within, value)
    return floats(np.maximum(high, 0.5) + np.minimum(low, 0.5) - 0.5)


def above(free: Freedom, within: Floats, value: Floats) -> Floats:
    """Return the confidence that the true theta is above the one at which the pivot has `value`; see `below`."""
    high, low = fdtr(free.high, within, value), fdtr(free.low, within, value)
    return floats(np.minimum(high, 0.5) + np.maximum(low, 0.5) - 0.5)


@dataclass(frozen=True)
class Shape:
    """What the school means of each group look like at its estimate: kurtosis, and mean reliability."""

    kurtosis: Floats
    reliability: Floats


def shape(grouping: Groups, n: Floats, z: Floats, theta: Floats) -> Shape:
    """Return the shape of every group's school means from z, what they are when standardised at its theta."""
    there = n > 0
    return Shape(kurtosis(grouping, z, there), reliability(grouping, n, theta, there))


@dataclass(frozen=True)
class Asked:
    """A pivot of every group, whose F distribution has `between` and `within` degrees of freedom under normality.

    n by sorted school, all else by group.
    """

    grouping: Groups
    n: Floats
    between: Floats
    within: Floats
    shape: Shape

    def freedom(self, pivot: Pivot, theta: Floats) -> Freedom:
        """Return the degrees of freedom of a pivot at the theta in question, one per group."""
        reliable = self.shape.reliability
        if pivot == SAFE:
            reliable = reliability(self.grouping, self.n, theta, self.n > 0)
        return freedom(pivot, self.between, self.shape.kurtosis, reliable)

    def below(self, pivot: Pivot, theta: Floats, value: Floats) -> Floats:
        """Return the confidence that the true theta is below `theta`, at which Wald's statistic has `value`."""
        return below(self.freedom(pivot, theta), self.within, value)

    def above(self, pivot: Pivot, theta: Floats, value: Floats) -> Floats:
        """Return the confidence that the true theta is above `theta`, at which Wald's statistic has `value`."""
        return above(self.freedom(pivot, theta), self.within, value)

    def ends(self, pivot: Pivot, level: float, invert: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        """Return theta at the lower and the upper end of the interval; `invert` has theta at a value of the statistic.

        Reliability 1 gives the widest interval; from there the ends of `safe` draw in to where they agree with theirs.
        """
        tail = (1 - level) / 2
        low = high = np.full(self.grouping.number, np.inf)
        for _ in range(ROUNDS if pivot == SAFE else 1):
            at_low, at_high = self.freedom(pivot, low), self.freedom(pivot, high)
            low = invert(floats(fdtri(at_low.low, self.within, 1 - tail)))
            high = invert(floats(fdtri(at_high.high, self.within, tail)))
        return low, high
