"""What people entered beside the lines of the ledger: who answers for one until when, and what is done."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

HEADS = {
    "id": ("台账编号", "Line"),
    "school": ("学校或范围", "School or scope"),
    "item": ("项目", "Item"),
    "value": ("现值", "Value"),
    "target": ("目标", "Target"),
    "missing": ("缺额", "Missing"),
    "opened": ("列入年份", "Since"),
    "holder": ("责任单位", "Duty holder"),
    "due": ("期限年份", "Due year"),
    "measure": ("整改措施", "Measure"),
    "person": ("责任人", "Person"),
    "date": ("完成日期", "Date of completion"),
}
#: Columns that older workbooks lack.
LATER = ("value", "target", "opened")
_DAY = re.compile(
    r"(\d{4})(?:(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|年?)[底末]?(?:[以之]?前|内)?|(\d{2})(\d{2}))", re.ASCII
)


@dataclass(frozen=True)
class Entry:
    """What stands beside a line, as it was typed; "" where nothing was. A line of people's own has no `id`.

    `row` is the row of the sheet.
    """

    id: str = ""
    school: str = ""
    item: str = ""
    value: str = ""
    target: str = ""
    missing: str = ""
    opened: str = ""
    holder: str = ""
    due: str = ""
    measure: str = ""
    person: str = ""
    date: str = ""
    row: str = ""

    @property
    def written(self) -> bool:
        """Whether people wrote something: beside a line of ours, or a line of their own."""
        beside = (self.holder, self.due, self.measure, self.person, self.date)
        ours = (self.school, self.item, self.value, self.target, self.missing, self.opened)
        return any(beside) or (not self.id and any(ours))

    @property
    def until(self) -> str:
        """Return the text that says when it is due: a date of completion before a year."""
        return self.date or self.due

    @property
    def year(self) -> int | None:
        """Return the year in which it is due, where one was typed."""
        found = re.match(r"\d{4}", self.due)
        return int(found[0]) if found else None


def last_day(text: str) -> date | None:
    """Return the last day that a date means (2025年6月: 30 June 2025); None for words, and for a day that is none."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", "".join(text.split())))
    if found is None:
        return None
    year, month, day, month_of_eight, day_of_eight = found.groups()
    of_year = int(month or month_of_eight or 12)
    try:
        return date(int(year), of_year, int(day or day_of_eight or monthrange(int(year), of_year)[1]))
    except ValueError:
        return None


def entries(folder: Path, code: str) -> list[Entry]:
    """Return the lines of a county's workbook in which people wrote something."""
    path = folder / "ledger" / f"{code}.xlsx"
    if not path.is_file():
        return []
    sheets = openpyxl.load_workbook(path, data_only=True).worksheets
    rows = [[_text(cell) for cell in row] for row in sheets[0].iter_rows(values_only=True)]
    for number, row in enumerate(rows):
        places = {name: next((at for at, cell in enumerate(row) if cell in words), -1) for name, words in HEADS.items()}
        if min(at for name, at in places.items() if name not in LATER) >= 0:
            below = [
                Entry(**{name: each[at] for name, at in places.items() if at >= 0}, row=str(at_row))
                for at_row, each in enumerate(rows[number + 1 :], number + 2)
            ]
            return [one for one in below if one.written]
    return []


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip().removesuffix(" 00:00:00")
