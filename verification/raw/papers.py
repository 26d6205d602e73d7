"""What people wrote of the evidence of items: the document that shows one, its number, the page, who keeps it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

HEADS = {
    "id": ("判定编号", "Finding"),
    "document": ("材料名称", "Document"),
    "number": ("文号", "Number of the document"),
    "page": ("页码", "Page"),
    "holder": ("保管单位", "Held by"),
}


@dataclass(frozen=True)
class Paper:
    """What was typed beside an item, "" where nothing was."""

    id: str = ""
    document: str = ""
    number: str = ""
    page: str = ""
    holder: str = ""


def papers(folder: Path, code: str, year: int) -> dict[str, Paper]:
    """Return by the id of its finding what people wrote of each item in evidence/<code>_<year>.xlsx."""
    path = folder / "evidence" / f"{code}_{year}.xlsx"
    if not path.is_file():
        return {}
    sheet = next(one for one in openpyxl.load_workbook(path, data_only=True).worksheets if one.sheet_state == "visible")
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    for number, row in enumerate(rows):
        at = {name: next((n for n, cell in enumerate(row) if cell in words), -1) for name, words in HEADS.items()}
        if min(at.values()) >= 0:
            told = [Paper(**{name: each[place] for name, place in at.items()}) for each in rows[number + 1 :]]
            return {one.id: one for one in told if one.id and any((one.document, one.number, one.page, one.holder))}
    return {}


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip().removesuffix(" 00:00:00")
