"""Plausible values: Rubin's rules on the pivot."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics import conditional, plausible, variance

N, MEAN, SS = np.array([12.0, 30, 7, 22, 18]), np.array([1.0, 1.8, 2.0, 0.4, 1.1]), np.array([10.0, 33, 6, 25, 15])


def test_values_that_agree_are_one_value() -> None:
    one, same = variance.estimate(N, MEAN, SS, limit=0.15), plausible.estimate(N, [MEAN] * 4, [SS] * 4, limit=0.15)
    for name in ("icc", "ci_low", "ci_high", "p_below", "tau2", "sigma2", "anova", "eta2"):
        assert getattr(same, name) == pytest.approx(getattr(one, name), abs=1e-9), name
    assert plausible.estimate(N, [MEAN], [SS], limit=0.15).ci_low == one.ci_low


def test_rubins_rules_by_hand() -> None:
    means = [MEAN, MEAN * 1.15, MEAN * 0.9]
    each = [variance.estimate(N, mean, SS, limit=0.15) for mean in means]
    found = plausible.estimate(N, means, [SS] * 3, limit=0.15)
    icc = np.mean([one.icc[0] for one in each])
    assert found.icc[0] == pytest.approx(icc)
    # At the limit each value's normal score is that of its own confidence; B is taken at the estimate.
    at_estimate = [variance.estimate(N, mean, SS, limit=float(icc)).p_below[0] for mean in means]
    added = (1 + 1 / 3) * np.var(-stats.norm.ppf(at_estimate), ddof=1)
    middle = np.mean([stats.norm.ppf(one.p_below[0]) for one in each])
    freedom = 2 * (1 + 1 / added) ** 2
    assert found.p_below[0] == pytest.approx(stats.t.cdf(middle / np.sqrt(1 + added), freedom))
    assert found.ci_low[0] < np.mean([one.ci_low[0] for one in each])
    assert found.ci_high[0] > np.mean([one.ci_high[0] for one in each])


def test_ends_are_where_the_confidence_has_its_tails() -> None:
    means = [MEAN, MEAN * 1.1]
    found = plausible.estimate(N, means, [SS, SS * 1.1], limit=0.15)
    for end, tail in ((found.ci_low[0], 0.025), (found.ci_high[0], 0.975)):
        assert plausible.estimate(N, means, [SS, SS * 1.1], limit=float(end)).p_below[0] == pytest.approx(
            tail, abs=1e-6
        )


def test_edges() -> None:
    alone = plausible.estimate([9.0], [[1.0], [2.0]], [[8.0], [9.0]], limit=0.15)
    assert alone.note.tolist() == ["one_school"]
    assert np.isnan(alone.icc[0])
    assert np.isnan(alone.ci_high[0])
    constant = plausible.estimate([9.0, 9], [[1.0, 2], [2.0, 4]], [[0.0, 0], [0.0, 0]], limit=0.15)
    assert (constant.icc[0], constant.ci_low[0], constant.p_below[0]) == (1, 1, 0)
    with pytest.raises(ValueError, match="values x schools"):
        plausible.estimate([9.0], [], [], limit=0.15)


def test_given_a_covariate_values_that_agree_are_one_value_and_others_have_the_mean_of_their_rates() -> None:
    # One covariate with means of 1 to 5; the scores of the second value lie 1.6 times as far apart.
    means = np.stack([np.column_stack([MEAN * by, np.array([2.0, 3, 1, 5, 4])]) for by in (1.0, 1.6)])
    cross = np.array([[[ss, 3.0], [3.0, 9.0]] for ss in SS])
    each = [conditional.estimate(N, mean, cross, limit=0.15) for mean in means]
    assert each[0].icc != pytest.approx(each[1].icc)
    same = plausible.conditional(N, [means[0]] * 3, [cross] * 3, limit=0.15)
    both = plausible.conditional(N, means, [cross] * 2, limit=0.15)
    for name in ("icc", "tau2", "sigma2", "intercept", "slopes"):
        one, other = (getattr(found, name) for found in each)
        assert getattr(same, name) == pytest.approx(one, abs=1e-9), name
        assert getattr(both, name) == pytest.approx((one + other) / 2), name
    for name in ("ci_low", "ci_high", "p_below"):
        assert getattr(same, name) == pytest.approx(getattr(each[0], name), abs=1e-6), name
    # What the values differ by makes the interval wider than their intervals are on the average.
    assert both.ci_high - both.ci_low > np.mean([found.ci_high - found.ci_low for found in each])
    assert plausible.conditional(N, means[:1], [cross], limit=0.15).ci_low == each[0].ci_low
