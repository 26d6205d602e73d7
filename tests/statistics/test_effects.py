"""Effects of schools and value-added: on paper, and how often their intervals hold the truth."""

import numpy as np
import pytest

from analysis.statistics import conditional, effects, variance
from benchmarks.statistics import draws


def test_effects_shrink_by_reliability() -> None:
    n, mean, ss = np.array([4.0, 4, 4]), np.array([1.0, 2, 6]), np.array([9.0, 9, 9])
    found, rate = variance.school_effects(n, mean, ss), variance.estimate(n, mean, ss, limit=0.15)
    theta = rate.tau2[0] / rate.sigma2[0]
    reliability = 4 * theta / (1 + 4 * theta)
    assert found.reliability == pytest.approx([reliability] * 3)
    assert found.effect == pytest.approx(reliability * (mean - 3))
    assert (found.low < found.effect).all()
    assert (found.effect < found.high).all()


def test_order_is_kept_across_groups() -> None:
    n, mean, ss = np.full(6, 10.0), np.array([1.0, 20, 2, 28, 6, 21]), np.full(6, 30.0)
    found = variance.school_effects(n, mean, ss, ["a", "b", "a", "b", "a", "b"])
    alone = variance.school_effects(n[::2], mean[::2], ss[::2])
    assert found.effect[::2] == pytest.approx(alone.effect)
    assert found.low[::2] == pytest.approx(alone.low)


def test_no_rate_no_effects() -> None:
    found = variance.school_effects([10, 3, 3, 0], [1, 2, 3, np.nan], [5, 1, 1, 0], ["one", "two", "two", "two"])
    assert np.isnan(found.effect).tolist() == [True, False, False, True]
    assert np.isnan(found.high).tolist() == [True, False, False, True]


def test_where_the_estimate_is_0_the_intervals_are_not() -> None:
    found = variance.school_effects([20, 30, 25], [1.0, 1.05, 0.95], [20, 30, 25])
    assert found.effect.tolist() == [0, 0, 0]
    assert (found.high - found.low > 0.05).all()


@pytest.mark.parametrize(("schools", "icc"), [(6, 0.15), (20, 0.05), (30, 0.3)])
def test_intervals_hold_the_truth(schools: int, icc: float) -> None:
    draw, times = np.random.default_rng(schools), 150
    size = np.tile(np.resize([5.0, 20, 60, 100], schools), times)
    truth = draw.normal(0, np.sqrt(icc), len(size))
    mean = truth + draw.normal(0, 1, len(size)) * np.sqrt((1 - icc) / size)
    ss = draw.chisquare(size - 1) * (1 - icc)
    found = variance.school_effects(size, mean, ss, np.repeat(np.arange(times), schools))
    inside = ((found.low <= truth) & (truth <= found.high)).reshape(times, schools).mean(axis=1)
    assert 0.92 < inside.mean() < 0.97


def cross_products(scores: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return n, means and within-school cross products of schools' tables (pupils x variables)."""
    means = np.array([table.mean(axis=0) for table in scores])
    cross = np.array([(table - table.mean(axis=0)).T @ (table - table.mean(axis=0)) for table in scores])
    return np.array([float(len(table)) for table in scores]), means, cross


def test_value_added_takes_intake_out() -> None:
    draw = np.random.default_rng(4)
    truth, intake = np.array([-1.0, -0.3, 0.0, 0.3, 1.0, 0.0] * 4), np.array([3.0, 2, 1, 0, -1, -2] * 4)
    scores = []
    for added, level in zip(truth, intake, strict=True):
        prior = level + draw.normal(0, 1, 60)
        scores.append(np.column_stack([10 + 2 * prior + added + draw.normal(0, 1, 60), prior]))
    n, mean, cross = cross_products(scores)
    raw = variance.school_effects(n, mean[:, 0], cross[:, 0, 0]).effect
    found = effects.value_added(n, mean, cross)
    assert np.corrcoef(raw, truth)[0, 1] < 0
    assert np.corrcoef(found.effect, truth)[0, 1] > 0.97
    assert ((found.low <= truth) & (truth <= found.high)).mean() > 0.8
    assert conditional.estimate(n, mean, cross, limit=0.15).slopes[0, 0] == pytest.approx(2, abs=0.1)


def test_faulty_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        variance.school_effects([2, 2], [1, 2], [1, 1], level=95)
    with pytest.raises(ValueError, match="between 0 and 1"):
        effects.value_added([2.0, 2], [[1, 2], [2, 1]], np.ones((2, 2, 2)), level=95)


@pytest.mark.parametrize("kind", ["normal", "exponential", "t3"])
def test_intervals_that_hold_together_hold_the_farthest_school(kind: str) -> None:
    draw, times, schools = np.random.default_rng(9), 120, 20
    u = draws.effects(kind, draw, (times, schools))[0]
    n, mean, ss = draws.plain(draw, u, draws.sizes("county", schools), 0.15)
    labels, truth = np.repeat(np.arange(times), schools), (u * np.sqrt(0.15)).ravel()
    found = variance.school_effects(n.ravel(), mean.ravel(), ss.ravel(), labels, together=True)
    inside = ((found.low <= truth) & (truth <= found.high)).reshape(u.shape)
    farthest = np.abs(found.effect.reshape(u.shape)).argmax(axis=1)
    assert inside[np.arange(times), farthest].mean() > 0.95 - 3 * np.sqrt(0.95 * 0.05 / times)
    assert inside.all(axis=1).mean() > 0.95 - 3 * np.sqrt(0.95 * 0.05 / times)
    alone = variance.school_effects(n[0], mean[0], ss[0], level=1 - 0.05 / schools)
    assert alone.low == pytest.approx(found.low[:schools])


def test_value_added_without_covariates_is_the_effect() -> None:
    n, mean, ss = np.array([4.0, 30, 8, 1, 15]), np.array([1.0, 2, 6, 9, 3]), np.array([9.0, 70, 20, 0, 40])
    plain, given = effects.school_effects(n, mean, ss), effects.value_added(n, mean[:, None], ss[:, None, None])
    for name in ("effect", "low", "high", "reliability"):
        assert getattr(given, name) == pytest.approx(getattr(plain, name), rel=1e-6), name


def test_a_school_of_one_pupil_has_an_effect_and_one_of_none_has_not() -> None:
    found = effects.school_effects([10, 12, 1, 0], [1.0, 3, 8, np.nan], [9, 11, 0, 0])
    assert np.isfinite(found.effect).tolist() == np.isfinite(found.low).tolist() == [True, True, True, False]
    # It is the least reliable, and the farthest all the same.
    assert found.reliability[2] == min(found.reliability[:3])
    mean = np.array([[1.0], [3], [8], [0]])
    given = effects.value_added([10.0, 12, 1, 0], mean, np.array([9.0, 11, 0, 0])[:, None, None])
    assert np.isfinite(given.effect).tolist() == [True, True, True, False]
