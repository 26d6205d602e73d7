"""Amounts that stand in a cell merged over several schools or columns: nobody knows how much each has."""

from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.read import anytable
from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import Rows, book

HEAD = [*BASE, "图书册数", "计算机台数"]


def test_an_amount_merged_over_two_schools_is_used_for_neither(tmp_path: Path) -> None:
    rows: Rows = [HEAD, [*ONE, 1000, 10], [*TWO, None, 20], ["9901010003", "三小", "小学", 3000, 30]]
    records = read(tmp_path, rows, merges=("D2:D3",))
    assert records.schools.select("books", "computers").rows() == [(None, 10), (None, 20), (3000, 30)]
    assert told(records) == [("merged_number_value", "D2", 1), ("merged_number_value", "D3", 0)]


def test_an_amount_merged_over_two_columns_is_used_for_neither(tmp_path: Path) -> None:
    records = read(tmp_path, [HEAD, [*ONE, 1000, None], [*TWO, 2000, 20]], merges=("D2:E2",))
    assert records.schools.select("books", "computers").rows() == [(None, None), (2000, 20)]
    assert told(records, "merged_number_value") == [("merged_number_value", "E2", 0), ("merged_number_value", "D2", 1)]


def test_an_amount_merged_with_an_empty_column_is_read(tmp_path: Path) -> None:
    records = read(
        tmp_path, [[*BASE, "图书册数", None], [*ONE, 1000, None], [*TWO, 2000, None]], merges=("D1:E1", "D2:E2")
    )
    assert records.schools["books"].to_list() == [1000, 2000]
    assert told(records) == []


def test_a_merged_enrolment_costs_both_rows(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "小学在校学生数"], [*ONE, 300], [*TWO, None]], merges=("D2:D3",))
    assert records.schools.is_empty()
    assert told(records, "merged_number") == [("merged_number", "D2", 4), ("merged_number", "D3", 3)]


def test_a_word_merged_over_schools_is_that_of_each(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "乡镇"], [*ONE, "东镇"], [*TWO, None]], merges=("D2:D3",))
    assert records.schools["township"].to_list() == ["东镇", "东镇"]
    assert told(records) == []


def test_a_merged_cell_that_can_not_be_read_is_one_cell(tmp_path: Path) -> None:
    records = read(tmp_path, [HEAD, [*ONE, "很多", 10], [*TWO, None, 20]], merges=("D2:D3",))
    assert told(records) == [("text_in_number_value", "D2", 1), ("text_in_number_value", "D3", 0)]


@pytest.mark.parametrize(("merges", "row"), [(("C2:C3",), 2), (("C3:D3",), 3), (("A1:D1",), 0), (("D2:D3",), 0)])
def test_a_table_of_ones_own_is_refused_where_a_number_is_merged(
    tmp_path: Path, merges: tuple[str, ...], row: int
) -> None:
    title = [["各校情况"]] if merges == ("A1:D1",) else []
    rows: Rows = [
        *title,
        ["学校", "人数", "图书", "备注"],
        ["a", 100, 1000, "x"],
        ["b", 200, 1500, None],
        ["c", 300, 900],
    ]
    book(tmp_path / "t.xlsx", rows, merges=merges)
    table = anytable.open_table(tmp_path / "t.xlsx")
    if not row:
        assert table.columns({"x": "图书"}, {}).collect()["x"].to_list() == [1000.0, 1500.0, 900.0]
        return
    with pytest.raises(DataError) as fault:
        table.columns({"x": "图书"}, {})
    assert (fault.value.key, fault.value.values["row"]) == ("cell_merged", row)


@pytest.mark.parametrize(("other", "books"), [("12,5", None), ("1.234,5", None), ("12.5", 12), ("12,000", 12)])
def test_points_and_commas_of_two_styles_in_one_column_are_told(tmp_path: Path, other: str, books: int | None) -> None:
    records = read(tmp_path, [[*BASE, "图书册数"], [*ONE, "12.000"], [*TWO, other]])
    assert records.schools["books"][0] == books
    found = told(records, "decimal_mark_unclear_value")
    assert found == ([("decimal_mark_unclear_value", "D2", 1)] if books is None else [])


def test_a_header_merged_over_three_rows_ends_with_its_units(tmp_path: Path) -> None:
    blank: Rows = [[None] * 4, [None, None, None, "人"]]
    rows: Rows = [[*BASE, "小学在校学生数"], *blank, [*ONE, 300], [*TWO, 200]]
    records = read(tmp_path, rows, merges=("A1:A3", "B1:B3", "C1:C3", "D1:D2"))
    assert records.schools["pupils_primary"].to_list() == [300, 200]
    assert records.quarantine.is_empty()
    assert told(records) == []


@pytest.mark.parametrize(
    ("books", "seen"),
    [
        (("7.000", "900"), ["D2"]),
        (("7.000", None), []),
        (("7.000", "12.000"), []),
        (("7.0", "900"), []),
        (("0.000", "9"), []),
    ],
)
def test_a_point_that_may_stand_between_thousands_of_a_count_is_told(
    tmp_path: Path, books: tuple[str | None, ...], seen: list[str]
) -> None:
    first, second = books
    records = read(tmp_path, [[*BASE, "图书册数"], [*ONE, first], [*TWO, second]])
    assert records.schools["books"].to_list() == [float(text) if text else None for text in books]
    assert [place for _, place, _ in told(records, "point_read")] == seen
