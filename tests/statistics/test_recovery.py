"""Known components are recovered, intervals and confidence hold what they promise; the whole table is in benchmarks."""

import numpy as np
import pytest

from analysis.statistics import variance
from benchmarks.statistics import coverage

DRAWS = 2000


def counties(schools: int, sizes: str, rate: float, seed: int) -> variance.Estimates:
    draw = np.random.default_rng(seed)
    size = np.tile(np.resize(np.array(coverage.SIZES[sizes], dtype=float), schools), (DRAWS, 1))
    mean, ss = coverage.normal(draw, size, rate)
    labels = np.repeat(np.arange(DRAWS), schools)
    return variance.estimate(size.ravel(), mean.ravel(), ss.ravel(), labels, limit=rate or 0.15)


def near(share: float, wanted: float) -> bool:
    return bool(abs(share - wanted) <= 3 * np.sqrt(wanted * (1 - wanted) / DRAWS))


@pytest.mark.parametrize("sizes", ["equal", "unequal"])
@pytest.mark.parametrize(("schools", "rate"), [(3, 0.15), (5, 0.02), (20, 0.15), (40, 0.3)])
def test_intervals_hold_the_true_rate_and_confidence_is_uniform(schools: int, rate: float, sizes: str) -> None:
    found = counties(schools, sizes, rate, 11)
    assert near(float(((found.ci_low <= rate) & (rate <= found.ci_high)).mean()), 0.95)
    for level in (0.05, 0.5, 0.95):
        assert near(float((found.p_below <= level).mean()), level)


@pytest.mark.parametrize("sizes", ["equal", "unequal"])
def test_at_a_true_rate_of_0_the_interval_is_on_the_safe_side(sizes: str) -> None:
    found = counties(10, sizes, 0.0, 5)
    assert near(float((found.ci_low == 0).mean()), 0.975)


def test_components_are_recovered() -> None:
    found = counties(80, "unequal", 0.15, 2)
    assert found.tau2.mean() == pytest.approx(0.15, abs=0.002)
    assert found.sigma2.mean() == pytest.approx(0.85, abs=0.002)
    assert found.icc.mean() == pytest.approx(0.15, abs=0.004)
    assert found.eta2.mean() > found.icc.mean() + 0.01
