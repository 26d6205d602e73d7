"""The workbook of the ledger: what people fill in beside its lines. It is read, never changed."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from python_calamine import CalamineError, CalamineWorkbook

from analysis.errors import DataError

#: What is read of a line.
READ = ("id", "measure", "person", "date")


@cache
def columns() -> dict[str, dict[str, Any]]:
    """Return the columns of the workbook: name -> {zh, en, own}."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "ledger.yml").read_text(encoding="utf-8")
    )
    return loaded


def entries(path: Path) -> pl.DataFrame:
    """Return id, measure, person, date (all text) of the lines in which something is filled in; none without a file.

    Raises DataError where the file is no workbook, or has no row of heads.
    """
    schema = dict.fromkeys(READ, pl.String)
    if not path.is_file():
        return pl.DataFrame(schema=schema)
    filled = [row for row in _rows(path) if row["id"] and any(row[name] for name in READ[1:])]
    return pl.DataFrame(filled, schema=schema)


def _rows(path: Path) -> list[dict[str, str]]:
    """Return what READ names of every row below the heads."""
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except CalamineError as fault:
        raise DataError("ledger_unreadable", file=path) from fault
    texts = [[_text(cell) for cell in row] for row in sheet]
    found = [(number, _places(row)) for number, row in enumerate(texts) if len(_places(row)) == len(READ)]
    if not found:
        heads = ", ".join(columns()[name]["zh"] for name in READ)
        raise DataError("ledger_heads", file=path, heads=heads)
    number, places = found[0]
    return [{name: row[place] for name, place in places.items()} for row in texts[number + 1 :]]


def ids(path: Path) -> set[str]:
    """Return the ids of all lines of the workbook, filled in or not; raises as `entries` does."""
    return {row["id"] for row in _rows(path) if row["id"]} if path.is_file() else set()


def _places(row: list[str]) -> dict[str, int]:
    heads = {text: name for name in READ for text in (columns()[name]["zh"], columns()[name]["en"])}
    return {heads[text]: place for place, text in enumerate(row) if text in heads}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
