"""What moved a coefficient is told by what schools themselves did, not by where the mean went."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from analysis.tell import Report
from analysis.tell.facts.changes import moved
from analysis.tell.facts.movers import Cause, State

from .conftest import school, small

#: A school's code and its sports area per pupil, 100 pupils each.
Areas = Mapping[str, float]
OTHERS = ("2", "3", "4", "5", "6")


def two_years(before: Areas, now: Areas, **words: Any) -> Report:
    rows = [
        school(code, year, sports_area=100.0 * each)
        for year, areas in ((2023, before), (2024, now))
        for code, each in areas.items()
    ]
    return small(rows, **words)


def cause_of(report: Report) -> Cause | None:
    (found,) = [one for one in moved(report) if one.indicator == "sports_area"]
    return found.cause


def test_the_school_whose_own_change_did_it_is_named() -> None:
    # 10, 10, 10, 30: 8.660 / 15 = 0.577. With the last at 20: 4.330 / 12.5 = 0.346; put back it is 0.577 again.
    report = two_years({"1": 10, "2": 10, "3": 10, "4": 30}, {"1": 10, "2": 10, "3": 10, "4": 20})
    found = cause_of(report)
    assert found is not None
    assert [(one.school, one.state) for one in found.movers] == [("4", State.BOTH)]
    assert found.movers[0].own == pytest.approx(0.3464 - 0.5774, abs=1e-4)
    assert (found.along, found.against) == (1, 0)
    assert "主要由4小学的变化引起" in report.chapter("improvement").text


@pytest.mark.parametrize("outlier", [30.0, 31.0])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "主要因为其他学校整体提高：不计1小学，其余[5]所学校生均由[10.00]增至[15.00]平方米"),
        ("en", "mainly because the level of the other schools rose: without 1 Primary School, "
         "[5] schools went from [10.00] to [15.00] m² per pupil"),
    ],
)  # fmt: skip
def test_an_outlier_that_stood_still_or_grew_is_not_said_to_have_brought_it_down(
    outlier: float, lang: str, said: str
) -> None:
    # 30 and five times 10: 0.559; 30 and five times 15: 0.319. Two of the five at 10 again: 0.424, 44 % of the fall.
    report = two_years({"1": 30, **dict.fromkeys(OTHERS, 10)}, {"1": outlier, **dict.fromkeys(OTHERS, 15)}, lang=lang)
    found = cause_of(report)
    assert found is not None
    assert not found.movers
    assert found.others is not None
    assert (found.others.without, found.others.before, found.others.now) == ("1", 10, 15)
    assert (found.along, found.against) == (5, int(outlier > 30))
    assert said in plain(report.chapter("improvement").text)


def plain(text: str) -> str:
    return re.sub(r"\{\.n [^}]*\}", "", text)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "（[8]所学校的变化使其下降）"), ("en", ", by the changes of [8] schools.")]
)
def test_what_many_schools_did_is_ascribed_to_none(lang: str, said: str) -> None:
    # Four at 10 and four at 20 (0.333) draw together to 12 and 18 (0.200); the mean stays. Two of them back: 0.240.
    before = {**dict.fromkeys("1234", 10), **dict.fromkeys("5678", 20)}
    now = {**dict.fromkeys("1234", 12), **dict.fromkeys("5678", 18)}
    report = two_years(before, now, lang=lang)
    assert cause_of(report) == Cause((), None, 8, 0)
    assert said in plain(report.chapter("improvement").text)


def test_a_school_that_worked_against_the_whole_is_never_named() -> None:
    # The first rises from 20 to 22 and widens the difference, the last falls from 40 to 20 and narrows it more.
    found = cause_of(two_years({"1": 20, "2": 10, "3": 10, "4": 40}, {"1": 22, "2": 10, "3": 10, "4": 20}))
    assert found is not None
    assert [one.school for one in found.movers] == ["4"]
    assert (found.along, found.against) == (1, 1)


@pytest.mark.parametrize(
    ("lang", "new", "gone"),
    [
        ("zh", "主要由4小学（本年新增）的变化引起", "主要由4小学（本年统计表中没有）的变化引起"),
        (
            "en",
            "driven mainly by 4 Primary School (new this year)",
            "driven mainly by 4 Primary School (absent from the statistics this year)",
        ),
    ],
)
def test_new_and_gone_schools_are_told_as_such(lang: str, new: str, gone: str) -> None:
    few, more = dict.fromkeys("123", 10.0), {**dict.fromkeys("123", 10.0), "4": 30.0}
    for before, now, said in ((few, more, new), (more, few, gone)):
        assert said in two_years(before, now, lang=lang).chapter("improvement").text


def test_a_school_that_was_not_counted_the_year_before_is_not_new() -> None:
    # A teaching point of 49 pupils is out of scope, one of 100 is in.
    rows = [school(code, year) for year in (2023, 2024) for code in "12"]
    rows += [school("3", year, pupils, school_type="teaching_point", sports_area=40.0 * pupils)
             for year, pupils in ((2023, 49), (2024, 100))]  # fmt: skip
    found = cause_of(small(rows))
    assert found is not None
    assert [(one.school, one.state) for one in found.movers] == [("3", State.COUNTED)]


@pytest.mark.parametrize(("pupils", "told"), [(10, True), (9, False)])
def test_the_public_hears_of_no_school_where_one_is_hidden(pupils: int, told: bool) -> None:
    rows = [school(code, year, sports_area=1000.0 if year == 2023 or code != "1" else 3000.0)
            for year in (2023, 2024) for code in "1234"]  # fmt: skip
    rows += [school("5", year, pupils) for year in (2023, 2024)]
    assert (cause_of(small(rows, audience="public")) is not None) is told
