"""What changed: a coefficient moved by 0.01 or more, told with the schools that moved it."""

import pytest

from analysis.tell.changes import counted, moved
from analysis.tell.chapters.improvement import paces

from .conftest import school, small


def two_years(before: float, now: float) -> list[dict[str, object]]:
    """Two equal schools, one with its area changed."""
    rows = []
    for year, area in ((2023, before), (2024, now)):
        rows += [school("1", year, sports_area=1000.0), school("2", year, sports_area=area)]
    return rows


def cv(area: float) -> float:
    """The coefficient of two equal schools with 1000 and `area`: their distance over their sum."""
    return abs(area - 1000) / (area + 1000)


@pytest.mark.parametrize(("now", "changed"), [(1520.0, False), (1534.0, True), (1468.0, True)])
def test_a_coefficient_changed_when_it_moved_by_a_hundredth(now: float, changed: bool) -> None:
    (found,) = [one for one in moved(small(two_years(1500.0, now))) if one.indicator == "sports_area"]
    assert found.difference == pytest.approx(cv(now) - cv(1500.0))
    assert found.changed is changed
    assert bool(found.movers) is changed


def test_movers_add_up_to_the_change_of_the_square() -> None:
    (found,) = [one for one in moved(small(two_years(1500.0, 3000.0))) if one.indicator == "sports_area"]
    assert sum(one.change for one in found.movers) == pytest.approx(cv(3000.0) ** 2 - cv(1500.0) ** 2)


def test_a_coefficient_that_crosses_its_limit_is_said_to() -> None:
    (found,) = [one for one in moved(small(two_years(1500.0, 4000.0))) if one.crossed]
    assert (found.before.verdict, found.now.verdict) == ("met", "not_met")
    assert "越过上限" in small(two_years(1500.0, 4000.0)).chapter("conclusion").text


def test_a_year_without_data_is_a_gap_and_is_said() -> None:
    rows = [school(code, year) for year in (2021, 2022, 2024) for code in ("1", "2")]
    report = small(rows)
    assert report.before == 2022
    assert "（2023年没有统计数据）" in report.chapter("conclusion").text
    frame = report.figure("trends").data  # type: ignore[union-attr]
    assert sorted(frame["year"].unique()) == [2021, 2022, 2024]


def test_the_first_year_has_nothing_to_compare() -> None:
    report = small([school("1"), school("2")])
    assert moved(report) == []
    assert "还不能比较" in report.chapter("improvement").text


def test_schools_that_meet_the_rule_are_counted_in_both_years() -> None:
    rows = [school("1", 2023, sports_area=300.0), school("2", 2023), school("1"), school("2"), school("3")]
    (found,) = counted(small(rows))
    assert (found.met_before, found.schools_before, found.met, found.schools) == (1, 2, 3, 3)


def test_a_pace_reaches_the_limit_in_the_year_that_a_ruler_shows() -> None:
    # Coefficients 0.65, 0.60, 0.55: 0.05 a year, so 0.50 in one more year.
    rows = []
    for year, value in ((2022, 0.65), (2023, 0.60), (2024, 0.55)):
        area = 1000 * (1 + value) / (1 - value)
        rows += [school("1", year, sports_area=1000.0), school("2", year, sports_area=area)]
    (found,) = paces(small(rows))
    assert found.pace == pytest.approx(0.05)
    assert found.reached == 2025


def test_a_rising_coefficient_is_never_said_to_come_back() -> None:
    rows = []
    for year, value in ((2022, 0.55), (2023, 0.60), (2024, 0.65)):
        area = 1000 * (1 + value) / (1 - value)
        rows += [school("1", year, sports_area=1000.0), school("2", year, sports_area=area)]
    (found,) = paces(small(rows))
    assert found.reached is None
    assert "十年内不能回到上限以内" in small(rows).chapter("improvement").text
