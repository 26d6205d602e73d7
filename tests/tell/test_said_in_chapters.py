"""Sentences of single chapters: said in both languages where they hold, and only there."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from analysis.clean.corrections import Correction
from analysis.statistics.intervals import wilson
from analysis.tell import Report
from analysis.tell.case.setting import SourceFile
from analysis.tell.facts.ledger import ledger_of
from tests.tell.conftest import PLENTY, WHOLE, national, own_standard, school, small, told

COUNTY = {"county": "990999"}
OF = COUNTY | {"year": 2024}
FILE = "990999/schools_2024.xlsx"
GROUPS = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")


def surveyed(satisfied: int, asked: int = 100, **groups: tuple[int, int]) -> list[dict[str, Any]]:
    """Return a survey of all groups, as many forms and as many satisfied in each but those given."""
    told_by = {group: groups.get(group, (asked, satisfied)) for group in GROUPS}
    return [OF | {"group": group, "asked": forms, "satisfied": content} for group, (forms, content) in told_by.items()]


@pytest.mark.parametrize(("satisfied", "asked"), [(17, 20), (90, 100), (18, 20)])
def test_an_interval_that_reaches_the_target_is_told_with_what_decided(satisfied: int, asked: int) -> None:
    """119 of 140 are 85 %: met; Wilson's interval of them begins at 78.1 %. That of 630 of 700 lies above 87 %."""
    low, high = (float(end[0]) for end in wilson([7 * satisfied], [7 * asked]))
    spans = low < 0.85 <= high
    assert spans is (asked == 20)
    said = told(small([school("1"), school("2")], {"survey": surveyed(satisfied, asked)}), "recognition")
    zh = "区间跨过标准，按点估计判定（教督〔2017〕6号没有规定最少问卷数），换一批人可能得出另一结论。"
    assert (zh in said["zh"]) is spans
    assert ("The interval spans the target, and the figure itself is judged (Jiaodu" in said["en"]) is spans
    assert ("sets no least number of forms): others asked might say otherwise." in said["en"]) is spans


def test_where_a_standard_says_how_many_forms_decide_nothing_else_is_said(tmp_path: Path) -> None:
    standard = own_standard(tmp_path, recognition=national()["recognition"] | {"sample": {"least": 100}})
    said = told(small([school("1"), school("2")], {"survey": surveyed(17, 20)}, standard=standard), "recognition")
    assert "按点估计判定，换一批人可能得出另一结论。" in said["zh"]
    assert "没有规定最少问卷数" not in said["zh"]
    assert "the figure itself is judged: others asked might say otherwise." in said["en"]


def test_satisfaction_for_reference_is_told_and_not_judged() -> None:
    """Standards of 2012 ask six groups for reference: 540 of 600 are 90 %, between 87.3 and 92.1 %."""
    rows = [school(code, **WHOLE) for code in "12"]
    report = small(rows, {"survey": surveyed(90)}, standard="national-2012")
    low, high = (float(end[0]) for end in wilson([540], [600]))
    said = told(report, "recognition")
    interval = f"{low:.1%}—{high:.1%}"
    assert (
        f"满意度为90.0%（95%区间{interval}，有效问卷600份）。教督〔2012〕3号仅将满意度作为参考，不作达标判断。"
        in said["zh"]
    )
    assert (
        f"Satisfaction is 90.0% (95% interval {interval.replace('—', '–')}, 600 valid questionnaires). By" in said["en"]
    )
    assert "it is for reference only and not judged." in said["en"]
    assert "满意度为" not in told(small(rows, standard="national-2012"), "recognition")["zh"]
    assert "作为参考" not in told(small(rows, {"survey": surveyed(90)}), "recognition")["zh"]


@pytest.mark.parametrize("forms", [9, 10])
def test_the_public_is_told_that_groups_are_not_published(forms: int) -> None:
    tables = {"survey": surveyed(90, heads=(forms, 8), deputies=(12, 10))}
    report = small([school("1"), school("2")], tables, audience="public")
    said = told(report, "recognition")
    assert ("问卷不足10份的对象不公布。" in said["zh"]) is (forms < 10)
    assert ("Groups with fewer than 10 questionnaires are not published." in said["en"]) is (forms < 10)


def test_groups_that_count_alike_are_told_to(tmp_path: Path) -> None:
    """Of 1,000 parents 80 % are satisfied, of 100 in each other group all: 97.1 % on average, 87.5 % of all forms."""
    tables = {"survey": surveyed(100, parents=(1000, 800))}
    pooled, equal = (800 + 600) / 1600, (0.8 + 6) / 7
    standard = own_standard(tmp_path, recognition=national()["recognition"] | {"weighting": "equal"})
    for way, value, zh, en in (
        (
            "national-2017",
            pooled,
            "各类对象的有效问卷合并计算，一份问卷计一票。",
            "valid questionnaires of all groups are counted",
        ),
        (standard, equal, "社会认可度为各类对象认可度的平均。", "For social recognition all groups count alike."),
    ):
        report = small([school("1"), school("2")], tables, standard=way)
        said = told(report, "method", "recognition")
        assert zh in said["zh"]
        assert en in said["en"]
        assert f"社会认可度{value:.1%}" in said["zh"]


@pytest.mark.parametrize("late", [0, 1, 2])
def test_files_that_nobody_registered_are_counted(late: int) -> None:
    files = [SourceFile(f"{place}.xlsx", "", "", "", "schools", 2024, place >= late, "") for place in range(3)]
    said = told(replace(small([school("1"), school("2")]), source_files=tuple(files)), "method")
    assert (f"{late}个文件没有在来源目录中登记。" in said["zh"]) is bool(late)
    assert ("1 file is not registered in the list of sources." in said["en"]) is (late == 1)
    assert ("2 files are not registered in the list of sources." in said["en"]) is (late == 2)


@pytest.mark.parametrize("many", [12, 13])
def test_rows_set_aside_and_cells_corrected_are_listed_up_to_twelve(many: int) -> None:
    place = {"table": "schools", "file": FILE, "sheet": ""}
    aside = [OF | place | {"row": row, "cells": "{}", "rules": ["negative"]} for row in range(100, 100 + many)]
    account = OF | {"table": "schools", "file": FILE, "read": many + 2, "kept": 2, "quarantined": many, "other": 0}
    tables: dict[str, list[dict[str, Any]]] = {"quarantine": aside, "accounts": [account]}
    said = told(small([school("1"), school("2")], tables), "method")
    assert (said["zh"].count("其余见工作簿。"), said["en"].count("The workbook has the others.")) == ((many > 12,) * 2)
    about = OF | place | {"column": "equipment_value", "rule": "corrected"}
    notices = [about | {"row": row, "before": f"{row + 2}", "after": "1"} for row in range(many)]
    rows = [{"file": FILE, "sheet": "", "row": row} | school(f"99099900{row:02}") for row in range(2)]
    report = replace(
        small(rows, {"notices": notices}), corrections=(Correction(FILE, "equipment_value", "1", "1", "", ""),)
    )
    said = told(report, "method")
    assert f"更正的数值共{many}个" in said["zh"]
    assert (said["zh"].count("其余见工作簿。"), said["en"].count("The workbook has the others.")) == ((many > 12,) * 2)


def entered(report: Report, *lines: str) -> Report:
    """Return a report with something filled in for these lines of the ledger."""
    blank = dict.fromkeys(report.entries.columns, "")
    return replace(report, entries=pl.DataFrame([blank | {"id": line, "measure": "整改"} for line in lines],
                                                schema=report.entries.schema))  # fmt: skip


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_what_was_filled_in_for_no_line_is_counted(lost: int) -> None:
    report = small([school("1", sports_area=1.0), school("2")])
    own = "resources.floor_sports_area.primary.1"
    said = told(entered(report, own, *(f"resources.nothing.{place}" for place in range(lost))), "ledger")
    assert (f"台账工作簿中有{lost}条填写的内容与现有台账不对应，请核对编号：resources.nothing.0" in said["zh"]) is bool(
        lost
    )
    assert ("1 filled-in line matches nothing in the ledger; check the ids:" in said["en"]) is (lost == 1)
    assert ("2 filled-in lines match nothing in the ledger; check the ids:" in said["en"]) is (lost == 2)


@pytest.mark.parametrize(("areas", "reopened"), [((1.0, 1500.0, 1.0), True), ((1500.0, 1500.0, 1.0), False)])
def test_lines_that_were_met_before_are_told_as_opened_again(areas: tuple[float, ...], reopened: bool) -> None:
    rows = [school(code, year, sports_area=area if code == "1" else 1500.0)
            for year, area in zip((2022, 2023, 2024), areas, strict=True) for code in "12"]  # fmt: skip
    report = small(rows)
    many = ledger_of(report).count("reopened")
    assert bool(many) is reopened
    assert ledger_of(report).count("unknown") == 0
    said = told(report, "ledger")
    assert (f"条未销号，其中{many}条曾经达到、又重新列入" in said["zh"]) is reopened
    assert (f", {many} of them met before and opened again" in said["en"]) is reopened


@pytest.mark.parametrize("closed", [1, 2])
def test_lines_that_are_closed_are_counted_and_none_is_left(closed: int) -> None:
    """A reported item was not met in one year and is in the next: a line a year's item."""
    items = ("layout", "four_standards")[:closed]
    rows = [COUNTY | {"year": year, "item": item, "answer": answer, "evidence": "册"}
            for year, answer in ((2023, "no"), (2024, "yes")) for item in items]  # fmt: skip
    report = small([school(code, year) for year in (2023, 2024) for code in "12"], {"government": rows})
    assert ledger_of(report).count("closed") == closed
    said = told(report, "ledger", "improvement")
    assert f"整改台账已全部销号；本年达到标准而销号的有{closed}条" in said["zh"]
    assert f"整改台账本年销号{closed}条，已全部销号。" in said["zh"]
    were = "1 line of the ledger was" if closed == 1 else "2 lines of the ledger were"
    assert f"{were} closed this year, and none is left open." in said["en"]
    assert f"; {closed} {'was' if closed == 1 else 'were'} met and closed this year" in said["en"]


@pytest.mark.parametrize("unmet", [1, 2])
def test_lines_that_are_open_are_counted(unmet: int) -> None:
    items = ("layout", "four_standards")[:unmet]
    rows = [OF | {"item": item, "answer": "no", "evidence": "册"} for item in items]
    report = small([school(code, year) for year in (2023, 2024) for code in "12"], {"government": rows})
    said = told(report, "improvement")
    assert f"整改台账现有{unmet}条未销号。" in said["zh"]
    assert f"The ledger has {unmet} open line{'s' if unmet > 1 else ''}." in said["en"]


@pytest.mark.parametrize("bare", [0, 5, 6])
def test_what_was_reported_without_a_document_is_named_up_to_five(bare: int) -> None:
    items = ("layout", "four_standards", "teacher_pay", "performance_pay", "posts_allotted", "study_load")
    rows = [OF | {"item": item, "answer": "yes", "evidence": "" if place < bare else "册"}
            for place, item in enumerate(items)]  # fmt: skip
    said = told(small([school("1"), school("2")], {"government": rows}), "government")
    assert (f"没有写明佐证材料的有{bare}项" in said["zh"]) is bool(bare)
    named = said["zh"].split("佐证目录”）：")[1].split("。")[0] if bare else ""
    assert (named.count("；") + bool(named), named.endswith("等")) == (min(bare, 5), bare > 5)
    assert (" and others." in said["en"].split("Reported without")[1]) is (bare > 5) if bare else True


@pytest.mark.parametrize("reported", [True, False])
def test_where_no_item_has_data_none_is_counted_as_missed(reported: bool) -> None:
    """A special school alone: no school that counts, so no size of a school or class is judged."""
    rows = [OF | {"item": "layout", "answer": "yes", "evidence": "册"}] if reported else []
    report = small([school("1", school_type="special")], {"government": rows} if rows else None)
    judged = [one for one in report.now.where(field="government", school=None)
              if one.kind != "all" and one.verdict not in ("not_applicable", "not_in_force")]  # fmt: skip
    said = told(report, "government")
    assert (f"{len(judged)}项都没有可用的数据，不能判断。" in said["zh"]) is not reported
    assert (f"None of the {len(judged)} items has usable data." in said["en"]) is not reported


@pytest.mark.parametrize(("level", "rate"), [(3, 0.2), (2, 0.2), (2, 0.1)])
def test_rates_and_levels_call_the_figure_once(level: int, rate: float) -> None:
    rows = [OF | {"subject": "mathematics", "grade": 4, "level": level, "rate": rate}]
    said = told(small([school("1"), school("2")], {"monitoring": rows}), "quality")
    assert (said["zh"].count("[@fig-levels]"), said["en"].count("[@fig-levels]")) == (1, 1)
    assert ("校际差异率不低于0.15的有四年级数学（0.20）（[@fig-levels]）。" in said["zh"]) is (level == 3)
    assert ("is not below 0.15 in grade 4 mathematics (0.20) ([@fig-levels])." in said["en"]) is (level == 3)
    assert ("学业水平低于Ⅲ级的有四年级数学（Ⅱ级）（[@fig-levels]）" in said["zh"]) is (level == 2)


@pytest.mark.parametrize(("times", "near"), [(2.9, True), (1.0, False)])
def test_what_is_near_its_limit_is_to_be_followed(times: float, near: bool, tmp_path: Path) -> None:
    """(2.9 - 1) / (2.9 + 1) is 0.487 of at most 0.50; all else is met, for the standard asks for nothing else."""
    standard = own_standard(tmp_path, items={}, monitoring=None, recognition=None)
    report = small([school("1", sports_area=1500.0 * times), school("2")], standard=standard)
    said = told(report, "advice")
    assert (
        f"保持现有水平，{'对结论页所列接近限值的项目加强跟踪，' if near else ''}按年更新数据、按时销号。" in said["zh"]
    )
    assert ("follow what the conclusion names as near its limit," in said["en"]) is near


@pytest.mark.parametrize("known", [True, False])
def test_where_no_school_reports_amounts_no_coefficient_is_judged(known: bool) -> None:
    rows = [school(code) | ({} if known else dict.fromkeys(PLENTY)) for code in "12"]
    said = told(small([*rows, school("3", school_type="special")]), "resources")
    assert ("2所小学中0所达标，没有可判断的差异系数（[@tbl-resources]）。" in said["zh"]) is not known
    assert ("0 of 2 primary schools pass the school test, no coefficient can be judged" in said["en"]) is not known
    assert ("7项差异系数均符合要求" in said["zh"]) is known


def aside(*areas: float) -> Report:
    """Return schools with these sports areas, and one more whose value is set aside."""
    place = {"file": FILE, "sheet": ""}
    rows = [
        place | {"row": row} | school(f"9909990{row:03}", sports_area=area) for row, area in enumerate(areas, start=2)
    ]
    last = len(rows) + 2
    rows.append(place | {"row": last} | school(f"9909990{last:03}", sports_area=None))
    about = OF | place | {"table": "schools", "row": last, "column": "sports_area"}
    return small(rows, {"notices": [about | {"rule": "text_in_number_value", "before": "约1500", "after": None}]})


@pytest.mark.parametrize(("areas", "agree"), [((800.0,) * 9 + (90_000.0,), True), ((1500.0, 1500.0), False)])
def test_a_coefficient_that_no_missing_value_can_mend_is_judged(areas: tuple[float, ...], agree: bool) -> None:
    """Nine schools at 8 and one at 900 a pupil differ too much whatever the eleventh has."""
    report = aside(*areas)
    finding = report.finding("resources.cv_sports_area.primary")
    assert finding is not None
    assert (finding.verdict == "not_met") is agree
    said = told(report, "resources")
    assert ("，按最好和最坏两种情形判断都是未达到。" in said["zh"]) is agree
    assert ("; the best and the worst case agree: not met." in said["en"]) is agree
    assert ("按最好和最坏两种情形判断不一致" in said["zh"]) is not agree


@pytest.mark.parametrize("known", [True, False])
def test_a_composite_that_can_not_be_made_is_told_with_its_reason(known: bool) -> None:
    rows = [school(code, **WHOLE) | ({} if known else {"computers": None}) for code in "12"]
    said = told(small(rows, standard="national-2012"), "resources")
    assert ("小学校际综合差异系数无数据" in said["zh"].split("\n\n", 2)[2]) is not known
    assert ("\nThe composite coefficient of primary schools: no data" in said["en"]) is not known
    assert ("小学校际综合差异系数0.00，上限0.65，达到。" in said["zh"]) is known


@pytest.mark.parametrize(("dates", "zh", "en"), [
    ((2030, 2030), "之后的十二个月内没有定有日期的事项，其后最近的是2030年12月31日的2项（",
     "the next is 31 December 2030, with 2 entries ("),
    ((2030, 2031), "其后最近的是2030年12月31日（", "the next is 31 December 2030 ("),
    ((2025, 2025), "有日期的事项共2项，最近的是2025年12月31日的2项（",
     "the next is 31 December 2025, with 2 entries ("),
])  # fmt: skip
def test_what_is_due_next_is_told_with_its_day(dates: tuple[int, int], zh: str, en: str, tmp_path: Path) -> None:
    """The framework of 2012 names no day; the plan over it asks for two things by these years' ends."""
    by_stage = dict(zip(("primary", "junior"), dates, strict=True))
    values = {stage: [{"from": f"{year}-12-31", "value": 0.5}] for stage, year in by_stage.items()}
    plan = {
        "id": "own", "name": {"zh": "规划", "en": "Plan"}, "title": {"zh": "规划", "en": "Plan"}, "from": "2020-01-01",
        "document": "县〔2020〕1号", "extends": "national-2012", "calendar": [], "phases": [],
        "composite": {"sense": "at_most", "unit": "coefficient", "values": values},
    }  # fmt: skip
    file = tmp_path / "plan.yml"
    file.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    said = told(small([school(code, **WHOLE) for code in "12"], standard="national-2012", plan=str(file)), "calendar")
    assert zh in said["zh"]
    assert en in said["en"]
    assert ("In the twelve months after 31 December 2024 nothing is due" in said["en"]) is (dates[0] > 2025)
