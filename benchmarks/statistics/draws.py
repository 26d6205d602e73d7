"""Counties drawn with a known rate: the school effects, sizes and kinds of scores that `coverage` asks about.

Effects have mean 0 and variance 1 before they are scaled: `normal`, `uniform`, `exponential` (skewness 2), `t3` and
`t5` (Student's t with so many degrees of freedom), and `outliers`, where one school in ten, drawn independently, lies
five standard deviations from the others. Sizes: `equal`, 60 pupils a school; `county`, 25 to 260, spaced evenly on a
logarithmic scale. Pupils are normal but for whole scores: those of `whole` stop nowhere, those of `ceiling` and
`touched` at a greatest that 73 % and 10 % of pupils reach, those of `floor` at a least that 10 % do not pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analysis.statistics.arrays import Ints

Array = npt.NDArray[np.float64]
EFFECTS = ("normal", "uniform", "exponential", "t3", "t5", "outliers")
SIZES = ("equal", "county")
#: One school in so many is an outlier, so many standard deviations away.
SHARE, DISTANCE = 0.1, 5.0
#: The part of pupils at the end where scores stop, by kind of scores; those of `floor` are turned round.
CEILINGS = {"ceiling": 0.73, "touched": 0.1, "floor": 0.1}
#: Points that a standard deviation of the latent score makes, plausible values of each pupil and how much of a pupil's
#: own score they are sure of, slope of the covariate.
POINTS, VALUES, SURE, SLOPE = 6.0, 5, 0.7, 0.8
#: Pupils drawn at once.
PIECE = 3_000_000


def effects(kind: str, draw: np.random.Generator, shape: tuple[int, int]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Return effects (draws x schools) of mean 0 and variance 1, and which draws hold an outlier (all but for that)."""
    everywhere = np.ones(shape[0], dtype=np.bool_)
    match kind:
        case "normal":
            return draw.normal(0, 1, shape), everywhere
        case "uniform":
            return (draw.random(shape) - 0.5) * np.sqrt(12), everywhere
        case "exponential":
            return draw.standard_exponential(shape) - 1, everywhere
        case "t3" | "t5":
            freedom = float(kind[1:])
            return draw.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2)), everywhere
        case "outliers":
            far = draw.random(shape) < SHARE
            values = draw.normal(0, 1, shape) + DISTANCE * (far - SHARE)
            holds = np.asarray(far.any(axis=1), dtype=np.bool_)
            return np.asarray(values / np.sqrt(1 + DISTANCE**2 * SHARE * (1 - SHARE))), holds
    raise ValueError(f"no such effects: {kind}")


def sizes(kind: str, schools: int) -> Array:
    """Return how many pupils each school has."""
    if kind == "equal":
        return np.full(schools, 60.0)
    return np.round(25 * (260 / 25) ** ((np.arange(schools) + 0.5) / schools))


@dataclass(frozen=True)
class Drawn:
    """What the estimators take, schools of all draws one after another, and the draws that hold an outlier.

    `mean` and `cross` have one entry per variable (score first, or the plausible values); `cross` is square with a
    covariate alone. `at_end` is the greater of the parts of a draw's pupils on the greatest and on the least score (0
    where scores are drawn as means).
    """

    n: Array
    mean: Array
    cross: Array
    outlier: npt.NDArray[np.bool_]
    at_end: Array


def plain(draw: np.random.Generator, u: Array, size: Array, rate: float) -> tuple[Array, Array, Array]:
    """Return n, means and sums of squares (draws x schools) of normal pupils."""
    n = np.broadcast_to(size, u.shape)
    mean = u * np.sqrt(rate) + draw.normal(0, 1, u.shape) * np.sqrt((1 - rate) / n)
    return n, mean, draw.chisquare(n - 1) * (1 - rate)


def _pieces(draws: int, size: Array) -> Iterator[tuple[slice, Ints, Ints]]:
    """Yield some draws, the pupils of their schools, and where each school starts."""
    step = max(1, int(PIECE / size.sum()))
    for first in range(0, draws, step):
        part = slice(first, min(first + step, draws))
        counts = np.tile(size, part.stop - part.start).astype(np.int64)
        yield part, counts, np.append(0, np.cumsum(counts)[:-1])


def _reduced(values: Array, weight: Array, starts: Ints) -> tuple[Array, Array, Array]:
    """Return effective n, weighted means and cross products of variables (pupils x q) by school."""
    w, ww = np.add.reduceat(weight, starts), np.add.reduceat(weight**2, starts)
    n = w**2 / ww
    columns = range(values.shape[1])
    mean = np.stack([np.add.reduceat(weight * values[:, i], starts) / w for i in columns], axis=1)
    products = np.empty((len(n), len(columns), len(columns)))
    for i in columns:
        for j in columns:
            # Scores drawn around 0 lose nothing by sums of their squares.
            raw = np.add.reduceat(weight * values[:, i] * values[:, j], starts)
            products[:, i, j] = n * (raw / w - mean[:, i] * mean[:, j])
    return n, mean, products


def _top(kind: str) -> int:
    """Return the greatest score that there is."""
    return int(np.floor(POINTS * ndtri(1 - CEILINGS[kind])))


def _turned(kind: str) -> int:
    """Return the sign of school effects: a floor is a ceiling of scores that are turned round."""
    return -1 if kind == "floor" else 1


def _at_end(score: Array, pupils: int) -> Array:
    """Return the part of pupils at the fuller end, draw by draw of so many pupils."""
    each = score.reshape(-1, pupils)
    ends = (each.max(axis=1, keepdims=True), each.min(axis=1, keepdims=True))
    found: Array = np.maximum(*((each == end).mean(axis=1) for end in ends))
    return found


def _scores(kind: str, draw: np.random.Generator, u: Array, rate: float) -> Array:
    """Return one column per variable of pupils whose school effects are `u`, scaled already."""
    e = draw.normal(0, np.sqrt(1 - rate), len(u))
    match kind:
        case "conditional":
            x = draw.normal(0, 1, len(u))
            return np.column_stack([SLOPE * x + u + e, x])
        case "plausible":
            unsure = draw.normal(0, np.sqrt((1 - SURE) * (1 - rate)), (len(u), VALUES))
            return np.asarray((u + np.sqrt(SURE) * e)[:, None] + unsure)
        case "whole":
            return np.round(POINTS * (u + e))[:, None]
        case "ceiling" | "touched" | "floor":
            stopped: Array = np.minimum(np.round(POINTS * (_turned(kind) * u + e)), _top(kind))
            return stopped[:, None]
    return (u + e)[:, None]


def drawn(kind: str, effect: str, size: Array, rate: float, draws: int, draw: np.random.Generator) -> Drawn:
    """Return `draws` counties of a kind of scores: plain, weighted, conditional, plausible, or whole numbers."""
    u, outlier = effects(effect, draw, (draws, len(size)))
    if kind == "plain":
        n, mean, ss = plain(draw, u, size, rate)
        return Drawn(n.ravel(), mean.reshape(1, -1), ss.reshape(1, -1), outlier, np.zeros(draws))
    parts, at_end = [], []
    for part, counts, starts in _pieces(draws, size):
        own = np.repeat((u[part] * np.sqrt(rate)).ravel(), counts)
        values = _scores(kind, draw, own, rate)
        at_end.append(_at_end(values[:, 0], int(size.sum())))
        weight = draw.choice([1.0, 2.0, 5.0], len(own)) if kind == "weighted" else np.ones(len(own))
        if kind == "plausible":
            each = [_reduced(values[:, [place]], weight, starts) for place in range(VALUES)]
            parts.append((each[0][0], np.stack([m[:, 0] for _, m, _ in each], 1), np.stack([c for *_, c in each], 1)))
        else:
            parts.append(_reduced(values, weight, starts))
    n, mean, cross = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    crowd = np.concatenate(at_end)
    if kind == "conditional":
        return Drawn(n, mean, cross, outlier, crowd)
    own_cross = np.stack([cross.reshape(len(n), -1)[:, place] for place in range(mean.shape[1])])
    return Drawn(n, mean.T, own_cross, outlier, crowd)


def true_rate(kind: str, effect: str, rate: float) -> float:
    """Return the rate of the scores: `rate`, or with a ceiling what it leaves of it, from a million schools."""
    if kind not in CEILINGS:
        return rate
    u = effects(effect, np.random.default_rng(73), (1_000_000, 1))[0][:, 0] * np.sqrt(rate) * _turned(kind)
    top = _top(kind)
    first, second = np.full(len(u), float(top)), np.full(len(u), float(top) ** 2)
    # E(score) = top - sum of P(score <= k) below the top, and likewise for the square.
    for k in range(top - int(9 * POINTS), top):
        below = ndtr(((k + 0.5) / POINTS - u) / np.sqrt(1 - rate))
        first -= below
        second -= (2 * k + 1) * below
    between, within = first.var(), (second - first**2).mean()
    return float(between / (between + within))
