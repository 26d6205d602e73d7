"""What a field check comes to, sentence by sentence: said in both languages where it holds, and only there."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.read.fieldcheck import ENTRIES, LINES, Remark, Sheet
from analysis.tell import Report
from analysis.tell.documents.fieldcheck import FieldCheck
from tests.tell.conftest import aloud, own_standard, school, small

OF = {"county": "990999", "year": 2024}
CODES = tuple("1234567")


def found(*values: tuple[str, str, float | None]) -> pl.DataFrame:
    """Return entries of a sheet: school, column and what was found, None for what is no number."""
    rows = [
        {"school": code, "table": "schools", "column": column, "place": "", "verified": value,
         "text": "约三" if value is None else str(value), "sheet": "核查表", "row": row}
        for row, (code, column, value) in enumerate(values, start=4)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=ENTRIES)


@pytest.fixture(scope="module")
def county() -> Report:
    return small([school(code) for code in CODES])


def said(case: Report, entries: pl.DataFrame, schools: tuple[str, ...] = ("1",), **sheet: Any) -> dict[str, str]:
    """Return what a check says of these entries, on whose sheet each school drawn has two values."""
    made = {}
    rows = [(code, "schools", column, None) for code in schools for column in ("teaching_area", "sports_area")]
    listed = pl.DataFrame(rows, schema=LINES, orient="row")
    days, remarks = sheet.get("days", ()), sheet.get("remarks", ())
    drawn = Sheet(schools, sheet.get("seed"), listed, entries, days, remarks, sheet.get("error"))
    result = FieldCheck(case, drawn).result
    for lang in ("zh", "en"):
        check = FieldCheck(replace(case, lang=lang), drawn)
        vars(check)["result"] = result  # judged once
        made[lang] = aloud("\n".join(check.chapter(name).text for name in ("fieldcheck", "fieldcheck_end")))
    return made


def test_before_anything_is_entered_the_verdict_is_the_reported_one(county: Report) -> None:
    told = said(county, found(), CODES)
    assert "实地核查0所学校，核实0个数据" in told["zh"]
    assert "还没有填写核实值，以下仍为填报结论。" in told["zh"]
    assert "Nothing has been entered yet: this is the verdict as reported." in told["en"]
    # All seven are still to be visited: more than are named in one place.
    assert "没有填写核实值的学校7所：1小学等7所学校；" in told["zh"]
    assert "schools for which nothing was entered, 7: 1 Primary School and 6 other schools;" in told["en"]
    assert "已核实的" not in told["zh"]
    assert not any(words in told["zh"] for words in ("随机种子", "核查日期", "备注", "各项都已达到"))
    some = said(county, found(("1", "sports_area", 1500.0)), CODES[:6])
    assert "没有填写核实值的学校5所：2小学、3小学、4小学、5小学和6小学；" in some["zh"]


def test_values_that_agree_leave_the_verdict(county: Report) -> None:
    told = said(county, found(("1", "sports_area", 1500.0), ("1", "teaching_area", 900.0)))
    assert "以核实值替换后仍为无数据" in told["zh"]
    assert "已核实的2个数据中，与填报一致的占100%。" in told["zh"]
    assert "Of 2 values that were verified, 100% agree with those reported." in told["en"]
    assert "各领域：资源配置为达到；" in told["zh"]
    assert "Resources met; " in told["en"]
    assert not any(words in told["zh"] for words in ("不一致", "改变", "尚缺"))


def test_a_value_that_differs_and_turns_nothing_is_told_so(county: Report) -> None:
    """1,400 m² for 100 pupils are 14 of the 7.5 asked; of the two values on the sheet one is verified."""
    told = said(county, found(("1", "sports_area", 1400.0)))
    assert "与填报一致的占0%，1个与填报不一致（[@tbl-fieldcheck-values]）。没有判定因此改变结论。" in told["zh"]
    assert (
        "0% agree with those reported; 1 differs ([@tbl-fieldcheck-values]). No finding changes its verdict."
        in told["en"]
    )
    assert "资源配置仍为达到；" in told["zh"]
    assert "Resources still met; " in told["en"]
    assert "已核查的学校中还有1个数据没有可用的核实值" in told["zh"]
    assert "without an entry that can be used, 1 ([@tbl-fieldcheck-schools])" in told["en"]
    assert "未达到的事项" not in told["zh"]


def test_a_value_that_turns_verdicts_is_told_with_as_many_as_it_turns(county: Report) -> None:
    """Judged anew with 100 m² in place of 1,500: what is another verdict then is what the sentence counts."""
    anew = small([school(code, sports_area=100.0 if code == "1" else 1500.0) for code in CODES])
    verdicts = {one.id: one.verdict for one in county.now}
    turned = [one.id for one in anew.now if verdicts[one.id] != one.verdict]
    assert len(turned) > 2
    told = said(county, found(("1", "sports_area", 100.0)))
    assert "以核实值替换后变为未达到" in told["zh"]
    assert "with the verified values it becomes not met" in told["en"]
    assert f"结论因此改变的判定有{len(turned)}项（[@tbl-fieldcheck-changes]）。" in told["zh"]
    assert f"The verdict changes on {len(turned)} findings ([@tbl-fieldcheck-changes])." in told["en"]
    assert "资源配置由达到变为未达到；" in told["zh"]
    assert "Resources from met to not met; " in told["en"]
    assert "按核实值，未达到的事项共1件：\n\n1. 小学生均体育运动场馆面积不足：1所学校不足标准的85%。" in told["zh"]
    assert "With the verified values the matters not met are 1:\n\n1. Sports space per pupil is short" in told["en"]


def test_what_fits_nothing_is_counted_and_a_visit_is_told_with_its_days(county: Report) -> None:
    told = said(
        county, found(("1", "sports_area", 1500.0), ("1", "teaching_area", None), ("9", "sports_area", 10.0)),
        seed=7, days=(("1", "2024-11-05"),), remarks=(Remark("1", "体育运动场馆面积", "操场翻修"),),
    )  # fmt: skip
    assert "填写的内容中有2项对应不上或不合规则，未采用（[@tbl-fieldcheck-lost]）。" in told["zh"]
    assert "fit nothing or break a rule and were not used, 2 ([@tbl-fieldcheck-lost])." in told["en"]
    assert "核查日期：1小学 2024-11-05。" in told["zh"]
    assert "Visited on: 1 Primary School 2024-11-05." in told["en"]
    assert "核查人员的备注：1小学 体育运动场馆面积：操场翻修。" in told["zh"]
    assert "What was noted beside values: 1 Primary School 体育运动场馆面积: 操场翻修." in told["en"]
    assert "抽样按随机种子7进行" in told["zh"]
    assert "The schools were drawn by seed 7:" in told["en"]


@pytest.mark.parametrize("error", [None, 0.05])
def test_how_schools_were_drawn_is_told_as_they_were(county: Report, error: float | None) -> None:
    told = said(county, found(("1", "sports_area", 1500.0)), seed=7, error=error)
    by_type = error is None
    assert ("抽样按随机种子7进行；各类学校先取风险项最多的，再随机抽取，可按同一种子" in told["zh"]) is by_type
    assert ("of each type first the one with most at risk, then by lot." in told["en"]) is by_type
    assert ("各校按多报5%时对“达到”结论的影响定被抽到的可能，可按同一种子" in told["zh"]) is not by_type
    assert (
        "each had a chance by what its report, overstated by 5%, does to a verdict “met”." in told["en"]
    ) is not by_type


@pytest.mark.parametrize("most", [6, 7])
def test_of_many_matters_those_that_weigh_most_are_told(most: int) -> None:
    items = ("layout", "four_standards", "teacher_pay", "performance_pay", "posts_allotted", "study_load")
    rows = [OF | {"item": item, "answer": "no", "evidence": "册"} for item in items[: most - 1]]
    report = small([school("1"), school("2")], {"government": rows})
    told = said(report, found(("1", "sports_area", 100.0)))
    assert (f"按核实值，未达到的事项共{most}件，影响最大的6件是：" in told["zh"]) is (most > 6)
    assert (f"the matters not met are {most}; the 6 that weigh most are:" in told["en"]) is (most > 6)
    assert told["zh"].count("\n6. ") == 1
    assert "\n7. " not in told["zh"]


@pytest.mark.parametrize(("area", "met"), [(750.0, True), (600.0, False)])
def test_everything_is_met_only_where_the_whole_is(area: float, met: bool, tmp_path: Path) -> None:
    standard = own_standard(tmp_path, items={}, monitoring=None, recognition=None)
    report = small([school("1", sports_area=600.0), school("2")], standard=standard)
    told = said(report, found(("1", "sports_area", area)))
    assert ("按核实值，各项都已达到。" in told["zh"]) is met
    assert ("With the verified values everything is met." in told["en"]) is met


@pytest.mark.parametrize(("area", "zh", "en"), [
    (1500.0, "与填报全部一致", "all as reported"),
    (1400.0, "1个与填报不一致", "of which 1 differs from those reported"),
])  # fmt: skip
def test_the_report_itself_keeps_to_what_was_reported(county: Report, area: float, zh: str, en: str) -> None:
    report = replace(county, checked=found(("1", "sports_area", area), ("1", "teaching_area", 900.0)))
    told = {lang: aloud(replace(report, lang=lang).chapter("data").text) for lang in ("zh", "en")}
    assert f"本年实地核查核实了2个数据，{zh}；本报告仍以填报数据为准" in told["zh"]
    assert f"This year’s field check verified 2 values, {en}; this report rests on the reported ones" in told["en"]
    assert "实地核查" not in aloud(county.chapter("data").text)
