"""The rate between schools (校际差异率) of a county's own tests: restricted maximum likelihood and its interval.

Sums over pupils are exact; the likelihood is solved in double precision, to the last place that is printed and beyond.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.special import fdtrc, fdtri

from verification.raw.tables import Row

#: Kurtosis from which on the spread of school means is taken to be less certain, and how much less: docs/method.md.
NORMAL, STEEPER, MANY = 3.1, 3.5, 30
FACTOR, POWER, CAUTIOUS = 1.2, 0.64, 0.6


@dataclass(frozen=True)
class Rate:
    """A test's rate with all that stands beside it."""

    schools: int
    pupils: int
    rate: float
    low: float
    high: float
    safe_low: float
    safe_high: float
    p_below: float
    p_safe: float
    tau2: float
    sigma2: float
    anova: float
    eta2: float
    at_end: float
    sums: "Sums"


@dataclass(frozen=True)
class Sums:
    """Pupils, mean and squares within of each school."""

    school: tuple[str, ...]
    n: np.ndarray
    mean: np.ndarray
    within: float

    def weights(self, theta: float) -> np.ndarray:
        """Return n / (1 + n theta)."""
        return np.asarray(self.n / (1 + self.n * theta))

    def centre(self, theta: float) -> float:
        """Return the mean of school means at theta."""
        w = self.weights(theta)
        return float((w * self.mean).sum() / w.sum())

    def spread(self, theta: float) -> float:
        """Return the weighted squares between schools at theta."""
        return float((self.weights(theta) * (self.mean - self.centre(theta)) ** 2).sum())

    @property
    def free(self) -> tuple[int, int]:
        """Return the degrees of freedom between and within."""
        return len(self.n) - 1, int(self.n.sum()) - len(self.n)

    def pivot(self, theta: float) -> float:
        """Return the ratio of mean squares at theta."""
        between, within = self.free
        return self.spread(theta) / between / (self.within / within)


def sums(rows: Sequence[Row]) -> Sums:
    """Return the sums of each school over rows of pupils with a score."""
    held: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        if row["score"] is not None:
            held[row["school"]].append(row["score"])
    names = tuple(sorted(held))
    means = {name: sum(held[name], Fraction(0)) / len(held[name]) for name in names}
    within = sum((sum(((x - means[name]) ** 2 for x in held[name]), Fraction(0)) for name in names), Fraction(0))
    n = np.array([float(len(held[name])) for name in names])
    return Sums(names, n, np.array([float(means[name]) for name in names]), float(within))


def _slope(s: Sums, theta: float) -> float:
    """Return the derivative of minus twice the restricted likelihood."""
    w = s.weights(theta)
    falls = -float((w**2 * (s.mean - s.centre(theta)) ** 2).sum())
    total = float(s.n.sum())
    return (total - 1) * falls / (s.within + s.spread(theta)) + float(w.sum()) - float((w**2).sum() / w.sum())


def _minus_two(s: Sums, theta: float) -> float:
    w = s.weights(theta)
    total = float(s.n.sum())
    return (
        (total - 1) * float(np.log(s.within + s.spread(theta)))
        + float(np.log1p(s.n * theta).sum())
        + float(np.log(w.sum()))
    )


def _theta(s: Sums) -> float:
    """Return the ratio of variances at which the restricted likelihood is greatest."""
    grid = [0.0, *np.geomspace(1e-6, 1e3, 400)]
    best = int(np.argmin([_minus_two(s, one) for one in grid]))
    if best == 0 and _slope(s, 0.0) >= 0:
        return 0.0
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    return float(brentq(lambda one: _slope(s, one), low, high, xtol=1e-15, rtol=1e-14))


def _kurtosis(z: np.ndarray) -> float:
    squares = float(((z - z.mean()) ** 2).sum())
    fourth = float(((z - np.median(z)) ** 4).sum())
    return len(z) * fourth / squares**2 if squares else 0.0


@dataclass(frozen=True)
class _Ends:
    """Degrees of freedom for the lower and the upper end, by pivot."""

    s: Sums
    kurtosis: float
    reliable: float

    def safe(self, reliable: float) -> float:
        between = self.s.free[0]
        least = min(float(between), FACTOR * float(between) ** POWER)
        return float(1 / (1 / between + reliable**2 * (1 / least - 1 / between)))

    def of(self, kind: str, theta: float) -> tuple[float, float]:
        between = self.s.free[0]
        excess = max(self.kurtosis - NORMAL, 0.0)
        if kind == "corrected":
            own = excess * self.reliable
            steeper = STEEPER * sqrt(max(between / MANY, 1.0))
            return 2 * between / (2 + own), max(2 * between / (2 + steeper * own), self.safe(self.reliable))
        reliable = 1.0 if theta == inf else float(np.mean(self.s.n * theta / (1 + self.s.n * theta)))
        high = self.safe(reliable)
        return min(2 * between / (2 + excess), high, CAUTIOUS * between), high


def _invert(s: Sums, value: float) -> float:
    """Return theta at a value of the pivot; 0 where even no variance between schools gives less."""
    if s.pivot(0.0) <= value:
        return 0.0
    top = 1.0
    while s.pivot(top) > value and top < 1e12:
        top *= 4
    return float(brentq(lambda one: s.pivot(one) - value, 0.0, top, xtol=1e-15, rtol=1e-14))


def _interval(s: Sums, ends: _Ends, kind: str) -> tuple[float, float]:
    low = high = inf
    for _ in range(12 if kind == "safe" else 1):
        at_low, at_high = ends.of(kind, low)[0], ends.of(kind, high)[1]
        low = _invert(s, float(fdtri(at_low, s.free[1], 0.975)))
        high = _invert(s, float(fdtri(at_high, s.free[1], 0.025)))
    return low, high


def _sure(s: Sums, ends: _Ends, kind: str, theta: float) -> float:
    low, high = ends.of(kind, theta)
    value = s.pivot(theta)
    upper, lower = float(fdtrc(high, s.free[1], value)), float(fdtrc(low, s.free[1], value))
    return max(upper, 0.5) + min(lower, 0.5) - 0.5


def crowd(rows: Sequence[Row]) -> float:
    """Return the part of pupils who have the greatest score, or the least."""
    scores = [row["score"] for row in rows if row["score"] is not None]
    return float(max(scores.count(end) for end in (max(scores), min(scores))) / len(scores))


def rate(rows: Sequence[Row], limit: float) -> Rate | None:
    """Return the rate of a test; None where schools or pupils are too few to have one."""
    s = sums(rows)
    if len(s.n) < 2 or s.free[1] < 1 or s.within == 0:
        return None
    theta = _theta(s)
    between, inside = s.free
    total = float(s.n.sum())
    sigma2 = (s.within + s.spread(theta)) / (total - 1)
    z = (s.mean - s.centre(theta)) / np.sqrt(theta + 1 / s.n)
    ends = _Ends(s, _kurtosis(z), float(np.mean(s.n * theta / (1 + s.n * theta))))
    value = theta / (1 + theta)
    found = {}
    for kind in ("corrected", "safe"):
        low, high = _interval(s, ends, kind)
        found[kind] = (min(low / (1 + low), value), max(high / (1 + high), value))
    at = limit / (1 - limit)
    plain = float((s.n * (s.mean - (s.n * s.mean).sum() / total) ** 2).sum())
    size = (total - float((s.n**2).sum()) / total) / between
    square = s.within / inside
    tau2 = max((plain / between - square) / size, 0.0)
    return Rate(
        len(s.n),
        int(total),
        value,
        *found["corrected"],
        *found["safe"],
        _sure(s, ends, "corrected", at),
        _sure(s, ends, "safe", at),
        theta * sigma2,
        sigma2,
        tau2 / (tau2 + square),
        plain / (plain + s.within),
        crowd(rows),
        s,
    )
