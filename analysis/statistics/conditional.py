"""The rate given covariates (prior attainment): components of the score that the covariates do not account for.

y_ij = b'x_ij + u_j + e_ij with x_ij = (1, covariates). From n_j, the means z_j of (covariates, score) and the
within-school cross products S_j, with lambda_j = n_j / (1 + n_j theta):  A = sum(S_j) + sum(lambda_j z_j z_j')  holds
X'V^-1X, X'V^-1y and y'V^-1y times sigma2; b solves the normal equations, R is what is left of y. REML minimises (N -
p) log R + sum(log(1 + n_j theta)) + log|X'V^-1X|, sigma2 = R / (N - p). Wald's pivot holds with covariates too (Seely
and El-Bassiouni 1983): with R_w what is left within schools and r_w the rank of the covariates within schools, (R -
R_w) / (J - p + r_w) over R_w / (N - J - r_w) has the F distribution with these degrees of freedom, fewer of them where
school effects are not normal (`tails`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from . import tails
from .arrays import LARGEST, Bools, Floats, Groups, Ints, extreme, floats, groups
from .components import DIGITS, GRID, ROUNDING, least, odds, rate, root
from .level import LEVEL
from .tails import SAFE, Pivot

#: A covariate that keeps less than this part of its variance beside the others is one of their combinations.
COLLINEAR = 1e-9


@dataclass(frozen=True)
class Conditional:
    """One entry per group: components and rate given the covariates, with interval; `slopes` is groups x covariates.

    `intercept` is at covariates of 0. `note` is "" or one of variance.Estimates', "few_schools" (no more schools
    than coefficients that differ between schools alone: with covariates that differ within schools, two schools do),
    "few_pupils" (no more pupils within schools than covariates need) or "collinear" (a covariate is constant, or
    follows from the others).
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
    intercept: Floats
    slopes: Floats
    note: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Rows:
    """Sorted school rows, score last, standardised by group so that the equations are well scaled.

    `short` marks groups in which the score or a covariate differs in its last digits alone.
    """

    grouping: Groups
    n: Floats
    z: Floats
    within: Floats
    scale: Floats
    centre: Floats
    count: Ints
    pupils: Floats
    size: Floats
    short: Bools

    @property
    def parameters(self) -> int:
        """Return how many coefficients there are, with the intercept."""
        return int(self.z.shape[1])


def arrange(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    cross: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    rest: npt.ArrayLike | None = None,
) -> Rows:
    """Sort and standardise: `mean` schools x q and `cross` schools x q x q, score first, covariates after it.

    `rest`, schools x q, is what means lack for being rounded (`sufficient`), none where it is not known.

    Raises ValueError for shapes that do not fit or values that are not finite, or too large to be squared.
    """
    number, middle, products = floats(n), np.asarray(mean, dtype=np.float64), np.asarray(cross, dtype=np.float64)
    if middle.ndim != 2 or len(middle) != len(number) or products.shape != (*middle.shape, middle.shape[1]):
        raise ValueError(f"n, mean and cross do not fit: {number.shape}, {middle.shape}, {products.shape}")
    if not (np.isfinite(number).all() and np.isfinite(middle).all() and np.isfinite(products).all()):
        raise ValueError("n, mean and cross must be known")
    if extreme(number) or bool((np.abs(middle) > LARGEST).any()) or bool((np.abs(products) > LARGEST**2).any()):
        raise ValueError("n and mean must be below 1e100 in size, cross below 1e200")
    kept = number > 0
    turned = np.roll(np.arange(middle.shape[1]), -1)
    labels = None if group is None else np.asarray(group)
    grouping = groups(labels, len(number))
    order = grouping.order
    number, kept = number[order], kept[order]
    lacking = np.zeros(middle.shape) if rest is None else np.asarray(rest, dtype=np.float64)
    lacking = np.where(kept[:, None], lacking[order][:, turned], 0.0)
    middle = np.where(kept[:, None], middle[order][:, turned], 0.0)
    products = np.where(kept[:, None, None], products[order][:, turned][:, :, turned], 0.0)
    pupils, count = grouping.total(number), grouping.total(kept.astype(np.int64))
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.nan_to_num(grouping.total(number[:, None] * middle) / pupils[:, None])
        middle = np.where(kept[:, None], middle - centre[grouping.codes] + lacking, 0.0)
        # What the means of the group, rounded as they are, still lack.
        more = np.nan_to_num(grouping.total(number[:, None] * middle) / pupils[:, None])
        middle = np.where(kept[:, None], middle - more[grouping.codes], 0.0)
        total = np.einsum("gii->gi", grouping.total(products)) + grouping.total(number[:, None] * middle**2)
        scale = np.sqrt(total / np.maximum(pupils - 1, 1)[:, None])
        equal = scale <= ROUNDING * np.abs(centre)
        short = (~equal & (scale <= DIGITS * np.abs(centre))).any(axis=1)
        scale = np.where(equal, 1.0, scale)
        size = (pupils - grouping.total(number**2) / pupils) / (count - 1)
    own = scale[grouping.codes]
    within = grouping.total(products / own[:, :, None] / own[:, None, :])
    size = np.where((count > 1) & (size > 0), size, 1.0)
    return Rows(grouping, number, middle / own, within, scale, centre, count, pupils, size, short)


def _equations(rows: Rows, theta: Floats) -> tuple[Floats, Floats]:
    """Return A of each group with the intercept in front (q + 1 square), and sum(log(1 + n theta))."""
    grouping = rows.grouping
    spread = rows.n * theta[grouping.codes]
    weight = rows.n / (1 + spread)
    z = np.concatenate([np.ones((len(rows.n), 1)), rows.z], axis=1)
    a = grouping.total(weight[:, None, None] * z[:, :, None] * z[:, None, :])
    a[:, 1:, 1:] += rows.within
    return a, grouping.total(np.log1p(spread))


def _left(a: Floats) -> tuple[Floats, Floats, Floats]:
    """Return R, b and log|X'V^-1X| of each group's equations; singular ones give NaN."""
    p = a.shape[1] - 1
    left, right = a[:, :p, :p], a[:, :p, p]
    sign, logdet = np.linalg.slogdet(left)
    usable = (sign > 0) & np.isfinite(logdet)
    safe = np.where(usable[:, None, None], left, np.eye(p))
    b = np.linalg.solve(safe, right[:, :, None])[:, :, 0]
    rest = a[:, p, p] - np.einsum("gi,gi->g", right, b)
    return np.where(usable, rest, np.nan), np.where(usable[:, None], b, np.nan), np.where(usable, logdet, np.nan)


def criterion(rows: Rows, theta: Floats) -> Floats:
    """Return minus twice the restricted log-likelihood at theta, sigma2 profiled out, less a constant."""
    a, logs = _equations(rows, theta)
    rest, _, logdet = _left(a)
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = (rows.pupils - rows.parameters) * np.log(rest) + logs + logdet
    return result


def _slope(rows: Rows, u: Floats) -> Floats:
    """Return the derivative of the criterion in u = log(1 + n0 theta), to a positive factor."""
    grouping = rows.grouping
    theta = np.expm1(u) / rows.size
    a, _ = _equations(rows, theta)
    rest, b, _ = _left(a)
    p = rows.parameters
    weight = rows.n / (1 + rows.n * theta[grouping.codes])
    x = np.concatenate([np.ones((len(rows.n), 1)), rows.z[:, :-1]], axis=1)
    residual = rows.z[:, -1] - np.einsum("ji,ji->j", x, b[grouping.codes])
    moved = grouping.total((weight**2)[:, None, None] * x[:, :, None] * x[:, None, :])
    usable = np.isfinite(rest)
    safe = np.where(usable[:, None, None], a[:, :p, :p], np.eye(p))
    trace = np.einsum("gii->g", np.linalg.solve(safe, moved))
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = (
            grouping.total(weight) - trace - (rows.pupils - p) * grouping.total(weight**2 * residual**2) / rest
        )
    return result


def reml(rows: Rows) -> Floats:
    """Return the theta that maximises the restricted likelihood of each group."""
    size = rows.size
    u = least(lambda u: _slope(rows, u), lambda u: criterion(rows, np.expm1(u) / size), len(size))
    return np.expm1(u) / size


def solve(rows: Rows, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return R, b and the inverse of X'V^-1X (times 1 / sigma2) of each group at its theta, in standardised units."""
    a = _equations(rows, theta)[0]
    rest, b, _ = _left(a)
    p = rows.parameters
    safe = np.where(np.isfinite(rest)[:, None, None], a[:, :p, :p], np.eye(p))
    return rest, b, np.linalg.inv(safe)


@dataclass(frozen=True)
class Parts:
    """Per group: theta by REML, R_w, the degrees of freedom of the pivot, and the note."""

    theta: Floats
    left: Floats
    between: Floats
    within: Floats
    note: npt.NDArray[np.str_]


def parts(rows: Rows) -> Parts:
    """Return what all else is computed from; a group with a note has no rate."""
    p = rows.parameters
    left, rank = _within(rows)
    between, within = rows.count - p + rank, rows.pupils - rows.count - rank
    values = np.linalg.eigvalsh(_equations(rows, np.zeros(rows.grouping.number))[0][:, :p, :p])
    cases = {
        "no_pupils": rows.count == 0,
        "one_school": rows.count == 1,
        "single_pupils": rows.pupils - rows.count <= 1e-9 * rows.pupils,
        "few_digits": rows.short,
        "collinear": values[:, 0] <= COLLINEAR * np.maximum(rows.pupils, 1),
        "few_schools": between <= 0,
        "few_pupils": within <= 0,
        "no_variance": left <= COLLINEAR**2 * rows.pupils,
    }
    note = np.select(list(cases.values()), list(cases), default="").astype(np.str_)
    return Parts(reml(rows), left, between, within, note)


def wald(rows: Rows, fitted: Parts, theta: Floats) -> Floats:
    """Return Wald's statistic of every group at its theta."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = _left(_equations(rows, theta)[0])[0]
        result: Floats = (rest - fitted.left) / fitted.between / (fitted.left / fitted.within)
    return result


def invert(rows: Rows, fitted: Parts, quantile: Floats) -> Floats:
    """Return the theta at which the pivot of each group is at `quantile`; 0 where it is lower already there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(quantile)

    def gap(u: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.log(np.maximum(wald(rows, fitted, np.expm1(u) / rows.size), 1e-300))
        return floats(target - value)

    low, high = np.zeros(rows.grouping.number), np.full(rows.grouping.number, GRID[-1])
    high = np.where(gap(low) < 0, high, 0.0)
    return np.expm1(root(gap, low, high)) / rows.size


def shape_of(rows: Rows, theta: Floats, b: Floats) -> tails.Shape:
    """Return the shape of what the covariates leave of every group's school means, standardised at its theta."""
    grouping = rows.grouping
    x = np.concatenate([np.ones((len(rows.n), 1)), rows.z[:, :-1]], axis=1)
    rest = rows.z[:, -1] - np.einsum("ji,ji->j", x, b[grouping.codes])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = rest / np.sqrt(grouping.spread(theta) + 1 / rows.n)
    return tails.shape(grouping, rows.n, z, theta)


def asked(rows: Rows, theta: Floats) -> tuple[tails.Asked, Callable[[Floats], Floats]]:
    """Return the pivot of every group, the shape of its school means taken at its theta, and Wald's statistic."""
    fitted, b = parts(rows), solve(rows, theta)[1]
    question = tails.Asked(rows.grouping, rows.n, fitted.between, fitted.within, shape_of(rows, theta, b))
    return question, partial(wald, rows, fitted)


def _within(rows: Rows) -> tuple[Floats, Floats]:
    """Return R_w and r_w: what is left of the score within schools, and the rank of the covariates there."""
    q = rows.parameters
    covariates, mixed, score = rows.within[:, : q - 1, : q - 1], rows.within[:, : q - 1, -1], rows.within[:, -1, -1]
    values, vectors = np.linalg.eigh(covariates)
    used = values > COLLINEAR * np.maximum(rows.pupils, 1)[:, None]
    along = np.einsum("gij,gi->gj", vectors, mixed)
    with np.errstate(divide="ignore", invalid="ignore"):
        explained = np.where(used, along**2 / values, 0.0).sum(axis=1)
    return np.maximum(score - explained, 0.0), used.sum(axis=1).astype(np.float64)


def estimate(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    cross: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    *,
    limit: float,
    level: float = LEVEL,
    pivot: Pivot = "corrected",
    rest: npt.ArrayLike | None = None,
) -> Conditional:
    """Return the conditional rate of every group; arguments as in `arrange`, the rest as in `variance.estimate`.

    Raises ValueError as they do.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    bound = odds(limit)
    rows = arrange(n, mean, cross, group, rest)
    p = rows.parameters
    fitted = parts(rows)
    rated = fitted.note == ""
    left, b, _ = solve(rows, fitted.theta)
    question = tails.Asked(rows.grouping, rows.n, fitted.between, fitted.within, shape_of(rows, fitted.theta, b))
    low, high = (rate(end) for end in question.ends(pivot, level, lambda quantile: invert(rows, fitted, quantile)))
    at_bound = np.full(rows.grouping.number, bound)
    value = wald(rows, fitted, at_bound)
    below, safe = (question.below(kind, at_bound, value) for kind in (pivot, SAFE))
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = left / (rows.pupils - p) * rows.scale[:, -1] ** 2
        slopes = b[:, 1:] * rows.scale[:, -1:] / rows.scale[:, :-1]
    icc = rate(fitted.theta)
    intercept = rows.centre[:, -1] + b[:, 0] * rows.scale[:, -1] - (slopes * rows.centre[:, :-1]).sum(axis=1)

    def where_rated(values: Floats) -> Floats:
        return np.where(rated, values, np.nan)

    return Conditional(
        groups=rows.grouping.labels,
        schools=rows.count,
        pupils=rows.pupils,
        tau2=where_rated(fitted.theta * sigma2),
        sigma2=where_rated(sigma2),
        icc=where_rated(icc),
        ci_low=where_rated(np.minimum(low, icc)),
        ci_high=where_rated(np.maximum(high, icc)),
        p_below=where_rated(below),
        p_safe=where_rated(safe),
        intercept=where_rated(intercept),
        slopes=np.where(rated[:, None], slopes, np.nan),
        note=fitted.note,
    )
