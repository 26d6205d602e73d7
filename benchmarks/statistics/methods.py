"""Other intervals that the literature has for heavy tails: `python -m benchmarks.statistics.methods [draws]`.

Beside the pivots of `tails`, on the same draws (one-way model, normal pupils, sizes of a county), all on the scale
log(1 + n0 theta), where schools' chance has about the same variance whatever the rate:

- `bootstrap-t` (Ukoumunne, Davison, Gulliford and Chinn 2003, Stat. Med. 22): schools drawn with replacement, the
  distance of each sample's estimate in terms of its own standard error, by linearisation;
- `jackknife` (Arvesen 1969, Ann. Math. Stat. 40): pseudo-values of schools left out in turn, Student's t;
- `kurtosis` (Burch 2011, Comput. Stat. Data Anal. 55): the REML estimate with its large-sample variance, in which the
  kurtosis of the school means stands;
- `switched`: `corrected`, but `safe` where the sample's kurtosis is above what one county in twenty shows with normal
  effects;
- `reported`: what reports print at a limit of 0.15, `corrected`, but `safe` where the verdict hangs on it.

Writes benchmarks/results/methods.csv, of which `page` makes a table of docs/coverage.md.
"""

import sys
from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np
import polars as pl
from scipy.special import stdtrit

from analysis.statistics import variance
from analysis.statistics.arrays import Floats, floats
from analysis.statistics.components import arrange
from analysis.statistics.components import rate as rate_of
from benchmarks.statistics.draws import Array, effects, plain, sizes
from benchmarks.statistics.places import RESULTS

EFFECTS, SCHOOLS, RATES = ("normal", "exponential", "t3", "outliers"), (10, 30, 100), (0.15, 0.3)
LIMIT = 0.15
#: Samples of the bootstrap, and numbers that are held at once.
SAMPLES, PIECE = 999, 3_000_000
NORMAL, TAIL = 1.959963984540054, 0.025
#: Draws of normal effects that say where `switched` switches, and how many of them it may.
TRIALS, SHARE = 4000, 0.05


def transformed(n: Array, mean: Array, ss: Array) -> tuple[Array, Array, Array]:
    """Return theta by ANOVA, log F and its standard error by linearisation, over the last axis (schools)."""
    j, total = n.shape[-1], n.sum(-1)
    middle = (n * mean).sum(-1) / total
    apart = n * (mean - middle[..., None]) ** 2
    between, within = apart.sum(-1), ss.sum(-1)
    log_f = np.log(between / (j - 1)) - np.log(within / (total - j))
    influence = j * apart / between[..., None] - j * ss / within[..., None]
    influence += j * (n - 1) / (total - j)[..., None] - 1
    error = np.sqrt((influence**2).sum(-1) / j / (j - 1))
    size = (total - (n**2).sum(-1) / total) / (j - 1)
    return (np.exp(log_f) - 1) / size, size, error


def scaled(theta: Array, size: Array) -> Array:
    """Return theta on the scale of log F for schools of one size; what lies below any F there can be is cut off."""
    return np.asarray(np.log(np.maximum(1 + size * theta, 1e-3)))


def bootstrap(n: Array, mean: Array, ss: Array, draw: np.random.Generator) -> tuple[Array, Array]:
    """Return the ends of the bootstrap-t interval on the scale of log F, one per draw."""
    draws, j = mean.shape
    theta, size, error = transformed(n, mean, ss)
    centre, ends = scaled(theta, size), np.empty((2, draws))
    step = max(1, PIECE // (SAMPLES * j))
    for first in range(0, draws, step):
        part = slice(first, min(first + step, draws))
        rows = np.arange(part.start, part.stop)[:, None, None]
        chosen = draw.integers(0, j, (part.stop - part.start, SAMPLES, j))
        other, _, its_error = transformed(n[rows, chosen], mean[rows, chosen], ss[rows, chosen])
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (scaled(other, size[part, None]) - centre[part, None]) / its_error
        t = np.where(np.isfinite(t), t, 0.0)
        ends[:, part] = np.quantile(t, (1 - TAIL, TAIL), axis=1)
    return centre - ends[0] * error, centre - ends[1] * error


def jackknife(n: Array, mean: Array, ss: Array) -> tuple[Array, Array]:
    """Return the ends of the jackknife's interval on the scale of log F, one per draw."""
    j = mean.shape[1]
    theta, size, _ = transformed(n, mean, ss)
    pseudo = np.empty(mean.shape)
    for place in range(j):
        without, _, _ = transformed(*(np.delete(each, place, axis=1) for each in (n, mean, ss)))
        pseudo[:, place] = j * scaled(theta, size) - (j - 1) * scaled(without, size)
    half = float(stdtrit(j - 1, 1 - TAIL)) * pseudo.std(axis=1, ddof=1) / np.sqrt(j)
    return pseudo.mean(axis=1) - half, pseudo.mean(axis=1) + half


def large_sample(kurtosis: Array, theta: Array, size: Array, j: int, total: float) -> tuple[Array, Array]:
    """Return the ends from REML's estimate and its variance with the kurtosis of the school means (Burch's)."""
    excess = (j - 1) / ((j - 2) * (j - 3)) * ((j + 1) * (kurtosis - 3) + 6)
    half = NORMAL * np.sqrt(np.maximum(2 / (j - 1) + excess / j, 0.1 / j) + 2 / (total - j))
    return scaled(theta, size) - half, scaled(theta, size) + half


def kurtosis(n: Array, mean: Array, ss: Array, icc: Floats) -> Floats:
    """Return the kurtosis of the standardised school means of every draw, as the pivots take it."""
    schools = arrange(n.ravel(), mean.ravel(), ss.ravel(), np.repeat(np.arange(len(n)), n.shape[1]))
    return floats(variance.asked(schools, icc / (1 - icc)).shape.kurtosis)


@cache
def threshold(schools: int) -> float:
    """Return the kurtosis that SHARE of counties with normal effects exceed."""
    draw = np.random.default_rng([5, schools])
    n, mean, ss = plain(draw, effects("normal", draw, (TRIALS, schools))[0], sizes("county", schools), LIMIT)
    found = variance.estimate(n.ravel(), mean.ravel(), ss.ravel(), np.repeat(np.arange(TRIALS), schools), limit=0.15)
    return float(np.quantile(kurtosis(n, mean, ss, found.icc), 1 - SHARE))


def intervals(n: Array, mean: Array, ss: Array, draw: np.random.Generator) -> dict[str, tuple[Array, Array]]:
    """Return the ends of every method's interval of the rate, one per draw."""
    draws, j = mean.shape
    labels = np.repeat(np.arange(draws), j)
    found: dict[str, tuple[Array, Array]] = {}
    for pivot in ("wald", "corrected", "safe"):
        given = variance.estimate(n.ravel(), mean.ravel(), ss.ravel(), labels, limit=LIMIT, pivot=pivot)
        found[pivot] = given.ci_low, given.ci_high
    kurt, size = kurtosis(n, mean, ss, given.icc), transformed(n, mean, ss)[1]
    fires = kurt > threshold(j)
    ends = zip(found["safe"], found["corrected"], strict=True)
    low, high = (np.where(fires, wide, narrow) for wide, narrow in ends)
    found["switched"] = low, high
    (low, high), sure = found["corrected"], given.p_safe
    hangs = ((high < LIMIT) | (low >= LIMIT)) & (sure > TAIL) & (sure < 1 - TAIL)
    found["reported"] = np.where(hangs, found["safe"][0], low), np.where(hangs, found["safe"][1], high)
    others: dict[str, Callable[[], tuple[Array, Array]]] = {
        "bootstrap-t": lambda: bootstrap(n, mean, ss, draw),
        "jackknife": lambda: jackknife(n, mean, ss),
        "kurtosis": lambda: large_sample(kurt, given.icc / (1 - given.icc), size, j, float(n[0].sum())),
    }
    for name, method in others.items():
        low, high = (np.maximum(np.expm1(end) / size, 0.0) for end in method())
        found[name] = rate_of(low), rate_of(high)
    return found


def one(effect: str, rate: float, schools: int, draws: int) -> dict[str, object]:
    """Return how often each method's interval holds the rate in a cell, and its mean width in terms of Wald's."""
    draw = np.random.default_rng([14, EFFECTS.index(effect), schools, round(100 * rate)])
    u, held = effects(effect, draw, (draws, schools))
    n, mean, ss = plain(draw, u[held], sizes("county", schools), rate)
    row: dict[str, object] = {"effects": effect, "rate": rate, "schools": schools, "draws": len(n)}
    found = intervals(n, mean, ss, draw)
    usual = float((found["wald"][1] - found["wald"][0]).mean())
    for name, (low, high) in found.items():
        row[name] = float(((low <= rate) & (high >= rate)).mean())
        row[f"{name}_width"] = float((high - low).mean()) / usual
    return row


def main(draws: int) -> None:
    rows = []
    for effect, rate, schools in product(EFFECTS, RATES, SCHOOLS):
        rows.append(one(effect, rate, schools, draws))
        print({name: round(x, 3) if isinstance(x, float) else x for name, x in rows[-1].items()}, flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(RESULTS / "methods.csv", float_precision=6)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
