"""Pace and outlook on paper; a gap stays a gap."""

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


def test_the_pace_agrees_with_scipy_and_its_interval_with_that_of_a_mean_change() -> None:
    years, ratio = [1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]
    found = trend.theil_sen(years, ratio)
    assert found.pace == pytest.approx(float(stats.theilslopes(ratio, years).slope))
    steps = np.diff(ratio)
    low, high = stats.t.interval(0.95, 3, steps.mean(), stats.sem(steps))
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)


def test_a_change_over_two_years_counts_as_two() -> None:
    # 0 to 2 in one year, 2 to 4 in two: 4 in three years. Against the drift of 4/3: (2/3)^2 / 1 + (2/3)^2 / 2 = 2/3.
    found = trend.theil_sen([2020, 2021, 2023], [0, 2, 4])
    half = stats.t.ppf(0.975, 1) * np.sqrt(2 / 3) / np.sqrt(3)
    assert found.high == pytest.approx(4 / 3 + half)
    assert found.low == pytest.approx(4 / 3 - half)


@pytest.mark.parametrize(
    ("years", "pace", "note"),
    [(0, NAN, "one_year"), (1, NAN, "one_year"), (2, 1.0, "few_years")],
)
def test_few_years(years: int, pace: float, note: str) -> None:
    found = trend.theil_sen(range(years), range(years))
    assert found.note == note
    assert found.pace == pytest.approx(pace, nan_ok=True)
    assert np.isnan([found.low, found.high]).all()


def test_the_interval_holds_the_pace_even_where_one_year_is_wild() -> None:
    found = trend.theil_sen(range(6), [0.0, -1, -2, -3, -4, 95])
    assert found.low <= found.pace == -1 <= found.high


@pytest.mark.parametrize("part", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("number", [4, 8])
def test_interval_covers_at_least_its_level_for_years_that_hang_together(part: float, number: int) -> None:
    draw = np.random.default_rng([number, round(10 * part)])
    inside, times = 0, 600
    for _ in range(times):
        errors = draw.normal(0, 1, number)
        for year in range(1, number):
            errors[year] += part * errors[year - 1]
        found = trend.theil_sen(range(number), 0.3 * np.arange(number) + errors)
        inside += found.low <= 0.3 <= found.high
    assert inside / times > 0.95 - 3 * np.sqrt(0.95 * 0.05 / times)


def test_the_year_of_arrival_has_the_range_of_the_pace() -> None:
    # 0.04, 0.05, 0.06 a year down to 0.55, 0.10 above the limit: mean 0.05, standard error 0.01 / sqrt(3).
    found = trend.outlook([2021, 2022, 2023, 2024], [0.70, 0.66, 0.61, 0.55], 0.45, 2030, at_least=False)
    half = stats.t.ppf(0.975, 2) * 0.01 / np.sqrt(3)
    assert found.reached == 2026
    assert found.earliest == 2024 + np.ceil(0.1 / (0.05 + half))
    assert found.latest == 2024 + np.ceil(0.1 / (0.05 - half))
    shaky = trend.outlook([2022, 2023, 2024], [0.70, 0.60, 0.58], 0.45, 2030, at_least=False)
    assert np.isfinite(shaky.reached)
    assert np.isnan(shaky.latest)


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
