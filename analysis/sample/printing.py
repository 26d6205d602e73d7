"""Clean rows as a county prints them: titles, units, choices in words, totals."""

from dataclasses import replace
from typing import Any

import polars as pl

from analysis.sample.settings import Spec, fields, stories
from analysis.sample.sheets import Cell, Column, Sheet, columns, label, number


def title_of(table: str, spec: Spec, year: int) -> str:
    """Return the title of a table of one county and year."""
    return f"{spec.then(year)[1]}{year}年{fields()['tables'][table]['title']['zh']}"


def _filled_by(table: str, spec: Spec, year: int) -> str:
    month, day = stories()["filled"][table].split("-")
    return f"填报单位：{spec.then(year)[1]}教育局    填报日期：{year}年{int(month)}月{int(day)}日"


def blank_sheet(
    table: str, printed: tuple[Column, ...], spec: Spec, year: int, total: tuple[Cell, ...] | None
) -> Sheet:
    """Return a sheet without rows."""
    grouped = any(column.group for column in printed)
    notes = tuple(stories()["notes"][table])
    return Sheet(
        title_of(table, spec, year), _filled_by(table, spec, year), printed, (), total, notes, 2 if grouped else 1
    )


def sheet_of(table: str, frame: pl.DataFrame, spec: Spec, year: int) -> Sheet:
    """Return clean rows of a table as the county prints them."""
    printed = columns(table, frame.columns, spec)
    entries = fields()["tables"][table]["columns"]
    empty = spec["empty"] if table == "schools" else ""
    rows = [
        tuple(
            _cell(table, value, column, entries[column.id]["kind"], spec, empty)
            for column, value in zip(printed, record, strict=True)
        )
        for record in frame.iter_rows()
    ]
    total = _total(printed, frame) if table == "schools" else None
    return replace(blank_sheet(table, printed, spec, year, total), rows=tuple(rows))


def _cell(table: str, value: Any, column: Column, kind: str, spec: Spec, empty: str) -> Cell:
    if value is None:
        return empty or None
    if kind == "choice":
        return label(table, column.id, value)
    if kind == "date":
        return _built(value, spec["built"])
    return value if isinstance(value, str) or kind == "text" else number(value, column, empty)


def _built(text: str, style: str) -> str:
    year, month = text.split("-")
    return text if style == "dashed" else f"{year}年{int(month)}月"


def _total(printed: tuple[Column, ...], frame: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the row 合计: sums of all columns that are numbers."""
    sums = frame.select(pl.col(pl.Float64).sum()).row(0, named=True)
    return ("合计", *(number(sums[column.id], column, "") if column.id in sums else None for column in printed[1:]))
