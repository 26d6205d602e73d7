"""Pace and outlook on paper; a gap stays a gap."""

import itertools

import numpy as np
import pytest
from scipy import stats

from analysis.statistics import trend

NAN = float("nan")


def test_changes_only_between_neighbouring_years() -> None:
    found = trend.changes([2020, 2021, 2023, 2024, 2025], [1.0, 1.5, 3.0, NAN, 4.0])
    assert found[1] == 0.5
    assert np.isnan(found[[0, 2, 3, 4]]).all()


def test_a_straight_line_has_its_slope() -> None:
    found = trend.theil_sen([2020, 2021, 2022, 2023, 2024], [5, 4.5, 4, 3.5, 3])
    assert (found.pace, found.low, found.high, found.years, found.note) == (-0.5, -0.5, -0.5, 5, "")


def test_one_wild_year_does_not_move_the_pace() -> None:
    assert trend.theil_sen([2018, 2019, 2020, 2021, 2022, 2023, 2024], [1, 2, 3, 99, 5, 6, 7]).pace == 1


def test_agrees_with_scipy_and_takes_all_slopes_of_five_years() -> None:
    years, ratio = [1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]
    found = trend.theil_sen(years, ratio)
    assert found.pace == pytest.approx(float(stats.theilslopes(ratio, years).slope))
    slopes = [(ratio[j] - ratio[i]) / (j - i) for i, j in itertools.combinations(range(5), 2)]
    assert found.low == pytest.approx(min(slopes))
    assert found.high == pytest.approx(max(slopes))


@pytest.mark.parametrize(
    ("years", "pace", "note"),
    [(0, NAN, "one_year"), (1, NAN, "one_year"), (2, 1.0, "few_years"), (4, 1.0, "few_years")],
)
def test_few_years(years: int, pace: float, note: str) -> None:
    found = trend.theil_sen(range(years), range(years))
    assert found.note == note
    assert found.pace == pytest.approx(pace, nan_ok=True)
    assert np.isnan([found.low, found.high]).all()


def test_lower_level_needs_fewer_years() -> None:
    # Of the 24 orders of four years one falls all the way: cutting nothing leaves 4.2 % a side, enough for 90 %.
    found = trend.theil_sen(range(4), [0, 1, 2, 4], level=0.9)
    assert (found.low, found.high, found.note) == (1, 2, "")


@pytest.mark.parametrize("number", [5, 7, 9])
def test_interval_covers_at_least_its_level(number: int) -> None:
    draw = np.random.default_rng(number)
    inside = 0
    for _ in range(400):
        found = trend.theil_sen(range(number), 0.3 * np.arange(number) + draw.standard_cauchy(number))
        inside += found.low <= 0.3 <= found.high
    assert inside / 400 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)


def test_a_year_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="2021 is given twice"):
        trend.theil_sen([2020, 2021, 2021], [1, 2, 3])


def test_order_of_years_does_not_matter() -> None:
    assert trend.outlook([2022, 2020, 2021], [3, 1, 2], 6, 2025, at_least=True).reached == 2025


@pytest.mark.parametrize(
    ("values", "target", "at_least", "needed", "reached"),
    [
        ([0.60, 0.56, 0.52], 0.50, False, -0.01, 2025),  # 0.02 to go in two years, 0.04 a year
        ([0.60, 0.56, 0.50], 0.50, False, 0.0, 2024),  # closed limit: met
        ([3.0, 3.2, 3.4], 4.2, True, 0.4, 2028),  # 0.8 to go, 0.2 a year: four years
        ([3.0, 3.2, 4.2], 4.2, True, 0.0, 2024),
        ([3.4, 3.2, 3.0], 4.2, True, 0.6, NAN),  # leads away
        ([3.0, 3.0, 3.0], 4.2, True, 0.6, NAN),
        ([3.0, NAN, 3.4], 4.2, True, 0.4, 2028),  # a gap inside: the pace comes from the years around it
        ([3.2, 3.4, NAN], 4.0, True, 0.2, 2026),  # counted from the last year that has a value
        ([NAN, NAN, NAN], 4.2, True, NAN, NAN),
    ],
)
def test_outlook(values: list[float], target: float, at_least: bool, needed: float, reached: float) -> None:
    found = trend.outlook([2022, 2023, 2024], values, target, 2026, at_least)
    assert found.needed == pytest.approx(needed, nan_ok=True)
    assert found.reached == pytest.approx(reached, nan_ok=True)


def test_a_target_whose_year_has_passed_has_no_pace() -> None:
    assert np.isnan(trend.outlook([2023, 2024], [3, 3.1], 4.2, 2024, at_least=True).needed)
