"""Sentences that claim something of groups, corrections, dates and vetoes: said where it holds, and only there."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from analysis.clean.corrections import Correction
from analysis.run.build import titles
from analysis.tell import Report
from analysis.tell.case.setting import SourceFile
from tests.tell.conftest import school, small

FILE = "990999/schools_2024.xlsx"


def said(report: Report, chapter: str) -> str:
    """Return what a chapter says, without marks."""
    text = re.sub(r"\[([^][]*)\]\{[^}]*\}", r"\1", str(report.chapter(chapter).text))
    return text.replace("\\", "")


def asked(**groups: tuple[int, int]) -> Report:
    """Return a county whose groups gave so many forms, of which so many are satisfied."""
    rows = [
        {"county": "990999", "year": 2024, "group": group, "asked": valid, "satisfied": satisfied}
        for group, (valid, satisfied) in groups.items()
    ]
    return small([school("1"), school("2")], {"survey": rows})


def test_a_group_is_lowest_only_where_its_interval_lies_apart() -> None:
    near = said(asked(parents=(100, 90), teachers=(100, 92)), "recognition")
    assert "最低" not in near
    assert "最高" not in near
    far = said(asked(parents=(1000, 700), teachers=(1000, 950)), "recognition")
    assert "认可度最低的是家长，70.0%" in far
    assert "认可度最高的是教师，95.0%" in far


def test_a_group_is_below_the_standard_only_with_its_whole_interval() -> None:
    # Wilson of 800 in 1,000: 77.4 to 82.4 %; of 8 in 10: 49.0 to 94.3 %.
    sure = said(asked(parents=(1000, 800), teachers=(1000, 950)), "recognition")
    assert "整个区间低于标准的有家长（80.0%）" in sure
    assert "不能断定" not in sure
    open_ = said(asked(parents=(10, 8), teachers=(1000, 950)), "recognition")
    assert "低于标准但区间跨过标准的有家长（80.0%），不能断定" in open_
    assert "整个区间低于标准" not in open_
    none = said(asked(parents=(100, 85), teachers=(1000, 950)), "recognition")
    assert "低于标准" not in none.replace("不低于标准", "")


def corrected(rule: str, before: str, after: str, **words: Any) -> Report:
    place = {"file": FILE, "sheet": "", "row": 4}
    rows = [place | school("9909990001"), place | {"row": 5} | school("9909990002")]
    about = place | {"county": "990999", "year": 2024, "table": "schools", "column": "equipment_value", "rule": rule}
    report = small(rows, {"notices": [about | {"before": before, "after": after}]}, **words)
    entry = Correction(FILE, "equipment_value", before, after, "该校按元填报", "计划财务科", row=4)
    return replace(report, corrections=(entry,))


def test_a_corrected_value_is_no_matter_of_spelling() -> None:
    value = corrected("corrected", "227200", "22.72")
    assert "1个数值已据更正记录更正" in said(value, "conclusion")
    told = said(value, "method")
    assert "（9909990001小学）“教学仪器设备值”：由“227200”更正为“22.72”，原因：该校按元填报" in told
    assert "只统一填报格式" not in told
    spelling = corrected("number_written", "1,500", "1500")
    assert "更正记录" not in said(spelling, "conclusion") + said(spelling, "data") + said(spelling, "method")
    assert "只统一填报格式（全角数字、千分位符号等）的单元格共1个" in said(spelling, "method")


def test_the_public_is_told_no_text_of_a_correction() -> None:
    told = said(corrected("corrected", "227200", "22.72", audience="public"), "data")
    assert "据更正记录更正" in told
    assert not any(text in told for text in ("227200", "22.72", "按元填报", "9909990001"))


@pytest.mark.parametrize(
    ("dates", "subtitle"),
    [
        (("2024-09-30",), "数据时点为2024年9月"),
        (("2024-09-30", "2024-12-25", "2024-06-28"), "数据时点为2024年6月至12月"),
        (("2024-09-30", "2025-01-10"), "数据时点为2024年9月至2025年1月"),
        ((), "数据时点为2024年"),
    ],
)
def test_a_title_tells_the_first_and_the_last_date_of_its_year(dates: tuple[str, ...], subtitle: str) -> None:
    files = [SourceFile(FILE, "", "", date, "schools", 2024, True, "") for date in dates]
    files.append(SourceFile(FILE, "", "", "2023-12-31", "schools", 2023, True, ""))
    report = replace(small([school("1"), school("2")]), source_files=tuple(files))
    assert titles.meta(report).subtitle.endswith(f"，{subtitle}")


def entry(**answers: str) -> Report:
    rows = [
        {"county": "990999", "year": 2024, "item": item, "answer": answer, "evidence": "1"}
        for item, answer in answers.items()
    ]
    return small([school("1"), school("2")], {"government": rows})


def test_a_veto_is_told_by_what_is_so_and_a_condition_by_its_name() -> None:
    vetoed = entry(no_false_data="no", no_empty_posts="no", basic_balance_kept="yes")
    told = said(vetoed, "government")
    assert "存在有合格教师来源而有编不补、弄虚作假的情形，属一票否决" in told
    assert "不符合的申报条件" not in told
    assert "存在弄虚作假的情形，属一票否决" in said(vetoed, "problems")
    failed = entry(no_false_data="yes", no_empty_posts="yes", basic_balance_kept="no")
    told = said(failed, "government")
    assert "不具备的申报条件：基本均衡发展认定后年度监测持续保持较高水平" in told
    assert "属一票否决" not in told


def test_what_is_over_a_limit_is_not_said_to_be_missing() -> None:
    # Of 5 and 20 m2 a pupil the coefficient is 7.5 / 12.5 = 0.6, 0.1 over the limit; 7.5 is the floor.
    over = small([school("1", sports_area=500.0), school("2", sports_area=2000.0)]).table("problems")
    assert over is not None
    told = {row["item"]: row["missing"] for row in over.frame.iter_rows(named=True)}
    assert told["体育运动场馆校际差异系数"] == "超出0.10"
    assert told["体育运动场馆"] == "250平方米"


def test_a_gap_is_allowed_only_where_the_school_meets_its_rule() -> None:
    rows = [{"file": FILE, "sheet": "", "row": number} | school(f"99099900{number}") for number in (2, 3, 4)]
    rows[-1] |= {"sports_area": 700.0}
    met = small(rows)
    assert "按规定仍为达标" in said(met, "resources")
    rows[-1] |= {"equipment_value": None}
    about = {"file": FILE, "sheet": "", "row": 4, "county": "990999", "year": 2024, "table": "schools"}
    notice = about | {"column": "equipment_value", "rule": "text_in_number_value", "before": "约10万", "after": None}
    open_ = small(rows, {"notices": [notice]})
    assert "按规定仍为达标" not in said(open_, "resources") + said(open_, "problems")
    problems = open_.table("problems")
    assert problems is not None
    assert "体育运动场馆" in problems.frame["item"].to_list()
    assert "规则允许之内" not in problems.source


def test_a_standard_without_a_rate_between_schools_says_nothing_of_it(sample: Callable[..., Report]) -> None:
    for standard, judged in (("national-2017", True), ("national-2012", False)):
        report = sample("990101", standard)
        assert (report.figure("effects") is not None) is judged
        assert ("校际差异率" in said(report, "data")) is judged


@pytest.mark.parametrize(("answer", "said_of_it"), [("yes", "符合"), ("no", "不符合")])
def test_a_condition_is_fulfilled_or_not(answer: str, said_of_it: str) -> None:
    table = entry(no_false_data=answer).table("items_entry")
    assert table is not None
    place = table.frame["item"].to_list().index("不存在弄虚作假")
    assert [cell.text for row in table.body[place : place + 1] for cell in row if cell.verdict] == [said_of_it]
