"""What an old workbook hides and says beside its values: written by xlwt, each with what is right."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlwt

from analysis.errors import DataError
from analysis.read import grid

Change = Callable[[xlwt.Workbook, Any], None]


def read(path: Path, change: Change) -> list[grid.Sheet]:
    book = xlwt.Workbook()
    page = book.add_sheet("学校")
    for number, cells in enumerate([("代码", "人数", "册数"), ("0001", 1, 10), ("0002", 2, 20)]):
        for column, cell in enumerate(cells):
            page.write(number, column, cell)
    change(book, page)
    book.save(str(path / "a.xls"))
    return grid.read(path / "a.xls", "a.xls")


def _hide(row: int, **told: Any) -> Change:
    def change(_: xlwt.Workbook, page: Any) -> None:
        for name, value in told.items():
            setattr(page.row(row), name, value)

    return change


@pytest.mark.parametrize(
    ("change", "hidden"),
    [
        (_hide(1), set()),
        (_hide(1, hidden=True), {2}),
        (_hide(1, height=0, height_mismatch=True), {2}),
        (_hide(1, height=400, height_mismatch=True), set()),
        (_hide(1, level=1), set()),
        (_hide(2, level=1, hidden=True, collapse=1), {3}),
    ],
)
def test_hidden_rows(change: Change, hidden: set[int], tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, change)
    assert sheet.hidden_rows == hidden
    assert sheet.cells["c0"].to_list() == ["代码", "0001", "0002"]


def _columns(**told: Any) -> Change:
    def change(_: xlwt.Workbook, page: Any) -> None:
        for name, value in told.items():
            setattr(page.col(1), name, value)

    return change


@pytest.mark.parametrize(
    ("change", "hidden"),
    [(_columns(width=3000), set()), (_columns(hidden=True), {1}), (_columns(width=0), {1})],
)
def test_hidden_columns(change: Change, hidden: set[int], tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, change)
    assert sheet.hidden_columns == hidden


@pytest.mark.parametrize(("visibility", "hidden"), [(0, False), (1, True), (2, True)])
def test_hidden_sheets(visibility: int, hidden: bool, tmp_path: Path) -> None:
    def change(book: xlwt.Workbook, _: Any) -> None:
        other = book.add_sheet("旧")
        other.write(0, 0, "x")
        other.visibility = visibility

    assert [sheet.hidden for sheet in read(tmp_path, change)] == [False, hidden]


def _style(code: str) -> xlwt.XFStyle:
    return xlwt.easyxf(num_format_str=code)


@pytest.mark.parametrize(
    ("value", "code", "seen", "rule"),
    [
        (0.173, "0.0%", "17.3%", None),
        (0.173, "0.0", "0.173", None),
        (17.3, '0.0"%"', "17.3%", "format_percent"),
        (12, "0000", "0012", None),
        (2018.1, "0.00", "2018.10", None),
        (7, '0"万"', "7万", "format_beside"),
        (5, ";;;", "5", "format_hides"),
    ],
)
def test_number_formats(value: float, code: str, seen: str, rule: str | None, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, lambda _, page: page.write(3, 1, value, _style(code)))
    assert sheet.cells["c1"].to_list()[3] == seen
    assert [mark.rule for mark in sheet.marks] == ([rule] if rule else [])


@pytest.mark.parametrize(("code", "seen"), [(0x07, "#DIV/0!"), (0x2A, "#N/A"), (0x0F, "#VALUE!"), (0x17, "#REF!")])
def test_errors(code: int, seen: str, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, lambda _, page: page.row(3).set_cell_error(1, code))
    assert sheet.cells["c1"].to_list()[3] == seen
    assert sheet.filled == 9  # its readers give an empty text for it


def test_a_formula_that_nobody_calculated(tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, lambda _, page: page.write(3, 1, xlwt.Formula("A1&B1")))
    assert sheet.cells["c1"].to_list()[3] == "="


def test_a_formula_whose_result_is_empty_is_blank(tmp_path: Path) -> None:
    read(tmp_path, lambda _, page: page.write(3, 1, xlwt.Formula("A1&B1")))
    nobody, somebody = struct.pack("<HH4s", 0x5C, 112, b"None"), struct.pack("<HHHB1s", 0x5C, 112, 1, 0, b"X")
    content = (tmp_path / "a.xls").read_bytes()
    assert content.count(nobody) == 1
    (tmp_path / "a.xls").write_bytes(content.replace(nobody, somebody))
    (sheet,) = grid.read(tmp_path / "a.xls", "a.xls")
    assert sheet.cells.height == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda _, page: None,
        lambda _, page: page.write(5, 4, " "),
        lambda _, page: page.write(5, 4, ""),
        lambda _, page: page.write_merge(4, 5, 0, 1, "x"),
        lambda _, page: page.write(3, 1, True),
        lambda _, page: page.row(3).set_cell_error(1, 0x07),
        lambda _, page: page.write(3, 1, xlwt.Formula("A1&B1")),
    ],
)
def test_cells_are_counted_as_calamine_gives_them(change: Change, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, change)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "a.xls").read_bytes()))
    told = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet.filled == sum(value != "" for line in told for value in line)


@pytest.mark.parametrize("formula", ["A1&B1", '"好"&"x"'])  # of the second the usual reader makes nothing, and gives up
def test_no_formula_costs_another_cell(formula: str, tmp_path: Path) -> None:
    def change(_: xlwt.Workbook, page: Any) -> None:
        page.write(3, 1, xlwt.Formula(formula))
        for column, value in enumerate([0.1 + 0.2, True, -2.5]):
            page.write(4, column, value)
        page.write(5, 2, 45000, _style("yyyy-mm-dd"))
        page.write(6, 0, 0.173, _style("0.0%"))
        page.row(6).set_cell_error(1, 0x07)

    (sheet,) = read(tmp_path, change)
    assert sheet.cells.rows()[1:] == [
        ("0001", "1", "10"),
        ("0002", "2", "20"),
        (None, "=", None),
        ("0.3", "true", "-2.5"),
        (None, None, "2023-03-15 00:00:00"),
        ("17.3%", "#DIV/0!", None),
    ]
    assert sheet.filled == 14


def test_of_a_workbook_that_two_readers_give_up_on_nothing_is_read(tmp_path: Path) -> None:
    read(tmp_path, lambda _, page: page.write(3, 1, xlwt.Formula('"好"&"x"')))
    content = (tmp_path / "a.xls").read_bytes()
    bounds = struct.pack("<H", 0x0085)  # of the sheets, whose places in the file are told there
    at = content.index(bounds + b"\x0c\x00")
    (tmp_path / "a.xls").write_bytes(content[: at + 4] + b"\xff\xff\xff\x7f" + content[at + 8 :])
    with pytest.raises(DataError) as fault:
        grid.read(tmp_path / "a.xls", "a.xls")
    assert fault.value.key == "file_broken"


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ("A2&A3", "=0"),  # a text, of which LibreOffice stored a 0
        ("IF(B2>0;A2;0)", "=0"),
        ("A2", "=0"),
        ("(A2)", "=0"),
        ("B2-1", "0"),
        ("(B2-1)", "0"),
        ("SUM(B5:B6)", "0"),
        ("SUM(B5;B6)", "0"),
        ("COUNTIF(A1:A9;A1)", "0"),
        ("ROUND(B5;0)", "0"),
        ("-B5", "0"),
        ("LEFT(A2;1)", "=0"),
    ],
)
@pytest.mark.parametrize("writer", ["Calc", "教育局"])
def test_a_zero_of_libreoffice_may_stand_for_a_text(formula: str, seen: str, writer: str, tmp_path: Path) -> None:
    read(tmp_path, lambda _, page: page.write(3, 1, xlwt.Formula(formula)))
    content = (tmp_path / "a.xls").read_bytes()
    nobody = struct.pack("<HH4s", 0x5C, 112, b"None")
    name = writer.encode("utf-16-le")
    somebody = struct.pack("<HHHB", 0x5C, 112, len(writer), 1) + name
    assert content.count(nobody) == 1
    content = content.replace(nobody.ljust(len(somebody), b" "), somebody)
    empty, zero = struct.pack("<H4xH", 3, 0xFFFF), bytes(8)
    assert content.count(empty) == 1
    (tmp_path / "a.xls").write_bytes(content.replace(empty, zero))
    (sheet,) = grid.read(tmp_path / "a.xls", "a.xls")
    assert sheet.cells["c1"].to_list()[3] == (seen if writer == "Calc" else "0")
    assert sheet.filled == 10
