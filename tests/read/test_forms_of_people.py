"""Workbooks that people fill in, the ledger and the field check: what a cell may say, and what is told of it."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from analysis.errors import DataError
from analysis.read import fieldcheck, ledger

HEADS = ["学校代码", "数据表", "数据项", "班级或教室", "核实值"]


def verified(folder: Path, *cells: object) -> list[float | None]:
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    for cell in cells:
        book.active.append(["9901010001", "学校", "图书册数", "", cell])
    book.save(folder / "check.xlsx")
    return fieldcheck.read(folder / "check.xlsx").entries["verified"].to_list()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12,345", 12345),
        ("12，345", 12345),
        ("1 234 567", 1_234_567),
        ("1,234.5", 1234.5),
        ("１２３", 123),
        ("85.3%", 0.853),
        (0.5, 0.5),
        ("12,5", None),  # twelve and a half, or 125
        ("1,2345", None),
        ("12 5", None),
        ("1_000", None),
        ("约120", None),
        ("#N/A", None),
        ("inf", None),
    ],
)
def test_what_number_a_verified_value_is(tmp_path: Path, cell: object, number: float | None) -> None:
    assert verified(tmp_path, cell) == [number]


def entries(folder: Path, measure: object, *, struck: bool = False) -> list[str]:
    book = openpyxl.Workbook()
    names = [name for name in ledger.columns() if name in ledger.READ]
    book.active.append([ledger.columns()[name]["zh"] for name in names])
    book.active.append([measure if name == "measure" else f"a.{name}" if name == "id" else None for name in names])
    if struck:
        book.active.cell(2, names.index("measure") + 1).font = Font(strike=True)
    book.save(folder / "ledger.xlsx")
    return ledger.entries(folder / "ledger.xlsx")["measure"].to_list()


def test_what_a_cell_of_the_ledger_says(tmp_path: Path) -> None:
    for said in ("扩建运动场", "#1教学楼", "a=b", "＃待定"):
        assert entries(tmp_path, said) == [said]


@pytest.mark.parametrize(("said", "struck"), [("#N/A", False), ("#REF!", False), ("=A1", False), ("扩建", True)])
def test_a_cell_of_the_ledger_of_which_nothing_is_known_is_refused(tmp_path: Path, said: str, struck: bool) -> None:
    with pytest.raises(DataError) as found:
        entries(tmp_path, said, struck=struck)
    assert found.value.key == "form_cell"
