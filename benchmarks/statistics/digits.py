"""How many digits far-off scores cost: `python -m benchmarks.statistics.digits [counties]`.

Scores are c + s N(0, 1), as double precision stores them, and so are a covariate and further plausible values. What
is stored less c is exact, and mathematically every result of it is the same: what differs is lost by our arithmetic.
Each way of reading pupils is asked through `junheng icc`; coefficients have amounts of c + s N(0, 1) for each pupil.
The greatest relative difference of any figure (of effects: in terms of the largest) stands in
benchmarks/results/digits.csv, of which `page` makes a table of docs/method.md.
"""

import sys
import tempfile
from fractions import Fraction
from itertools import product
from math import isqrt
from pathlib import Path

import numpy as np
import polars as pl

from analysis.run.commands import pupils
from analysis.run.commands import rates as tables
from analysis.statistics import by_group, dispersion
from benchmarks.statistics.draws import Array
from benchmarks.statistics.places import RESULTS

FAR, SPREADS = (1e6, 1e9), (1.0, 100.0)
WAYS: dict[str, dict[str, object]] = {
    "scores": {"scores": ("y",)},
    "weights": {"scores": ("y",), "weight": "w"},
    "covariate": {"scores": ("y",), "covariates": ("x",)},
    "weights and covariate": {"scores": ("y",), "weight": "w", "covariates": ("x",)},
    "plausible values": {"pv": ("y", "x")},
}
#: Figures that do not change when all scores do.
SAME = ("icc", "ci_low", "ci_high", "p_below", "tau2", "sigma2", "anova", "eta2", *by_group.CONDITIONAL)


def county(seed: int, far: float, spread: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return pupils of a county far from 0, and the same with the distance taken off, which is exact."""
    draw = np.random.default_rng([9, seed])
    schools = int(draw.integers(4, 16))
    school = np.repeat(np.arange(schools), draw.integers(2, 60, schools))
    near = draw.normal(0, 0.5, schools)[school] + draw.normal(0, 1, len(school))
    y, x = far + spread * near, far + spread * (near + draw.normal(0, 1, len(school)))
    keys = {"school": school, "w": draw.choice([1.0, 2.0, 5.0], len(school))}
    return pl.DataFrame(keys | {"y": y, "x": x}), pl.DataFrame(keys | {"y": y - far, "x": x - far})


def differing(one: Array, other: Array, size: Array | float) -> float:
    """Return the greatest difference in terms of a size; figures that are 0 or missing have to be so in both."""
    if not np.array_equal(np.isnan(one), np.isnan(other)):
        return float("inf")
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(one == other, 0.0, np.abs(one - other) / size)
    return float(np.nanmax(apart, initial=0.0))


def rates(way: str, seed: int, far: float, spread: float, folder: Path) -> tuple[float, float]:
    """Return what a way of reading loses in the rate's figures, and in the effects of schools."""
    found = []
    for frame in county(seed, far, spread):
        file = folder / "pupils.parquet"
        frame.write_parquet(file)
        question = pupils.Question("school", **WAYS[way])  # type: ignore[arg-type]
        found.append((tables.icc(file, question), tables.effects(file, question)))
    (rate, effect), (rate_near, effect_near) = found
    worst = [0.0]
    for name in SAME:
        if name in rate.columns:
            one, other = (each[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for each in (rate, rate_near))
            worst.append(differing(one, other, np.abs(other)))
    of_schools = [0.0]
    largest = float(np.abs(effect_near["effect"].to_numpy()).max())
    for name in ("effect", "low", "high"):
        of_schools.append(differing(effect[name].to_numpy(), effect_near[name].to_numpy(), largest or 1.0))
    return max(worst), max(of_schools)


def coefficient(seed: int, far: float, spread: float) -> tuple[float, float]:
    """Return what the coefficient loses, and what it loses of all schools but one, against sums of whole numbers."""
    draw = np.random.default_rng([10, seed])
    p = draw.integers(50, 2000, 9).astype(np.float64)
    x = p * (far + spread * draw.normal(0, 1, 9))

    def exact(amounts: Array, weights: Array) -> float:
        given = [(Fraction(a), Fraction(b)) for a, b in zip(amounts, weights, strict=True)]
        total = sum(b for _, b in given)
        mean = sum(a for a, _ in given) / total
        square = sum(b * (a / b - mean) ** 2 for a, b in given) / total / mean**2
        # The root of a whole number, with more digits than are needed.
        return isqrt(int(square * 10**60)) / 10**30

    whole, rest = dispersion.coefficient(x, p).cv, dispersion.without(x, p)
    of_all = abs(whole / exact(x, p) - 1)
    others = [abs(rest[i] / exact(np.delete(x, i), np.delete(p, i)) - 1) for i in range(len(x))]
    return of_all, max(others)


def main(counties: int) -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for far, spread in product(FAR, SPREADS):
            row: dict[str, object] = {"far": far, "spread": spread, "counties": counties}
            for way in WAYS:
                lost = [rates(way, seed, far, spread, Path(folder)) for seed in range(counties)]
                row[way] = max(one for one, _ in lost)
                row[f"{way}, effects"] = max(other for _, other in lost)
            lost = [coefficient(seed, far, spread) for seed in range(counties)]
            row["coefficient"], row["coefficient of all but one"] = (max(each) for each in zip(*lost, strict=True))
            rows.append(row)
            print({name: f"{x:.1e}" if isinstance(x, float) else x for name, x in row.items()}, flush=True)
    pl.DataFrame(rows).write_csv(RESULTS / "digits.csv")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
