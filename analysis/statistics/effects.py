"""What each school adds: empirical Bayes effects with intervals, without covariates or given them (value-added).

The effect is the best linear unbiased prediction at the REML estimate, B_j (mean_j - x_j'b), where B_j = n_j theta /
(1 + n_j theta) is the school's reliability; at a known theta its error has the variance (Robinson 1991, Stat. Sci. 6)

    tau2 (1 - B_j) + B_j^2 x_j' Var(b) x_j

As theta is not known, the interval averages the normal distributions that belong to POINTS values of theta, the
quantiles of Wald's pivot (its confidence distribution): so it stays honest for few schools and does not shrink to
nothing where the estimate of tau2 is 0. Effects are not for ranking schools: most intervals overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri, ndtr

from . import conditional
from .arrays import Bools, Floats, Groups, Ints, floats
from .components import arrange, at, invert, reml, root
from .level import LEVEL

#: How many values of theta the intervals average over.
POINTS = 41


@dataclass(frozen=True)
class Effects:
    """One entry per school, in the order given: effect and interval in units of the score, reliability from 0 to 1.

    NaN where the group has no rate (see the note of its estimate) or the school no pupils.
    """

    effect: Floats
    low: Floats
    high: Floats
    reliability: Floats


@dataclass(frozen=True)
class _At:
    """Sorted by school at one theta: effect, standard error, reliability."""

    effect: Floats
    error: Floats
    reliability: Floats


def _points(between: Floats, within: Floats) -> list[Floats]:
    """Return the F quantiles of the confidence distribution, one per point."""
    return [floats(fdtri(between, within, (place + 0.5) / POINTS)) for place in range(POINTS)]


def _level(level: float, count: Ints, together: bool) -> Floats:
    """Return the level of each group's intervals: if `together`, at which all of it hold at once (Bonferroni)."""
    return floats(1 - (1 - level) / np.where(together, np.maximum(count, 1), 1))


def _mixed(best: _At, points: list[_At], size: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Return the ends at which the average of the points' normal distributions has the tails of `level`."""
    effect = np.stack([point.effect for point in points]) / size
    error = np.maximum(np.stack([point.error for point in points]) / size, 1e-12)
    usable = np.isfinite(effect).all(axis=0) & np.isfinite(error).all(axis=0)
    effect, error = np.where(usable, effect, 0.0), np.where(usable, error, 1.0)
    # Twelve standard errors hold all of a normal distribution that double precision can tell from 1.
    low, high = (effect - 12 * error).min(axis=0), (effect + 12 * error).max(axis=0)
    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):

        def gap(x: Floats, wanted: Floats = tail) -> Floats:
            return floats(ndtr((x - effect) / error).mean(axis=0) - wanted)

        ends.append(np.where(usable, root(gap, low, high) * size, np.nan))
    return np.minimum(ends[0], best.effect), np.maximum(ends[1], best.effect)


def _effects(
    at_theta: Callable[[Floats], _At], best: Floats, points: list[Floats], size: Floats, level: Floats
) -> Effects:
    """Return the effects of sorted schools at the best theta, intervals over the points; `size` sets the scale."""
    at_best = at_theta(best)
    low, high = _mixed(at_best, [at_theta(theta) for theta in points], size, level)
    return Effects(at_best.effect, low, high, at_best.reliability)


def _in_given_order(sorted_effects: Effects, grouping: Groups, usable: Bools, scale: Floats) -> Effects:
    """Return the effects in the order in which the schools came, in units of the score."""
    effect, low, high = (
        grouping.unsorted(np.where(usable, values * scale, np.nan))
        for values in (sorted_effects.effect, sorted_effects.low, sorted_effects.high)
    )
    return Effects(effect, low, high, grouping.unsorted(np.where(usable, sorted_effects.reliability, np.nan)))


def school_effects(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    ss: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    level: float = LEVEL,
    together: bool = False,
    rest: npt.ArrayLike | None = None,
) -> Effects:
    """Return the effect of each school: how far its pupils' mean lies from the group's, as far as it is not chance.

    Arguments are those of `variance.estimate`, and so are the errors. Each interval holds at `level` by itself; where
    schools are picked out by what they show (those farthest from the mean), ask for intervals that hold `together`.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    schools = arrange(n, mean, ss, group, rest)
    codes = schools.grouping.codes
    rated = (schools.count > 1) & (schools.df_within > 1e-9 * schools.pupils) & (schools.within > 0)

    def at_theta(theta: Floats) -> _At:
        sums = at(schools, theta)
        with np.errstate(divide="ignore", invalid="ignore"):
            sigma2 = np.where(rated, (schools.within + sums.q) / (schools.pupils - 1), np.nan)
            spread = schools.n * theta[codes]
            weight = spread / (1 + spread)
            effect = weight * (schools.mean - sums.mu[codes])
            error2 = sigma2[codes] * (theta[codes] * (1 - weight) + weight**2 / sums.first[codes])
        return _At(np.where(rated[codes], effect, np.nan), np.sqrt(error2), weight)

    points = [invert(schools, value) for value in _points(schools.df_between, schools.df_within)]
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(rated, np.sqrt((schools.within + schools.between) / schools.pupils), 1.0)[codes]
    sorted_effects = _effects(at_theta, reml(schools), points, size, _level(level, schools.count, together)[codes])
    return _in_given_order(sorted_effects, schools.grouping, rated[codes] & (schools.n > 0), np.ones(len(codes)))


def value_added(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    cross: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    level: float = LEVEL,
    together: bool = False,
    rest: npt.ArrayLike | None = None,
) -> Effects:
    """Return the value-added of each school: its effect given the covariates (prior attainment).

    Arguments are those of `conditional.estimate`, and so are the errors; `together` as in `school_effects`.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    rows = conditional.arrange(n, mean, cross, group, rest)
    fitted = conditional.parts(rows)
    rated = fitted.note == ""
    codes, p = rows.grouping.codes, rows.parameters
    x = np.concatenate([np.ones((len(rows.n), 1)), rows.z[:, :-1]], axis=1)

    def at_theta(theta: Floats) -> _At:
        left, b, inverse = conditional.solve(rows, theta)
        with np.errstate(divide="ignore", invalid="ignore"):
            sigma2 = np.where(rated, left / (rows.pupils - p), np.nan)
            spread = rows.n * theta[codes]
            weight = spread / (1 + spread)
            effect = weight * (rows.z[:, -1] - np.einsum("ji,ji->j", x, b[codes]))
            line = np.einsum("ji,jik,jk->j", x, inverse[codes], x)
            error2 = sigma2[codes] * (theta[codes] * (1 - weight) + weight**2 * line)
        return _At(np.where(rated[codes], effect, np.nan), np.sqrt(error2), weight)

    points = [conditional.invert(rows, fitted, value) for value in _points(fitted.between, fitted.within)]
    effects = _effects(at_theta, fitted.theta, points, np.ones(len(codes)), _level(level, rows.count, together)[codes])
    return _in_given_order(effects, rows.grouping, rated[codes] & (rows.n > 0), rows.scale[codes, -1])
