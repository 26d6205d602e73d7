"""The inter-school difference rate (校际差异率): variance components of the one-way random-effects model, by group.

The score of pupil i in school j is  y_ij = mu + u_j + e_ij,  Var(u) = tau2, Var(e) = sigma2, and the rate is
tau2 / (tau2 + sigma2), the intraclass correlation ICC(1). Everything follows from (n_j, mean_j, ss_j) of each school,
ss_j the sum of squares around its mean. With theta = tau2 / sigma2, lambda_j = n_j / (1 + n_j theta), mu =
sum(lambda_j mean_j) / sum(lambda_j), Q = sum(lambda_j (mean_j - mu)^2), W = sum(ss_j), J schools and N pupils:

- REML (Patterson and Thompson 1971) minimises  (N - 1) log(W + Q) + sum(log(1 + n_j theta)) + log(sum(lambda_j)),
  and sigma2 = (W + Q) / (N - 1). The global minimum is sought: a grid first, then the root of the derivative.
- Interval and confidence come from Wald's pivot (Wald 1940, Ann. Math. Stat. 11; Seely and El-Bassiouni 1983, Ann.
  Stat. 11): at the true theta, Q / (J - 1) over W / (N - J) has the F distribution with J - 1 and N - J degrees of
  freedom, exactly, whatever the sizes, when u and e are normal. It falls in theta, so it is inverted for the ends of
  the interval, and its upper tail at the limit is the one-sided confidence that the true rate is below the limit.
  Where u is not normal it has fewer degrees of freedom than J - 1: `tails` says how many.
- ANOVA: tau2 = (MSB - MSW) / n0, n0 = (N - sum(n_j^2) / N) / (J - 1), not below 0 (Searle, Casella and McCulloch 1992,
  ch. 3).
- eta squared: the share of the sum of squares that lies between schools. Its mean is near that of
  ((J - 1) + (J - 1) n0 theta) / ((N - 1) + (J - 1) n0 theta): above the rate where schools are small and many, below it
  where they are large and few.

All groups are computed at once. What a group can't give is NaN, and its note says why.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import tails
from .arrays import Bools, Floats, Ints, floats
from .components import Schools, arrange, at, in_blocks, invert, odds, rate, reml
from .components import pivot as wald
from .effects import Effects, school_effects
from .intervals import difference
from .level import LEVEL
from .tails import SAFE, Pivot

__all__ = ["Change", "Effects", "Estimates", "estimate", "rate_change", "school_effects"]


@dataclass(frozen=True)
class Estimates:
    """One entry per group, in order of first appearance.

    `pupils` is the sum of n. `note` is "" or says why there is no rate: "no_pupils", "one_school", "single_pupils" (no
    school with two, so the components can't be told apart), "no_variance" (all scores equal), "few_digits" (they differ
    in their last digits alone, as 1e13 + 1 does from 1e13); "constant_schools" marks
    a rate of 1 because pupils within schools do not differ. `p_safe` is p_below from the pivot `safe`, which verdicts
    rest on. tau2 and sigma2 are in squared units of the score, all
    others are shares.
    """

    groups: npt.NDArray[Any]
    schools: Ints
    pupils: Floats
    tau2: Floats
    sigma2: Floats
    icc: Floats
    ci_low: Floats
    ci_high: Floats
    p_below: Floats
    p_safe: Floats
    anova: Floats
    eta2: Floats
    note: npt.NDArray[np.str_]


def _anova(schools: Schools) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_within = schools.within / schools.df_within
        tau2 = np.maximum((schools.between / schools.df_between - mean_within) / schools.size, 0.0)
        result: Floats = tau2 / (tau2 + mean_within)
    return result


def _notes(schools: Schools) -> tuple[npt.NDArray[np.str_], Bools, Bools]:
    """Return the note of each group, whether it has a rate, and whether its pupils within schools are all alike."""
    flat = (schools.within == 0) & (schools.between == 0)
    reasons = [
        (schools.count == 0, "no_pupils"),
        (schools.count == 1, "one_school"),
        (schools.df_within <= 1e-9 * schools.pupils, "single_pupils"),
        (schools.short, "few_digits"),
        (flat, "no_variance"),
        (schools.within == 0, "constant_schools"),
    ]
    note = np.select([when for when, _ in reasons], [name for _, name in reasons], default="")
    none = np.isin(note, ("no_pupils", "one_school", "single_pupils", "few_digits", "no_variance"))
    return note.astype(np.str_), ~none, note == "constant_schools"


def estimate(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    ss: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    limit: float,
    level: float = LEVEL,
    pivot: Pivot = "corrected",
    rest: npt.ArrayLike | None = None,
) -> Estimates:
    """Return the rate of every group with its interval, from one row of sufficient statistics per school.

    n pupils, mean score, ss the within-school sum of squares; `group` labels the rows (None: all one group); `limit`
    is the rate that p_below speaks of, `pivot` one of `tails`, `rest` what means lack (`components.arrange`). Ends of
    the interval move to the estimate where it is not inside. Raises ValueError for a limit or level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    bound = odds(limit)
    schools = arrange(n, mean, ss, group, rest)
    note, rated, constant = _notes(schools)
    theta = np.where(constant, np.inf, in_blocks(reml, schools))
    finite = np.where(np.isfinite(theta), theta, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = np.where(constant, 0.0, (schools.within + at(schools, finite).q) / (schools.pupils - 1))
        tau2 = np.where(constant, _constant_tau2(schools), finite * sigma2)
        question = asked(schools, finite)
        ends = question.ends(pivot, level, lambda quantile: in_blocks(invert, schools, quantile))
        at_bound = np.full(schools.grouping.number, bound)
        value = wald(schools, at_bound)
        p_below, p_safe = (question.below(kind, at_bound, value) for kind in (pivot, SAFE))
        eta2 = schools.between / (schools.between + schools.within)
    icc = rate(theta)
    low = np.where(constant, 1.0, np.minimum(rate(ends[0]), icc))
    high = np.where(constant, 1.0, np.maximum(rate(ends[1]), icc))
    flat = note == "no_variance"
    alone = note == "one_school"
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_within = schools.within / schools.df_within
        sigma2 = np.where(alone & (schools.df_within > 0), mean_within, np.where(rated | flat, sigma2, np.nan))

    def where_rated(values: Floats) -> Floats:
        return np.where(rated, values, np.nan)

    return Estimates(
        groups=schools.grouping.labels,
        schools=schools.count,
        pupils=schools.pupils,
        tau2=np.where(flat, 0.0, where_rated(tau2)),
        sigma2=np.where(flat, 0.0, sigma2),
        icc=where_rated(icc),
        ci_low=where_rated(low),
        ci_high=where_rated(high),
        p_below=where_rated(np.where(constant, 0.0, p_below)),
        p_safe=where_rated(np.where(constant, 0.0, p_safe)),
        anova=where_rated(_anova(schools)),
        eta2=where_rated(eta2),
        note=note,
    )


def asked(schools: Schools, theta: Floats) -> tails.Asked:
    """Return the pivot of every group, with the shape of its school means at its theta, its estimate."""
    grouping = schools.grouping
    mu = grouping.spread(at(schools, theta).mu)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (schools.mean - mu) / np.sqrt(grouping.spread(theta) + 1 / schools.n)
    shape = tails.shape(grouping, schools.n, z, theta)
    return tails.Asked(grouping, schools.n, schools.df_between, schools.df_within, shape)


def _constant_tau2(schools: Schools) -> Floats:
    """Return the variance of the school means, the REML estimate where pupils within schools do not differ."""
    grouping = schools.grouping
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = grouping.total(schools.mean * (schools.n > 0)) / schools.count
        apart = np.where(schools.n > 0, schools.mean - grouping.spread(middle), 0.0)
        result: Floats = grouping.total(apart**2) / schools.df_between
    return result


def eta2_bias(schools: npt.ArrayLike, pupils: npt.ArrayLike, icc: npt.ArrayLike) -> Floats:
    """Return how far eta squared lies from the rate on average, for schools of equal size: above 0 it is too high.

    The ratio of the expected sums of squares; with few schools the mean of the ratio is a little lower still.
    """
    j, total, rate_ = floats(schools), floats(pupils), floats(icc)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (j - 1) * (1 + total / j * rate_ / (1 - rate_))
        return between / (between + total - j) - rate_


@dataclass(frozen=True)
class Change:
    """The change of a rate between two measurements, with its interval: one entry per group."""

    change: Floats
    low: Floats
    high: Floats

    @property
    def changed(self) -> Bools:
        """Return where the interval says that the rate changed."""
        return (self.low > 0) | (self.high < 0)


def rate_change(before: Estimates, after: Estimates) -> Change:
    """Return the change from `before` to `after`, group by group, at the level of their intervals.

    Their intervals are joined by MOVER (`intervals.difference`), which takes the two for independent: the pupils are
    others, but the schools are mostly the same, so it is rather too wide than too narrow. NaN where either has no
    rate. Raises ValueError where the groups differ.
    """
    if before.groups.tolist() != after.groups.tolist():
        raise ValueError("a change needs the same groups in the same order")
    return Change(*difference((before.icc, before.ci_low, before.ci_high), (after.icc, after.ci_low, after.ci_high)))
