"""The workbooks and documents of an office: filled in as people do, read as people see them."""

import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell

from analysis.read import ledger, register
from tests.journey.office import COUNTY, YEAR, Office

NEEDS_MAKE = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
_PATIENCE = 120.0


def text(path: Path) -> str:
    """Return the text of a document or workbook."""
    if path.suffix == ".docx":
        return re.sub("<[^>]+>", "", zipfile.ZipFile(path).read("word/document.xml").decode())
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value)
    return re.sub("<[^>]+>", "", path.read_text(encoding="utf-8"))


def edited(path: Path) -> None:
    """Edit a Word document: the first 报告 in it is written otherwise."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    body = parts["word/document.xml"].decode()
    parts["word/document.xml"] = body.replace("报告", "报告（科长改过）", 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def until(seen: Callable[[], bool]) -> None:
    """Wait until something is seen, a good while at most."""
    end = time.monotonic() + _PATIENCE
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)


def filled_ledger(office: Office) -> None:
    """Write the ledger's workbook, fill in a line and one of one's own."""
    assert office.does("ledger", COUNTY)[0] == 0
    path = office.data / "ledger" / f"{COUNTY}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(ledger.columns(), start=1)}
    values = {"holder": "双流区教育局", "measure": "扩建操场", "person": "王局长", "date": "2026年底前"}
    own = {
        "school": "全区",
        "item": "校车",
        "value": "3辆",
        "target": "5辆",
        "measure": "购车",
        "person": "赵某",
        "due": 2025,
    }
    below = next(row for row in range(2, page.max_row + 2) if not page.cell(row, place["id"]).value)
    for row, typed in ((2, values), (below, own | {"due": 2025})):
        for name, value in typed.items():
            page.cell(row, place[name]).value = value
    book.save(path)
    code, said = office.does("ledger", COUNTY)
    assert code == 0, said
    assert f"第 {below} 行" in said


def filled_evidence(office: Office) -> None:
    """Write the workbook of the evidence register and fill in a line."""
    assert office.does("evidence", COUNTY, year=YEAR)[0] == 0
    path = office.data / "evidence" / f"{COUNTY}_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    place = {name: position for position, name in enumerate(register.columns(), start=1)}
    typed = {"document": "校舍台账", "number": "双教发〔2024〕7号", "page": "第12页", "holder": "教育局办公室"}
    for name, value in typed.items():
        book.worksheets[0].cell(2, place[name]).value = value
    book.save(path)
    assert "填写了 1 项" in office.does("evidence", COUNTY, year=YEAR)[1]


def field_checked(office: Office) -> None:
    """Draw schools, fill in what was seen there, one value otherwise, and have it told."""
    assert office.does("fieldcheck", COUNTY, schools=3)[0] == 0
    path = office.data / "fieldcheck" / f"{COUNTY}_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    days = book.worksheets[0]
    top = next(row for row in days.iter_rows() if "核查日期" in [cell.value for cell in row])
    days.cell(top[0].row + 1, 1 + [cell.value for cell in top].index("核查日期")).value = "2024年11月20日"
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(max_row=8))
    head = next(row for row in rows if "核实值" in [cell.value for cell in row])
    page = head[0].parent
    names = [cell.value for cell in head]
    reported, verified, remark = (names.index(name) for name in ("填报值", "核实值", "备注"))
    for row in page.iter_rows(min_row=head[0].row + 1):
        if isinstance(row[verified], Cell) and row[verified].value is None:
            row[verified].value = row[reported].value
    first = next(row for row in page.iter_rows(min_row=head[0].row + 1) if isinstance(row[reported].value, int))
    first[verified].value = int(str(first[reported].value)) + 1
    first[remark].value = "现场多出一间"
    book.save(path)
    code, said = office.does("fieldcheck", COUNTY)
    assert code == 0, said
    assert re.search(r"与填报一致的占 9\d\.\d%，1 个不一致", said)
