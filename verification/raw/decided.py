"""What a county decided in its workbook: cells that it mends, schools that changed, heads of columns, its own words."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)")
#: What may happen to a school, as the sheet says it.
_CHANGES = {
    "code": ("换代码", "new code"),
    "renamed": ("改名", "renamed"),
    "merged": ("合并", "merged"),
    "split": ("拆分", "split"),
    "closed": ("撤销", "closed"),
}
_YES = ("是", "yes", "1", "√")


@dataclass(frozen=True)
class Decided:
    """Corrections and changes of schools as the YAML files have them; `heads` are tables, columns and further words
    over them; `words` are year, text, text in English, whether the public is told."""

    corrections: list[dict[str, Any]] = field(default_factory=list)
    identities: list[dict[str, Any]] = field(default_factory=list)
    heads: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[tuple[int, str, str, bool]] = field(default_factory=list)


def decided(folder: Path, code: str) -> Decided:
    """Return what decisions/<code>.xlsx says.

    Raises ValueError, with what to do, where it tells how a file is to be read: that is more than is read here.
    """
    path = folder / "decisions" / f"{code}.xlsx"
    if not path.exists():
        return Decided()
    book = openpyxl.load_workbook(path, data_only=True)
    found = Decided()
    for row in _rows(book, "更正", "Corrections"):
        cell = _CELL.fullmatch(row[2].upper())
        if cell is None:
            raise ValueError(f"decisions/{code}.xlsx, {row[0]}: {row[2]!r} is no cell such as C17; put it right")
        name = row[0].replace("\\", "/")
        place = {"file": name if "/" in name else f"{code}/{name}", "row": int(cell[2]), "column": cell[1]}
        who = {"sheet": row[1], "why": row[5], "who": f"{row[6]} {row[7]}".strip()}
        status = {"status": "retired"} if row[8].casefold() in _YES else {}
        found.corrections.append(place | who | {"before": row[3], "after": row[4]} | status)
    for row in _rows(book, "学校变动", "Changes of schools"):
        kind = next((kind for kind, words in _CHANGES.items() if row[0] in (*words, kind)), "")
        found.identities.append({"kind": kind, "county": code, "year": int(row[1]), "old": row[2], "new": row[3]})
    for row in _rows(book, "列名", "Heads of columns"):
        found.heads.append((row[0].split(" ")[0], row[2].split(" ")[0], row[1]))
    for row in _rows(book, "文件读法", "How files are read"):
        raise ValueError(
            f"decisions/{code}.xlsx tells how {row[0]} is to be read ({row[1]}): the second reader can't read it so. "
            "Give the file the heads and units of the blank table, and take the row away."
        )
    for row in _rows(book, "县填文字", "In our own words"):
        found.words.append((int(row[0]), row[2], row[3], row[4].casefold() in _YES))
    return found


def _text(cell: Any) -> str:
    if hasattr(cell, "year"):
        return str(cell)[:10]
    if isinstance(cell, bool):
        return "是" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _rows(book: Any, *titles: str) -> list[list[str]]:
    """Return the rows below the heads, the third row of a sheet, as texts."""
    pages = [book[title] for title in titles if title in book.sheetnames]
    rows = pages[0].iter_rows(min_row=4, values_only=True) if pages else ()
    texts = [[_text(cell) for cell in row] for row in rows]
    return [row + [""] * 9 for row in texts if any(row)]
