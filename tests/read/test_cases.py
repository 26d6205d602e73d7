"""Files of the kinds that offices send, each with what is right of it; cases/README.md says where they come from."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from analysis.clean import Records, clean
from analysis.sources import load
from tests.workbooks import COUNTY

CASES = Path(__file__).parent / "cases"


def read(file: str, folder: Path, table: str = "schools") -> Records:
    """Return what is read of a case as a table of 2024."""
    path = folder / COUNTY / f"{table}_2024{Path(file).suffix}"
    path.parent.mkdir()
    shutil.copy(CASES / file, path)
    records = clean(load(folder), COUNTY)
    assert (records.accounts["cells"] == records.accounts["used"] + records.accounts["unused"]).all()
    assert records.notices["unused"].sum() == records.accounts["unused"].sum()
    return records


def rules(records: Records) -> set[str]:
    """Return the rules that the notices name."""
    return set(records.notices["rule"])


@pytest.mark.parametrize("name", ["mon_plain", "mon_strict"])
def test_shares_of_a_strict_workbook_are_those_of_its_twin(name: str, tmp_path: Path) -> None:
    records = read(f"01-strict-ooxml-percent/{name}.xlsx", tmp_path, "monitoring")
    assert records.monitoring["rate"].to_list() == [0.128, 0.173]
    assert records.accounts.select("cells", "unused").rows() == [(15, 0)]


def test_a_hidden_sheet_of_a_strict_workbook_is_not_read(tmp_path: Path) -> None:
    records = read("01-strict-ooxml-percent/hidden_sheet_strict.xlsx", tmp_path)
    assert records.schools["name"].to_list() == ["一小", "二小", "三中"]
    (told,) = records.notices.filter(rule="sheet_hidden").rows(named=True)
    assert (told["sheet"], told["unused"]) == ("旧表", 18)


def test_merged_cells_of_a_strict_workbook_belong_to_each_row(tmp_path: Path) -> None:
    records = read("01-strict-ooxml-percent/vmerge_strict.xlsx", tmp_path, "teachers")
    assert records.teachers.select("school", "stage", "teachers").rows() == [
        ("9990010001", "primary", 20),
        ("9990010001", "junior", 25),
        ("9990010002", "primary", 36),
    ]
    assert records.accounts.select("read", "kept", "cells", "unused").rows() == [(3, 3, 14, 0)]


def test_errors_of_a_strict_workbook_cost_their_values(tmp_path: Path) -> None:
    records = read("01-strict-ooxml-percent/formula_err_strict.xlsx", tmp_path)
    assert records.schools.select("equipment_value", "books").rows() == [
        (125_000, 10000),
        (None, 12000),
        (300_000, None),
    ]
    told = records.notices.filter(rule="formula_value").select("place", "before", "unused").rows()
    assert told == [("H3", "#DIV/0!", 1), ("G4", "#N/A", 1)]


def test_formulas_without_a_value_cost_what_their_column_costs(tmp_path: Path) -> None:
    records = read("01-strict-ooxml-percent/formula_nocache_strict.xlsx", tmp_path)
    assert records.schools.select("school", "teachers").rows() == [("9990010001", None), ("9990010003", 40)]
    assert records.quarantine["row"].to_list() == [3]
    told = records.notices.filter(pl.col("rule").is_in(["formula", "formula_value"])).select("place", "unused").rows()
    assert sorted(told) == [("E3", 9), ("F2", 1)]


def test_a_row_hidden_by_a_filter_is_read_and_told(tmp_path: Path) -> None:
    records = read("15-hidden-rows/hidden_row.xlsx", tmp_path)
    assert records.schools.height == 4
    (told,) = records.notices.filter(rule="rows_hidden").rows(named=True)
    assert (told["sheet"], told["place"], told["unused"]) == ("表", "5:5", 0)


@pytest.mark.parametrize("name", ["year_under", "year_over"])
def test_years_side_by_side_and_above_each_other(name: str, tmp_path: Path) -> None:
    records = read(f"03-same-field-twice/{name}.xlsx", tmp_path)
    assert records.schools.select("books", "pupils_primary").rows() == [(10000, 500), (12000, 600), (20000, None)]
    assert "column_past_year" in rules(records)


def test_a_hidden_old_column_gives_way(tmp_path: Path) -> None:
    records = read("03-same-field-twice/hidden_col.xlsx", tmp_path)
    assert records.schools["books"].to_list() == [10000, 12000, 20000]
    assert "column_hidden" in rules(records)


def test_a_plain_double_that_differs_is_asked_for(tmp_path: Path) -> None:
    records = read("03-same-field-twice/dup_header.xlsx", tmp_path)
    assert records.schools["books"].to_list() == [None, None, None]
    assert "column_twice" in rules(records)


def test_a_second_table_below(tmp_path: Path) -> None:
    records = read("04-second-table-below/two_tables.xlsx", tmp_path)
    columns = ["pupils_primary", "pupils_junior", "books", "equipment_value"]
    assert records.schools.select(columns).row(2) == (None, 700, 20000, 300_000)


def test_tables_side_by_side(tmp_path: Path) -> None:
    records = read("05-tables-side-by-side/side.xlsx", tmp_path)
    assert records.schools.select("school", "pupils_primary").rows() == [("9990010001", 500), ("9990010002", 600)]


def test_units_of_a_title(tmp_path: Path) -> None:
    records = read("07-unit-in-title-row/units_title.xlsx", tmp_path)
    assert records.schools.select("equipment_value", "land_area").row(0) == (200_000, 10_000)


def test_units_with_a_multiple(tmp_path: Path) -> None:
    records = read("08-unknown-unit/units.xlsx", tmp_path)
    columns = ["books", "equipment_value", "sports_area", "teaching_area", "land_area"]
    assert records.schools.select(columns).row(0) == (10_000, 200_000, 4000, 3000, 10_000)


@pytest.mark.parametrize(
    ("row", "area"),
    [
        (2, 1234),  # 1234①
        (3, 1234),  # 1234¹
        (4, 1234),  # 1234[1]
        (5, 1234),  # 1234*
        (6, 4000),  # 4000㎡
        (7, 4000),  # 4000m²
        (10, 4000),  # 6亩
        (13, 4000),  # 4000 m2
        (14, 1234),  # 1234²
        (15, None),  # ⑩
        (16, None),  # 12½
        (19, None),  # 1234（1）
        (29, None),  # TRUE
        (30, None),  # 100%
        (35, None),  # 约 4000㎡
        (38, None),  # l000
    ],
)
def test_marks_and_units_in_cells(row: int, area: float | None, tmp_path: Path) -> None:
    records = read("10-footnote-digits/messy2.xlsx", tmp_path)
    assert records.schools.filter(row=row)["sports_area"].to_list() == [area]
    assert records.schools.height == 40
    if area is None:
        (told,) = records.notices.filter(row=row, column="sports_area", unused=1).rows(named=True)
        assert told["place"] == f"I{row}"


def test_two_rows_of_header_with_wholes_and_parts(tmp_path: Path) -> None:
    records = read("16-two-row-header-with-totals/group_total.xlsx", tmp_path)
    columns = ["pupils_primary", "pupils_junior", "teachers", "teachers_primary", "books", "computers"]
    assert records.schools.select(columns).rows() == [
        (500, None, 30, 30, 10000, 200),
        (600, None, 36, 36, 12000, 200),
        (None, 700, 40, None, 20000, 200),
    ]
