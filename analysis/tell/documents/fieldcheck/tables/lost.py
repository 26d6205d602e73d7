"""Entries of the workbook that fit nothing and were not used."""

from typing import Any

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.documents.fieldcheck.check import FieldCheck
from analysis.tell.documents.fieldcheck.visit import label
from analysis.tell.language import wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, make, number, text

COLUMNS = [
    Column("sheet"),
    Column("row", pl.Int32, number=True),
    Column("school"),
    Column("value"),
    Column("entry"),
    Column("fault"),
]


def table(check: FieldCheck) -> Table | None:
    """Return one row per entry."""
    rows = [_row(check.case, row) for row in check.result.lost.iter_rows(named=True)]
    return make(check.case, "fieldcheck_lost", COLUMNS, rows, name="lost", texts="fieldcheck")


def fault(id: str, lang: str) -> str:
    """Return why an entry was not used."""
    return str(wording.texts("fieldcheck", lang)["faults"][id])


def _row(case: Case, row: dict[str, Any]) -> dict[str, Value]:
    return {
        "sheet": text(row["sheet"]),
        "row": number(row["row"], str(row["row"])),
        "school": text(row["school"]),
        "value": text(label(row["table"], row["column"], case.lang) + (f" {row['place']}" if row["place"] else "")),
        "entry": text(row["text"]),
        "fault": text(fault(row["fault"], case.lang)),
    }
