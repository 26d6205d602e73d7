"""A workbook that is of no day bears none of its making: the same from the same rows, whenever it is made."""

from datetime import datetime
from pathlib import Path

import openpyxl
from xlsxwriter.worksheet import Worksheet

from analysis.render.whole_workbook import NO_DAY, WholeWorkbook


def _created(path: Path, day: datetime | None) -> datetime | None:
    with WholeWorkbook(path) as book:
        book.add_worksheet()
        if day:
            book.set_properties({"created": day})
    made: datetime | None = openpyxl.load_workbook(path).properties.created
    return made


def test_a_workbook_bears_the_day_that_it_is_of_or_none(tmp_path: Path) -> None:
    assert _created(tmp_path / "blank.xlsx", None) == NO_DAY
    assert _created(tmp_path / "report.xlsx", datetime(2024, 12, 1)) == datetime(2024, 12, 1)


def test_formulas_are_written_as_they_are(tmp_path: Path) -> None:
    said = ["=SUM(A1:A2)", '=IF(A1="=x","{",IFERROR(B1,""))', "{=SUM(A1:A2*B1:B2)}"]
    with WholeWorkbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        prepared = [(sheet._prepare_formula(formula), Worksheet()._prepare_formula(formula)) for formula in said]
    assert all(ours == theirs for ours, theirs in prepared)
