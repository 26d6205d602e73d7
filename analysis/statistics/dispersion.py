"""The difference between schools: the enrolment-weighted coefficient, what each school does to it, and where it lies.

The coefficient is that of 教督〔2012〕3号 and 教督〔2017〕6号: with amount x_i and enrolment P_i of school i,

    X_i = x_i / P_i    mean = sum(x_i) / sum(P_i)    S = sqrt(sum(P_i / sum(P) * (X_i - mean)^2))    CV = S / mean

without correction for small numbers. Missing is NaN, not zero. A school without pupils (P_i = 0) has no value per
pupil, a school whose amount or enrolment is missing none that is known: both are left out of mean and coefficient and
are NaN in whatever has one entry per school. A negative enrolment is refused. One school gives 0; a mean of 0 gives no
coefficient.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import Bools, Floats, extreme, floats, groups

#: Differences smaller than this part of the mean come from rounding in binary: the schools are equal.
ROUNDING = 1e-14
#: Splits a number into halves whose products are exact.
SPLIT = 2.0**27 + 1
#: What is left of a sum below this part of it has lost digits.
LITTLE = 0.01


@dataclass(frozen=True)
class Dispersion:
    """The coefficient of one indicator and stage.

    `schools` and `pupils` are those that count; `note` is "", "no_schools", "one_school" or "mean_zero"; `values`
    (X_i), `shares` (of S squared, summing to 1; 0 where there is no difference at all) and `counts` have one entry per
    school given.
    """

    schools: int
    pupils: float
    mean: float
    sd: float
    cv: float
    note: str
    values: Floats
    shares: Floats
    counts: Bools


def usable(amount: npt.ArrayLike, pupils: npt.ArrayLike) -> tuple[Floats, Floats, Bools]:
    """Return amounts and pupils as arrays, and which schools count: both known, and pupils there.

    Raises ValueError where the two differ in length, an enrolment is negative, or a number is too large or too near 0
    to be squared.
    """
    x, p = floats(amount), floats(pupils)
    if x.shape != p.shape:
        raise ValueError(f"amount and pupils differ in length: {len(x)} and {len(p)}")
    if bool((p < 0).any()):
        raise ValueError(f"pupils must not be negative, got {p[p < 0][0]:g} at position {int(np.argmax(p < 0))}")
    if extreme(x) or extreme(p):
        raise ValueError("amounts and pupils must lie between 1e-100 and 1e100 in size")
    return x, p, np.isfinite(x) & np.isfinite(p) & (p > 0)


def deviations(x: Floats, p: Floats) -> tuple[float, Floats]:
    """Return the mean per pupil and X_i - mean of schools that count.

    x - mean P is taken with the digits that the product loses (Dekker 1971, Numer. Math. 18), and what the mean lacks
    for being rounded is taken off: amounts per pupil far from 0 keep what they differ by.
    """
    total = p.sum()
    mean = float(x.sum() / total)
    product = mean * p
    halves = []
    for value in (np.full(len(p), mean), p):
        moved = SPLIT * value
        high = moved - (moved - value)
        halves.append((high, value - high))
    (a, b), (c, d) = halves
    lost = ((a * c - product) + a * d + b * c) + b * d
    apart = (x - product - lost) / p
    return mean, floats(apart - (p * apart).sum() / total)


def coefficient(amount: npt.ArrayLike, pupils: npt.ArrayLike) -> Dispersion:
    """Return the enrolment-weighted coefficient of `amount` (raw totals of schools) per pupil; formula above.

    Raises ValueError as `usable` does.
    """
    x, p, counts = usable(amount, pupils)
    schools, total = int(counts.sum()), float(p[counts].sum())
    values, shares = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if not schools:
        return Dispersion(0, 0.0, np.nan, np.nan, np.nan, "no_schools", values, shares, counts)
    values[counts] = x[counts] / p[counts]
    mean, apart = deviations(x[counts], p[counts])
    squares = p[counts] * apart**2
    variance = float(squares.sum()) / total
    if float(np.abs(apart).max()) <= ROUNDING * abs(mean):
        squares, variance = squares * 0, 0.0
    shares[counts] = squares / squares.sum() if variance > 0 else 0.0
    sd = float(np.sqrt(variance))
    cv = sd / mean if mean else np.nan
    note = "one_school" if schools == 1 else "" if mean else "mean_zero"
    return Dispersion(schools, total, mean, sd, cv, note, values, shares, counts)


def without(amount: npt.ArrayLike, pupils: npt.ArrayLike) -> Floats:
    """Return, for each school, the coefficient of all the others: what leaving it out would give.

    NaN for a school that does not count, for an only one, and where the others' mean is 0. The effect of a school is
    the coefficient of all less this. Raises ValueError as `usable` does.
    """
    x, p, counts = usable(amount, pupils)
    result = np.full(len(x), np.nan)
    if counts.sum() < 2:
        return result
    part, own = x[counts], p[counts]
    total, apart = own.sum(), deviations(part, own)[1]
    # With d = X_i - mean, taking i out moves the mean by -P_i d / (P - P_i) and the sum of squares by P_i d^2 P / (P -
    # P_i).
    rest, sums = total - own, part.sum() - part
    all_squares = (own * apart**2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = all_squares - own * apart**2 * total / rest
        cvs = np.sqrt(np.maximum(squares, 0.0) / rest) / (sums / rest)
    # Where one school outweighs the others these differences cancel: there the others are counted anew.
    few = (squares <= LITTLE * all_squares) | (rest <= LITTLE * total) | (np.abs(sums) <= LITTLE * np.abs(part).sum())
    for place in np.flatnonzero(few):
        others = coefficient(np.delete(part, place), np.delete(own, place))
        cvs[place] = others.cv
    result[counts] = cvs
    return result


def least(known: float, pupils: float, unknown: float) -> float:
    """Return the least coefficient that there can be where amounts of some schools are not known, only not negative.

    `known` is the coefficient of the other schools (NaN where their mean is 0), `pupils` their enrolment, `unknown`
    that of the schools whose amounts are not known. With Q = sum(x^2 / P) and L = sum(x) is
    CV^2 = sum(P) Q / L^2 - 1. For a given sum of unknown amounts Q is least where they are alike per pupil, and CV over
    that sum where they have Q / L of the known ones: CV^2 = known^2 / (1 + (1 + known^2) unknown / pupils).
    """
    if pupils <= 0:
        return 0.0
    if np.isnan(known):
        return float(np.sqrt(pupils / unknown))
    return float(known / np.sqrt(1 + (1 + known**2) * unknown / pupils))


def most(known: float, pupils: float, unknown: float, smallest: float) -> float:
    """Return the least upper bound of the coefficient where the amounts of some schools are not known, as `least`.

    sqrt(Q) / L is quasi-convex in the unknown amounts, so it is largest at a corner: all of them nothing, or one of
    them beyond all bounds, which is the worse the smaller that school (`smallest`: the enrolment of the smallest).
    """
    corners = [(pupils + unknown) / smallest - 1]
    if pupils > 0 and not np.isnan(known):
        corners.append((known**2 * (pupils + unknown) + unknown) / pupils)
    return float(np.sqrt(max(corners)))


@dataclass(frozen=True)
class Decomposition:
    """S squared split by parts (urban and rural, townships): `between` and the sum of `within` add up to `variance`.

    Arrays have one entry per part in order of first appearance: pupils, mean per pupil, the part's own coefficient, its
    contribution `between` (P_g/P (mean_g - mean)^2) and `within` (P_g/P S_g^2), both in squared units of the indicator.
    """

    parts: npt.NDArray[Any]
    schools: npt.NDArray[np.int64]
    pupils: Floats
    mean: Floats
    cv: Floats
    between: Floats
    within: Floats
    variance: float

    @property
    def share_between(self) -> float:
        """Return the share of S squared that lies between the parts; NaN where schools do not differ at all."""
        return float(self.between.sum() / self.variance) if self.variance > 0 else float("nan")


def decompose(amount: npt.ArrayLike, pupils: npt.ArrayLike, part: npt.ArrayLike) -> Decomposition:
    """Split S squared into what lies between the parts and what lies within them; the schools that count alone.

    Raises ValueError as `usable` does, or where there is not one part per school.
    """
    x, p, counts = usable(amount, pupils)
    labels = np.asarray(part)
    if labels.shape != x.shape:
        raise ValueError(f"one part per school: got {labels.shape} for {len(x)} schools")
    x, p = x[counts], p[counts]
    grouping = groups(labels[counts], len(x))
    x, p = x[grouping.order], p[grouping.order]
    total = p.sum()
    sums, pupils_of = grouping.total(x), grouping.total(p)
    means = sums / pupils_of
    apart = deviations(x, p)[1] if len(p) else np.zeros(0)
    from_mean = grouping.total(p * apart) / pupils_of
    within = grouping.total(p * (apart - from_mean[grouping.codes]) ** 2) / total if len(p) else np.zeros(0)
    between = pupils_of / total * from_mean**2 if len(p) else np.zeros(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(means != 0, np.sqrt(within * total / pupils_of) / means, np.nan)
    schools = np.bincount(grouping.codes, minlength=grouping.number).astype(np.int64)
    return Decomposition(
        grouping.labels, schools, pupils_of, means, cv, between, within, float(within.sum() + between.sum())
    )


def composite(coefficients: npt.ArrayLike) -> float:
    """Return the composite of 教督〔2012〕3号, the plain mean of the coefficients; NaN where one is missing."""
    values = floats(coefficients)
    return float(values.mean()) if len(values) else float("nan")
