"""Values that were found to be others than those reported."""

from typing import Any

import polars as pl

from analysis.read import fields
from analysis.tell.case.case import Case
from analysis.tell.documents.fieldcheck.check import FieldCheck
from analysis.tell.documents.fieldcheck.visit import amount, label
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

COLUMNS = [
    Column("school"),
    Column("value"),
    Column("reported", pl.Float64, number=True),
    Column("verified", pl.Float64, number=True),
    Column("unit"),
    Column("rate", pl.Float64, number=True),
]


def table(check: FieldCheck) -> Table | None:
    """Return one row per value that differs."""
    rows = [_row(check.case, row) for row in check.differing.iter_rows(named=True)]
    return make(check.case, "fieldcheck_values", COLUMNS, rows, name="values", texts="fieldcheck", sortable=True)


def _row(case: Case, row: dict[str, Any]) -> dict[str, Value]:
    name = label(row["table"], row["column"], case.lang)
    named = case.word("labels", "with_unit").format(name=name, unit=row["place"]) if row["place"] else name
    return {
        "school": text(case.school(row["school"])),
        "value": text(named),
        "reported": _amount(row["reported"], case),
        "verified": _amount(row["verified"], case),
        "unit": text(fields.table(row["table"]).columns[row["column"]].measured_in(case.lang)),
        "rate": rate(row["rate"], case),
    }


def _amount(value: float | None, case: Case) -> Value:
    return number(value, blank(case) if value is None else amount(value))


def rate(value: float | None, case: Case) -> Value:
    """Return a deviation rate with its sign."""
    if value is None:
        return number(None, blank(case))
    return number(value, ("+" if value > 0 else "") + numbers.percent(value))
