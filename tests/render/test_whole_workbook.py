"""A workbook that is of no day bears none of its making: the same from the same rows, whenever it is made."""

from datetime import datetime
from pathlib import Path

import openpyxl

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
