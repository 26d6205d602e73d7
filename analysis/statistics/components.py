"""The one-way random-effects model by group: its sums, its restricted likelihood, and Wald's pivot.

What `variance` estimates from; notation and formulas stand there. Everything here takes one theta = tau2 / sigma2 per
group and works on all groups at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import LARGEST, Bools, Floats, Groups, Ints, extreme, floats, groups

#: Scores that differ by less than this part of their size are equal: what is left is rounding in binary.
ROUNDING = 1e-14
#: Scores that differ by less than this part of their size do not have the digits for a rate.
DIGITS = 1e-12
#: Where the likelihood is looked at first, in u = log(1 + n0 theta): F statistics of 1 to e^40
GRID = (0.0, 0.1, 0.25, 0.5, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 3.6, 4.3, 5.1, 6.0, 7.0, 8.5, 11.0, 15.0, 22.0, 40.0)
#: Rows of schools that are solved at once.
BLOCK = 16384


@dataclass(frozen=True)
class Schools:
    """Sorted school rows and sums by group that do not depend on theta; means are centred in their group.

    `short` marks groups whose scores differ in their last digits alone.
    """

    grouping: Groups
    n: Floats
    mean: Floats
    count: Ints
    short: Bools
    pupils: Floats
    within: Floats
    between: Floats
    size: Floats
    centre: Floats

    @property
    def df_between(self) -> Floats:
        """Return J - 1 of each group."""
        return floats(self.count - 1)

    @property
    def df_within(self) -> Floats:
        """Return N - J of each group."""
        return self.pupils - self.count

    def part(self, groups: slice, rows: slice) -> "Schools":
        """Return some groups that lie together, with their rows."""
        grouping = self.grouping
        some = Groups(
            grouping.labels[groups],
            grouping.order[rows],
            grouping.starts[groups] - rows.start,
            grouping.codes[rows] - groups.start,
        )
        sums = (self.pupils, self.within, self.between, self.size, self.centre)
        count, short = self.count[groups], self.short[groups]
        return Schools(some, self.n[rows], self.mean[rows], count, short, *(each[groups] for each in sums))


@dataclass(frozen=True)
class Sums:
    """What the criteria need at one theta per group; `spread` is sum(lambda^2 (mean - mu)^2), -dQ/dtheta."""

    q: Floats
    spread: Floats
    first: Floats
    second: Floats
    mu: Floats


def arrange(
    n: npt.ArrayLike,
    mean: npt.ArrayLike,
    ss: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    rest: npt.ArrayLike | None = None,
) -> Schools:
    """Check sufficient statistics (one row per school), sort them by group and sum what does not depend on theta.

    n may be fractional (effective numbers of weighted pupils). Schools with n = 0 are left out. `rest` is what means
    lack for being rounded (`sufficient`), none where it is not known.
    Raises ValueError for arrays that differ in length, or n, mean or ss that is missing, infinite, too large to be
    squared, or negative (n, ss).
    """
    size, average, squares = floats(n), floats(mean), floats(ss)
    if not size.shape == average.shape == squares.shape:
        raise ValueError(f"n, mean and ss differ in length: {len(size)}, {len(average)}, {len(squares)}")
    for name, values in (("n", size), ("ss", squares)):
        if not np.isfinite(values).all() or bool((values < 0).any()):
            raise ValueError(f"{name} must be known and not negative")
    if not np.isfinite(average[size > 0]).all():
        raise ValueError("mean must be known where there are pupils")
    if extreme(size) or bool((np.abs(average[size > 0]) > LARGEST).any()) or bool((squares > LARGEST**2).any()):
        raise ValueError("n and mean must be below 1e100 in size, ss below 1e200")
    grouping = groups(group, len(size))
    lacking = np.zeros(len(size)) if rest is None else np.where(size > 0, floats(rest), 0.0)[grouping.order]
    size, average, squares = (
        size[grouping.order],
        np.where(size > 0, average, 0.0)[grouping.order],
        squares[grouping.order],
    )
    count, pupils = grouping.total((size > 0).astype(np.int64)), grouping.total(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        grand = np.where(pupils > 0, grouping.total(size * average) / pupils, 0.0)
        centred = np.where(size > 0, average - grouping.spread(grand) + lacking, 0.0)
        # What the mean of the group, rounded as it is, still lacks.
        more = np.where(pupils > 0, grouping.total(size * centred) / pupils, 0.0)
        centred = np.where(size > 0, centred - grouping.spread(more), 0.0)
        within, between = grouping.total(squares), grouping.total(size * centred**2)
        noise = (ROUNDING * grouping.largest(np.abs(average))) ** 2 * pupils
        spread = within + between
        short = (spread > 2 * noise) & (spread <= (DIGITS / ROUNDING) ** 2 * noise)
        balanced = (pupils - grouping.total(size**2) / pupils) / (count - 1)
    return Schools(
        grouping,
        size,
        centred,
        count,
        short,
        pupils,
        np.where(within <= noise, 0.0, within),
        np.where(between <= noise, 0.0, between),
        np.where((count > 1) & (balanced > 0), balanced, 1.0),
        grand,
    )


def _fit(schools: Schools, theta: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return lambda and lambda (mean - mu) by school, then sum(lambda), mu and Q by group, at each group's theta."""
    grouping = schools.grouping
    weight = schools.n / (1.0 + schools.n * grouping.spread(theta))
    first = grouping.total(weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        mu = np.where(first > 0, grouping.total(weight * schools.mean) / first, 0.0)
    deviation = schools.mean - grouping.spread(mu)
    scaled = weight * deviation
    return weight, scaled, first, mu, grouping.total(scaled * deviation)


def at(schools: Schools, theta: Floats) -> Sums:
    """Return the sums of every group at its theta; schools without pupils have lambda = 0."""
    weight, scaled, first, mu, q = _fit(schools, theta)
    return Sums(q, schools.grouping.total(scaled * scaled), first, schools.grouping.total(weight * weight), mu)


def in_blocks(solve: Callable[..., Floats], schools: Schools, *columns: Floats) -> Floats:
    """Return solve(schools, *columns), put together from blocks of groups small enough for the processor's cache."""
    number, rows = schools.grouping.number, len(schools.n)
    ends = np.append(schools.grouping.starts[1:], rows)
    result, first = np.empty(number), 0
    while first < number:
        start = int(schools.grouping.starts[first])
        last = max(int(np.searchsorted(ends, start + BLOCK, side="right")), first + 1)
        block = slice(first, last)
        part = schools.part(block, slice(start, int(ends[last - 1])))
        result[block] = solve(part, *(column[block] for column in columns))
        first = last
    return result


def criterion(schools: Schools, theta: Floats) -> Floats:
    """Return minus twice the restricted log-likelihood of each group, less a constant; sigma2 profiled out."""
    _, _, first, _, q = _fit(schools, theta)
    logs = schools.grouping.total(np.log1p(schools.n * schools.grouping.spread(theta)))
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = (schools.pupils - 1) * np.log(schools.within + q) + logs + np.log(first)
    return result


def _slope(schools: Schools, theta: Floats) -> Floats:
    """Return the log of the ratio of the two sides of REML's equation: negative below the root, positive above it."""
    sums = at(schools, theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (schools.pupils - 1) * sums.spread / (schools.within + sums.q)
        result: Floats = np.log(sums.first - sums.second / sums.first) - np.log(left)
    return result


def root(function: Callable[[Floats], Floats], low: Floats, high: Floats, steps: int = 80) -> Floats:
    """Return where the function is 0: below it at `low`, above it at `high`, all groups at once.

    Chandrupatla's method (1997, Adv. Eng. Softw. 28), each entry done when it is, whatever the others still need; that
    of scipy.optimize takes longer to import than most tables take. Entries with low = high stay where they are.
    """
    a, b = low.copy(), high.copy()
    fa, fb = function(a), function(b)
    c, fc = a.copy(), fa.copy()
    share = np.full(len(a), 0.5)
    result, moving = np.where(np.abs(fa) <= np.abs(fb), a, b), low < high
    for _ in range(steps):
        if not moving.any():
            break
        x = a + share * (b - a)
        fx = function(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        width = np.abs(b - a)
        allowed = 1e-12 + 4e-15 * np.abs(a)
        result = np.where(moving, np.where(np.abs(fa) <= np.abs(fb), a, b), result)
        moving = moving & (width > 2 * allowed)
        with np.errstate(divide="ignore", invalid="ignore"):
            xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
            inverse = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
            usable = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(inverse)
            edge = np.where(width > 0, allowed / width, 0.5)
        share = np.clip(np.where(usable, inverse, 0.5), np.minimum(edge, 0.5), np.maximum(1 - edge, 0.5))
    return result


def least(slope: Callable[[Floats], Floats], value: Callable[[Floats], Floats], number: int) -> Floats:
    """Return the u from 0 on at which `value` is least, for each of `number` groups; `slope` has its derivative's sign.

    The derivative is followed over the grid. Where it turns but once, there is the least value; where it turns more
    often (very unequal sizes), or falls again after rising from 0 on, the values themselves decide between the places.
    """
    steps = np.array(GRID)
    falls = np.stack([slope(np.full(number, u)) < 0 for u in steps])
    turns = falls[:-1] & ~falls[1:]
    ordinal = turns.cumsum(axis=0)

    def turn(which: int) -> Floats:
        """Return u at a turn; 0 where a group has not so many."""
        here = turns & (ordinal == which)
        place, there = here.argmax(axis=0), here.any(axis=0)
        return root(slope, np.where(there, steps[place], 0.0), np.where(there, steps[place + 1], 0.0))

    best = turn(1)
    most = int(ordinal[-1].max(initial=0))
    if most > 1 or bool((~falls[0] & (ordinal[-1] > 0)).any()):
        lowest = value(best)
        others = [(np.zeros(number), ~falls[0])]
        others += [(turn(which), ordinal[-1] >= which) for which in range(2, most + 1)]
        for other, there in others:
            at_other = value(other)
            lower = there & (at_other < lowest)
            best, lowest = np.where(lower, other, best), np.where(lower, at_other, lowest)
    return best


def reml(schools: Schools) -> Floats:
    """Return the theta that maximises the restricted likelihood; groups without a rate get whatever the grid gives."""
    size = schools.size
    u = least(
        lambda u: _slope(schools, np.expm1(u) / size), lambda u: criterion(schools, np.expm1(u) / size), len(size)
    )
    return np.expm1(u) / size


def pivot(schools: Schools, theta: Floats) -> Floats:
    """Return Wald's statistic (Q / (J - 1)) / (W / (N - J)) of every group at its theta."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = _fit(schools, theta)[4] / schools.df_between / (schools.within / schools.df_within)
    return result


def invert(schools: Schools, value: Floats, steps: int = 60) -> Floats:
    """Return the theta at which the pivot of each group has `value`; 0 where it is lower already at theta = 0.

    log Q is close to a straight line in u = log(1 + n0 theta), exactly one where sizes are equal: Newton, kept in its
    bracket.
    """
    size = schools.size
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(value * schools.df_between * schools.within / schools.df_within)
        start = np.log(schools.between) - target
    inside = np.isfinite(start) & (start > 0)
    u = np.where(inside, start, 0.0)
    target = np.where(inside, target, 0.0)
    low, high = np.zeros(len(u)), np.full(len(u), np.inf)
    moving = inside
    for _ in range(steps):
        _, scaled, _, _, q = _fit(schools, np.expm1(u) / size)
        spread = schools.grouping.total(scaled * scaled)
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = np.log(q) - target
            step = np.nan_to_num(gap * q * size / (spread * np.exp(u)))
        low, high = np.where(gap > 0, u, low), np.where(gap > 0, high, u)
        middle = np.where(np.isfinite(high), (low + high) / 2, u + 1.0)
        # A last step this small leaves an error of its square; it need not stay inside the bracket.
        last = np.abs(step) <= 1e-8
        to = np.where(last | ((u + step > low) & (u + step < high)), u + step, middle)
        u = np.where(moving, to, u)
        moving = moving & ~last
        if not moving.any():
            break
    return np.expm1(u) / size


def rate(theta: Floats) -> Floats:
    """Return the rate theta / (1 + theta); infinite theta is a rate of 1."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(theta), 1.0, theta / (1 + theta))


def odds(limit: float) -> float:
    """Return theta at a rate. Raises ValueError for a rate that does not lie inside (0, 1)."""
    if not 0 < limit < 1:
        raise ValueError(f"a rate lies between 0 and 1, got {limit}")
    return limit / (1 - limit)
