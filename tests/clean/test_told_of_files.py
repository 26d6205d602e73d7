"""What is told of rows and cells is told with the file that they stand in, in the words of the table's own columns."""

from pathlib import Path

import openpyxl
import pytest

from analysis import clean
from analysis.sources import load
from tests.read.by_hand import BASE, ONE, TWO, read
from tests.workbooks import COUNTY, Rows, book, text

HEAD = [*BASE, "图书册数", "教学及辅助用房面积"]


def test_a_head_merged_downwards_is_no_row_of_the_table_and_one_that_comes_again_is(tmp_path: Path) -> None:
    rows: Rows = [HEAD, [None] * len(HEAD), [*ONE, 1000, 900], [*TWO, 2000, 1800]]
    merges = tuple(f"{letter}1:{letter}2" for letter in "ABCDE")
    account = read(tmp_path / "merged", rows, merges=merges).accounts
    assert account.select("read", "kept", "other").row(0) == (2, 2, 0)
    again = read(tmp_path / "again", [HEAD, [*ONE, 1000, 900], HEAD, [*TWO, 2000, 1800]]).accounts
    assert again.select("read", "kept", "other").row(0) == (3, 2, 1)


@pytest.mark.parametrize(("written", "after"), [("5,707", "5707"), ("5,707.5", "5707.5")])
def test_a_whole_amount_is_told_without_a_point(tmp_path: Path, written: str, after: str) -> None:
    notices = read(tmp_path, [HEAD, [*ONE, 1000, written]]).notices.filter(rule="number_written")
    assert notices.select("before", "after").rows() == [(written, after)]


def test_results_that_a_later_file_says_again_are_told_with_that_file(tmp_path: Path) -> None:
    head, row = ["监测年度", "年级", "学科", "学业水平等级", "校际差异率"], [2024, 4, "数学", "Ⅲ", 0.12]
    text(tmp_path / COUNTY / "monitoring_2024.csv", [head, row])
    text(tmp_path / COUNTY / "monitoring_2025.csv", [head, row])
    records = clean.clean(load(tmp_path), COUNTY)
    (notice,) = records.notices.filter(rule="repeated").select("year", "file", "row").rows()
    assert notice == (2025, f"{COUNTY}/monitoring_2025.csv", 2)
    assert records.accounts.select("year", "quarantined").sort("year").rows() == [(2024, 0), (2025, 1)]


def test_a_cell_that_is_named_by_its_letters_is_told_by_its_column(tmp_path: Path) -> None:
    entry = "- {{file: {file}, row: 2, column: {column}, before: '1000', after: '100', why: 误, who: 科}}\n"
    for column, named in (("D", "books"), ("C", "school_type")):
        folder = tmp_path / column
        folder.mkdir()
        file = f"{COUNTY}/schools_2024.xlsx"
        before = "小学" if column == "C" else "1000"
        said = entry.format(file=file, column=column).replace("1000", before).replace("'100'", "'完全小学'")
        (folder / "corrections.yml").write_text(said.replace("完全小学", "100") if column == "D" else said, "utf-8")
        book(folder / file, [HEAD, [*ONE, 1000, 900]])
        assert openpyxl.load_workbook(folder / file).worksheets[0]["D1"].value == "图书册数"
        (notice,) = clean.clean(load(folder), COUNTY).notices.filter(rule="corrected").rows(named=True)
        assert (notice["column"], notice["place"]) == (named, f"{column}2")
