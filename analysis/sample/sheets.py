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
    """One printed column: id in fields.yml, its group (None where one cell spans both header rows), its label."""

    id: str
    group: str | None
    label: str
    factor: float = 1.0
    digits: int | None = None


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
    made = []
    for id_ in ids:
        entry = known[id_]
        unit, factor, digits = entry.get("unit"), 1.0, None
        if unit == "元" and spec["money"] == "万元":
            unit, factor, digits = "万元", 1e-4, 2
        if entry["kind"] == "share" and spec["rate"] == "percent":
            unit, factor, digits = "%", 100.0, 1
        group, _, label = entry["zh"].rpartition("/")
        written = f"（{unit}）" if unit else ""
        if group:
            made.append(Column(id_, group + written, label, factor, digits))
        else:
            made.append(Column(id_, None, label + written, factor, digits))
    return tuple(made)


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
    """Return the lines over the data: title, who and when, one or two header rows."""
    blank: list[Cell] = [None] * (len(sheet.columns) - 1)
    lines: list[list[Cell]] = [[sheet.title, *blank], [sheet.filled_by, *blank]]
    if sheet.header_rows == 1:
        return [*lines, [column.label for column in sheet.columns]]
    groups: list[Cell] = []
    before = None
    for column in sheet.columns:
        groups.append(column.label if column.group is None else None if column.group == before else column.group)
        before = column.group
    return [*lines, groups, [None if column.group is None else column.label for column in sheet.columns]]


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


def write_xlsx(sheet: Sheet, path: Path, name: str) -> None:
    """Write the sheet as a workbook with merged title and headers; the same sheet gives the same bytes."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": CREATED, "author": "", "comments": "虚构数据"})
    page = book.add_worksheet(name)
    title = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    body = book.add_format({"border": 1})
    lines = _lines(sheet)
    last = len(sheet.columns) - 1
    merge(page, 0, 0, 0, last, lines[0][0], title)
    merge(page, 1, 0, 1, last, lines[1][0], None)
    top = 2 + sheet.header_rows
    bottom = top + len(sheet.rows) + bool(sheet.total)
    headers = [r for r in range(2, bottom) if lines[r] == lines[2]]
    for r in headers:
        _header(page, sheet, r, head)
    over = {r + k for r in headers for k in range(sheet.header_rows)}
    for r, line in enumerate(lines[top:bottom], start=top):
        if r in over:
            continue
        for c, value in enumerate(line):
            if value is None:
                page.write_blank(r, c, None, body)
            elif isinstance(value, str):
                page.write_string(r, c, value, body)
            else:
                page.write_number(r, c, value, body)
    for r, line in enumerate(lines[bottom:], start=bottom):
        merge(page, r, 0, r, last, line[0], None)
    page.set_column(0, 0, 13)
    page.set_column(1, 1, 26 if last else 10)
    page.freeze_panes(top, 2)
    book.close()


def merge(page: Any, r1: int, c1: int, r2: int, c2: int, value: Cell, style: Any) -> None:
    """Write a value into a range of cells, merged where it is more than one."""
    if (r1, c1) == (r2, c2):
        page.write(r1, c1, value, style)
    else:
        page.merge_range(r1, c1, r2, c2, value, style)


def _header(page: Any, sheet: Sheet, top: int, style: Any) -> None:
    """Write the header with its merged cells at row `top`; a long table repeats it on later pages."""
    if sheet.header_rows == 1:
        for c, column in enumerate(sheet.columns):
            page.write(top, c, column.label, style)
        return
    c = 0
    while c < len(sheet.columns):
        column = sheet.columns[c]
        if column.group is None:
            merge(page, top, c, top + 1, c, column.label, style)
            c += 1
            continue
        end = c
        while end + 1 < len(sheet.columns) and sheet.columns[end + 1].group == column.group:
            end += 1
        merge(page, top, c, top, end, column.group, style)
        for at in range(c, end + 1):
            page.write(top + 1, at, sheet.columns[at].label, style)
        c = end + 1
