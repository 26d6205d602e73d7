"""What any interval of a given width can hold, by simulation: `python -m benchmarks.statistics.bound [draws]`.

The variance of school effects alone, pupils aside, which is the hardest case. For each number of schools the upper end
of the interval may depend in any way on a statistic of the sample's shape (twelve classes of it); the best such rule is
chosen knowing the distributions, to miss Student's t with 3 degrees of freedom as seldom as can be while intervals stay
at most WIDTH times as wide as Wald's under normal effects. Writes benchmarks/results/bound.csv.
"""

import sys
from collections.abc import Callable

import numpy as np
import polars as pl
from scipy import stats

from benchmarks.statistics.draws import Array, effects
from benchmarks.statistics.places import RESULTS

SCHOOLS = (10, 20, 30, 50, 100)
RATE, WIDTH, TAIL = 0.15, 1.15, 0.025
CLASSES = (0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
#: How far above the sample's variance, on a logarithmic scale, the upper end may lie.
UPPER = np.linspace(0.2, 3.5, 67)


def kurtosis(u: Array) -> Array:
    """Return the kurtosis around the median of each draw."""
    apart = u - np.median(u, axis=1)[:, None]
    result: Array = (apart**4).mean(axis=1) / u.var(axis=1) ** 2
    return result


def geary(u: Array) -> Array:
    """Return the standard deviation in terms of the mean distance from the median."""
    result: Array = u.std(axis=1) / np.abs(u - np.median(u, axis=1)[:, None]).mean(axis=1)
    return result


def farthest(u: Array) -> Array:
    """Return how many standard deviations the farthest school lies from the median."""
    result: Array = np.abs(u - np.median(u, axis=1)[:, None]).max(axis=1) / u.std(axis=1)
    return result


def likelihood(u: Array) -> Array:
    """Return the log of the likelihood of Student's t with 3 degrees of freedom against that of the normal."""
    middle = np.median(u, axis=1)
    size = 1.3 * np.median(np.abs(u - middle[:, None]), axis=1) + 1e-9
    for _ in range(30):
        weight = 4 / (3 + ((u - middle[:, None]) / size[:, None]) ** 2)
        middle = (weight * u).sum(axis=1) / weight.sum(axis=1)
        size = np.sqrt((weight * (u - middle[:, None]) ** 2).mean(axis=1))
    z = (u - middle[:, None]) / size[:, None]
    result: Array = stats.t.logpdf(z, 3).sum(axis=1) - u.shape[1] * np.log(size / u.std(axis=1))
    return result


SHAPES: dict[str, Callable[[Array], Array]] = {
    "kurtosis": kurtosis,
    "Geary's ratio": geary,
    "farthest school": farthest,
    "likelihood ratio": likelihood,
}


def widths(log_variance: Array, upper: float) -> Array:
    """Return the widths of intervals of the rate whose upper end lies so far above; Wald's lower end beside them."""
    theta = RATE / (1 - RATE) * np.exp(log_variance)
    high = theta * np.exp(upper)
    result: Array = high / (1 + high)
    return result


def best(schools: int, draws: int, shape: Callable[[Array], Array]) -> float:
    """Return the share of draws of t3 that the best rule's upper end reaches, lower ends all being right."""
    draw = np.random.default_rng([3, schools])
    normal, heavy = (effects(kind, draw, (draws, schools))[0] for kind in ("normal", "t3"))
    logs = [np.log(u.var(axis=1, ddof=1)) for u in (normal, heavy)]
    shapes = [shape(u) for u in (normal, heavy)]
    edges = np.quantile(shapes[0], CLASSES)
    of = [np.digitize(values, edges) for values in shapes]
    free = schools - 1
    low = RATE / (1 - RATE) * np.exp(logs[0]) * free / stats.chi2.ppf(1 - TAIL, free)
    least = float((low / (1 + low)).mean())
    wald = float(widths(logs[0], float(np.log(free / stats.chi2.ppf(TAIL, free)))).mean()) - least
    places = range(len(CLASSES) + 1)
    wide = np.array([[widths(logs[0][of[0] == c], up).sum() / draws for up in UPPER] for c in places])
    missed = np.array([[(logs[1][of[1] == c] + up < 0).sum() / draws for up in UPPER] for c in places])
    for price in np.geomspace(1e-3, 100, 300):
        chosen = (missed + price * wide).argmin(axis=1)
        if wide[places, chosen].sum() - least <= WIDTH * wald:
            return float(1 - missed[places, chosen].sum())
    raise ValueError("no rule is as narrow")


def main(draws: int) -> None:
    rows = [
        {"schools": schools} | {name: best(schools, draws, shape) for name, shape in SHAPES.items()}
        for schools in SCHOOLS
    ]
    table = pl.DataFrame(rows)
    table.write_csv(RESULTS / "bound.csv", float_precision=4)
    print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
