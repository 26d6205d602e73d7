"""What an empty column sets apart: further columns of a table, or something that stands beside it."""

from pathlib import Path
from typing import Any

import pytest

from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import COUNTY, Rows, cleaned, text

JUNIOR = ["9901010003", "三中", "初中"]


def test_an_empty_column_within_a_table_is_no_edge(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, None, "图书册数", "计算机台数"], [*ONE, None, 100, 10], [*TWO, None, 200, 20]]
    records = read(tmp_path, rows)
    assert records.schools.select("books", "computers").rows() == [(100, 10), (200, 20)]
    assert told(records) == []


def test_a_column_that_only_some_schools_fill_is_one_of_the_table(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, None, "初中在校学生数"], [*ONE, None, None], [*JUNIOR, None, 300]]
    records = read(tmp_path, rows)
    assert records.schools["pupils_junior"].to_list() == [None, 300]
    assert told(records) == []


def test_a_row_of_units_over_the_further_columns_alone_is_no_row_of_theirs(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, None, "图书册数", "教学仪器设备值"],
        [None, None, None, None, "册", "万元"],
        [*ONE, None, 100, 3],
    ]
    records = read(tmp_path, rows)
    assert records.schools.select("books", "equipment_value").rows() == [(100, 30000.0)]
    assert told(records) == []


def test_a_table_whose_key_columns_an_empty_column_parts_is_one(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE[:2], None, BASE[2], "图书册数", None, "乡镇", "人口", "户数"],
        [*ONE[:2], None, ONE[2], 100, None, "东镇", 9000, 300],
        [*TWO[:2], None, TWO[2], 200, None, None, None, None],
    ]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "books", "township").rows() == [
        ("9901010001", 100, None),
        ("9901010002", 200, None),
    ]
    assert told(records) == [("table_beside", "G1:I3", 6)]


@pytest.mark.parametrize("rows_beside", [[["东镇", 9000, 300], ["西镇", 8000, 200]]])
def test_a_list_beside_that_hardly_names_a_column_is_none_of_the_table(tmp_path: Path, rows_beside: Rows) -> None:
    rows: Rows = [
        [*BASE, "图书册数", None, "乡镇", "人口", "户数"],
        *([*school, 100, None, *beside] for school, beside in zip((ONE, TWO), rows_beside, strict=True)),
    ]
    records = read(tmp_path, rows)
    assert records.schools["township"].to_list() == [None, None]
    assert told(records) == [("table_beside", "F1:H3", 9)]


def test_an_amount_among_unknown_columns_is_read_where_every_school_has_it(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "图书册数", None, "计算机台数", "校车数", "食堂面积"],
        [*ONE, 100, None, 10, 1, 50],
        [*TWO, 200, None, 20, 2, 60],
    ]
    records = read(tmp_path, rows)
    assert records.schools["computers"].to_list() == [10, 20]
    assert {rule for rule, _, _ in told(records)} == {"column_unknown"}


@pytest.mark.parametrize("alone", ["镇区小计", "注：含分校", "城区学校"])
def test_a_section_or_a_note_left_of_the_gap_is_no_table(tmp_path: Path, alone: str) -> None:
    rows: Rows = [["序号", "乡镇", None, *BASE, "图书册数"], [1, "东镇", None, *ONE, 100], [alone]]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "township").rows() == [("9901010001", "东镇")]
    assert told(records, "table_beside") == []


def test_what_stands_below_an_empty_row_says_nothing_of_the_columns_beside(tmp_path: Path) -> None:
    rows: Rows = [["序号", "乡镇", None, *BASE], [1, "东镇", None, *ONE], [], ["项目", "金额"], ["维修", 120000]]
    records = read(tmp_path, rows)
    assert records.schools["township"].to_list() == ["东镇"]
    assert told(records, "table_beside") == []


def test_a_row_set_aside_beside_another_block_is_placed_in_its_own_columns(tmp_path: Path) -> None:
    beside: list[Any] = [*BASE, "图书册数"]
    rows: Rows = [[*beside, None, *beside], [*ONE, 100, None, *TWO, 200], [*JUNIOR, 300, None, *TWO, 250]]
    records = read(tmp_path, rows)
    assert sorted(records.schools["school"]) == ["9901010001", "9901010003"]
    assert told(records, "duplicate") == [("duplicate", "F2:I2", 4), ("duplicate", "F3:I3", 4)]


def test_a_second_column_of_the_same_behind_a_gap_is_held_against_the_first(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", None, "图书册数"], [*ONE, 100, None, None], [*TWO, 200, None, 210]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [None, None]
    assert [rule for rule, _, _ in told(records)] == ["column_twice"]


def test_a_list_of_some_schools_behind_a_gap_is_none_of_the_table(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", None, "学校名称", "图书册数"], [*ONE, 100, None, "二小", 9], [*TWO, 200]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records) == [("table_beside", "F1:G3", 4)]


def test_a_narrower_table_below_leaves_the_one_above_whole(tmp_path: Path) -> None:
    rows: Rows = [
        ["序号", *BASE[:2], None, BASE[2], "图书册数"],
        [1, *ONE[:2], None, ONE[2], 100],
        [],
        [*BASE],
        [*TWO],
    ]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "books").rows() == [("9901010001", 100), ("9901010002", None)]
    assert told(records, "row_above_header", "table_beside") == []


def test_a_header_that_comes_again_deeper_behind_a_gap_is_no_other_table(tmp_path: Path) -> None:
    head: Rows = [
        [*BASE, "专任教师数", None, "图书册数", None],
        [None, None, None, "小学", None, "全校", None],
        [None, None, None, None, None, "2023年", "2024年"],
    ]
    rows: Rows = [*head, [*ONE, 5, None, 1, 100], *head, [*TWO, 6, None, 2, 200]]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "teachers_primary", "books").rows() == [
        ("9901010001", 5, 100),
        ("9901010002", 6, 200),
    ]
    assert told(records, "table_beside") == []


STAGES = ["体育艺术专任教师数", None]


def test_a_shorter_table_below_says_nothing_of_a_double_above(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "班级数", *STAGES], [None, None, None, "小学", "小学", "小学"]]
    rows: Rows = [*head, [*ONE, 6, 4, 4], [*TWO, 7, 5, 5], ["附：民办学校"], head[0][:5], head[1][:5]]
    rows += [["9901010003", "三小", "小学", 8, 6], ["9901010004", "四小", "小学", 9, 7]]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2", "E1:F1"))
    assert records.schools["pe_arts_teachers_primary"].to_list() == [4, 5, 6, 7]
    assert records.schools["classes_primary"].to_list() == [6, 7, 8, 9]
    assert told(records) == [("column_double", "F3:F5", 2)]


def test_the_whole_header_again_is_no_table_of_its_own(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "班级数", *STAGES], [None, None, None, "小学", "小学", "小学"]]
    rows: Rows = [*head, [*ONE, 6, 4, 4], ["第二页"], *head, [*TWO, 7, 5, 5]]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2", "E1:F1"))
    assert records.schools["pe_arts_teachers_primary"].to_list() == [4, 5]
    assert told(records, "column_double") == [("column_double", "F3:F7", 2)]


def test_a_row_too_long_joins_no_table_to_another_beside(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "专任教师数", None, None, "项目", "金额"],
        [None, None, None, "小学", "初中", None, "维修", 12],
        [*ONE, "1,500", 30, None, None, None],
        [*TWO, 20, 10, None, None, None],
        ["9901010003", "三小", "小学", 7, 6, None, None, None],
    ]
    text(tmp_path / COUNTY / "schools_2024.csv", rows)
    records = cleaned(tmp_path)
    found = records.schools.select("name", "teachers_primary", "teachers_junior").rows()
    assert found == [("二小", 20, 10), ("三小", 7, 6)]
    assert told(records) == [("table_beside", "G1:H5", 4), ("row_too_long", "3:3", 6)]


def test_a_row_too_long_makes_no_double_differ(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", "图书册数"], [*ONE, "1,500", 1500], [*TWO, 900, 900]]
    text(tmp_path / COUNTY / "schools_2024.csv", rows)
    records = cleaned(tmp_path)
    assert records.schools.select("name", "books").rows() == [("二小", 900)]
    assert {rule for rule, _, _ in told(records)} == {"column_double", "row_too_long"}
