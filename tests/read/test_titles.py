"""Titles and names of sheets that tell another year than the one their file is registered for (2024)."""

from pathlib import Path

import pytest

from analysis.clean import Records
from analysis.errors import DataError
from analysis.read.titles import Told, title
from tests.read.by_hand import BASE, ONE, TWO, hold_the_law, read, told
from tests.read.test_own_rows import sheets
from tests.workbooks import COUNTY, Rows, book, cleaned, text

SAME, PERHAPS, OTHER = Told.SAME, Told.PERHAPS, Told.OTHER


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("甲县2023年义务教育学校基本情况统计表", OTHER),
        ("甲县2024年义务教育学校基本情况统计表", SAME),
        ("2023-2024学年初", PERHAPS),
        ("2023-2024学年初学校情况统计表", PERHAPS),
        ("2024-2025学年初学校情况统计表", SAME),
        ("2024—2025学年度学校情况统计表", SAME),
        ("2024/25学年学校情况统计表", SAME),
        ("2022-2023学年学校情况统计表", OTHER),
        ("2024学年学校情况统计表", SAME),
        ("2023-2024学年第二学期学校情况统计表", SAME),
        ("2023-2024学年末学校情况统计表", SAME),
        ("2023年末学校情况统计表", OTHER),
        ("2025年1月学校情况统计表", SAME),
        ("2025年9月学校情况统计表", OTHER),
        ("2025年春季学校情况统计表", SAME),
        ("2025年学校情况统计表", OTHER),
        ("二〇二三年学校情况统计表", OTHER),
        ("二○二三—二○二四学年初学校情况统计表", PERHAPS),
        ("学校情况统计表（2023）", OTHER),
        ("学校情况统计表（２０２３年）", OTHER),
        ("统计时间：2023年9月1日", OTHER),
        ("统计时间：2024年9月1日", SAME),
        ("数据时点：2024.9.1", SAME),
        ("年度：2023", OTHER),
        ("2022年与2024年学校情况对比表", SAME),
        ("2022-2024年学校情况表", SAME),
        ("填表日期：2025年1月10日", None),
        ("填报单位：甲县教育局    填报日期：2023年1月10日", None),
        ("填报单位：甲县教育局    统计时间：2023年9月1日", OTHER),
        ("制定机关：教育部    文号：教发〔2023〕12号    有效期至：2025年12月", None),
        ("根据教督〔2017〕6号编制的学校情况统计表", None),
        ("教督〔2017〕6号学校情况统计表", None),
        ("学校情况表（2017年标准）", None),
        ("甲县教育局2023年制", None),
        ("2018-2027年规划学校情况表", None),
        ("单位：万元", None),
        ("120230001", None),
        ("学校情况统计表", None),
    ],
)
def test_the_year_that_a_title_tells(said: str, found: Told | None) -> None:
    one = title(said, 2024)
    assert (one and one.told) == found


TITLE = "甲县2023年学校情况统计表"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ([[TITLE]], 1),
        ([[TITLE], ["填报单位：教育局", None, "2024年10月8日"]], 1),
        ([["甲县"], [None, None, TITLE]], 2),
        ([["甲县教育局"], ["统计时间：", "2023年9月"]], 2),
    ],
)
def test_a_title_of_another_year_is_told_and_the_values_are_used(head: Rows, row: int, tmp_path: Path) -> None:
    records = read(tmp_path, [*head, BASE, ONE, TWO])
    assert records.schools.height == 2
    assert [(rule, unused) for rule, _, unused in told(records)] == [("title_of_other_year", 0)]
    assert records.notices.filter(rule="title_of_other_year")["row"].to_list() == [row]


@pytest.mark.parametrize(
    "said", ["甲县2024年学校情况统计表", "2024-2025学年初学校情况统计表", "填表日期：2023年1月1日"]
)
def test_a_title_of_its_own_year_is_no_doubt(said: str, tmp_path: Path) -> None:
    records = read(tmp_path, [[said], BASE, ONE, TWO])
    assert told(records) == []


@pytest.mark.parametrize(("entry", "doubted"), [(f"title: {TITLE}", False), ("title: 甲县统计表", True)])
def test_the_title_of_the_entry_settles_it(entry: str, doubted: bool, tmp_path: Path) -> None:
    records = read(tmp_path, [[TITLE], BASE, ONE, TWO], entry)
    assert bool(told(records)) is doubted


def test_the_line_to_add_is_yaml(tmp_path: Path) -> None:
    records = read(tmp_path, [["甲县：2023年学校情况: 统计表"], BASE, ONE])
    assert records.notices.filter(rule="title_of_other_year")["after"].to_list() == [
        'title: "甲县：2023年学校情况: 统计表"'
    ]


def test_of_two_years_on_one_sheet_the_file_s_own_is_read(tmp_path: Path) -> None:
    other = [TWO[0], "旧校", "小学"]
    rows: Rows = [[TITLE], BASE, ONE, other, [], ["甲县2024年学校情况统计表"], BASE, ONE, TWO]
    records = read(tmp_path, rows)
    assert records.schools["name"].to_list() == ["一小", "二小"]
    assert [(rule, unused) for rule, _, unused in told(records)] == [("table_of_other_year", 11)]
    upside_down = read(tmp_path / "b", [*rows[5:], [], *rows[:4]])
    assert upside_down.schools["name"].to_list() == ["一小", "二小"]


def test_of_two_other_years_on_one_sheet_none_is_read(tmp_path: Path) -> None:
    rows: Rows = [["甲县2022年学校情况统计表"], BASE, ONE, [], [TITLE], BASE, TWO]
    with pytest.raises(DataError) as fault:
        read(tmp_path, rows)
    assert fault.value.key == "tables_of_other_years"


def test_a_title_that_comes_again_on_each_page_is_told_once(tmp_path: Path) -> None:
    records = read(tmp_path, [[TITLE], BASE, ONE, [], [TITLE], BASE, TWO])
    assert records.schools.height == 2
    assert told(records) == [("title_of_other_year", "A1", 0)]


LABELS: Rows = [
    ["填报单位：教育局", None, "2024年10月8日"],
    ["统计时间：", "2024年9月"],
    ["填报单位：教育局", "2024年9月", "单位：万元"],
    ["县名：甲县", None, "日期：2024-10-08", "负责人：王某"],
]


@pytest.mark.parametrize("labels", LABELS)
def test_who_filled_in_a_table_and_when_is_no_header(labels: list[str | None], tmp_path: Path) -> None:
    records = read(tmp_path, [labels, [*BASE, "教学仪器设备值"], [*ONE, 50], [*TWO, 60]])
    factor = 10_000 if "单位：万元" in labels else 1
    assert records.schools["equipment_value"].to_list() == [50 * factor, 60 * factor]
    assert records.schools["name"].to_list() == ["一小", "二小"]


def test_a_table_without_a_title_below_is_read_too(tmp_path: Path) -> None:
    records = read(tmp_path, [["甲县2024年小学情况统计表"], BASE, ONE, [], BASE, TWO])
    assert records.schools.height == 2
    assert told(records) == []


@pytest.mark.parametrize(
    ("name", "doubted"), [("2023年", True), ("2023-2024学年", True), ("2024年", False), ("学校", False)]
)
def test_the_name_of_the_only_sheet_is_told(name: str, doubted: bool, tmp_path: Path) -> None:
    records = sheets(tmp_path, {name: [BASE, ONE, TWO]})
    assert records.schools.height == 2
    assert [rule for rule, _, _ in told(records)] == ["name_of_other_year"] * doubted


def test_of_two_school_years_the_one_that_begins_in_the_year_is_read(tmp_path: Path) -> None:
    records = sheets(tmp_path, {"2023-2024学年": [BASE, ONE], "2024-2025学年": [BASE, TWO]})
    assert records.schools["name"].to_list() == ["二小"]
    assert told(records) == [("sheet_of_other_year", "", 6)]


def test_titles_in_text_files_too(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2024.csv", [[TITLE, None, None], BASE, ONE, TWO])
    records = cleaned(tmp_path)
    assert records.schools.height == 2
    assert told(records) == [("title_of_other_year", "A1", 0)]


def test_a_table_that_tells_the_year_of_each_row_needs_no_title(tmp_path: Path) -> None:
    path = book(
        tmp_path / COUNTY / "monitoring_2024.xlsx",
        [["2023年监测结果"], ["监测年度", "年级", "学科", "学业水平等级"], [2023, 4, "数学", "Ⅲ"]],
    )
    records: Records = cleaned(tmp_path)
    hold_the_law(records, path)
    assert told(records) == []
