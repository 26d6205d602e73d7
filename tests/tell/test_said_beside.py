"""Documents beside a county's report, sentence by sentence: said in both languages where it holds, and only there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtri

from analysis.tell import Report
from analysis.tell.documents.deadlines import DeadlineReport
from analysis.tell.documents.document import Document
from analysis.tell.documents.forms import SelfAssessment
from analysis.tell.documents.notice import Notice
from analysis.tell.documents.school import SchoolSheet
from analysis.tell.documents.subject import SubjectReport
from analysis.tell.documents.township import TownshipReport
from analysis.tell.documents.warning import WarningSheet
from analysis.tell.parts.chapters.improvement import own_changes
from analysis.tell.parts.chapters.scores import facts as of_tests
from tests.tell import test_own_tests
from tests.tell.conftest import aloud, national, own_standard, school, small, told

COUNTY = {"county": "990999"}
OF = COUNTY | {"year": 2024}
LINE = "resources.floor_sports_area.primary.1"


def said(report: Report, make: Callable[[Report], Document], *chapters: str) -> dict[str, str]:
    """Return what chapters of a document that is made of a report say, by language."""
    made = {lang: make(replace(report, lang=lang)) for lang in ("zh", "en")}
    return {lang: aloud("\n".join(each.chapter(name).text for name in chapters)) for lang, each in made.items()}


def due(day: str, **words: Any) -> Report:
    """Return a county with one line in its ledger, told from 15 January 2025 on, for which people entered a day."""
    report = small([school("1", sports_area=1.0), school("2")], date="2025-01-15", **words)
    entry = dict.fromkeys(report.entries.columns, "") | {"id": LINE, "date": day}
    return replace(report, entries=pl.DataFrame([entry], schema=report.entries.schema))


@pytest.mark.parametrize(("day", "later"), [("2025-04-16", True), ("2025-04-15", False)])
def test_what_is_due_after_ninety_days_is_counted(day: str, later: bool) -> None:
    """15 April is the ninetieth day after 15 January. Without a plan a day that nobody entered is the standard's."""
    report = due(day)
    text = said(report, DeadlineReport, "deadlines", "deadlines_end")
    assert ("90日以后到期1条。" in text["zh"]) is later
    assert ("Due after 90 days: 1." in text["en"]) is later
    assert "没有填写的取标准的目标年份。" in text["zh"]
    assert "else when the target of the standard holds." in text["en"]
    planned = said(small([school("1", sports_area=1.0)], plan="plan-3"), DeadlineReport, "deadlines_end")
    assert "没有填写的取规划的目标年份。" in planned["zh"]
    assert "else when the target of the plan holds." in planned["en"]


@pytest.mark.parametrize(("day", "lines"), [("2026-01-15", 1), ("2026-01-16", 0)])
def test_a_warning_counts_what_falls_due_within_a_year(day: str, lines: int) -> None:
    text = said(due(day), WarningSheet, "warning")
    assert ("有1条台账到期" in text["zh"]) is bool(lines)
    assert ("没有台账到期" in text["zh"]) is not lines
    assert ("lines of the ledger that fall due: 1" in text["en"]) is bool(lines)


@pytest.mark.parametrize("lacking", [True, False])
def test_schools_without_a_verdict_are_counted_apart_for_the_public(lacking: bool) -> None:
    rows = [school("1", teaching_area=None if lacking else 900.0), school("2"), school("3")]
    text = said(small(rows, audience="public"), Notice, "notice_resources")
    assert f"参加测算的学校3所，达标{2 if lacking else 3}所" in text["zh"]
    assert ("因数据待核实没有结论的1所" in text["zh"]) is lacking
    assert ("1 has no verdict until its data are checked" in text["en"]) is lacking


@pytest.mark.parametrize(("year", "lacking"), [(2024, True), (2024, False), (2013, True)])
def test_of_a_township_those_that_lack_data_are_named(year: int, lacking: bool) -> None:
    """In 2013 no rule is in force: nothing that a school lacks keeps it from being judged."""
    rows = [
        school(code, year, township="东乡", teaching_area=None if lacking and code == "1" else 900.0) for code in "123"
    ]
    text = said(small(rows), lambda report: TownshipReport(report, "东乡"), "township")
    named = lacking and year > 2013
    assert ("小学因缺少可用数据不能判定的是1小学。" in text["zh"]) is named
    assert (
        "Primary schools that can't be judged because usable data are missing: 1 Primary School." in text["en"]
    ) is named
    assert ("不能判定" in text["zh"], "judged because usable data" in text["en"]) == (named, named)
    assert ("参加测算的学校全部达标" in text["zh"]) is (not lacking)


def sheet(report: Report, code: str) -> dict[str, str]:
    return said(report, lambda each: SchoolSheet(each, code), "school")


def test_what_a_school_does_not_report_is_no_indicator_that_it_misses() -> None:
    report = small([school("1"), school("2", teaching_area=None), school("3", pupils_primary=None)])
    text = sheet(report, "2")
    assert "7项资源指标中可核定的达到6项（" in text["zh"]
    assert "6 of 7 indicators known to be met (" in text["en"]
    assert "小学在校生100人。" in text["zh"]
    missing = sheet(report, "3")
    assert "小学在校生数缺失。" in missing["zh"]
    assert "Primary: enrolment missing." in missing["en"]
    assert "7项资源指标达到7项" in sheet(report, "1")["zh"]


def test_without_targets_no_number_of_indicators_is_met(tmp_path: Path) -> None:
    known = national()["indicators"]
    unset = {
        name: each | {"floor": {"primary": [{"from": "2017-04-19", "unset": True}]}} for name, each in known.items()
    }
    text = sheet(small([school("1"), school("2")], standard=own_standard(tmp_path, indicators=unset)), "1")
    assert "7项资源指标达到项数无法核定（规定未给出目标值）。" in text["zh"]
    assert "the number of indicators met is not known (" in text["en"]


@pytest.mark.parametrize("held", [8, 22])
def test_a_self_assessment_counts_what_is_open(held: int) -> None:
    """The county says that all teachers have certificates; of two schools with 22 each one has so many who do."""
    rows = [OF | {"item": "certificates", "value": 1.0, "evidence": "册"}]
    teachers = [OF | {"school": code, "stage": "primary", "teachers": 22, "certified": certified}
                for code, certified in (("1", 22), ("2", held))]  # fmt: skip
    report = small([school("1"), school("2")], {"government": rows, "teachers": teachers})
    text = {lang: aloud(SelfAssessment(replace(report, lang=lang)).text().text) for lang in ("zh", "en")}
    assert ("，尚不能判定1项，" in text["zh"]) is (held < 22)
    assert (", 1 not yet decidable," in text["en"]) is (held < 22)


def scores(year: int, spread: float, subject: str = "mathematics", on_top: float = 0.0) -> list[dict[str, Any]]:
    """Return scores of 20 schools of 30 pupils, normal by quantiles; the part `on_top` has the greatest score."""
    effect, pupil = (ndtri((np.arange(size) + 0.5) / size) for size in (20, 30))
    made = 70 + 10 * (spread * effect[:, None] + pupil[None, :])
    if on_top:
        made = np.minimum(made, np.sort(made.ravel())[-round(on_top * made.size)])
    about = COUNTY | {"year": year, "grade": 4, "subject": subject}
    return [
        about | {"school": f"{place:02}", "pupil": f"{place}-{number}", "score": float(score)}
        for (place, number), score in np.ndenumerate(made)
    ]


@pytest.mark.parametrize(("then", "now"), [(0.2, 1.5), (1.5, 0.2), (0.5, 0.5)])
def test_a_rate_moved_only_where_the_interval_of_its_change_leaves_nothing(then: float, now: float) -> None:
    schools = [
        school(f"{place:02}", year, area=None if place == 0 else ("urban", "rural")[place % 2])
        for year in (2023, 2024)
        for place in range(20)
    ]
    report = small(schools, {"scores": scores(2023, then) + scores(2024, now)})
    (change,) = own_changes(report)
    text = told(report, "improvement")
    rose, fell = change.low > 0, change.high < 0
    assert (rose, fell) == (then < now, then > now)
    assert ("可以认定上升" in text["zh"], "可以认定下降" in text["zh"]) == (rose, fell)
    assert (" it rose." in text["en"], " it fell." in text["en"]) == (rose, fell)
    assert ("不能认定有变化" in text["zh"]) is not (rose or fell)
    own = said(report, lambda each: SubjectReport(each, "mathematics"), "subject")
    assert ("确有扩大" in own["zh"], "确有缩小" in own["zh"]) == (rose, fell)
    assert (": it rose." in own["en"], ": it fell." in own["en"]) == (rose, fell)
    # The first school has no area: its 30 pupils are in no part.
    assert "；另有30人所在学校的城乡类型不明，未计入。" in own["zh"]
    assert "; 30 pupils whose school has no area are not counted." in own["en"]


def test_where_all_schools_have_an_area_no_pupil_is_left_out() -> None:
    schools = [school(f"{place:02}", area=("urban", "rural")[place % 2]) for place in range(20)]
    report = small(schools, {"scores": scores(2024, 0.5)})
    assert "城乡类型不明" not in said(report, lambda each: SubjectReport(each, "mathematics"), "subject")["zh"]


@pytest.mark.parametrize("both", [True, False])
def test_of_two_crowded_tests_both_are_told(both: bool) -> None:
    schools = [school(f"{place:02}") for place in range(20)]
    rows = scores(2024, 0.4, on_top=0.21) + scores(2024, 0.4, "chinese", on_top=0.21 if both else 0.0)
    report = small(schools, {"scores": rows})
    assert len(of_tests(report).crowded) == 1 + both
    text = told(report, "scores")
    assert ("，均超过20%，" in text["zh"]) is both
    assert (("these tests" if both else "this test") + " alone the verdict is") in text["en"]


@pytest.mark.parametrize(("others", "schools"), [(13, True), (0, False)])
def test_what_would_decide_a_test_is_told_as_far_as_the_county_has_it(others: int, schools: bool) -> None:
    """200 pupils of 100 in the grade of each of 20 schools are there, 13 more schools only where so many are left."""
    report = test_own_tests.county(0.35, 0.0, tested=(20, 10), others=("junior",) * others)
    (test,) = of_tests(report).owns
    assert (test.decides.schools, test.decides.pupils) == (13 if schools else None, 200)
    assert (test.own.more_schools, test.own.more_pupils) == (13, 200)
    text = told(report, "scores")
    said_zh = (
        "八年级数学再测13所学校，或在原有学校再测200人，才可能判定"
        if schools
        else "八年级数学在原有学校再测200人，才可能判定"
    )
    assert said_zh in text["zh"]
    said_en = (
        "13 more schools or 200 more pupils in the same schools could"
        if schools
        else "\nAs the estimates stand, 200 more"
    )
    assert said_en in "\n" + text["en"].replace(" As the", "\nAs the")
