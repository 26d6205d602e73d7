"""What a coefficient would be, on paper: schools of 100 pupils each."""

import numpy as np
import polars as pl
import pytest

from analysis.measure import whatif


def rows(*areas: float | None) -> pl.DataFrame:
    schools = [str(number) for number in range(1, len(areas) + 1)]
    return pl.DataFrame({"school": schools, "pupils": 100.0, "sports_area": list(areas)}, strict=False)


def test_without_a_school_the_others_are_measured_alone() -> None:
    # 10 and 30 a pupil: mean 20, deviation 10.
    assert whatif.without(rows(1000, 3000, 90_000), "sports_area", ["3"]) == pytest.approx(0.5)


def test_one_school_left_or_nothing_at_all_says_nothing() -> None:
    assert whatif.without(rows(1000, 3000), "sports_area", ["2"]) is None
    assert whatif.without(rows(0, 0, 5), "sports_area", ["3"]) is None


def test_a_school_with_more_is_measured_with_it_and_a_missing_amount_stays_missing() -> None:
    # 3 lifted to 10, beside 10 and 30 (mean 50/3, deviation 9.428); the fourth has no amount.
    assert whatif.lifted(rows(300, 1000, 3000, None), "sports_area", {"1": 1000.0}) == pytest.approx(0.5657, abs=1e-4)


def two_years() -> whatif.Schools:
    """Schools a, b and c of 100 pupils: 10, 10 and 30 a pupil after 10, 10 and 20; d is new, e is gone."""
    now = pl.DataFrame(
        {"school": ["a", "b", "c", "d"], "area": [1000.0, 1000.0, 3000.0, 1000.0], "pupils": [100.0] * 4}
    )
    before = pl.DataFrame(
        {"school": ["a", "b", "c", "e"], "area": [1000.0, 1000.0, 2000.0, 1000.0], "pupils": [100.0] * 4}
    )
    return whatif.schools(now, before, "area")


def test_a_school_put_back_has_last_years_amount_a_new_one_none_a_gone_one_its_own() -> None:
    both = two_years()
    assert both.school == ("a", "b", "c", "d", "e")
    assert [list(each) for each in both.counted] == [[True] * 4 + [False], [True] * 3 + [False, True]]
    places = np.arange(5)
    # 10, 10, 20, 10: mean 12.5, variance 18.75. Without d: 10, 10, 30. With e: 10, 10, 30, 10, 10.
    assert both.put_back(places == 2) == pytest.approx(18.75**0.5 / 12.5)
    assert both.put_back(places == 3) == pytest.approx((800 / 9) ** 0.5 / (50 / 3))
    assert both.put_back(places == 4) == pytest.approx(8 / 14)


def test_schools_levelled_have_last_years_mean() -> None:
    both = two_years()
    abc = np.arange(5) < 3
    # 50 / 3 a pupil after 40 / 3: 8, 8, 24 and the new one's 10; mean 12.5, squares 20.25, 20.25, 132.25, 6.25.
    assert both.mean(abc) == pytest.approx((40 / 3, 50 / 3))
    assert both.levelled(abc) == pytest.approx((179 / 4) ** 0.5 / 12.5)


def test_one_pupil_counts_and_none_does_not() -> None:
    now = pl.DataFrame({"school": ["a", "b", "c"], "area": [10.0, 30.0, 50.0], "pupils": [1.0, 1.0, 0.0]})
    both = whatif.schools(now, now.with_columns(pupils=pl.Series([1.0, 0.0, None])), "area")
    assert [list(each) for each in both.counted] == [[True, True, False], [True, False, False]]
    # 10 and 30: mean 20, S 10.
    assert whatif.without(now.rename({"area": "x"}), "x", []) == pytest.approx(0.5)
    # Put back, b has no pupils: only one school is left.
    assert np.isnan(both.put_back(np.array([False, True, True])))


def test_the_mean_is_that_of_all_pupils() -> None:
    now = pl.DataFrame({"school": ["a", "b"], "area": [10.0, 30.0], "pupils": [2.0, 3.0]})
    before = now.with_columns(area=pl.Series([4.0, 6.0]), pupils=pl.Series([1.0, 4.0]))
    assert whatif.schools(now, before, "area").mean(np.array([True, True])) == (2.0, 8.0)
