"""Forecast, trust and the plan of least cost, sentence by sentence: said in both languages where it holds."""

import statistics
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from analysis.least_cost.plan import status_of
from analysis.least_cost.subproblem import Found
from analysis.tell import Report
from analysis.tell.facts.fragile import trust
from analysis.tell.facts.least_cost import Least, least
from analysis.tell.facts.outlook import foretold, gained
from tests.tell.conftest import school, small, told

OF = {"county": "990999", "year": 2024}
LIMIT = 0.5


def known(report: Report, fact: Any, value: Any) -> dict[str, str]:
    """Return what the chapter of a fact says where the fact is this."""
    name = {foretold: "forecast", least: "least_cost"}[fact]
    said = {}
    for lang in ("zh", "en"):
        each = replace(report, lang=lang)
        each._known[fact.__wrapped__] = value
        said[lang] = told_of(each, name)
    return said


def told_of(report: Report, name: str) -> str:
    return report.chapter(name).text.replace("\\", "")


@pytest.fixture(scope="module")
def seen() -> Report:
    """Return three schools, of which the first had 40 and has 1,500 m² for as many pupils: 0.66, then 0."""
    return small([school(code, year, sports_area=40.0 if (code, year) == ("1", 2023) else 1500.0)
                  for year in (2023, 2024) for code in "123"])  # fmt: skip


def ahead(report: Report, **changes: Any) -> dict[str, Any]:
    forecast = foretold(report)
    assert forecast is not None
    return forecast | changes


@pytest.mark.parametrize(("probability", "zh", "en"), [
    (0.991, "超过99%", "a probability of more than 99%"), (0.99, "为99%", "a probability of 99%"),
    (0.01, "为1%", "a probability of 1%"), (0.009, "不足1%", "a probability of less than 1%"),
])  # fmt: skip
def test_what_is_all_but_sure_is_told_as_no_more(probability: float, zh: str, en: str) -> None:
    report = small([school("1", sports_area=9000.0), *(school(code) for code in "234")])
    row = {
        "finding": "resources.cv_sports_area.primary", "item": "cv_sports_area", "stage": "primary", "year": 2027,
        "now": 1.0, "value": 0.4, "low": 0.3, "high": 0.45, "target": LIMIT, "probability": probability,
        "by_amounts": -0.6, "by_enrolment": 0.0,
    }  # fmt: skip
    said = known(report, foretold, ahead(report, values=[row]))
    assert f"在上限0.50以内的可能性{zh}，" in said["zh"]
    assert f"within its limit of 0.50 with {en}," in said["en"]


def test_likely_milestones_are_those_of_a_half_and_more(seen: Report) -> None:
    stones = [{"probability": part} for part in (0.5, 0.49, 0.9, None)]
    said = known(seen, foretold, ahead(seen, milestones=stones))
    likely = sum((stone["probability"] or 0) >= 0.5 for stone in stones)
    assert f"规划今后几年的资源配置目标4项，{likely}项达到的可能性不低于一半。" in said["zh"]
    assert f"in the years to come, 4 in all, {likely} are at least as likely met as not." in said["en"]
    one = known(seen, foretold, ahead(seen, milestones=stones[:1]))
    assert "in the years to come, 1 in all, 1 is at least as likely met as not." in one["en"]
    assert "规划今后几年" not in known(seen, foretold, ahead(seen, milestones=[]))["zh"]


@pytest.mark.parametrize("years", [(), (2025,), (2025, 2025), (2026,)])
def test_what_is_lost_next_year_is_counted(seen: Report, years: tuple[int, ...]) -> None:
    lost = [{"finding": "", "year": year, "value": None} for year in years]
    said = known(seen, foretold, ahead(seen, lost=lost))
    next_year = years.count(2025)
    assert (f"很可能失去的有{next_year}项，见预警单" in said["zh"]) is bool(next_year)
    assert ("likely to be lost by next year's expected enrolment" in said["en"]) is bool(next_year)
    assert ("1 item that is met is likely" in said["en"]) is (next_year == 1)
    assert ("2 items that are met are likely" in said["en"]) is (next_year == 2)


@pytest.mark.parametrize(("pupils", "area", "leaving"), [(100, 1500.0, 0), (20, 300.0, 1)])
def test_floors_reached_are_told_with_those_that_leaving_brought(pupils: int, area: float, leaving: int) -> None:
    """300 m² for 100 pupils are 3 of 7.5; for 20 they are 15. 1,500 m² are 15 for 100 pupils as well."""
    before, now = school("1", 2023, sports_area=300.0), school("1", 2024, sports_area=area)
    report = small(
        [before, now | {"pupils_primary": pupils}, *(school(code, year) for code in "23" for year in (2023, 2024))]
    )
    found = gained(report)
    assert found is not None
    assert (found.number, found.by_leaving) == (1, leaving)
    assert (area / 100 >= 7.5) is not leaving
    said = known(report, foretold, ahead(report))
    assert ("2023年以来，学校新达到的底线共1项，没有一项只是因为学生减少才达到" in said["zh"]) is not leaving
    assert ("newly reached 1 floor, none of them only because pupils left" in said["en"]) is not leaving
    assert ("其中1项只是因为学生减少才达到" in said["zh"]) is bool(leaving)


@pytest.mark.parametrize("short", [True, False])
def test_intervals_are_the_countys_own_where_it_has_years(seen: Report, short: bool) -> None:
    assumed = [each for each in ahead(seen)["assumptions"] if each != "short_past"] + ["short_past"] * short
    said = known(seen, foretold, ahead(seen, assumptions=assumed))
    assert ("区间由本县以往的误差推出" in said["zh"]) is not short
    assert ("Intervals follow from the county's own past errors" in said["en"]) is not short
    assert ("区间主要依据一般经验" in said["zh"]) is short


def turning(areas: list[float], error: float) -> int | None:
    """Return the fewest schools whose area less by `error` brings the coefficient over its limit; all sets are tried
    by how many of each size are chosen."""
    sizes = sorted(set(areas))
    fewest = None
    for chosen in product(*(range(areas.count(size) + 1) for size in sizes)):
        true = [
            size * (1 - error) if place < many else size
            for size, many in zip(sizes, chosen, strict=True)
            for place in range(areas.count(size))
        ]
        if statistics.pstdev(true) / statistics.fmean(true) > LIMIT:
            fewest = min(fewest or len(areas), sum(chosen))
    return fewest


@pytest.mark.parametrize("areas", [[800.0, 2300.0] * 10, [1500.0, 1500.0]])
def test_how_many_reports_would_turn_the_verdict(areas: list[float]) -> None:
    report = small([school(str(place), sports_area=area) for place, area in enumerate(areas)])
    said = told(report, "fragile")
    for level in trust(report):
        fewest = turning(areas, level.error)
        assert fewest != 1
        part = f"{level.error:.0%}"
        together = f"单独一所学校多报{part}不会改变这一结论，至少要有{fewest}所学校同时多报"
        assert (together in said["zh"]) is (fewest is not None)
        en = f"{part} too much in a single school would not change it, it takes at least {fewest} schools together"
        assert (en in said["en"]) is (fewest is not None)
        assert (f"无论哪些学校多报{part}，这一结论都不变" in said["zh"]) is (fewest is None)
        assert (f"{part} too much, in whichever schools, would not change it" in said["en"]) is (fewest is None)


@pytest.fixture(scope="module")
def poor() -> Report:
    """Return a county in which one school lacks area and one reports no teaching area."""
    return small([school("1", sports_area=100.0), school("2"), school("3", teaching_area=None)])


def open_gap(found: Any, part: float) -> Any:
    """Return a plan of which it is not proven that a part of its cost is needed."""
    bound = found.cost * (1 - part)
    return replace(found, bound=bound, status=status_of(Found(found.units, found.cost, bound), found.wish.gap))


@pytest.mark.parametrize(("part", "plain"), [(0.0, False), (0.004, False), (0.1, True)])
def test_a_plan_that_is_not_proven_is_never_called_the_least(poor: Report, part: float, plain: bool) -> None:
    """Up to half a per cent of the cost may be open; what may be saved is told."""
    found = least(poor)
    assert found is not None
    assert found.bare
    assert found.every
    made = Least(*(open_gap(each, part) for each in (found.plan, found.bare, found.every)))
    said = known(poor, least, made)
    assert ("全县约需投入" in said["zh"], "全县最少约需投入" in said["zh"]) == (plain, not plain)
    assert ("是否最省未能证明（最多可能再省[10.0%]" in said["zh"]) is plain
    assert ("nothing cheaper does is not proven (it may be up to [10.0%]" in said["en"]) is plain
    assert (said["zh"].count("最少约需"), said["zh"].count("约需")) == ((0, 3) if plain else (3, 3))
    assert said["en"].count("at least about") == (0 if plain else 3)
    only = known(poor, least, replace(made, bare=None))
    assert ("各校各项指标全部达到（项项达标、不留余地），约需" in only["zh"]) is plain
    assert ("For every school to meet every indicator, without a reserve, about" in only["en"]) is plain


def test_a_search_that_an_emergency_stopped_is_told_and_none_of_it_printed(poor: Report) -> None:
    found = least(poor)
    assert found is not None
    said = known(poor, least, replace(found, plan=replace(found.plan, stopped=True)))
    assert said["zh"].strip().endswith("没有在限定时间内算完，此处从略；可另行运行 junheng plan。")
    assert "did not end within its time, and is left out here" in said["en"]
    assert "没有在限定时间内算完" not in told_of(poor, "least_cost")


def test_schools_that_lack_data_are_counted_and_whose_prices_are_told(poor: Report) -> None:
    lacking = {one.school for one in poor.now.where(kind="school_rule") if one.verdict == "no_data"}
    assert lacking == {"3"}
    said = told(poor, "least_cost")
    assert "1所学校（分学段计）有指标无数据，能否达标要等补报之后再看" in said["zh"]
    assert "1 school (by stage) lacks data: whether it meets the rule is open until they are supplied" in said["en"]
    assert "单价为示例" in said["zh"]
    prices = [OF | {"indicator": "sports_area", "cost": 800.0}]
    own = told(small([school("1", sports_area=100.0), school("2")], {"costs": prices}), "least_cost")
    assert "单价由本县给出。" in own["zh"]
    assert "Prices are those of the county." in own["en"]
    assert "无数据" not in own["zh"]
