"""A workbook as tables: each sheet's heading row and what stands below it, formulas worked out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from verification.printed.blocks import Grid
from verification.printed.formulas import FormulaError, Sheets

#: The row of a sheet that names its columns; the first holds its title, the second what marks it as a draft or so.
HEAD = 3


@dataclass
class Book:
    """A workbook: its formulas worked out, and the values that were kept with them by the program that wrote it."""

    name: str
    sheets: Sheets
    kept: Any

    @property
    def titles(self) -> list[str]:
        """Return the names of its sheets."""
        return list(self.sheets.book.sheetnames)

    def cell(self, sheet: str, place: str) -> Any:
        """Return what a cell comes to, as a number where it is one."""
        return self.sheets.value(sheet, place)

    def faults(self) -> list[tuple[str, Any, Any]]:
        """Return each formula whose kept value is not what it comes to: place, kept, worked out."""
        found = []
        for sheet in self.sheets.book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                        continue
                    kept = self.kept[sheet.title][cell.coordinate].value
                    try:
                        worked: Any = self.sheets.value(sheet.title, cell.coordinate)
                    except (FormulaError, ZeroDivisionError) as fault:
                        worked = f"{fault}"
                    if not _same(kept, worked):
                        found.append((f"{sheet.title}!{cell.coordinate}", kept, worked))
        return found

    def grid(self, sheet: str) -> Grid:
        """Return a sheet as a table, down to its first empty row."""
        page = self.sheets.book[sheet]
        headings = [str(cell.value) for cell in page[HEAD] if cell.value is not None]
        rows: list[list[object]] = []
        for number in range(HEAD + 1, page.max_row + 1):
            cells = [self._value(sheet, cell.coordinate) for cell in page[number][: len(headings)]]
            if all(one in (None, "") for one in cells):
                break
            rows.append(cells)
        return Grid(str(page.cell(1, 1).value), headings, rows, name=sheet)

    def _value(self, sheet: str, place: str) -> object:
        try:
            return self.sheets.value(sheet, place)
        except (FormulaError, ZeroDivisionError) as fault:
            return str(fault)


def _same(kept: Any, worked: Any) -> bool:
    if isinstance(kept, int | float) and isinstance(worked, int | float):
        return abs(kept - worked) <= 1e-11 * max(1e-3, abs(kept))
    return (kept or "") == (worked or "")


def read(path: Path) -> Book:
    """Return a workbook."""
    return Book(path.name, Sheets(openpyxl.load_workbook(path)), openpyxl.load_workbook(path, data_only=True))
