"""What of a sheet is not used is told by its place, with how many cells it is, and why."""

from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from tests.workbooks import COUNTY, HEADER, Rows, book, cleaned


def row(number: int, *more: Any) -> list[Any]:
    return [f"{COUNTY}000{number}", f"学校{number}", "小学", 300, 6000, *more]


def told(folder: Path) -> list[tuple[Any, ...]]:
    notices = cleaned(folder).notices.filter(pl.col("rule") != "unregistered")
    return notices.select("rule", "place", "row", "column", "before", "after", "unused").rows()


def test_each_column_that_is_not_read_has_its_reason(tmp_path: Path) -> None:
    heads = [*HEADER, "校歌", "", "备注", "合计", "在校生数", "图书册数/其中电子图书", "年份", "空栏", ""]
    more = (("甲", 7, "好", 300, 300, 20, 2024), (None, None, None, 300, 300, 20, 2024), ("乙", 8, None, 1, 2, 3, 2024))
    rows: Rows = [heads, *(row(number, *cells) for number, cells in enumerate(more, 1))]
    book(tmp_path / COUNTY / "schools_2024.xlsx", rows)
    assert told(tmp_path) == [
        ("column_unknown", "F2:F4", None, None, "校歌", None, 2),
        ("column_without_header", "G2:G4", None, None, "", None, 2),
        ("column_of_notes", "H2:H4", None, None, "备注", None, 1),
        ("column_of_whole", "I2:I4", None, None, "合计", None, 3),
        ("column_ambiguous", "J2:J4", None, None, "在校生数", "在校学生数/初中、在校学生数/高中", 3),
        ("column_of_part", "K2:K4", None, None, "图书册数/其中电子图书", None, 3),
        ("column_of_rows", "L2:L4", None, None, "年份", None, 3),
        # Under a head without cells nothing is lost, and without either there is no column.
        ("column_unknown", "M2:M4", None, None, "空栏", None, 0),
    ]


def hidden(folder: Path, *rows: list[Any]) -> None:
    """Write rows to a workbook whose fifth row and fifth column are hidden."""
    path = folder / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet("学校")
        for number, cells in enumerate(rows):
            page.write_row(number, 0, ["" if cell is None else cell for cell in cells])
        page.set_row(4, None, None, {"hidden": True})
        page.set_column(4, 4, None, None, {"hidden": True})


def test_rows_above_and_among_the_data_are_told_too(tmp_path: Path) -> None:
    heads = [*HEADER, "生均图书册数", "教学仪器设备资产值"]
    other = ["9909990001", "外县学校", "小学", 300, 6000, 20, 150]
    whole = ["合计", None, None, 900, 18_000, None, 450]
    hidden(
        tmp_path,
        ["2023年学校统计表"],
        ["页码", "3"],
        heads,
        *(row(number, 20, 150) for number in (1, 2, 3)),
        whole,
        other,
    )
    near = "schools: {equipment_value: [教学仪器设备资产值]}"
    assert told(tmp_path) == [
        ("column_unknown", "F4:F8", None, None, "生均图书册数", None, 3),
        ("column_near", "G4:G8", None, "equipment_value", "教学仪器设备资产值", near, 3),
        ("title_of_other_year", "A1", 1, None, "2023年学校统计表", "title: 2023年学校统计表", 0),
        ("rows_hidden", "5:5", None, None, "1", None, 0),
        ("column_hidden_read", "E4:E8", None, "books", None, None, 0),
        ("code_of_other_county", "8:8", 8, "school", "990999", 'codes: ["990101", "990999"]', 7),
    ]


def test_two_numbers_above_the_heads_are_a_row_that_is_lost(tmp_path: Path) -> None:
    cases: list[tuple[list[Any], list[str]]] = [
        (["页码", "3", "4.5"], ["row_above_header"]),
        (["页码", "3", "四"], []),
        ([1, "1,234"], ["row_above_header"]),
    ]
    for place, (above, rules) in enumerate(cases):
        book(tmp_path / str(place) / COUNTY / "schools_2024.xlsx", [above, HEADER, row(1), row(2)])
        found = told(tmp_path / str(place))
        assert [(each[0], each[1], each[6]) for each in found] == [(rule, "A1:E1", len(above)) for rule in rules]
