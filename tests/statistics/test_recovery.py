"""Known components are recovered, intervals, confidence and verdicts hold what the table of docs/coverage.md says.

The worst cells are drawn anew, at a size at which a method that does not hold fails: Wald's does, beside them.
"""

import numpy as np
import polars as pl
import pytest

from analysis.statistics import variance
from benchmarks.statistics import coverage, draws
from benchmarks.statistics.places import RESULTS

DRAWS = 1500
#: Errors of a verdict that are allowed at most, whatever the school effects.
ALLOWED = 0.05
#: The fewest, in the middle and the most schools where each kind of effects is worst: large rates, equal sizes.
WORST: list[coverage.Cell] = [
    ("plain", effect, "equal", 0.3, schools) for effect in ("exponential", "t3", "outliers") for schools in (5, 20, 100)
]


def room(share: float, number: float) -> float:
    """Return three standard errors of a share of `number` draws."""
    return 3 * float(np.sqrt(max(share * (1 - share), 0.01) / number))


def counties(schools: int, size: str, rate: float, seed: int) -> variance.Estimates:
    """Return the estimates of draws with normal effects, by Wald's pivot."""
    sizes = draws.sizes(size, schools)
    given = draws.drawn("plain", "normal", sizes, rate, DRAWS, np.random.default_rng(seed))
    labels = np.repeat(np.arange(DRAWS), schools)
    return variance.estimate(given.n, given.mean[0], given.cross[0], labels, limit=rate or 0.15, pivot="wald")


@pytest.mark.parametrize("size", draws.SIZES)
@pytest.mark.parametrize(("schools", "rate"), [(3, 0.15), (5, 0.02), (20, 0.15), (40, 0.3)])
def test_walds_interval_is_exact_for_normal_effects(schools: int, rate: float, size: str) -> None:
    found = counties(schools, size, rate, 11)
    inside = float(((found.ci_low <= rate) & (rate <= found.ci_high)).mean())
    assert abs(inside - 0.95) <= room(0.95, DRAWS)
    for level in (0.05, 0.5, 0.95):
        assert abs(float((found.p_below <= level).mean()) - level) <= room(level, DRAWS)


@pytest.mark.parametrize("size", draws.SIZES)
def test_at_a_true_rate_of_0_the_interval_is_on_the_safe_side(size: str) -> None:
    assert abs(float((counties(10, size, 0.0, 5).ci_low == 0).mean()) - 0.975) <= room(0.975, DRAWS)


def test_components_are_recovered() -> None:
    found = counties(80, "county", 0.15, 2)
    assert found.tau2.mean() == pytest.approx(0.15, abs=0.003)
    assert found.sigma2.mean() == pytest.approx(0.85, abs=0.003)
    assert found.icc.mean() == pytest.approx(0.15, abs=0.004)


@pytest.fixture(scope="module")
def published() -> dict[tuple[object, ...], dict[str, float]]:
    rows = pl.read_csv(RESULTS / "coverage.csv").to_dicts()
    return {tuple(row[name] for name in ("scores", "effects", "sizes", "rate", "schools")): row for row in rows}


def hold(cell: coverage.Cell, published: dict[tuple[object, ...], dict[str, float]], number: int) -> None:
    """Draw a cell anew, by other numbers than the table's, and hold it against the table and what is promised."""
    row, told = coverage.one(cell, number, seed=7), published[cell]
    held = float(str(row["draws"]))
    for name in ("corrected", "safe", "wald", "met", "not_met"):
        drawn, share = float(str(row[name])), float(told[name])
        assert abs(drawn - share) <= room(share, held) + room(share, float(told["draws"])), (cell, name)
    for name in ("met", "not_met"):
        assert float(str(row[name])) <= ALLOWED + room(ALLOWED, held), (cell, name)
    assert float(str(row["safe"])) >= 0.9 - room(0.9, held), cell


@pytest.mark.parametrize("cell", WORST, ids=str)
def test_the_worst_cells_hold(cell: coverage.Cell, published: dict[tuple[object, ...], dict[str, float]]) -> None:
    hold(cell, published, DRAWS if cell[-1] < 100 else DRAWS // 3)


def test_wald_would_not_hold_there() -> None:
    row = coverage.one(("plain", "t3", "equal", 0.3, 20), 400, seed=7)
    assert float(str(row["wald"])) < 0.9 - room(0.9, 400)
    assert float(str(row["wald_under"])) > ALLOWED + room(ALLOWED, 400)


def test_crowded_scores_decide_nothing_and_others_are_not_called_crowded() -> None:
    row = coverage.one(("ceiling", "t3", "county", 0.15, 20), 200, seed=7)
    assert float(str(row["met_unchecked"])) > ALLOWED + room(ALLOWED, 200)
    assert (row["crowded"], row["met"], row["not_met"]) == (1, 0, 0)
    row = coverage.one(("whole", "t3", "county", 0.15, 20), 200, seed=7)
    assert row["crowded"] == 0
    assert row["met"] == row["met_unchecked"]


@pytest.mark.parametrize("schools", [5, 20])
def test_under_normal_effects_the_correction_costs_little(schools: int) -> None:
    row = coverage.one(("plain", "normal", "county", 0.15, schools), DRAWS, seed=7)
    assert 0.94 - room(0.95, DRAWS) <= float(str(row["corrected"])) <= 0.975 + room(0.975, DRAWS)
    assert float(str(row["corrected_width"])) < 1.17


@pytest.mark.slow
@pytest.mark.parametrize("cell", [cell for cell in coverage.cells()[::5] if cell not in WORST], ids=str)
def test_a_sample_of_the_table_holds(
    cell: coverage.Cell, published: dict[tuple[object, ...], dict[str, float]]
) -> None:
    hold(cell, published, DRAWS)
