"""Small raw folders for tests of reading and cleaning."""

from pathlib import Path
from typing import Any

import xlsxwriter

from analysis import sources
from analysis.clean import Records, clean

COUNTY = "990101"
Rows = list[list[Any]]
HEADER: list[Any] = ["学校代码", "学校名称", "办学类型", "在校学生数/小学", "图书册数"]


def book(path: Path, rows: Rows, sheet: str = "学校", merges: tuple[str, ...] = ()) -> Path:
    """Write rows to the cells of one sheet, and merge ranges such as "D2:E2"."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(number, column, value)
        for cells in merges:
            top, left = _place(cells.split(":")[0])
            page.merge_range(cells, rows[top][left])
    return path


def _place(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, ord(letters) - ord("A")


def text(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
    """Write rows as separated text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def school(number: int | None, pupils: Any = 300, books: Any = 9000, **more: Any) -> list[Any]:
    """Return a row under HEADER."""
    return [
        more.get("code", f"990101{number or 0:04}"),
        more.get("name", f"第{number}小学"),
        more.get("kind", "小学"),
        pupils,
        books,
    ]


def cleaned(folder: Path, county: str = COUNTY) -> Records:
    """Return the clean tables of a raw folder."""
    return clean(sources.load(folder), county)


def schools(folder: Path, rows: Rows, year: int = 2024) -> Records:
    """Write a table of schools as CSV and clean it."""
    text(folder / COUNTY / f"schools_{year}.csv", rows)
    return cleaned(folder)
