"""What would decide, checked by making the plan come true."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics import planning, variance


def sufficient(schools: int, size: int, icc: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return n, means and squares of schools of equal size that are just what the rate leads one to expect."""
    spread = stats.norm.ppf((np.arange(schools) + 0.5) / schools)
    spread *= np.sqrt((icc + (1 - icc) / size) / spread.var(ddof=1))
    return np.full(schools, size), spread, np.full(schools, (size - 1) * (1 - icc))


def equal(schools: int, size: int, icc: float) -> variance.Estimates:
    """Return the estimate from such schools."""
    return variance.estimate(*sufficient(schools, size, icc), limit=0.15)


def decided(found: variance.Estimates) -> bool:
    """Return whether a report would judge it."""
    return not 0.025 < found.p_safe[0] < 0.975


@pytest.mark.parametrize("icc", [0.05, 0.1, 0.22, 0.3])
def test_so_many_schools_decide_and_one_fewer_does_not(icc: float) -> None:
    now = equal(6, 40, icc)
    assert now.ci_low[0] < 0.15 <= now.ci_high[0]
    more = int(planning.needed(now.schools, now.pupils, now.icc, now.ci_low, now.ci_high, limit=0.15).schools[0])
    assert more > 0
    assert decided(equal(6 + more, 40, icc))
    assert not decided(equal(5 + more, 40, icc))


def test_so_many_pupils_decide() -> None:
    now = equal(40, 6, 0.05)
    more = planning.needed(now.schools, now.pupils, now.icc, now.ci_low, now.ci_high, limit=0.15).pupils[0]
    assert more % 40 == 0
    assert decided(equal(40, 6 + int(more / 40), 0.05))
    assert not decided(equal(40, 5 + int(more / 40), 0.05))


def test_no_number_of_pupils_helps_three_schools() -> None:
    now = equal(3, 30, 0.1)
    found = planning.needed(now.schools, now.pupils, now.icc, now.ci_low, now.ci_high, limit=0.15)
    assert np.isnan(found.pupils[0])
    assert found.schools[0] > 10


def test_decided_needs_nothing_and_without_a_rate_there_is_no_plan() -> None:
    decided, alone = equal(60, 100, 0.02), variance.estimate([5], [1], [4], limit=0.15)
    assert (
        planning.needed(
            decided.schools, decided.pupils, decided.icc, decided.ci_low, decided.ci_high, limit=0.15
        ).schools[0]
        == 0
    )
    found = planning.needed(alone.schools, alone.pupils, alone.icc, alone.ci_low, alone.ci_high, limit=0.15)
    assert np.isnan([found.schools[0], found.pupils[0]]).all()


def test_an_estimate_at_the_limit_is_never_decided() -> None:
    assert np.isnan(planning.needed(20, 800, 0.15, 0.05, 0.3, limit=0.15).schools[0])


def test_levels_and_limits_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        planning.needed(20, 800, 0.1, 0.05, 0.3, limit=15)
    with pytest.raises(ValueError, match="between 0 and 1"):
        planning.needed(20, 800, 0.1, 0.05, 0.3, level=95, limit=0.15)


def test_unequal_schools_need_as_many_more_as_their_interval_says() -> None:
    # 26 equal schools of 36 pupils would decide a rate of 0.07; these, of unequal size, reach up to 0.17.
    equal_ones = equal(26, 36, 0.07)
    assert equal_ones.ci_high[0] < 0.15
    found = planning.needed(26, 26 * 36, 0.07, 0.03, 0.17, limit=0.15)
    assert found.schools[0] > 5
    # The wider the interval, the more are needed.
    assert planning.needed(26, 26 * 36, 0.07, 0.02, 0.20, limit=0.15).schools[0] > found.schools[0]


def test_what_the_interval_decides_and_heavy_tails_leave_open_needs_more() -> None:
    now = equal(20, 60, 0.05)
    assert now.ci_high[0] < 0.15
    assert not decided(now)
    columns = (now.schools, now.pupils, now.icc, now.ci_low, now.ci_high)
    assert planning.needed(*columns, limit=0.15).schools[0] == 0
    assert planning.needed(*columns, p_safe=now.p_safe, limit=0.15).schools[0] > 0


def test_schools_are_counted_in_as_many_equal_ones_as_give_their_interval() -> None:
    # 24 schools whose interval is that of 12 equal ones: of every two more, one counts.
    for icc, end in ((0.07, "ci_high"), (0.22, "ci_low")):
        twelve = variance.estimate(*sufficient(12, 36, icc), limit=0.15, pivot="wald")
        ends = {"ci_low": 0.0, "ci_high": 1.0} | {end: getattr(twelve, end)[0]}
        assert ends["ci_low"] < 0.15 <= ends["ci_high"]
        more = planning.needed(24, 24 * 36, icc, **ends, limit=0.15).schools[0]
        equal_ones = next(k for k in range(12, 400) if decided(equal(k, 36, icc)))
        assert 2 * equal_ones - 1 <= 24 + more <= 2 * equal_ones
