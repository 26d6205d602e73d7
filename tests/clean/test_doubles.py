"""Rows that share a key: the message names the other place; two sheets that contradict each other are one cause."""

from pathlib import Path
from typing import Any

import pytest

from analysis.clean import Records
from analysis.tell.documents.check import causes, notices
from tests.read.test_own_rows import sheets
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
