"""What a coefficient would be, on paper: schools of 100 pupils each."""

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
