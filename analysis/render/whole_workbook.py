"""Workbooks that are made in memory and written whole: nothing half made lies about where a disk is full."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from analysis import storage

#: Words stay words, whatever they begin with.
AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False}
#: The font by whose digits columns are as wide as they are said to be: that of a spreadsheet's own is not everywhere.
FONT = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
#: The day that a workbook bears which is of no day: the same from the same rows, whenever it is made.
NO_DAY = datetime(2000, 1, 1)


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are written as they are.

    XlsxWriter looks by thirty patterns for functions that have another name in the file; ours are in every Excel since
    2007 (tests/render/test_annex.py).
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if formula.startswith("{") or expand_future_functions:
            prepared: str = super()._prepare_formula(formula, expand_future_functions)
            return prepared
        return formula.removeprefix("=")


class WholeWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook that is put to `path` when it is closed; OSError where it can't be, and then nothing is there."""

    worksheet_class = _Sheet

    def __init__(self, path: Path, options: dict[str, Any] | None = None) -> None:
        self._path, self._content = path, BytesIO()
        super().__init__(self._content, {"default_format_properties": FONT, **(options or {}), "in_memory": True})
        self.set_properties({"created": NO_DAY})

    def close(self) -> None:
        """Write the workbook."""
        super().close()
        storage.write_whole(self._path, self._content.getvalue())

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the workbook, unless making it failed."""
        if kind is None:
            self.close()
