"""What a county decided in its workbook: cells that it mends, schools that changed their code."""

import re
from pathlib import Path
from typing import Any

import openpyxl

_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def decided(folder: Path, code: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the corrections and changes of schools in decisions/<code>.xlsx, as the YAML files have them."""
    path = folder / "decisions" / f"{code}.xlsx"
    if not path.exists():
        return [], []
    book = openpyxl.load_workbook(path, data_only=True)
    mended, moved = [], []
    for row in _rows(book, "更正", "Corrections"):
        cell = _CELL.fullmatch(row[2].upper())
        if cell and row[8] not in ("是", "yes"):
            file = row[0] if "/" in row[0] else f"{code}/{row[0]}"
            place = {"file": file, "row": int(cell[2]), "column": cell[1]}
            who = {"why": row[5], "who": f"{row[6]} {row[7]}".strip()}
            mended.append(place | who | {"before": row[3], "after": row[4]})
    for row in _rows(book, "学校变动", "Changes of schools"):
        if row[0] in ("换代码", "new code"):
            moved.append({"kind": "code", "county": code, "year": int(row[1]), "old": row[2], "new": row[3]})
    return mended, moved


def own_words(folder: Path, code: str) -> list[tuple[int, str, str, bool]]:
    """Return what the county says in its own words: year, text, text in English, whether the public is told."""
    path = folder / "decisions" / f"{code}.xlsx"
    if not path.exists():
        return []
    rows = _rows(openpyxl.load_workbook(path, data_only=True), "县填文字", "In our own words")
    return [(int(row[0]), row[2], row[3], row[4] in ("是", "yes")) for row in rows]


def _rows(book: Any, *titles: str) -> list[list[str]]:
    """Return the rows below the heads, the third row of a sheet, as texts."""
    pages = [book[title] for title in titles if title in book.sheetnames]
    found = []
    for row in pages[0].iter_rows(min_row=4, values_only=True) if pages else []:
        texts = ["" if cell is None else str(cell)[:10] if hasattr(cell, "year") else str(cell) for cell in row]
        if any(texts):
            found.append(texts + [""] * 9)
    return found
