"""Wilson intervals and groups of respondents."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import intervals


def test_published_example() -> None:
    # Newcombe 1998, Stat. Med. 17, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    low, high = intervals.wilson([81, 0, 1], [263, 20, 29])
    assert np.round(low, 4).tolist() == [0.2553, 0.0, 0.0061]
    assert np.round(high, 4).tolist() == [0.3662, 0.1611, 0.1718]


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_contains_the_share(k: int, n: int) -> None:
    k = min(k, n)
    low, high = intervals.wilson(k, n)
    assert 0 <= low[0] <= k / n <= high[0] <= 1


def test_nobody_asked_gives_nothing() -> None:
    assert np.isnan(intervals.wilson(0, 0)).all()
    assert np.isnan(intervals.combine_groups([0], [0]).share)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="between"):
        intervals.wilson(k, n)


def test_rules_for_groups() -> None:
    # 90 of 100 parents and 10 of 20 teachers: pooled 100 / 120, alike 0.7, parents three times as heavy 0.8.
    assert intervals.combine_groups([90, 10], [100, 20]).share == pytest.approx(100 / 120)
    assert intervals.combine_groups([90, 10], [100, 20], "equal").share == pytest.approx(0.7)
    weighted = intervals.combine_groups([90, 10], [100, 20], "weighted", [3, 1])
    assert weighted.share == pytest.approx(0.8)
    assert (weighted.rule, weighted.respondents) == ("weighted", 120)
    assert weighted.low < 0.8 < weighted.high


def test_groups_without_answers_are_left_out() -> None:
    assert intervals.combine_groups([9, 0, np.nan], [10, 0, 5], "equal").share == pytest.approx(0.9)


def test_unknown_rule_and_bad_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="pooled, equal, weighted"):
        intervals.combine_groups([1], [2], "best")
    with pytest.raises(ValueError, match="weights"):
        intervals.combine_groups([1, 1], [2, 2], "weighted", [0, 0])
    with pytest.raises(ValueError, match="needs weights"):
        intervals.combine_groups([1, 1], [2, 2], "weighted")


def test_the_interval_of_a_difference_on_paper() -> None:
    # 0.5 (0.4 to 0.7) after 0.2 (0.1 to 0.24): down sqrt(0.1^2 + 0.04^2), up sqrt(0.2^2 + 0.1^2).
    change, low, high = intervals.difference((0.2, 0.1, 0.24), (0.5, 0.4, 0.7))
    assert change[0] == pytest.approx(0.3)
    assert low[0] == pytest.approx(0.3 - np.hypot(0.1, 0.04))
    assert high[0] == pytest.approx(0.3 + np.hypot(0.2, 0.1))


def test_the_interval_of_weighted_groups_on_paper() -> None:
    low, high = intervals.wilson([90, 10], [100, 20])
    for weights, rule, portions in ((None, "equal", (1 / 2, 1 / 2)), ([3, 1], "weighted", (3 / 4, 1 / 4))):
        found = intervals.combine_groups([90, 10], [100, 20], rule, weights)
        share = portions[0] * 0.9 + portions[1] * 0.5
        assert found.low == pytest.approx(share - np.hypot(portions[0] * (0.9 - low[0]), portions[1] * (0.5 - low[1])))
        assert found.high == pytest.approx(
            share + np.hypot(portions[0] * (high[0] - 0.9), portions[1] * (high[1] - 0.5))
        )
    pooled = intervals.combine_groups([90, 10], [100, 20])
    assert (pooled.low, pooled.high) == tuple(float(end[0]) for end in intervals.wilson(100, 120))
    # Two groups of one, one satisfied: the ends stay shares.
    few = intervals.combine_groups([1, 1], [1, 1], "equal")
    assert (few.share, few.high) == (1, 1)
    none = intervals.combine_groups([0, 0], [1, 1], "equal")
    assert (none.share, none.low) == (0, 0)
