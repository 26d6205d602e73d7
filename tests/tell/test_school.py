"""The sheet of one school: its split, its course, its lines and contradictions, in words without holes."""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml

from analysis import standards
from analysis.clean.records import of_frames
from analysis.errors import RequestError
from analysis.measure.shares import shares
from analysis.tell import Report, from_records, open_report
from analysis.tell.documents.school import SchoolSheet, nearest, open_school, schools

COMBINED, SHORT = "9901010051", "9901010049"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return open_report("990101", 2024, processed=tmp_path_factory.mktemp("processed"))


def shown(sheet: SchoolSheet) -> str:
    tables = [sheet.table(name) for name in ("indicators", "duties", "lines", "contradictions")]
    texts = [sheet.chapter(name).text for name in ("school", "school_end")]
    return "\n".join([*texts, *(table.markdown() for table in tables if table)])


def test_the_official_example_is_split_as_on_paper() -> None:
    school = {"school_type": "nine_year", "pupils_primary": 166, "pupils_junior": 210, "pupils_senior": None}
    primary, junior = shares(school, standards.load("national-2017"))
    assert (primary.level, junior.level) == ("primary", "junior")
    assert 23226 * primary.part == pytest.approx(23226 * 166 / 397)
    assert 23226 * junior.part == pytest.approx(23226 * 231 / 397)


@pytest.mark.parametrize(
    "school",
    [
        {"school_type": "primary", "pupils_primary": 166, "pupils_junior": None, "pupils_senior": None},
        {"school_type": "nine_year", "pupils_primary": 166, "pupils_junior": None, "pupils_senior": None},
        {"school_type": "nine_year", "pupils_primary": 0, "pupils_junior": 0, "pupils_senior": None},
        {"school_type": "unheard_of", "pupils_primary": 1, "pupils_junior": 1, "pupils_senior": 1},
    ],
)
def test_nothing_is_split_where_nothing_can_be(school: dict[str, object]) -> None:
    assert shares(school, standards.load("national-2017")) == []


def test_the_parts_of_a_combined_school_add_up_to_the_whole(report: Report) -> None:
    table = SchoolSheet(report, COMBINED).table("indicators")
    assert table is not None
    assert set(table.frame["stage"]) == {"小学", "初中"}
    shared = table.frame.filter(pl.col("whole").is_not_null()).group_by("indicator").agg("whole", "part")
    assert shared.height == 4
    for _, whole, part in shared.iter_rows():
        assert sum(part) == pytest.approx(whole[0])


def test_every_value_of_the_course_is_that_of_its_year(report: Report) -> None:
    table = SchoolSheet(report, SHORT).table("indicators")
    assert table is not None
    row = table.frame.row(list(report.standard.indicators).index("sports_area"), named=True)
    for year in range(2020, 2025):
        finding = report.at(year).get(f"resources.floor_sports_area.junior.{SHORT}")
        assert finding is not None
        assert row[f"year_{year}"] == finding.value
    assert row["floor"] == 10.2
    # 512 pupils times 10.2 less 3,098 square metres
    assert row["lacking"] == pytest.approx(512 * 10.2 - 3098)
    assert row["opened"] == 2019
    html = table.html()
    assert f'data-f="resources.floor_sports_area.junior.{SHORT}">6.05' in html
    assert "2,125平方米" in html


def test_a_line_that_the_indicators_tell_whole_is_told_once(report: Report) -> None:
    sheet = SchoolSheet(report, SHORT)
    assert sheet.lines["item"].to_list() == ["floor_sports_area"]
    assert sheet.table("lines") is None
    held = replace(report)
    with_holder = SchoolSheet(held, SHORT)
    with_holder.__dict__["lines"] = sheet.lines.with_columns(holder=pl.lit("长岭镇人民政府"))
    table = with_holder.table("lines")
    assert table is not None
    assert [cell.text for cell in table.body[0]] == [
        "生均体育运动场馆面积", "未达到", "2019", "2,125平方米", "长岭镇人民政府", "—",
    ]  # fmt: skip


def test_what_contradicts_another_source_is_told_with_its_place(report: Report) -> None:
    row = report.records.schools.filter(school=SHORT, year=2024).row(0, named=True)
    place = {name: row[name] for name in ("county", "year", "file", "sheet", "row")}
    notice = place | {
        "table": "schools",
        "column": "pupils_primary,pupils_junior",
        "rule": "pupils_against_classes",
        "before": "512",
        "after": "498",
    }
    notices = pl.DataFrame([notice], schema=report.records.notices.schema)
    told = replace(report, records=replace(report.records, notices=notices))
    sheet, other = SchoolSheet(told, SHORT), SchoolSheet(told, COMBINED)
    table = sheet.table("contradictions")
    assert table is not None
    assert [cell.text for cell in table.body[0]] == [
        "学校基本情况", row["file"], str(row["row"]), "在校学生数 512 与班额之和 498 不符。",
    ]  # fmt: skip
    assert "没有不一致" not in sheet.chapter("school_end").text
    assert other.table("contradictions") is None
    assert "没有不一致" in other.chapter("school_end").text


def test_a_school_set_aside_is_undecided_and_says_why(report: Report) -> None:
    kept = report.records.schools
    row = kept.filter(school=SHORT, year=2024).row(0, named=True)
    place = {name: row[name] for name in ("county", "year", "file", "sheet", "row")} | {"table": "schools"}
    aside = place | {"cells": f'{{"学校代码": "{SHORT}"}}', "rules": ["negative"]}
    notice = place | {"column": "sports_area", "rule": "negative", "before": "-887", "after": None}
    records = replace(
        report.records,
        schools=kept.filter(~((pl.col("school") == SHORT) & (pl.col("year") == 2024))),
        quarantine=pl.DataFrame([aside], schema=report.records.quarantine.schema),
        notices=pl.DataFrame([notice], schema=report.records.notices.schema),
    )
    assert SHORT in schools(records, 2024)
    stages = report.stages.filter(~((pl.col("school") == SHORT) & (pl.col("year") == 2024)))
    sheet = SchoolSheet(replace(report, records=records, stages=stages), SHORT)
    assert "剔除待核" in sheet.chapter("school").text
    assert sheet.table("indicators") is None
    table = sheet.table("contradictions")
    assert table is not None
    assert table.body[0][-1].text == "体育运动场馆面积为负数（-887）。"


def test_a_school_out_of_scope_says_why_and_shows_no_empty_table(report: Report) -> None:
    sheet = SchoolSheet(report, "9901010057")
    assert "特殊教育学校不参加测算" in sheet.chapter("school").text
    assert "分摊" not in sheet.chapter("school").text
    assert sheet.table("indicators") is None
    assert sheet.table("duties") is not None


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_sheet_has_a_hole(report: Report, lang: str) -> None:
    told = replace(report, lang=lang)
    for code in schools(report.records, 2024):
        text = shown(SchoolSheet(told, code))
        assert not re.search(r"\b(nan|None|null|inf)\b|\{\{|\}\}", text)
        assert not re.search("。。|，，|，。|；。|：。", text)


def test_an_unknown_school_is_told_with_the_nearest(report: Report) -> None:
    known = schools(report.records, 2024)
    assert "9901010049" in nearest("990101004", known) or "(990101004" in nearest("990101004", known)
    with pytest.raises(RequestError, match="1234"):
        open_school("1234", "990101", 2024)


@pytest.mark.parametrize(("grades", "classes"), [({}, 12), ({"primary": [1, 2, 3, 4, 5], "junior": [6, 7, 8, 9]}, 10)])
def test_the_sheet_counts_the_classes_that_the_finding_counts(
    grades: dict[str, list[int]], classes: int, tmp_path: Path
) -> None:
    """Two classes in each of nine grades: twelve are of primary school, ten where it has five grades."""
    file = tmp_path / "mine.yml"
    file.write_text(yaml.safe_dump({"id": "mine", "extends": "national-2017", "grades": grades}), encoding="utf-8")
    key = {"county": "990101", "year": 2024, "school": "1"}
    row = key | {"name": "甲", "school_type": "nine_year", "run_by": "county", "area": "rural"}
    every = [key | {"grade": n, "class": name, "pupils": 40} for n in range(1, 10) for name in "12"]
    held = of_frames(
        "990101",
        {
            "schools": pl.DataFrame([row | {"pupils_primary": 480, "pupils_junior": 240}]),
            "classes": pl.DataFrame(every),
        },
    )
    case = from_records(held, names={"zh": "试验县", "en": "Trial County"}, standard=str(file))
    finding = case.finding("government.class_size.primary.1")
    assert finding is not None
    assert finding.details["classes"] == classes
    table = SchoolSheet(case, "1").table("duties")
    assert table is not None
    assert f"{classes}个班，平均40.0人" in table.markdown()
