"""What calamine says of an old XLS workbook beside the values of its cells. Number formats are not among it."""

import io
from dataclasses import dataclass
from typing import Any

import polars as pl
import python_calamine

from analysis.read.xlsx import Merge


@dataclass(frozen=True)
class Package:
    """A workbook: its sheets by name."""

    sheets: dict[str, Any]
    hidden: frozenset[str]

    def visible(self, name: str) -> bool:
        """Tell whether a sheet is shown."""
        return name not in self.hidden

    def left(self, name: str) -> int:
        """Return the number of the leftmost column that holds a cell."""
        start = self.sheets[name].start
        return int(start[1]) if start else 0

    def merges(self, name: str) -> list[Merge]:
        """Return a sheet's merged ranges."""
        return list(self.sheets[name].merged_cell_ranges or [])

    def mark(self, name: str, cells: pl.DataFrame, left: int) -> pl.DataFrame:
        """Return the cells as they are: formats are out of reach, so an uncertain percentage is never taken as one."""
        return cells


def open_package(content: bytes) -> Package:
    """Return what a workbook says; CalamineError where it is none."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = python_calamine.SheetVisibleEnum.Visible
    hidden = frozenset(sheet.name for sheet in book.sheets_metadata if sheet.visible != visible)
    return Package({name: book.get_sheet_by_name(name) for name in book.sheet_names}, hidden)
