"""What the schools of a county do: fill in the workbooks that they got, from tables that a county filled in by hand."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from analysis.read import collecting
from analysis.read.fields import tables
from analysis.read.header import column_of

Row = dict[str, Any]


def rows_of(path: Path, table: str) -> list[Row]:
    """Return the rows of a workbook by the names of columns, each cell as it stands; the header is the third row."""
    page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    heads: list[str] = []
    for place in range(len(lines[1])):
        above = next((lines[1][at] for at in range(place, -1, -1) if lines[1][at]), "")
        parts = [above, lines[2][place]] if lines[2][place] else [lines[1][place]]
        heads.append(re.sub(r"（[^（）]*）$", "", "/".join(str(part) for part in parts)))
    names = [column_of(re.sub(r"（(人|个|间|台|册|元|平方米|份|分)）", "", head), table) for head in heads]
    return [
        {name: value for name, value in zip(names, line, strict=False) if name and value is not None}
        for line in lines[3:]
        if any(value is not None for value in line)
    ]


class Tables:
    """The rows of each school by table."""

    def __init__(self, folder: Path, year: int) -> None:
        self.by_school: dict[str, dict[str, list[Row]]] = {}
        for name in collecting.declared()["parts"]:
            for row in rows_of(folder / f"{name}_{year}.xlsx", name):
                code = str(row.get("school", ""))
                self.by_school.setdefault(code, {}).setdefault(name, []).append(row)


def fill(sent: Path, back: Path, rows: dict[str, list[Row]], change: Callable[[Any], None] | None = None) -> None:
    """Fill in a school's workbook as its rows have it, and save it as `back`; `change` may spoil it."""
    book = openpyxl.load_workbook(sent)
    book["填表说明"]["B4"] = "李老师"
    for page in book.worksheets[1:-1]:
        ids = {str(page.cell(line, 1).value): line for line in range(1, page.max_row + 1) if page.cell(line, 1).value}
        name = next(iter(ids)).partition("|")[0]
        entry, part = collecting.declared()["parts"][name], rows.get(name, [])
        if "rows" in entry:
            _listed(page, name, part, ids)
            continue
        for id_, line in ids.items():
            _, stage, column = id_.split("|")
            row = next((one for one in part if not stage or _stage(name, one) == stage), {})
            cell = page.cell(line, collecting.NOW + 1)
            if not cell.protection.locked and column in row:
                cell.value = row[column]
    if change is not None:
        change(book)
    back.parent.mkdir(parents=True, exist_ok=True)
    book.save(back)


def _stage(name: str, row: Row) -> str:
    choices = tables()[name].columns["stage"].choices
    return next((stage for stage, texts in choices.items() if row["stage"] in texts), "")


def _listed(page: Any, name: str, part: list[Row], ids: dict[str, int]) -> None:
    places = list(collecting.part_of_rows(name).places())
    for line in ids.values():
        for _, position in places:
            page.cell(line, position + 1).value = None
    for number, row in enumerate(part):
        line = collecting.TOP + 1 + number
        for column, position in places:
            page.cell(line, position + 1).value = row.get(column.name)
