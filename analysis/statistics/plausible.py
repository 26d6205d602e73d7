"""Several plausible values of one score, combined by Rubin's rules.

The estimate is the mean of the estimates (Rubin 1987, Multiple Imputation). For the interval each value m gives, at a
theta in question, the normal score z_m of Wald's pivot: its F probability as a standard normal quantile, exactly
standard normal at the true theta were the score itself known. Rubin's rules are applied to these: U = 1 within, B
between, T = 1 + (1 + 1/M) B, and mean(z) / sqrt(T) has a t distribution with (M - 1) (1 + 1 / ((1 + 1/M) B))^2 degrees
of freedom. B is taken at the estimate. One value, or values that agree, give Wald's interval itself.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import fdtr, fdtrc, ndtr, ndtri, stdtr

from . import variance
from .arrays import Floats, floats
from .components import Schools, arrange, odds, pivot, rate, root
from .variance import Estimates

#: Normal scores beyond this are as certain as double precision can say.
FARTHEST = 37.0


def _scores(parts: Sequence[Schools], theta: Floats) -> Floats:
    """Return z of each value (rows) and group at the theta of the group; falls in theta."""
    result = []
    for part in parts:
        value = pivot(part, theta)
        below, above = fdtr(part.df_between, part.df_within, value), fdtrc(part.df_between, part.df_within, value)
        result.append(np.clip(np.where(below < 0.5, ndtri(below), -ndtri(above)), -FARTHEST, FARTHEST))
    return np.stack(result)


def estimate(
    n: npt.ArrayLike,
    means: npt.ArrayLike,
    squares: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    limit: float = 0.15,
    level: float = 0.95,
) -> Estimates:
    """Return the rate of every group from M plausible values: `means` and `squares` (ss) are M x schools, n is common.

    All figures but the interval and p_below are means over the values, so icc is the mean of the M rates. Raises
    ValueError as `variance.estimate` does, and where there is no value.
    """
    mean, ss = np.asarray(means, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    if mean.ndim != 2 or mean.shape != ss.shape or not len(mean):
        raise ValueError(f"means and squares are values x schools, at least one value: {mean.shape}, {ss.shape}")
    each = [variance.estimate(n, m, s, group, limit, level) for m, s in zip(mean, ss, strict=True)]
    first, number = each[0], len(each)
    if number == 1:
        return first
    parts = [arrange(n, m, s, group) for m, s in zip(mean, ss, strict=True)]

    def average(name: str) -> Floats:
        return floats(np.mean([getattr(one, name) for one in each], axis=0))

    icc = average("icc")
    with np.errstate(divide="ignore", invalid="ignore"):
        theta = np.where(np.isfinite(icc) & (icc < 1), icc / (1 - icc), 0.0)
        added = (1 + 1 / number) * _scores(parts, theta).var(axis=0, ddof=1)
        freedom = np.where(added > 0, (number - 1) * (1 + 1 / added) ** 2, np.inf)
    spread = np.sqrt(1 + added)

    def confidence(at: Floats) -> Floats:
        """Return the confidence that the true theta is below `at`."""
        z = _scores(parts, at).mean(axis=0) / spread
        return floats(np.where(freedom < 1e9, stdtr(np.minimum(freedom, 1e9), -z), ndtr(-z)))

    size = parts[0].size
    tail = (1 - level) / 2
    ends = []
    for probability in (tail, 1 - tail):

        def gap(u: Floats, wanted: float = probability) -> Floats:
            return confidence(np.expm1(u) / size) - wanted

        low, high = np.zeros(len(icc)), np.full(len(icc), 40.0)
        high = np.where(~(gap(low) < 0), 0.0, high)
        ends.append(rate(np.expm1(root(gap, low, high)) / size))
    rated = np.isfinite(icc)
    constant = np.all([one.note == "constant_schools" for one in each], axis=0)
    below = confidence(np.full(len(icc), odds(limit)))
    note = first.note
    for one in each[1:]:
        note = np.where(note == "", one.note, note)
    return Estimates(
        groups=first.groups,
        schools=first.schools,
        pupils=first.pupils,
        tau2=average("tau2"),
        sigma2=average("sigma2"),
        icc=icc,
        ci_low=np.where(rated, np.where(constant, 1.0, np.minimum(ends[0], icc)), np.nan),
        ci_high=np.where(rated, np.where(constant, 1.0, np.maximum(ends[1], icc)), np.nan),
        p_below=np.where(rated, np.where(constant, 0.0, below), np.nan),
        anova=average("anova"),
        eta2=average("eta2"),
        note=note,
    )
