"""Several plausible values of one score, combined by Rubin's rules.

The estimate is the mean of the estimates (Rubin 1987, Multiple Imputation). For the interval each value m gives, at a
theta in question, the normal score z_m of the pivot: its F probability as a standard normal quantile, standard normal
at the true theta were the score itself known. Rubin's rules are applied to these: U = 1 within, B
between, T = 1 + (1 + 1/M) B, and mean(z) / sqrt(T) has a t distribution with (M - 1) (1 + 1 / ((1 + 1/M) B))^2 degrees
of freedom. B is taken at the estimate. One value, or values that agree, give the pivot's interval itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr

from . import conditional as with_covariates
from . import variance
from .arrays import Floats, floats
from .components import arrange, odds, rate, root
from .components import pivot as wald
from .conditional import Conditional
from .level import LEVEL
from .tails import SAFE, Asked, Pivot
from .variance import Estimates

#: Normal scores beyond this are as certain as double precision can say.
FARTHEST = 37.0


@dataclass(frozen=True)
class _Value:
    """One plausible value: its pivot, and Wald's statistic of every group at its theta."""

    asked: Asked
    statistic: Callable[[Floats], Floats]

    def score(self, pivot: Pivot, theta: Floats) -> Floats:
        """Return z of every group at its theta; falls in theta."""
        value = self.statistic(theta)
        below, above = self.asked.below(pivot, theta, value), self.asked.above(pivot, theta, value)
        z = floats(np.where(above < 0.5, ndtri(above), -ndtri(below)))
        return np.clip(z, -FARTHEST, FARTHEST)


@dataclass(frozen=True)
class _Combined:
    """The ends of the interval and the confidence of being below the limit, by group."""

    low: Floats
    high: Floats
    below: Floats
    safe: Floats


def _theta(icc: Floats) -> Floats:
    """Return theta of each rate; 0 where there is none."""
    known = np.where(np.isfinite(icc) & (icc < 1), icc, 0.0)
    return floats(known / (1 - known))


def _combine(
    values: Sequence[_Value], icc: Floats, size: Floats, limit: float, level: float, pivot: Pivot
) -> _Combined:
    """Put plausible values together whose mean rate is `icc`; `size` scales the search."""
    number = len(values)

    def scores(by: Pivot, theta: Floats) -> Floats:
        return np.stack([value.score(by, theta) for value in values])

    with np.errstate(divide="ignore", invalid="ignore"):
        added = (1 + 1 / number) * scores(pivot, _theta(icc)).var(axis=0, ddof=1)
        freedom = np.where(added > 0, (number - 1) * (1 + 1 / added) ** 2, np.inf)

    def confidence(theta: Floats, by: Pivot = pivot) -> Floats:
        """Return the confidence that the true theta is below `theta`, by one of the pivots."""
        z = scores(by, theta).mean(axis=0) / np.sqrt(1 + added)
        return floats(np.where(freedom < 1e9, stdtr(np.minimum(freedom, 1e9), -z), ndtr(-z)))

    ends = []
    for probability in ((1 - level) / 2, (1 + level) / 2):

        def gap(u: Floats, wanted: float = probability) -> Floats:
            return confidence(np.expm1(u) / size) - wanted

        low, high = np.zeros(len(icc)), np.full(len(icc), 40.0)
        high = np.where(~(gap(low) < 0), 0.0, high)
        ends.append(rate(np.expm1(root(gap, low, high)) / size))
    bound = np.full(len(icc), odds(limit))
    return _Combined(np.minimum(ends[0], icc), np.maximum(ends[1], icc), confidence(bound), confidence(bound, SAFE))


def _checked(means: npt.ArrayLike, products: npt.ArrayLike) -> tuple[Floats, Floats]:
    mean, product = np.asarray(means, dtype=np.float64), np.asarray(products, dtype=np.float64)
    if mean.ndim < 2 or mean.shape[:2] != product.shape[:2] or not len(mean):
        raise ValueError(f"means and squares are values x schools, at least one value: {mean.shape}, {product.shape}")
    return mean, product


def _lacking(rest: npt.ArrayLike | None, mean: Floats) -> Floats:
    """Return what means lack for being rounded; 0 where it is not known."""
    return np.zeros(mean.shape) if rest is None else np.asarray(rest, dtype=np.float64)


def _note(notes: Sequence[npt.NDArray[np.str_]]) -> npt.NDArray[np.str_]:
    """Return the first note of each group."""
    note = notes[0]
    for other in notes[1:]:
        note = np.where(note == "", other, note)
    return note


def estimate(
    n: npt.ArrayLike,
    means: npt.ArrayLike,
    squares: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    limit: float,
    level: float = LEVEL,
    pivot: Pivot = "corrected",
    rest: npt.ArrayLike | None = None,
) -> Estimates:
    """Return the rate of every group from M plausible values: `means` and `squares` (ss) are M x schools, n is common.

    `rest` is shaped as the means, which it completes (`sufficient`). All figures but the interval, p_below and p_safe
    are means over the values, so icc is the mean of the M rates. Raises ValueError as `variance.estimate` does, and
    where there is no value.
    """
    mean, ss = _checked(means, squares)
    values_of = list(zip(mean, ss, _lacking(rest, mean), strict=True))
    each = [variance.estimate(n, m, s, group, limit=limit, level=level, pivot=pivot, rest=r) for m, s, r in values_of]
    if len(each) == 1:
        return each[0]

    def average(name: str) -> Floats:
        return floats(np.mean([getattr(estimates, name) for estimates in each], axis=0))

    values, icc = [], average("icc")
    for estimates, (m, s, r) in zip(each, values_of, strict=True):
        schools = arrange(n, m, s, group, r)
        values.append(_Value(variance.asked(schools, _theta(estimates.icc)), partial(wald, schools)))
    combined = _combine(values, icc, schools.size, limit, level, pivot)
    note = _note([estimates.note for estimates in each])
    rated = np.isfinite(icc)
    constant = np.all([estimates.note == "constant_schools" for estimates in each], axis=0)

    def unless_constant(computed: Floats, otherwise: float) -> Floats:
        return np.where(rated, np.where(constant, otherwise, computed), np.nan)

    return replace(
        each[0],
        tau2=average("tau2"),
        sigma2=average("sigma2"),
        icc=icc,
        anova=average("anova"),
        eta2=average("eta2"),
        ci_low=unless_constant(combined.low, 1.0),
        ci_high=unless_constant(combined.high, 1.0),
        p_below=unless_constant(combined.below, 0.0),
        p_safe=unless_constant(combined.safe, 0.0),
        note=note,
    )


def conditional(
    n: npt.ArrayLike,
    means: npt.ArrayLike,
    cross: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    limit: float,
    level: float = LEVEL,
    pivot: Pivot = "corrected",
    rest: npt.ArrayLike | None = None,
) -> Conditional:
    """Return the conditional rate of every group from M plausible values, the covariates being the same.

    `means` is M x schools x q and `cross` M x schools x q x q, score first; `rest` as in `estimate`. Raises
    ValueError as `conditional.estimate` does, and where there is no value.
    """
    mean, products = _checked(means, cross)
    values_of = list(zip(mean, products, _lacking(rest, mean), strict=True))
    each = [
        with_covariates.estimate(n, m, s, group, limit=limit, level=level, pivot=pivot, rest=r) for m, s, r in values_of
    ]
    if len(each) == 1:
        return each[0]

    def average(name: str) -> Floats:
        result: Floats = np.mean([getattr(estimates, name) for estimates in each], axis=0)
        return result

    values, icc = [], average("icc")
    for estimates, (m, s, r) in zip(each, values_of, strict=True):
        rows = with_covariates.arrange(n, m, s, group, r)
        values.append(_Value(*with_covariates.asked(rows, _theta(estimates.icc))))
    combined = _combine(values, icc, rows.size, limit, level, pivot)
    rated = np.isfinite(icc)
    return replace(
        each[0],
        tau2=average("tau2"),
        sigma2=average("sigma2"),
        icc=icc,
        intercept=average("intercept"),
        slopes=average("slopes"),
        ci_low=np.where(rated, combined.low, np.nan),
        ci_high=np.where(rated, combined.high, np.nan),
        p_below=np.where(rated, combined.below, np.nan),
        p_safe=np.where(rated, combined.safe, np.nan),
        note=_note([estimates.note for estimates in each]),
    )
