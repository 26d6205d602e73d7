"""A sheet as statistics offices fill it in: title, line of who and when, two header rows, rows, total, notes."""

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.sample.settings import Spec, fields

CREATED = datetime(2024, 1, 1)
Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """One printed column: id in fields.yml, its group (None where one cell spans the header rows), label and unit."""

    id: str
    group: str | None
    label: str
    unit: str | None = None
    factor: float = 1.0
    digits: int | None = None

    def over(self, rows: int) -> tuple[str, ...]:
        """Return what stands over the column in a header of one, two or three rows; units stand apart in three."""
        written = f"（{self.unit}）" if self.unit else ""
        if rows == 3:
            return (self.group or self.label, self.label, self.unit or self.label)
        upper = (self.group or self.label) + written
        return (upper,) if rows == 1 else (upper, self.label if self.group else upper)


@dataclass(frozen=True)
class Sheet:
    """What is printed. `rows` hold the data rows only."""

    title: str
    filled_by: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)
    header_rows: int = 2

    def first_row(self) -> int:
        """Return the number, from 1, of the first data row in the file."""
        return 3 + self.header_rows

    def changed(self, row: int, column: str, value: Cell) -> "Sheet":
        """Return the sheet with one cell (data row from 0, column id) replaced."""
        at = [c.id for c in self.columns].index(column)
        rows = list(self.rows)
        rows[row] = (*rows[row][:at], value, *rows[row][at + 1 :])
        return replace(self, rows=tuple(rows))


def columns(table: str, ids: list[str], spec: Spec) -> tuple[Column, ...]:
    """Return the printed columns of a table, with units in their headers, money in the county's unit."""
    known = fields()["tables"][table]["columns"]
    columns = []
    for id_ in ids:
        entry = known[id_]
        unit, factor, digits = entry.get("unit"), 1.0, None
        if unit == "元" and spec["money"] == "万元":
            unit, factor, digits = "万元", 1e-4, 2
        if entry["kind"] == "share" and spec["rate"] == "percent":
            unit, factor, digits = "%", 100.0, 1
        group, _, label = entry["zh"].rpartition("/")
        columns.append(Column(id_, group or None, label, unit, factor, digits))
    return tuple(columns)


def label(table: str, column: str, value: str) -> str:
    """Return the text that statistics print for a choice."""
    entry = fields()["tables"][table]["columns"][column]
    text: str = entry["choices"][value][0]
    return text


def number(value: float | int | None, column: Column, empty: str) -> Cell:
    """Return a number in the unit of its column; what does not apply is the county's empty mark."""
    if value is None or value != value:
        return empty or None
    scaled = round(float(value) * column.factor, 6 if column.digits is None else column.digits)
    return int(scaled) if scaled == int(scaled) else scaled


def head_lines(sheet: Sheet) -> list[list[Cell]]:
    """Return the lines over the data: title, who and when, the header rows as they look where cells are merged."""
    blank: list[Cell] = [None] * (len(sheet.columns) - 1)
    heads = [column.over(sheet.header_rows) for column in sheet.columns]
    lines: list[list[Cell]] = [[sheet.title, *blank], [sheet.filled_by, *blank]]
    for level in range(sheet.header_rows):
        line: list[Cell] = []
        for c, head in enumerate(heads):
            left = c > 0 and sheet.columns[c].group and heads[c - 1][: level + 1] == head[: level + 1]
            line.append(None if left or (level and head[level] == head[level - 1]) else head[level])
        lines.append(line)
    return lines


def foot_lines(sheet: Sheet) -> list[list[Cell]]:
    """Return the lines under the data: the total, the notes."""
    blank: list[Cell] = [None] * (len(sheet.columns) - 1)
    return [*([list(sheet.total)] if sheet.total else []), *([note, *blank] for note in sheet.notes)]


def _lines(sheet: Sheet) -> list[list[Cell]]:
    return [*head_lines(sheet), *(list(row) for row in sheet.rows), *foot_lines(sheet)]


def write_csv(sheet: Sheet, path: Path, encoding: str) -> None:
    """Write the sheet as CSV: the same rows, without merged cells."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(_lines(sheet))
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(pages: dict[str, Sheet], path: Path, cover: str = "") -> None:
    """Write sheets by name as a workbook with merged titles and headers; the same sheets give the same bytes.

    `cover` is a text that stands alone on a first sheet.
    """
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": CREATED, "author": "", "comments": "虚构数据"})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"}),
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}),
        "body": book.add_format({"border": 1}),
    }
    if cover:
        book.add_worksheet("说明").write_string(0, 0, cover)
    for name, sheet in pages.items():
        _page(book.add_worksheet(name), sheet, styles)
    book.close()


def _page(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    lines = _lines(sheet)
    last = len(sheet.columns) - 1
    _merge(page, 0, 0, 0, last, lines[0][0], styles["title"])
    _merge(page, 1, 0, 1, last, lines[1][0], None)
    top = 2 + sheet.header_rows
    bottom = top + len(sheet.rows) + bool(sheet.total)
    headers = [r for r in range(2, bottom) if lines[r] == lines[2]]
    for r in headers:
        _header(page, sheet, r, styles["head"])
    over = {r + k for r in headers for k in range(sheet.header_rows)}
    for r, line in enumerate(lines[top:bottom], start=top):
        if r in over:
            continue
        for c, value in enumerate(line):
            if value is None:
                page.write_blank(r, c, None, styles["body"])
            elif isinstance(value, str):
                page.write_string(r, c, value, styles["body"])
            else:
                page.write_number(r, c, value, styles["body"])
    for r, line in enumerate(lines[bottom:], start=bottom):
        _merge(page, r, 0, r, last, line[0], None)
    page.set_column(0, 0, 13)
    page.set_column(1, 1, 26 if last else 10)
    page.freeze_panes(top, 2)


def _merge(page: Any, r1: int, c1: int, r2: int, c2: int, value: Cell, style: Any) -> None:
    """Write a value into a range of cells, merged where it is more than one."""
    if (r1, c1) == (r2, c2):
        page.write(r1, c1, value, style)
    else:
        page.merge_range(r1, c1, r2, c2, value, style)


def _header(page: Any, sheet: Sheet, top: int, style: Any) -> None:
    """Write the header at row `top`, a group merged to the right, a lone label downwards; long tables repeat it."""
    lines = head_lines(sheet)[2:]
    height, width = len(lines), len(sheet.columns)
    done: set[tuple[int, int]] = set()
    for c in range(width):
        for r in range(height):
            if (r, c) in done:
                continue
            right, below = c, r
            while sheet.columns[c].group and right + 1 < width and _blank(lines, r, right + 1, sheet):
                right += 1
            while right == c and below + 1 < height and lines[below + 1][c] is None:
                below += 1
            done |= {(i, j) for i in range(r, below + 1) for j in range(c, right + 1)}
            _merge(page, top + r, c, top + below, right, lines[r][c], style)


def _blank(lines: list[list[Cell]], r: int, c: int, sheet: Sheet) -> bool:
    """Tell whether a cell of the header belongs to the group on its left."""
    return (
        lines[r][c] is None
        and sheet.columns[c].group == sheet.columns[c - 1].group
        and sheet.columns[c].group is not None
    )
