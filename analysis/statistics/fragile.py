"""How many reports would have to be overstated for a verdict to be wrong, and whom to visit to meet one of them.

A report that is overstated by e says x where x (1 - e) is true. Which set A of schools turns a coefficient over its
limit L is a question of signs: with amounts x_i, enrolments P_i, P = sum(P), Q = sum(x_i^2 / P_i) and s = sum(x_i),

    CV > L   exactly where   F = P Q - (1 + L^2) s^2 > 0

Q falls by (2e - e^2) x_i^2 / P_i and s by e x_i for every school of A. -s^2 is concave, so at any s0 its tangent
s0^2 - 2 s0 s lies above it, and F(A) <= F0 + sum of gains over A, where F0 < 0 is a slack and each school has a gain of
its own: what the k largest gains can't lift above 0, no set of k schools can. The sets of the largest gains themselves,
reckoned exactly, bound the least number from the other side.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import Bools, Floats, floats
from .dispersion import coefficient

#: Tangents that are tried between no report overstated and all of them.
TANGENTS = 257
#: Digits in which a coefficient and its limit are compared.
DIGITS = 12
#: A sum this small beside its parts is none: no bound is claimed from it.
LITTLE = 1e-11


@dataclass(frozen=True)
class Fragility:
    """What it takes for one verdict to be wrong.

    `low` and `high`: bounds on the least number of schools whose overstatement would turn it; None where no set does
    (`low`), or none was met with (`high`). `least`: places of a set of `high` schools that does. `alone`: the schools
    each of which does by itself. `chance`: with what probability each is visited, so that of every set that turns the
    verdict at least one school is visited with the confidence asked for.
    """

    low: int | None
    high: int | None
    least: tuple[int, ...]
    alone: Bools
    chance: Floats

    @property
    def visits(self) -> float:
        """Return how many schools are visited on average."""
        return float(self.chance.sum())


def overstatement(ratios: npt.ArrayLike, must_meet: int, rest_part: float) -> float:
    """Return the overstatement above which a school falls short of the school rule.

    `ratios`: its values over their floors. Of n sorted upwards the rule falls where the (n - must_meet + 1)-th sinks
    below 1, or the first below `rest_part`: min(1 - 1 / r, 1 - rest_part / r1). Negative where it is not met.
    """
    sorted_ratios = np.sort(floats(ratios))
    place = len(sorted_ratios) - must_meet
    with np.errstate(divide="ignore"):
        enough = 1 - 1 / sorted_ratios[place] if place >= 0 else -np.inf
        return float(min(enough, 1 - rest_part / sorted_ratios[0]))


def _visited(gains: Floats, slack: float, alone: Bools, factor: float) -> Floats:
    """Return 1 for schools that turn the verdict alone, else 1 - exp(-factor gain / slack)."""
    return np.where(alone, 1.0, 1 - np.exp(-factor * np.maximum(gains, 0.0) / slack))


def of_counts(falls: npt.ArrayLike, needed: int, factor: float) -> Fragility:
    """Return what it takes where a verdict turns as soon as `needed` (>= 1) of what is counted falls.

    `falls`: how many of these fall with each school. The largest first are the least set. Raises ValueError for
    `needed` below 1.
    """
    if needed < 1:
        raise ValueError(f"a verdict that holds needs at least one to fall, got {needed}")
    number = floats(falls)
    order = np.argsort(-number, kind="stable")
    reached = np.flatnonzero(np.cumsum(number[order]) >= needed)
    if not len(reached):
        return Fragility(None, None, (), number < 0, np.zeros(len(number)))
    least, alone = int(reached[0]) + 1, number >= needed
    places = tuple(int(place) for place in order[:least])
    return Fragility(least, least, places, alone, _visited(number, needed, alone, factor))


def over(amount: npt.ArrayLike, pupils: npt.ArrayLike, limit: float) -> bool:
    """Return whether the coefficient lies above its limit, both rounded to twelve significant digits."""
    cv = coefficient(amount, pupils).cv
    return float(f"{cv:.{DIGITS - 1}e}") > float(f"{limit:.{DIGITS - 1}e}")


def of_coefficient(
    amount: npt.ArrayLike, pupils: npt.ArrayLike, limit: float, error: float, factor: float
) -> Fragility:
    """Return what it takes for a coefficient that is within its `limit` to lie above it.

    `amount` and `pupils` are of the schools that count; an overstated one has `amount` (1 - error). Raises ValueError
    where the coefficient is above its limit already, or `error` is not between 0 and 1.
    """
    x, p = floats(amount), floats(pupils)
    if not 0 <= error < 1:
        raise ValueError(f"an overstatement lies between 0 and 1, got {error}")
    if over(x, p, limit):
        raise ValueError("the coefficient lies above its limit already")
    if len(x) < 2 or not error or x.sum() <= 0:
        return Fragility(None, None, (), np.zeros(len(x), dtype=bool), np.zeros(len(x)))
    # In shares, so that sizes do not matter: sum(p) = sum(x) = 1.
    x, p = x / x.sum(), p / p.sum()
    tangents = _Tangents(x, p, limit, error)
    low = tangents.fewest()
    if low is None:
        return Fragility(None, None, (), np.zeros(len(x), dtype=bool), np.zeros(len(x)))
    alone = tangents.alone()
    places = tangents.least()
    return Fragility(low, len(places) or None, places, alone, tangents.chance(alone, factor))


class _Tangents:
    """The bound at each of many tangents s0 = 1 - error ... 1: gains of schools, and the slack."""

    def __init__(self, x: Floats, p: Floats, limit: float, error: float) -> None:
        self.x, self.p, self.limit, self.error = x, p, limit, error
        self.at = np.linspace(1 - error, 1.0, TANGENTS)
        self.fall = (2 * error - error**2) * x**2 / p
        self.scale = 1 + limit**2
        self.start = float((x**2 / p).sum())

    def turns(self, places: npt.ArrayLike) -> bool:
        """Return whether overstatement at these places lifts the coefficient above its limit."""
        true = self.x.copy()
        true[np.asarray(places, dtype=np.intp)] *= 1 - self.error
        return over(true, self.p, self.limit)

    def alone(self) -> Bools:
        """Return which schools do by themselves; where the sign hangs on the last digits, the coefficient decides."""
        result = self.start - self.fall - self.scale * (1 - self.error * self.x) ** 2
        turned = result > LITTLE
        for place in np.flatnonzero(np.abs(result) <= LITTLE):
            turned[place] = self.turns([place])
        return turned

    def gains(self, at: npt.ArrayLike) -> Floats:
        """Return each school's gain: one row a tangent."""
        return 2 * self.scale * self.error * np.multiply.outer(floats(at), self.x) - self.fall

    def slack(self, at: npt.ArrayLike) -> Floats:
        """Return what the gains of a set must exceed, by tangent."""
        return self.scale * (2 * floats(at) - floats(at) ** 2) - self.start

    def _excess(self, at: npt.ArrayLike) -> Floats:
        """Return the bound on F over sets of at most k = 1 ... n schools: one row a tangent."""
        largest = -np.sort(-np.maximum(self.gains(at), 0.0), axis=1)
        return np.cumsum(largest, axis=1) - self.slack(at)[:, None]

    def fewest(self) -> int | None:
        """Return the least k that no tangent rules out; None where all are ruled out."""
        excess = self._excess(self.at)
        # What is ruled out for more schools is for fewer.
        ruled_out, possible = 0, len(self.x) + 1
        while possible - ruled_out > 1:
            k = (ruled_out + possible) // 2 if possible <= len(self.x) else len(self.x)
            if self._least_excess(excess[:, k - 1], k) <= -LITTLE:
                ruled_out = k
            else:
                possible = k
            if ruled_out == len(self.x):
                return None
        return possible

    def _least_excess(self, excess: Floats, k: int) -> float:
        """Return the least bound over sets of k: it is convex along the tangents, so it lies beside the least tried."""
        best = int(np.argmin(excess))
        if excess[best] <= -LITTLE:
            return float(excess[best])
        near = np.linspace(self.at[max(best - 1, 0)], self.at[min(best + 1, TANGENTS - 1)], TANGENTS)
        return float(self._excess(near)[:, k - 1].min())

    def least(self) -> tuple[int, ...]:
        """Return the fewest schools of largest gains, at any tangent, that turn the verdict; none where none does."""
        best: tuple[int, ...] = ()
        for order in np.unique(np.argsort(-self.gains(self.at), axis=1, kind="stable"), axis=0):
            squares = self.start - np.cumsum(self.fall[order])
            sums = 1 - self.error * np.cumsum(self.x[order])
            for k in np.flatnonzero(squares - self.scale * sums**2 > -LITTLE):
                if best and k + 1 >= len(best):
                    break
                if self.turns(order[: k + 1]):
                    best = tuple(int(place) for place in order[: k + 1])
                    break
        return best

    def chance(self, alone: Bools, factor: float) -> Floats:
        """Return the probabilities of a visit at the tangent that asks for the fewest."""
        slack = self.slack(self.at)
        usable = self.at[slack > LITTLE]
        if not len(usable):
            return np.ones(len(self.x))
        chances = [
            _visited(gains, float(room), alone, factor)
            for gains, room in zip(self.gains(usable), self.slack(usable), strict=True)
        ]
        return min(chances, key=lambda chance: float(chance.sum()))
