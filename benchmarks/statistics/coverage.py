"""How often intervals hold and verdicts err, by simulation: `python -m benchmarks.statistics.coverage [draws [kind]]`.

Writes benchmarks/results/coverage.csv, of which `page` makes docs/coverage.md. Each cell draws counties with a known
rate (see `draws`) and asks every pivot for its interval, and the pivot `safe` for the verdict at a limit that *is* the
true rate: `met` and `not_met` are wrong there, and neither is said where scores crowd at an end (`crowded`;
`met_unchecked` and `not_met_unchecked` are without that check). Of draws with outliers the cell's figures are those of
draws that hold one; the coverage of the others stands beside it, with Wald's, which for them is exact: no method that
holds its level where effects are normal can do better.
Every cell has its own stream of numbers, so that one can be run again alone.
"""

import sys
import time
from collections.abc import Iterator
from itertools import product

import numpy as np
import polars as pl

from analysis.run.commands.pupils import crowded_above
from analysis.statistics import conditional, plausible
from analysis.statistics.arrays import Ints
from analysis.statistics.tails import PIVOTS, Pivot
from benchmarks.statistics.draws import EFFECTS, SIZES, Array, Drawn, drawn, sizes, true_rate
from benchmarks.statistics.places import RESULTS

SCHOOLS = (5, 10, 20, 30, 50, 100)
RATES = (0.02, 0.15, 0.3)
#: Other kinds of scores are asked about at this rate, these sizes, and these numbers of schools.
KINDS = ("weighted", "conditional", "plausible", "ceiling", "whole", "touched", "floor")
RATE, SIZE, FEW = 0.15, "county", (5, 20)
#: Draws of other kinds, whose pupils are drawn one by one.
PART = 0.5
TAIL = 0.025

Cell = tuple[str, str, str, float, int]


def cells() -> list[Cell]:
    """Return kind, effects, sizes, rate and number of schools of every cell."""
    return [("plain", *cell) for cell in product(EFFECTS, SIZES, RATES, SCHOOLS)] + [
        (kind, effect, SIZE, RATE, schools) for kind, effect, schools in product(KINDS, EFFECTS, FEW)
    ]


def asked(kind: str, given: Drawn, labels: Ints, rate: float, pivot: Pivot) -> tuple[Array, ...]:
    """Return the rate, the ends of its interval and p_safe of every draw."""
    if kind == "conditional":
        with_x = conditional.estimate(given.n, given.mean, given.cross, labels, limit=rate, pivot=pivot)
        return with_x.icc, with_x.ci_low, with_x.ci_high, with_x.p_safe, with_x.icc
    found = plausible.estimate(given.n, given.mean, given.cross, labels, limit=rate, pivot=pivot)
    return found.icc, found.ci_low, found.ci_high, found.p_safe, found.eta2


def one(cell: Cell, draws: int, seed: int = 2017) -> dict[str, object]:
    """Return the figures of a cell from so many draws."""
    kind, effect, size, rate, schools = cell
    draw = np.random.default_rng([seed, cells().index(cell)])
    given = drawn(kind, effect, sizes(size, schools), rate, draws, draw)
    truth = true_rate(kind, effect, rate)
    labels = np.repeat(np.arange(draws), schools)
    row: dict[str, object] = dict(zip(("scores", "effects", "sizes", "rate", "schools"), cell, strict=True))
    held, others = given.outlier, ~given.outlier
    row |= {"truth": truth, "draws": int(held.sum())}
    widths = {}
    for pivot in PIVOTS:
        icc, low, high, safe, eta2 = asked(kind, given, labels, truth, pivot)
        over, under = low > truth, high < truth
        row[pivot] = float(1 - (over | under)[held].mean())
        row[f"{pivot}_under"], row[f"{pivot}_over"] = float(under[held].mean()), float(over[held].mean())
        row[f"{pivot}_others"] = float(1 - (over | under)[others].mean()) if others.any() else None
        widths[pivot] = float((high - low)[held].mean())
        if pivot == "corrected":
            row["bias"], row["bias_eta2"] = float((icc[held] - truth).mean()), float((eta2[held] - truth).mean())
            row["eta2_below"] = float((eta2 < icc)[held].mean())
            crowded = given.at_end > crowded_above()
            row["crowded"] = float(crowded[held].mean())
            for name, said in (("met", safe >= 1 - TAIL), ("not_met", safe <= TAIL)):
                row[name], row[f"{name}_unchecked"] = float((said & ~crowded)[held].mean()), float(said[held].mean())
    row |= {f"{pivot}_width": widths[pivot] / widths["wald"] for pivot in PIVOTS}
    return row


def rows(draws: int, kinds: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Yield one row per cell of some kinds of scores."""
    for cell in cells():
        if cell[0] in kinds:
            yield one(cell, draws if cell[0] == "plain" else round(PART * draws))


def main(draws: int, kinds: tuple[str, ...]) -> None:
    start, found = time.time(), []
    for row in rows(draws, kinds):
        found.append(row)
        print({name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}, flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / "coverage.csv"
    table = pl.DataFrame(found, infer_schema_length=None)
    if file.exists():
        kept = pl.read_csv(file, infer_schema_length=None).filter(~pl.col("scores").is_in(kinds))
        table = pl.concat([kept.cast({name: table.schema[name] for name in kept.columns}), table], how="diagonal")
    table.write_csv(file, float_precision=6)
    print(f"{len(found)} cells in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000, tuple(sys.argv[2:]) or ("plain", *KINDS))
