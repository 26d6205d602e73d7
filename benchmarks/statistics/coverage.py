"""Bias and coverage by simulation: `python -m benchmarks.statistics.coverage [draws]`; its table goes into
docs/method.md.

Each cell draws counties with a known rate and asks `variance.estimate` for the rate, its interval and the confidence
that it lies below the true rate, which is uniform where the method is right. Sizes: `equal`, 40 pupils a school;
`unequal`, 4, 8, 15, 40 and 133 in turn. Scores: `normal`; `skewed_pupils`, where pupils deviate from their school by an
exponential (skewness 2); `skewed`, where schools do so too.
"""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.statistics import variance
from benchmarks.statistics.places import RESULTS

Array = npt.NDArray[np.float64]
SCHOOLS = (5, 10, 20, 40, 80)
RATES = (0.0, 0.02, 0.1, 0.15, 0.3)
SIZES = {"equal": (40,) * 5, "unequal": (4, 8, 15, 40, 133)}
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Pupils drawn at once where they must be drawn one by one.
PIECE = 4_000_000


def normal(draw: np.random.Generator, size: Array, rate: float) -> tuple[Array, Array]:
    """Return means and sums of squares of schools (draws x schools) with normal scores."""
    mean = draw.normal(0, np.sqrt(rate), size.shape) + draw.normal(0, 1, size.shape) * np.sqrt((1 - rate) / size)
    return mean, draw.chisquare(size - 1) * (1 - rate)


def skewed(draw: np.random.Generator, size: Array, rate: float, schools_too: bool = True) -> tuple[Array, Array]:
    """Return the same with exponential effects of pupils, each drawn, and of schools too or normal ones."""
    mean, ss = np.empty(size.shape), np.empty(size.shape)
    step = max(1, int(PIECE / size[0].sum()))
    for first in range(0, len(size), step):
        part = slice(first, first + step)
        counts = size[part].astype(np.int64).ravel()
        starts = np.append(0, np.cumsum(counts)[:-1])
        pupils = (draw.standard_exponential(counts.sum()) - 1) * np.sqrt(1 - rate)
        means = np.add.reduceat(pupils, starts) / counts
        squares = np.add.reduceat(pupils**2, starts) - counts * means**2
        effects = draw.standard_exponential(len(counts)) - 1 if schools_too else draw.normal(0, 1, len(counts))
        schools = effects * np.sqrt(rate)
        mean[part], ss[part] = (means + schools).reshape(-1, size.shape[1]), squares.reshape(-1, size.shape[1])
    return mean, np.maximum(ss, 0.0)


def cells(draws: int) -> Iterator[dict[str, object]]:
    """Yield one row per cell; every cell has its own stream of numbers, so that one can be run again alone."""
    kinds: dict[str, Callable[[np.random.Generator, Array, float], tuple[Array, Array]]] = {
        "normal": normal,
        "skewed_pupils": partial(skewed, schools_too=False),
        "skewed": skewed,
    }
    for number, (scores, sizes, rate, schools) in enumerate(product(kinds, SIZES, RATES, SCHOOLS)):
        draw = np.random.default_rng([2017, number])
        size = np.tile(np.resize(np.array(SIZES[sizes], dtype=float), schools), (draws, 1))
        mean, ss = kinds[scores](draw, size, rate)
        labels = np.repeat(np.arange(draws), schools)
        found = variance.estimate(size.ravel(), mean.ravel(), ss.ravel(), labels, limit=rate or 0.15)
        row: dict[str, object] = {"scores": scores, "sizes": sizes, "rate": rate, "schools": schools, "draws": draws}
        for name, values in (("reml", found.icc), ("anova", found.anova), ("eta2", found.eta2)):
            row[f"bias_{name}"] = float(values.mean() - rate)
            row[f"se_{name}"] = float(values.std(ddof=1) / np.sqrt(draws))
        inside = float(((found.ci_low <= rate) & (rate <= found.ci_high)).mean())
        row["coverage"], row["se_coverage"] = inside, float(np.sqrt(inside * (1 - inside) / draws))
        for level in LEVELS:
            row[f"p_{level}"] = float((found.p_below <= level).mean()) if rate else None
        yield row


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    start, rows = time.time(), []
    for row in cells(draws):
        rows.append(row)
        print({name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}, flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(RESULTS / "coverage.csv", float_precision=6)
    print(f"{len(rows)} cells in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
