"""How far each school of a test lies from the county's mean, with intervals that hold for all of them together."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import fdtri, ndtr

from verification.worked.rates import Rate, Sums, _invert

#: Over how many values of the ratio of variances an interval averages.
POINTS = 41


@dataclass(frozen=True)
class Effect:
    """One school's effect in points of the score, with its interval."""

    school: str
    effect: float
    low: float
    high: float

    @property
    def side(self) -> str:
        """Return on which side of the mean the whole interval lies."""
        return "below" if self.high < 0 else "above" if self.low > 0 else ""


def _at(s: Sums, theta: float) -> tuple[np.ndarray, np.ndarray]:
    total = float(s.n.sum())
    sigma2 = (s.within + s.spread(theta)) / (total - 1)
    weight = s.n * theta / (1 + s.n * theta)
    effect = weight * (s.mean - s.centre(theta))
    first = float(s.weights(theta).sum())
    return effect, np.sqrt(sigma2 * (theta * (1 - weight) + weight**2 / first))


def effects(rate: Rate) -> list[Effect]:
    """Return the effect of each school of a test, the lowest first."""
    s, between, within = rate.sums, *rate.sums.free
    best, _ = _at(s, rate.rate / (1 - rate.rate))
    points = [_at(s, _invert(s, float(fdtri(between, within, (at + 0.5) / POINTS)))) for at in range(POINTS)]
    tail = 0.05 / len(s.n) / 2
    found = []
    for at, school in enumerate(s.school):
        middle = np.array([one[0][at] for one in points])
        error = np.maximum(np.array([one[1][at] for one in points]), 1e-12)
        low, high = float((middle - 12 * error).min()), float((middle + 12 * error).max())

        def gap(x: float, wanted: float, m: np.ndarray = middle, e: np.ndarray = error) -> float:
            return float(ndtr((x - m) / e).mean()) - wanted

        ends = [float(brentq(gap, low, high, args=(one,), xtol=1e-12)) for one in (tail, 1 - tail)]
        found.append(Effect(school, float(best[at]), min(ends[0], float(best[at])), max(ends[1], float(best[at]))))
    return sorted(found, key=lambda one: (one.effect, one.school))


def change(before: Rate, now: Rate, ends: tuple[float, float], past: tuple[float, float]) -> tuple[float, float]:
    """Return the interval of a change of the rate, from the ends of both intervals."""
    d = now.rate - before.rate
    low = d - np.sqrt((now.rate - ends[0]) ** 2 + (past[1] - before.rate) ** 2)
    high = d + np.sqrt((ends[1] - now.rate) ** 2 + (before.rate - past[0]) ** 2)
    return float(low), float(high)
