"""Headers that are like those of a table: which alias is offered, and where none can be."""

from pathlib import Path

import pytest

from analysis.errors import DataError
from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import COUNTY, Rows, book, cleaned


@pytest.mark.parametrize(
    ("head", "perhaps"),
    [
        ("在校学生数", "在校学生数/小学、在校学生数/初中、在校学生数/高中"),
        ("班级数（个）", "班级数/小学、班级数/初中"),
        ("教师数", "县级以上骨干教师数/全校、专任教师数/全校"),
    ],
)
def test_a_header_that_several_columns_may_be_is_none_of_them(head: str, perhaps: str, tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 500], [*TWO, 400]])
    assert told(records) == [("column_ambiguous", "D2:D3", 2)]
    found = records.notices.filter(rule="column_ambiguous")["after"][0]
    assert {*perhaps.split("、")} <= {*found.split("、")}


def test_a_header_that_is_like_one_is_offered_as_its_alias(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "体育艺术教师数"], [*ONE, 5]])
    found = records.notices.filter(rule="column_near")["after"].to_list()
    assert found == ["schools: {pe_arts_teachers: [体育艺术教师数]}"]


@pytest.mark.parametrize("qualified", ["不含电子图书", "含电子图书", "除期刊"])
def test_what_a_column_is_with_or_without_is_no_unit_and_no_part(qualified: str, tmp_path: Path) -> None:
    rows: Rows = [[*BASE, f"图书册数（{qualified}）"], [*ONE, 900]]
    records = read(tmp_path, rows)
    assert told(records) == [("head_qualified", "D2", 1)]
    assert read(tmp_path / "b", rows, "columns: {books: D}").schools["books"].to_list() == [900]


@pytest.mark.parametrize(("head", "offered"), [("班数", False), ("班次", True)])
def test_a_number_is_not_offered_for_what_it_counts(head: str, offered: bool, tmp_path: Path) -> None:
    book(tmp_path / COUNTY / "classes_2024.xlsx", [["学校代码", "年级", head, "学生数"], [ONE[0], "一年级", 2, 89]])
    with pytest.raises(DataError) as fault:
        cleaned(tmp_path)
    assert fault.value.key == ("header_near" if offered else "header_lacks")


def test_choices_side_by_side_are_told_as_such(tmp_path: Path) -> None:
    rows: Rows = [["学校代码", "考生号", "年级", "语文", "数学"], [ONE[0], "1", 4, 90, 80]]
    book(tmp_path / COUNTY / "scores_2024.xlsx", rows)
    with pytest.raises(DataError) as fault:
        cleaned(tmp_path)
    assert (fault.value.key, fault.value.values["texts"]) == ("header_wide", "语文、数学")


def test_a_header_with_digits_is_offered_for_nothing(tmp_path: Path) -> None:
    book(tmp_path / COUNTY / "classes_2024.xlsx", [["学校代码", "年级", "1班", "2班"], [ONE[0], 4, 40, 41]])
    with pytest.raises(DataError) as fault:
        cleaned(tmp_path)
    assert fault.value.key == "header_lacks"


SIGNED: Rows = [
    ["单位负责人：张三", None, "统计负责人：李四", None, "填表人：王五", "电话：0551-1234567"],
    ["单位负责人：", "张三", "统计负责人：", "李四", "填表人：", "王五"],
    ["审核：", "张三", "制表：", "李四", None, "2024年10月8日"],
]


@pytest.mark.parametrize("signed", SIGNED)
def test_who_signs_a_table_is_no_school(signed: list[str | None], tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "小学在校学生数", "图书册数", "计算机台数"], [*ONE, 500, 900, 9], signed]
    records = read(tmp_path, rows)
    assert records.quarantine.is_empty()
    assert told(records) == []


def test_a_row_with_numbers_is_no_signature(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "小学在校学生数", "图书册数", "计算机台数"], [*ONE, 500, 900, 9]]
    records = read(tmp_path, [*rows, ["负责人张三", "三小", "小学", 400, 800, 8]])
    assert records.quarantine.height == 1


def test_what_is_offered_is_one_line(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "体育艺术\n教师数"], [*ONE, 5]])
    near = records.notices.filter(rule="column_near").select("before", "after").rows()
    assert near == [("体育艺术 教师数", "schools: {pe_arts_teachers: [体育艺术 教师数]}")]
    offered = read(tmp_path / "b", [[*BASE, "体育艺术\n教师数"], [*ONE, 5]], aliases=f"{near[0][1]}\n")
    assert offered.schools["pe_arts_teachers"].to_list() == [5]


@pytest.mark.parametrize(
    ("head", "rule"), [("高于规定学历教师比例", "column_derived"), ("高于规定学历教师总数", "column_near")]
)
def test_a_ratio_is_offered_as_no_alias_though_the_column_bears_such_a_word(
    head: str, rule: str, tmp_path: Path
) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 5]])
    assert [found for found, _, _ in told(records)] == [rule]


@pytest.mark.parametrize(
    ("group", "books"),
    [("本部", None), ("需新建", None), ("拟 建", None), ("办学条件", 9000), ("全校", 9000), ("现有", 9000)],
)
def test_a_text_above_a_name_may_make_it_a_part(group: str, books: int | None, tmp_path: Path) -> None:
    rows: Rows = [[*BASE, group], [None, None, None, "图书册数"], [*ONE, 9000]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [books]
    entries = records.notices.filter(rule="group_apart")["after"].to_list()
    assert entries == ([] if books else ["columns: {books: D}"])
    if entries:
        line = f"{entries[0]}, publisher: a, title: b, date: 2024-09-30"
        assert read(tmp_path / "decided", rows, line).schools["books"].to_list() == [9000]


@pytest.mark.parametrize(
    "head",
    [
        "4.图书册数",
        "(4)图书册数",
        "四、图书册数",
        "D、图书册数",
        "④图书册数",
        "图书册数 Books",
        "图书册数\nNumber of books",
        "Books/图书册数",
        "图书册数(Books)",
        "4. 图书册数 Books (册)",
    ],
)
def test_a_number_before_a_name_and_its_translation_are_left_out(head: str, tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 100]])
    assert records.schools["books"].to_list() == [100]
    assert told(records) == []


@pytest.mark.parametrize(
    "head",
    [
        "图书册数 Books per pupil",
        "图书册数 thousand",
        "图书册数（New books）",
        "图书册数 Books (ten thousand)",
        "图书册数（rate）",
        "一、二年级图书册数",
        "图书册数 2",
    ],
)
def test_what_a_translation_says_beside_is_not_left_out(head: str, tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 100]])
    assert records.schools["books"].to_list() == [None]
    assert sum(unused for _, _, unused in told(records)) == 1
