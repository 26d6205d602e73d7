"""A plan laid over a framework, read a second time: its values by days, its targets, the chapter and tables on it."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import cli
from analysis.project import raw
from analysis.render import annex, results
from analysis.run.build.titles import meta
from analysis.tell import open_report
from verification.checked.kinds import Record
from verification.checked.sentences import Reader
from verification.plans import Plan, plan
from verification.printed.blocks import Block
from verification.rules import Standard
from verification.run import check, opened
from verification.words import Words
from verification.worked import laid
from verification.worked.case import Case, case
from verification.worked.due import due_year

from .conftest import STANDARDS

DAY = date(2024, 12, 31)


def standard(**data: Any) -> Standard:
    return Standard("x", {"from": "2020-01-01", "document": "x", "items": {}, "indicators": {}} | data, {})


@pytest.mark.parametrize(
    ("given", "state", "value", "coming"),
    [
        (3, "set", Fraction(3), None),
        ("unset", "target_not_set", None, None),
        ([{"from": "2024-12-31", "value": 1}], "set", Fraction(1), None),
        ([{"from": "2025-01-01", "value": 1}], "not_in_force", None, Fraction(1)),
        ([{"value": 2}, {"from": "2024-12-31", "unset": True}], "target_not_set", None, None),
        ({"primary": 4, "junior": 5}, "set", Fraction(4), None),
    ],
)
def test_a_value_holds_from_its_day(given: Any, state: str, value: Fraction | None, coming: Fraction | None) -> None:
    of = standard()
    assert (*of.state(given, DAY), of.coming(given, DAY)) == (state, value, coming)


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"items": {"a": {}}}, {"a"}),
        ({"indicators": {"x": {"floor": 1}}}, {"floor_x", "school_rule", "schools"}),
        ({"indicators": {"x": {"floor": 1, "cv": 1}}}, {"floor_x", "cv_x"}),
        ({"monitoring": {"level": {}}, "recognition": {"target": {}}}, {"level", "recognition"}),
    ],
)
def test_a_plan_speaks_of_what_its_file_names(own: dict[str, Any], named: set[str]) -> None:
    assert Plan(standard(), standard(), own).named == named


def test_a_plan_that_is_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="plan-9"):
        plan(STANDARDS, "plan-9")


@pytest.mark.parametrize(
    ("values", "year"),
    [
        (1, None),
        ([{"from": "2022-12-31", "value": 1}], 2022),
        ([{"from": "2022-12-31", "value": 1}, {"from": "2027-12-31", "value": 2}], 2027),
        ([{"from": "2025-12-31", "unset": True}], None),
    ],
)
def test_a_line_is_due_when_the_next_value_holds(values: Any, year: int | None) -> None:
    assert due_year(standard(items={"a": {"kind": "value", "target": {"values": values}}}), "a", "", DAY) == year


@pytest.fixture(scope="module")
def third() -> Case:
    """Qingxi under the third plan, worked out without a report."""
    found = case(raw(), STANDARDS, "990101", 2024, "national-2017", "zh", "internal", "plan-3").laid
    assert found is not None
    return found


def faults(of: Case, text: str, heading: str = "") -> list[str]:
    record = Record()
    Reader(of, Words(of), record).read("page", Block("p", text, heading=heading))
    return [f"{one.printed}, not {one.expected}" for one in record.faults]


TOLD = [
    "规划对学校规定的标准共14项，其中3项有学校没有达到：初中体育运动场馆20所中17所达到",
    "国家监测校际差异率（八年级数学）：0.18，目标低于0.15；",
    "下一批目标在2025年底前到期：达标学校比例（小学），目标不低于50%，现为97.5%；",
    "达标学校比例（初中）由85.0%到2026年的90%，每年须提高2.5个百分点，近年每年提高17.0个百分点，按此速度2025年达到（最迟2026年）；",
    "接受优质均衡发展评估认定（2027年1月至2027年12月）。",
]


@pytest.mark.parametrize("text", TOLD)
def test_a_sentence_of_the_chapter_is_worked_out(text: str, third: Case) -> None:
    assert faults(third, text) == []


def broken() -> Iterator[tuple[str, str]]:
    """Every digit of these sentences as another one."""
    for text in TOLD:
        for place, letter in enumerate(text):
            if letter.isdigit():
                yield text, f"{text[:place]}{(int(letter) + 1) % 10}{text[place + 1 :]}"


@pytest.mark.slow
def test_every_other_digit_of_them_is_a_fault(third: Case) -> None:
    assert [told for _, told in broken() if not faults(third, told)] == []


def test_a_word_of_them_is_a_claim(third: Case) -> None:
    assert faults(third, TOLD[3].replace("近年每年提高", "近年每年下降"))
    assert faults(third, TOLD[1].replace("八年级", "四年级"))


def test_what_is_not_told_of_a_school_is_counted_by_the_floor_to_come() -> None:
    """Plan 4's floors hold from the end of 2022: before, schools are counted by what is to come, and none is judged."""
    found = case(raw(), STANDARDS, "990101", 2020, "national-2017", "zh", "internal", "plan-4").laid
    assert found is not None
    floors = laid.floors(found)
    assert {one.verdict for one in floors} == {"not_in_force"}
    assert all(one.told for one in floors)
    (sports,) = [one for one in floors if (one.finding.item, one.finding.stage) == ("floor_sports_area", "primary")]
    assert sports.finding.target is None
    assert sports.finding.coming == Fraction(75, 10)
    assert sports.met == sum(
        (one.per_pupil("sports_area", found.standard) or 0) >= 7.5 for one in found.now.inside("primary")
    )


def test_results_and_workbook_of_a_plan_are_explained(tmp_path: Path) -> None:
    report = open_report("990101", plan="plan-3", processed=tmp_path / "processed")
    results.write(report, tmp_path / "results.json")
    annex.write(report, tmp_path / "annex.xlsx", meta(report))
    found = check(tmp_path, opened(tmp_path, raw(), STANDARDS))
    assert found.documents == ("results.json", "annex.xlsx")
    assert found.record.faults == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("number", range(1, 9))
def test_reports_under_every_plan_are_explained(number: int, lang: str, tmp_path: Path) -> None:
    assert cli.main(["report", "990101", "--plan", f"plan-{number}", "--lang", lang, "--out", str(tmp_path)]) == 0
    (found,) = tmp_path.rglob("results.json")
    assert check(found.parent, opened(found.parent, raw(), STANDARDS)).record.faults == []


def test_every_plan_is_a_file_that_is_read() -> None:
    for number in range(1, 9):
        over = plan(STANDARDS, f"plan-{number}")
        assert over.named
        assert yaml.safe_load((STANDARDS / f"plan-{number}.yml").read_text(encoding="utf-8"))["id"] == over.standard.id
