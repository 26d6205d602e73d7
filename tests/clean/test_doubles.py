"""Rows that share a key: the message names the other place; two sheets that contradict each other are one cause."""

from pathlib import Path
from typing import Any

import pytest

from analysis.clean import Records
from analysis.tell.documents.check import causes, notices
from tests.read.test_own_rows import sheets, table
from tests.workbooks import HEADER, Rows, school, schools


def said(records: Records, rule: str) -> list[tuple[Any, ...]]:
    return records.notices.filter(rule=rule).select("sheet", "row", "before", "after").rows()


def test_a_row_whose_key_another_has_names_its_place(tmp_path: Path) -> None:
    records = schools(tmp_path, [HEADER, school(1), school(2), school(1, 301)])
    assert said(records, "duplicate") == [
        ("", 2, "990101/schools_2024.csv", "4"),
        ("", 4, "990101/schools_2024.csv", "2"),
    ]
    again = schools(tmp_path, [HEADER, school(1), school(2), school(1)])
    assert said(again, "repeated") == [("", 4, "990101/schools_2024.csv", "2")]


def test_a_school_in_two_sheets_names_the_other_sheet(tmp_path: Path) -> None:
    one: Rows = [HEADER, school(1), school(2), school(3), school(4)]
    other: Rows = [HEADER, school(4, 5), school(5), school(6)]
    records = sheets(tmp_path, {"小学": one, "初中": other})
    assert said(records, "duplicate") == [("小学", 5, "初中", "2"), ("初中", 2, "小学", "5")]
    assert records.schools.height == 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_sheets_of_the_same_schools_are_one_cause_with_its_entry(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORT_LANG", lang)
    one: Rows = [HEADER, school(1), school(2), school(3)]
    other: Rows = [HEADER, school(1, 5), school(2, 6), school(9)]
    records = sheets(tmp_path, {"修改前": one, "修改后": other})
    (cause,) = [found for found in causes.causes(notices.of_records(records), records) if found.severity == "error"]
    line = causes.line(cause)
    assert len(cause.notices) == 4
    assert "修改前、修改后" in line
    assert cause.lines == ("sheet: 修改前",)
    assert records.schools["school"].to_list() == ["9901010003", "9901010009"]
    decided = sheets(tmp_path, {"修改前": one, "修改后": other}, cause.lines[0])
    assert decided.schools.height == 3
    assert decided.quarantine.is_empty()


SURVEY = ["调查对象", "有效问卷数", "认可人数"]


@pytest.mark.parametrize(("head", "rule", "kept"), [("学段", "duplicate", 0), ("备注", "repeated", 1)])
def test_rows_that_a_column_which_is_not_read_tells_apart_contradict_each_other(
    tmp_path: Path, head: str, rule: str, kept: int
) -> None:
    rows: Rows = [[head, *SURVEY], ["小学", "学生", 50, 45], ["初中", "学生", 50, 45]]
    records = table(tmp_path, "survey", rows)
    assert records.survey.height == kept
    assert {number for _, number, _, _ in said(records, rule)} == ({3} if kept else {2, 3})


def test_a_school_has_one_row_whatever_stands_beside(tmp_path: Path) -> None:
    rows: Rows = [[*HEADER, "提交时间"], [*school(1), "8:00"], [*school(1), "9:00"]]
    assert schools(tmp_path, rows).schools.height == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1班", "(1)班", True),
        ("1班", "一班", True),
        ("1", "01", True),
        ("一年级1班", "一（1）班", True),
        ("1班", "11班", False),
        ("1班", "二(1)班", False),
        ("向阳班", "1班", False),
    ],
)
def test_a_class_under_two_names_is_one(tmp_path: Path, one: str, other: str, same: bool) -> None:
    head = ["学校代码", "年级", "班级", "学生数"]
    rows: Rows = [head, ["9901010001", "一年级", one, 45], ["9901010001", "一年级", other, 45]]
    assert table(tmp_path / "a", "classes", rows).classes.height == (1 if same else 2)
    rows[2][3] = 44
    assert table(tmp_path / "b", "classes", rows).classes.height == (0 if same else 2)


def test_a_class_without_a_number_that_is_the_sum_of_the_others_is_set_aside(tmp_path: Path) -> None:
    head = ["学校代码", "年级", "班级", "学生数"]
    rows: Rows = [head, *(["9901010001", "一年级", name, n] for name, n in (("1班", 20), ("2班", 25), ("向阳", 45)))]
    records = table(tmp_path / "a", "classes", rows)
    assert records.classes["pupils"].to_list() == [20, 25]
    assert records.quarantine["rules"].to_list() == [["class_sums_others"]]
    for place, value in (("pupils", 44), ("class", "3班")):
        other = [*rows[:3], [*rows[3][:2], value, 45] if place == "class" else [*rows[3][:3], value]]
        assert table(tmp_path / place, "classes", other).classes.height == 3
    pair = table(tmp_path / "pair", "classes", [head, rows[1], ["9901010001", "一年级", "向阳", 20]])
    assert pair.classes.height == 2
