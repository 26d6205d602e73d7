"""A school's workbook as it comes back: what was filled in, what is still empty, what was changed."""

import datetime
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.errors import DataError
from analysis.read import collecting, returned_workbooks
from analysis.read.returned_workbooks import Marked, Returned
from analysis.render import collect

YEAR = 2024
KNOWN = {"school": "9901010001", "name": "甲小学", "school_type": "primary"}
LAST: dict[str, list[dict[str, Any]]] = {
    "schools": [{"pupils_primary": 280, "books": 5000}],
    "classes": [{"grade": 1, "class": "1班", "pupils": 40}, {"grade": 2, "class": "1班", "pupils": 41}],
    "rooms": [{"room": "音1", "room_type": "music", "area": 96.0}],
}
ABOUT = "填表说明"
NAME, PUPILS = "schools||name", "schools||pupils_primary"
Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sent") / "9901010001.xlsx"
    collect.write(collecting.form("990101", YEAR, KNOWN, LAST, ("primary",), YEAR - 1), path)
    return path.read_bytes()


def page_of(book: Any, id_: str) -> tuple[Any, int]:
    """The sheet and row of a line."""
    return next(
        (page, row) for page in book.worksheets for row in range(1, page.max_row + 1) if page.cell(row, 1).value == id_
    )


def write(book: Any, id_: str, value: Any, position: int = collecting.NOW) -> str:
    """Write into a line, and return its cell."""
    page, row = page_of(book, id_)
    page.cell(row, position + 1).value = value
    return f"{page.cell(row, position + 1).coordinate}"


def back(sent: bytes, *changes: Change) -> bytes:
    book, content = openpyxl.load_workbook(BytesIO(sent)), BytesIO()
    for change in changes:
        change(book)
    book.save(content)
    return content.getvalue()


def read(sent: bytes, *changes: Change) -> Returned:
    return returned_workbooks.read(back(sent, *changes), "a.xlsx", sent)


def fault(sent: bytes, *changes: Change) -> tuple[str, dict[str, Any]]:
    with pytest.raises(DataError) as found:
        read(sent, *changes)
    return found.value.key, found.value.values


def test_what_was_filled_in_comes_with_its_place_and_what_is_empty_with_its_name(sent: bytes) -> None:
    def filled(book: Any) -> None:
        write(book, PUPILS, 300)
        write(book, "schools||books", 6000.5)
        write(book, "teachers|primary|teachers", 20)
        about = book.worksheets[0]
        about["B4"], about["B5"], about["B6"] = "李老师", datetime.datetime(2024, 10, 9), "无"

    found = read(sent, filled)
    assert found.marked == Marked("junheng-collect", "990101", YEAR, "9901010001")
    (row,) = found.rows["schools"]
    assert (row["school"], row["name"], row["pupils_primary"], row["books"]) == ("9901010001", "甲小学", 300, 6000.5)
    assert row["sports_area"] == ""
    (teachers,) = found.rows["teachers"]
    assert (teachers["stage"], teachers["teachers"], teachers["school"]) == ("小学", 20, "9901010001")
    assert (found.person, found.day, found.remark) == ("李老师", "2024-10-09", "无")
    assert found.edited == ()
    book = openpyxl.load_workbook(BytesIO(sent))
    page, number = page_of(book, "schools||school")
    last = max(line for line in range(1, page.max_row + 1) if "|" in str(page.cell(line, 1).value))
    assert found.places["schools"] == [f"{page.title}!E{number}:E{last}"]
    needed = found.missing[page.title]
    # 7 counts of the primary stage and 7 of the school are needed, two are there; of 7 of the teachers one is.
    assert (len(needed), len(found.missing[page_of(book, "teachers|primary|teachers")[0].title])) == (12, 6)
    # Classes of last year whose pupils are not written yet, by grade and name.
    assert ("1 1班", "2 1班") in found.missing.values()


def test_classes_are_rows_below_ours_too(sent: bytes) -> None:
    def filled(book: Any) -> None:
        page = next(page for page in book.worksheets if str(page["A4"].value).startswith("classes|"))
        assert [cell.value for cell in page[4]][1:4] == [1, "1班", 40]
        page["E4"], page["E5"] = 42, 43
        page["B9"], page["C9"], page["E9"] = 3, "1班", 44

    found = read(sent, filled)
    rows = [(row["grade"], row["class"], row["pupils"]) for row in found.rows["classes"]]
    assert rows == [(1, "1班", 42), (2, "1班", 43), (3, "1班", 44)]
    assert [place.partition("!")[2] for place in found.places["classes"]] == ["4:4", "5:5", "9:9"]
    assert all("1班" not in " ".join(cells) for cells in found.missing.values())
    assert found.edited == ()


def test_locked_cells_that_were_changed_are_told_and_do_not_count(sent: bytes) -> None:
    places: list[str] = []

    def spoilt(book: Any) -> None:
        places.append(write(book, NAME, "乙小学"))
        places.append(write(book, PUPILS, "万人", collecting.UNIT))
        places.append(write(book, PUPILS, 999, collecting.LAST))
        write(book, PUPILS, 300)

    found = read(sent, spoilt)
    assert found.rows["schools"][0]["name"] == "甲小学"
    assert [(each.place, each.before, each.after) for each in found.edited] == [
        (places[0], "甲小学", "乙小学"), (places[1], "人", "万人"), (places[2], "280", "999")
    ]  # fmt: skip


def test_what_stands_where_nobody_was_to_write_is_told(sent: bytes) -> None:
    def strayed(book: Any) -> None:
        page, _ = page_of(book, PUPILS)
        page["H9"] = "旁注"
        book.create_sheet("另表")["B2"] = 7
        book.worksheets[0]["B20"] = "见附件"

    sheets = [(each.sheet, each.place, each.before, each.after) for each in read(sent, strayed).edited]
    page, _ = page_of(openpyxl.load_workbook(BytesIO(sent)), PUPILS)
    assert sorted(sheets) == sorted(
        [(page.title, "H9", "", "旁注"), ("另表", "B2", "", "7"), (ABOUT, "B20", "", "见附件")]
    )


def test_a_line_that_is_gone_or_stands_twice_is_told(sent: bytes) -> None:
    def lost(book: Any) -> None:
        page, row = page_of(book, PUPILS)
        page.cell(row, 1).value = None

    assert fault(sent, lost) == ("collect_lines", {"file": "a.xlsx", "number": 1, "lines": PUPILS})

    def copied(value: int) -> Change:
        def change(book: Any) -> None:
            page, _ = page_of(book, PUPILS)
            write(book, PUPILS, 300)
            page.cell(page.max_row + 1, 1).value = PUPILS
            page.cell(page.max_row, collecting.NOW + 1).value = value

        return change

    key, values = fault(sent, copied(301))
    page, row = page_of(openpyxl.load_workbook(BytesIO(sent)), PUPILS)
    assert (key, values["sheet"], values["rows"]) == ("collect_lines_twice", page.title, f"{row}, {page.max_row + 1}")
    assert read(sent, copied(300)).rows["schools"][0]["pupils_primary"] == 300


def test_cells_that_were_merged_and_columns_that_were_moved_are_told(sent: bytes) -> None:
    key, values = fault(sent, lambda book: page_of(book, PUPILS)[0].merge_cells("E11:E12"))
    assert (key, values["place"]) == ("collect_cells_merged", "E11:E12")
    key, values = fault(sent, lambda book: page_of(book, PUPILS)[0].insert_cols(3))
    assert (key, values["sheet"]) == (
        "collect_columns",
        page_of(openpyxl.load_workbook(BytesIO(sent)), PUPILS)[0].title,
    )


def test_a_workbook_of_another_school_or_year_or_none_is_told(sent: bytes, tmp_path: Path) -> None:
    for known, year in ((KNOWN | {"school": "9901010002"}, YEAR), (KNOWN, YEAR - 1)):
        path = tmp_path / f"{known['school']}_{year}.xlsx"
        collect.write(collecting.form("990101", year, known, LAST, ("primary",)), path)
        with pytest.raises(DataError) as found:
            returned_workbooks.read(path.read_bytes(), "b.xlsx", sent)
        assert found.value.key == "collect_strange"
    assert fault(sent, lambda book: book.remove(book[collecting.MARKED]))[0] == "collect_strange"
    with pytest.raises(DataError) as found:
        returned_workbooks.read(b"PK no workbook", "b.xlsx", sent)
    assert found.value.key == "collect_unreadable"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1"),
        (False, "0"),
        (3.0, "3"),
        (3.25, "3.25"),
        (7, "7"),
        (" 甲 ", "甲"),
        ("", ""),
        (datetime.date(2024, 10, 9), "2024-10-09"),
        (datetime.datetime(2024, 10, 9, 8, 30), "2024-10-09"),
    ],
)
def test_a_cell_as_text(value: Any, text: str) -> None:
    assert returned_workbooks.text(value) == text


def test_a_formula_without_a_value_is_no_value(sent: bytes) -> None:
    found = read(sent, lambda book: write(book, PUPILS, "=1+2"))
    page, _ = page_of(openpyxl.load_workbook(BytesIO(sent)), PUPILS)
    assert len(found.missing[page.title]) == 14
    assert found.edited == ()
