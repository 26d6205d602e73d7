"""What a file that came by hand is taken for, and what tells it."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from analysis.read.guess import Guess, guess
from tests.workbooks import HEADER, book

ROOMS: list[Any] = ["学校代码", "教室编号", "教室类型", "使用面积"]


def school(number: int) -> list[Any]:
    return [f"990101000{number}", f"学校{number}", "小学", 300, 6000]


def one(path: Path) -> Guess:
    (found,) = guess(path, ())
    return found


def sheets(path: Path, **pages: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as written:
        for name, rows in pages.items():
            page = written.add_worksheet(name.removeprefix("hidden_"))
            for number, cells in enumerate(rows):
                page.write_row(number, 0, cells)
            if name.startswith("hidden_"):
                page.hide()
    return path


def test_a_table_is_known_by_its_heads_and_told_with_what_stands_there(tmp_path: Path) -> None:
    heads = [*HEADER[:-1], "校歌", "备注"]
    rows = [
        ["清河县2024年学校统计表"],
        heads,
        *(school(number) for number in range(1, 6)),
        ["9909990001", "外县", "小学", 9],
    ]
    found = one(book(tmp_path / "来件" / "表1.xlsx", rows))
    assert (found.table, found.sheet, found.head, found.rows) == ("schools", "学校", 2, 6)
    assert found.read == tuple(HEADER[:-1])
    # Notes are no strange column.
    assert (found.strange, found.lacking) == (("校歌",), ())
    assert found.years == {"清河县2024年学校统计表": (2024,)}
    assert found.year() == 2024
    assert found.begin == {"990101": 5, "990999": 1}
    assert found.places == ("清河县2024年学校统计表", "表1.xlsx", "来件")
    assert [row[0] for row in found.first] == ["9901010001", "9901010002", "9901010003"]
    assert found.counties == {}


def test_a_year_is_told_by_titles_else_by_the_sheet_else_by_the_file(tmp_path: Path) -> None:
    rows = [HEADER, school(1)]
    assert one(book(tmp_path / "2022_schools.xlsx", [["2024年统计表"], *rows], "2023年")).year() == 2024
    assert one(book(tmp_path / "2022_schools.xlsx", rows, "2023年")).years == {"2023年": (2023,)}
    assert one(book(tmp_path / "2022_schools.xlsx", rows, "表")).years == {"2022 schools": (2022,)}
    assert one(book(tmp_path / "schools.xlsx", rows, "表")).years == {}
    assert one(book(tmp_path / "schools.xlsx", rows, "表")).year() is None


@pytest.mark.parametrize(
    ("years", "agreed"),
    [
        ({}, None),
        ({"a": (2024,)}, 2024),
        ({"a": (2023, 2024)}, None),
        ({"a": (2023, 2024), "b": (2024, 2025)}, 2024),
        ({"a": (2024,), "b": (2023,)}, None),
        ({"a": (2024,), "b": (2023,), "c": (2024,)}, None),
    ],
)
def test_all_that_tells_a_year_must_agree(years: dict[str, tuple[int, ...]], agreed: int | None) -> None:
    assert Guess("schools", "", 1, 0, (), (), (), years, {}, (), {}, ()).year() == agreed


def test_of_sheets_of_one_table_that_of_most_columns_counts_and_hidden_ones_do_not(tmp_path: Path) -> None:
    few: list[list[Any]]
    few, many = [HEADER[:-1], school(1)[:-1]], [HEADER, school(2)]
    wide = [[*HEADER, "教学用计算机台数"], [*school(3), 50]]
    path = sheets(tmp_path / "a.xlsx", 甲=few, 乙=many, hidden_丙=wide, 丁=[])
    assert [(each.sheet, each.first[0][0]) for each in guess(path, ())] == [("乙", "9901010002")]
    two = guess(sheets(tmp_path / "b.xlsx", 甲=many, 乙=[ROOMS, ["9901010001", "M1", "音乐教室", 96]]), ())
    assert [each.table for each in two] == ["schools", "rooms"]
    assert guess(sheets(tmp_path / "c.xlsx", 甲=[["一", "二"], [1, 2]]), ()) == []


def test_a_table_that_lacks_a_column_counts_where_there_is_no_whole_one(tmp_path: Path) -> None:
    lacking: list[list[Any]] = [["学校名称", "办学类型", "在校学生数/小学", "图书册数"], ["甲", "小学", 300, 6000]]
    found = one(sheets(tmp_path / "a.xlsx", 甲=lacking))
    assert (found.table, found.lacking, found.rows) == ("schools", ("学校代码",), 0)
    both = guess(sheets(tmp_path / "b.xlsx", 甲=lacking, 乙=[ROOMS, ["9901010001", "M1", "音乐教室", 96]]), ())
    assert [each.table for each in both] == ["rooms"]


def test_a_column_that_names_counties_is_told_with_each_of_them(tmp_path: Path) -> None:
    rows = [[*HEADER, "县区"], [*school(1), "清河县"], [*school(2), "清河县"], [*school(3), "青山县"]]
    assert one(book(tmp_path / "a.xlsx", rows)).counties == {"县区": ("清河县", "青山县")}
