"""Write pages as workbooks: by XlsxWriter, openpyxl or pandas, as other programs write them too."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.utils import get_column_letter

from analysis.sample.layouts.page import Cell, Page


def xlsxwriter_book(pages: list[Page], path: Path) -> None:
    """Write with XlsxWriter, which stores a value with every formula."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False})
    styles: dict[str, Any] = {}
    for page in pages:
        sheet = book.add_worksheet(page.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
        for (top, left), (bottom, right) in merged.items():
            sheet.merge_range(top, left, bottom, right, "")
        for (row, column), cell in page.cells.items():
            if cell.format not in styles:
                styles[cell.format] = book.add_format({"num_format": cell.format}) if cell.format else None
            _xlsxwriter_cell(sheet, row, column, cell, styles[cell.format])
        for row in page.hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
        for column in page.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        if page.filtered:
            sheet.autofilter(0, 0, page.bottom - 1, page.right - 1)
        if page.hidden:
            sheet.hide()
    next(sheet for sheet, page in zip(book.worksheets(), pages, strict=True) if not page.hidden).activate()
    book.get_worksheet_by_name(next(page.name for page in pages if not page.hidden)).set_first_sheet()
    book.close()


def _xlsxwriter_cell(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell.kind == "error":
        sheet.write_formula(row, column, "=1/0", style, cell.value)
    elif cell.kind == "formula":
        written = f"={cell.value}+0" if cell.value != "" else '=IF(1>0,"",0)'
        sheet.write_formula(row, column, written, style, cell.value)
    elif isinstance(cell.value, str):
        sheet.write_string(row, column, cell.value, style)
    else:
        sheet.write_number(row, column, cell.value, style)


def openpyxl_book(pages: list[Page], path: Path) -> None:
    """Write with openpyxl: a formula has no value then, so that one with a value is a plain number."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), cell in page.cells.items():
            put = sheet.cell(row + 1, column + 1)
            put.value = cell.value
            if cell.kind == "plain" and isinstance(cell.value, str):
                put.data_type = "s"  # a text stays one, whatever it begins with
            if cell.format:
                put.number_format = cell.format
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for row in page.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        if page.filtered:
            sheet.auto_filter.ref = f"A1:{get_column_letter(page.right)}{page.bottom}"
        if page.hidden:
            sheet.sheet_state = "hidden"
    book.active = next(number for number, page in enumerate(pages) if not page.hidden)
    book.save(path)


def pandas_book(pages: list[Page], path: Path) -> None:
    """Write with pandas, which knows values alone: nothing is shown in a format, merged or hidden."""
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        for page in pages:
            rows = [[_value(page, row, column) for column in range(page.right)] for row in range(page.bottom)]
            pd.DataFrame(rows, dtype=object).to_excel(writer, sheet_name=page.name, header=False, index=False)


def _value(page: Page, row: int, column: int) -> Any:
    cell = page.cells.get((row, column))
    return cell.value if cell else None
