"""A sheet without a header that goes on where another ends is told as rows that are not read."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.workbooks import COUNTY, HEADER, Rows, cleaned, school


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([["学校表（续）"], school(3), school(4)], "sheet_headless"),
        ([school(3)], "sheet_headless"),
        ([["说明：本表由各校填报", None], ["9901010003", "第3小学"]], "sheet_of_notes"),  # a list of codes and names
        ([["8801010003", "第3小学", "小学", 300, 9000]], "sheet_of_notes"),  # another county's
        ([HEADER, school(3)], ""),
    ],
)
def test_a_sheet_that_goes_on_is_told(rows: Rows, rule: str, tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as written:
        for name, content in (("学校", [HEADER, school(1), school(2)]), ("续表", rows)):
            sheet = written.add_worksheet(name)
            for place, row in enumerate(content):
                sheet.write_row(place, 0, row)
    records = cleaned(tmp_path)
    assert records.schools.height == (2 if rule else 3)
    told = records.notices.filter(sheet="续表")["rule"].to_list()
    assert [name for name in told if name.startswith("sheet_")] == ([rule] if rule else [])
