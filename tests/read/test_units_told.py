"""Units that titles, notes and the sheet's name tell or only speak of, and words behind a name that are no unit."""

from pathlib import Path

import polars as pl
import pytest

from analysis.read.header_units import units_in
from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import Rows

ROWS: Rows = [[*BASE, "教学仪器设备值", "教学及辅助用房面积"], [*ONE, 120, 3000], [*TWO, 90, 2400]]


@pytest.mark.parametrize(
    "line",
    [
        "单位：万元",
        "单位：金额为万元",
        "货币单位：万元",
        "单位:人民币万元",
        "金额（万元）、面积（㎡）",
        "单位 ： 万 元",
        "填报单位：第一中学（公章）  单位：万元",
        "教学仪器设备值以万元计",
    ],
)
def test_a_unit_that_a_title_tells_is_taken(tmp_path: Path, line: str) -> None:
    records = read(tmp_path, [["甲县学校情况表"], [line], *ROWS])
    assert records.schools.select("equipment_value", "teaching_area").rows() == [(1.2e6, 3000.0), (9e5, 2400.0)]
    assert told(records, "unit_of_title") == [("unit_of_title", "D4:D5", 0)]
    assert told(records, "unit_unclear", "unit_unknown") == []


@pytest.mark.parametrize("behind", ["（人民币万元）", "（单位：人民币万元）", "(万元)"])
def test_a_unit_with_its_currency_in_a_head_is_taken(tmp_path: Path, behind: str) -> None:
    records = read(tmp_path, [[*BASE, f"教学仪器设备值{behind}"], [*ONE, 120], [*TWO, 90]])
    assert records.schools["equipment_value"].to_list() == [1.2e6, 9e5]


@pytest.mark.parametrize("line", ["说明：设备值填万元", "*设备值：万元", "备注：教学仪器设备值单位为万元"])
@pytest.mark.parametrize("above", [True, False])
def test_a_unit_that_is_only_spoken_of_is_asked_for(tmp_path: Path, line: str, above: bool) -> None:
    records = read(tmp_path, [[line], *ROWS] if above else [*ROWS, [line]])
    assert records.schools.select("equipment_value", "teaching_area").rows() == [(None, 3000.0), (None, 2400.0)]
    assert [unused for _, _, unused in told(records, "unit_unclear")] == [2]


@pytest.mark.parametrize("line", ["统计单位：甲县教育局", "注：经费不足10万元的学校未列", "说明：面积按平方米填"])
def test_a_note_that_speaks_of_no_other_unit_is_none(tmp_path: Path, line: str) -> None:
    records = read(tmp_path, [*ROWS, [line]])
    assert records.schools["equipment_value"].to_list() == [120.0, 90.0]
    assert told(records, "unit_unclear", "unit_unknown") == []


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("学校（单位：万元）", ["元"]),
        ("面积按亩、图书按千册", ["平方米", "册"]),
        ("100万元以上", []),
        ("数十万元", []),
        ("元", []),
        ("全县12万人", []),
    ],
)
def test_units_of_which_a_text_speaks(text: str, bases: list[str]) -> None:
    assert [unit.base for unit in units_in(text)] == bases


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ("图书册数（应配）", "column_derived"),
        ("生均图书册数（册）", "column_derived"),
        ("图书册数排名", "column_derived"),
        ("图书册数（电子）", "column_of_part"),
        ("图书册数（当年新增）", "column_of_part"),
        ("图书册数（含电子图书）", "head_qualified"),
        ("图书册数（近5年）", "head_qualified"),
        ("图书册数（种）", "head_qualified"),
        ("图书册数（千担册）", "unit_unknown"),
    ],
)
def test_what_a_word_behind_a_name_makes_of_it(tmp_path: Path, head: str, rule: str) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 100]])
    assert records.schools["books"].to_list() == [None]
    assert told(records) == [(rule, "D2", 1)]


@pytest.mark.parametrize(
    ("head", "entry", "value"),
    [
        ("教学仪器设备值（万元，保留两位）", "", 120_000),
        ("教学仪器设备值（以万元计）", "", 120_000),
        ("教学仪器设备值（萬元）", "", 120_000),
        ("教学仪器设备值（元，取整）", "", 12),
        ("教学仪器设备值（万元，不含捐赠）", "", None),
        ("教学仪器设备值（万元，不含捐赠）", "columns: {equipment_value: D}", None),
        ("教学仪器设备值（万元，不含捐赠）", "columns: {equipment_value: D}, units: {equipment_value: 万元}", 120_000),
        ("教学仪器设备值（含捐赠）", "columns: {equipment_value: D}", 12),
        ("教学仪器设备值（箱元）", "columns: {equipment_value: D}", None),
        ("教学仪器设备值（箱元）", "columns: {equipment_value: D}, units: {equipment_value: 千元}", 12_000),
    ],
)
def test_who_chooses_a_column_has_not_told_its_unit(tmp_path: Path, head: str, entry: str, value: float | None) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 12]], entry)
    assert records.schools["equipment_value"].to_list() == [value]
    assert bool(told(records)) == (value is None)


def test_the_line_for_a_column_in_doubt_names_its_unit(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "占地面积(坪)"], [*ONE, 12]])
    (line,) = records.notices.filter(rule="head_qualified")["after"]
    assert line == "columns: {land_area: D}, units: {land_area: 平方米}"
    for unit, area in (("m^2", 12), ("ha", 120_000), ("hm²", 120_000)):
        hectares = read(tmp_path / unit, [[*BASE, f"占地面积({unit})"], [*ONE, 12]])
        assert hectares.schools["land_area"].to_list() == [area]


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("设备资产（万）", None),
        ("设备资产(W)", None),
        ("设备资产（k元）", None),
        ("设备资产（ten thousand yuan）", None),
        ("设备资产（10^4元）", None),
        ("万元以上设备资产", None),
        ("设备资产（万元）", 120_000),
        ("设备资产（账面）", 12),
        ("Workshop assets", 12),
    ],
)
def test_an_alias_that_speaks_of_a_multiple_has_not_told_its_unit(
    tmp_path: Path, head: str, value: float | None
) -> None:
    (tmp_path / "aliases.yml").write_text(f'schools: {{equipment_value: ["{head}"]}}\n', encoding="utf-8")
    records = read(tmp_path, [[*BASE, head], [*ONE, 12]])
    assert records.schools["equipment_value"].to_list() == [value]
    if value is None:
        (told_of,) = told(records)
        assert told_of == ("unit_unknown", "D2", 1)
        settled = read(tmp_path, [[*BASE, head], [*ONE, 12]], "units: {equipment_value: 万元}")
        assert settled.schools["equipment_value"].to_list() == [120_000]


def test_a_column_of_units_beside_tells_another_unit_of_a_row(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "教学仪器设备值", "单位"], [*ONE, 120, "万元"], [*TWO, 1_500_000, "元"]]
    records = read(tmp_path, rows)
    assert records.schools["equipment_value"].to_list() == [None, 1_500_000]
    assert ("unit_of_row_other_value", "D2", 1) in told(records)
    rows[0][3] = "教学仪器设备值（万元）"
    assert read(tmp_path, rows).schools["equipment_value"].to_list() == [1_200_000, None]
    rows[0][4] = "数值单位"
    rows[1][4], rows[2][4] = "一小", "册"  # of which neither is a unit of money
    assert read(tmp_path, rows).schools["equipment_value"].to_list() == [1_200_000, 15_000_000_000]


@pytest.mark.parametrize("head", ["图书册数（实有）", "图书册数（截至9月1日）", "图书册数(2024.9)", "▼图书册数"])
def test_a_word_that_changes_nothing_is_left_out(tmp_path: Path, head: str) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 100]])
    assert records.schools["books"].to_list() == [100]
    assert told(records) == []


def test_one_pupil_in_two_is_no_column_of_all(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "小学在校生数（男）"], [*ONE, 100]])
    assert records.schools["pupils_primary"].to_list() == [None]
    assert told(records, "column_of_part") == [("column_of_part", "D2", 1)]


def test_numbers_and_ratios_under_a_group_are_told_apart(tmp_path: Path) -> None:
    head: Rows = [
        [*BASE, "图书册数", None, "教学仪器设备值", None],
        [None, None, None, "数量", "生均", "总值（万元）", "生均（元）"],
    ]
    records = read(tmp_path, [*head, [*ONE, 100, 2, 3, 4]], merges=("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"))
    assert records.schools.select("books", "equipment_value").rows() == [(100, 30000.0)]


@pytest.mark.parametrize("head", ["图书册数¹", "图书册数（册）①", "图书册数[2]", "图书册数（注1）", "图书册数/册³"])
def test_a_footnotes_mark_behind_a_header_is_none_of_it(tmp_path: Path, head: str) -> None:
    records = read(tmp_path, [[*BASE, head, "占地面积/m²"], [*ONE, 100, 5000]])
    assert records.schools.select("books", "land_area").rows() == [(100, 5000.0)]
    assert told(records) == []


@pytest.mark.parametrize("group", ["生均", "差额", "2025年计划", "省定标准", "全县平均", "增减"])
@pytest.mark.parametrize("merges", [(), ("A1:A2", "B1:B2", "C1:C2", "D1:E1")])
def test_what_stands_below_a_derived_word_is_no_total(tmp_path: Path, group: str, merges: tuple[str, ...]) -> None:
    head: Rows = [[*BASE, group, None], [None, None, None, "图书册数", "计算机台数"]]
    records = read(tmp_path, [*head, [*ONE, 20, 3]], merges=merges)
    assert records.schools.select("books", "computers").rows() == [(None, None)]
    assert {unused for _, _, unused in told(records)} == {1}


@pytest.mark.parametrize("group", ["办学条件", "基本情况"])
def test_what_stands_below_a_word_that_says_nothing_is_read(tmp_path: Path, group: str) -> None:
    head: Rows = [[*BASE, group, None], [None, None, None, "图书册数", "计算机台数"]]
    records = read(tmp_path, [*head, [*ONE, 20, 3]], merges=("A1:A2", "B1:B2", "C1:C2", "D1:E1"))
    assert records.schools.select("books", "computers").rows() == [(20, 3)]


@pytest.mark.parametrize("parts", [["男", "女"], ["计划", "实际"], ["编制数", "实有数"]])
def test_parts_below_a_name_that_no_merge_spreads_are_never_the_whole(tmp_path: Path, parts: list[str]) -> None:
    rows: Rows = [[*BASE, "图书册数", None], [None, None, None, *parts], [*ONE, 20, 30], [*TWO, 21, 31]]
    records = read(tmp_path, rows)
    assert records.schools["school"].to_list() == ["9901010001", "9901010002"]
    assert records.schools["books"].to_list() == [None, None]
    assert told(records) != []


VALUE = [*BASE, "教学仪器设备值"]


@pytest.mark.parametrize(
    "rows",
    [
        [[*BASE, "教学仪器设备值（万元）"], [*ONE, 5], [None, None, None, "元"], [*TWO, 60000]],
        [VALUE, [None, None, None, "万元"], [*ONE, 5], [None, None, None, "元"], [*TWO, 60000]],
        [["单位：万元"], VALUE, [*ONE, 5], ["单位：元"], [*TWO, 60000], *[[]] * 20, ["注：完"]],
        [VALUE, [*ONE, 50000], ["单位：万元"], [*TWO, 6], *[[]] * 20, ["注：完"]],
    ],
)
def test_another_unit_among_the_rows_makes_the_column_unclear(rows: Rows, tmp_path: Path) -> None:
    records = read(tmp_path, rows)
    assert records.schools["name"].to_list() == ["一小", "二小"]
    assert records.schools["equipment_value"].to_list() == [None, None]
    assert [(rule, unused) for rule, _, unused in told(records)] == [("unit_unclear", 2)]


@pytest.mark.parametrize(
    "rows",
    [
        [[*BASE, "教学仪器设备值（万元）"], [*ONE, 5], [None, None, None, "万元"], [*TWO, 6]],
        [[*BASE, "教学仪器设备值（万元）"], [*ONE, 5], ["单位：元"], [*TWO, 6]],
        [[*BASE, "教学仪器设备值（万元）"], [*ONE, 5], ["二、乡村学校"], [*TWO, 6]],
    ],
)
def test_the_same_unit_among_the_rows_is_no_doubt(rows: Rows, tmp_path: Path) -> None:
    records = read(tmp_path, rows)
    assert records.schools["equipment_value"].to_list() == [50_000, 60_000]
    assert told(records) == []


def test_the_lower_row_of_a_header_again_tells_no_unit(tmp_path: Path) -> None:
    heads: Rows = [[*BASE, "在校学生数"], [None, None, None, "小学", "初中（万人）"]]
    records = read(tmp_path, [*heads, [*ONE, 300, 0.01], *heads, [*TWO, 200, 0.02]], merges=("D1:E1",))
    assert records.schools.select("pupils_primary", "pupils_junior").rows() == [(300, 100), (200, 200)]


def test_an_entry_settles_a_unit_among_the_rows(tmp_path: Path) -> None:
    rows: Rows = [VALUE, [*ONE, 5], [None, None, None, "元"], [None, None, None, "万元"], [*TWO, 6]]
    records = read(tmp_path, rows, "units: {equipment_value: 万元}")
    assert records.schools["equipment_value"].to_list() == [50_000, 60_000]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("说明：设备值填万元", "万元"),
        ("单位：万元、千元", "万元"),
        ("单位：面积:平方米,金额:万元", "万元"),
        ("说明：设备值填百万元", "百万元"),
    ],
)
def test_the_line_that_is_offered_has_the_unit_that_is_spoken_of(tmp_path: Path, line: str, unit: str) -> None:
    records = read(tmp_path, [["甲县学校情况表"], [line], *ROWS])
    offered = records.notices.filter(pl.col("rule").is_in(["unit_unclear", "unit_unknown"]), column="equipment_value")
    assert offered["after"].to_list() == [f"units: {{equipment_value: {unit}}}"]
