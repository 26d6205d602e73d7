"""What changed: a coefficient moved by 0.01 or more, told with the schools that moved it."""

import re
from typing import Any

import pytest

from analysis.tell import Report
from analysis.tell.facts.changes import counted, moved, singles
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.parts.tables.improvement import table

from .conftest import PLENTY, school, small


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
    assert (found.cause is not None) is changed


def test_a_coefficient_that_crosses_its_limit_is_said_to() -> None:
    (found,) = [one for one in moved(small(two_years(1500.0, 4000.0))) if one.crossed]
    assert (found.before.verdict, found.now.verdict) == ("met", "not_met")
    assert "其中高于上限的小学体育运动场馆由" in small(two_years(1500.0, 4000.0)).chapter("conclusion").text


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


@pytest.mark.parametrize(("lang", "compared", "not_compared"), [
    ("zh", "达标小学仍为", "达标学校数不作比较"), ("en", "passing the school test stayed at", "are not compared"),
])  # fmt: skip
@pytest.mark.parametrize("year", [None, 2023, 2024])
def test_numbers_of_schools_are_compared_where_every_school_has_a_verdict(
    lang: str, compared: str, not_compared: str, year: int | None
) -> None:
    """Schools whose sports area was not read this year, or last, are not schools that fell below the rule."""
    rows = [school(code, of) for of in (2023, 2024) for code in "12"]
    rows = [row | {"sports_area": None} if row["year"] == year else row for row in rows]
    report = small(rows, lang=lang)
    (found,) = counted(report)
    assert (found.unknown_before, found.unknown) == (2 * (year == 2023), 2 * (year == 2024))
    assert found.unmet == 0
    text = report.chapter("conclusion").text
    assert (compared in text, not_compared in text) == (year is None, year is not None)
    assert (
        "不作比较" in report.chapter("improvement").text or not_compared in report.chapter("improvement").text
    ) == bool(year)


def sports(*values: float, last: int = 2024) -> list[dict[str, object]]:
    """Two equal schools whose coefficient of sports area is each of `values` in turn, up to the year `last`."""
    rows = []
    for year, value in enumerate(values, last - len(values) + 1):
        area = 1000 * (1 + value) / (1 - value)
        rows += [school("1", year, sports_area=1000.0), school("2", year, sports_area=area)]
    return rows


def pace(rows: list[dict[str, object]]) -> Pace:
    (found,) = [one for one in paces(small(rows)) if one.finding.indicator == "sports_area"]
    return found


def test_a_pace_reaches_the_limit_in_the_year_that_a_ruler_shows() -> None:
    # Coefficients 0.65, 0.60, 0.55: 0.05 a year, so 0.50 in one more year.
    found = pace(sports(0.65, 0.60, 0.55))
    assert found.pace == pytest.approx(-0.05)
    assert (found.first, found.reached) == (2022, 2025)


def test_what_lies_within_its_limit_is_reached_this_year() -> None:
    assert pace(sports(0.55, 0.50, 0.45)).reached == 2024


def test_two_years_give_no_pace() -> None:
    found = pace(sports(0.65, 0.60))
    assert found.pace is None
    (row,) = table(small(sports(0.65, 0.60))).frame.filter(indicator="体育运动场馆").rows(named=True)  # type: ignore[union-attr]
    assert (row["first"], row["since"]) == (pytest.approx(0.65), pytest.approx(-0.05))
    assert row["pace"] is None


def test_a_rising_coefficient_is_never_said_to_come_back() -> None:
    rows = sports(0.55, 0.60, 0.65)
    assert pace(rows).reached is None
    said = small(rows).chapter("improvement").text
    assert "年以来总体没有下降" in said
    assert "年内降不到" not in said


def test_the_first_year_has_no_table_of_changes() -> None:
    assert table(small(sports(0.65))) is None


def spoken(report: Report, chapter: str) -> str:
    """A chapter without the marks of its numbers."""
    return re.sub(r"\[([^\]]*)\]\{\.n [^}]*\}", r"\1", report.chapter(chapter).text)


@pytest.mark.parametrize(
    ("lang", "some", "every", "none"),
    [
        ("zh", "6项校际差异系数的变动都小于0.01，1项缺少一年的结果，不作比较", "7项校际差异系数的变动都小于0.01。",
         "没有一项校际差异系数可以比较"),
        ("en", "6 coefficients moved by less than 0.01; 1 have no result of one of the years and are not compared",
         "7 coefficients moved by less than 0.01.", "no coefficient can be compared"),
    ],
)  # fmt: skip
def test_what_a_year_has_no_coefficient_of_did_not_stay_the_same(lang: str, some: str, every: str, none: str) -> None:
    now = [school(code) for code in "12"]
    for lost, said in (((), every), (("sports_area",), some), (tuple(PLENTY), none)):
        before = [school(code, 2023) | dict.fromkeys(lost) for code in "12"]
        assert said in spoken(small([*before, *now], lang=lang), "improvement")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("area", "changed"), [(1530.0, 0), (1600.0, 1)])
def test_of_a_composite_the_single_coefficients_are_counted_beside(lang: str, area: float, changed: int) -> None:
    # One of eight coefficients (1500 and 1500, then `area`) moves by 0.0099 or 0.032, their mean by an eighth of that.
    rest = {"computers": 10, "books": 100, "teachers_primary": 9, "senior_title_teachers_primary": 5}
    rows = [school(code, year, **rest) for year in (2023, 2024) for code in "12"]
    rows[-1]["sports_area"] = area
    report = small(rows, standard="national-2012", lang=lang)
    found = singles(report)
    assert found is not None
    assert (found.all, found.changed) == (8, changed)
    for chapter in ("conclusion", "improvement"):
        text = spoken(report, chapter)
        assert (f"{found.all}项单项差异系数中，{changed}项变动达到0.01" in text) or (
            f"Of {found.all} single coefficients {changed} moved by 0.01 or more" in text
        )
    assert singles(small(rows)) is None


@pytest.mark.parametrize(
    ("lang", "all_fell", "some"),
    [("zh", "7项校际差异系数全部下降", "没有一项上升"), ("en", "all 7 coefficients fell", "and none rose")],
)
def test_where_all_moved_one_way_it_says_all(lang: str, all_fell: str, some: str) -> None:
    """Two schools, one with twice of everything and less of it this year; then as much as before of one thing."""
    twice: dict[str, Any] = {name: 2 * amount for name, amount in PLENTY.items()}
    less: dict[str, Any] = {name: 1.5 * amount for name, amount in PLENTY.items()}
    first = [school("1", 2023), school("2", 2023, **twice)]
    text = spoken(small([*first, school("1"), school("2", **less)], lang=lang), "improvement")
    assert all_fell in text
    assert some not in text
    kept = less | {"sports_area": twice["sports_area"]}
    text = spoken(small([*first, school("1"), school("2", **kept)], lang=lang), "improvement")
    assert all_fell not in text
    assert some in text
