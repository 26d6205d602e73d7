"""Values that were found to be others than those reported."""

from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.read import fields
from analysis.tell.documents.fieldcheck.visit import amount, label
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report
    from analysis.tell.documents.fieldcheck.check import FieldCheck

COLUMNS = [
    Column("school"),
    Column("value"),
    Column("reported", pl.Float64, number=True),
    Column("verified", pl.Float64, number=True),
    Column("unit"),
    Column("rate", pl.Float64, number=True),
]


def table(check: "FieldCheck") -> Table | None:
    """Return one row per value that differs."""
    rows = [_row(check.report, row) for row in check.differing.iter_rows(named=True)]
    return make(check.report, "fieldcheck_values", COLUMNS, rows, name="values", texts="fieldcheck", sortable=True)


def _row(report: "Report", row: dict[str, Any]) -> dict[str, Value]:
    name = label(row["table"], row["column"], report.lang)
    named = report.word("labels", "with_unit").format(name=name, unit=row["place"]) if row["place"] else name
    return {
        "school": text(report.school(row["school"])),
        "value": text(named),
        "reported": _amount(row["reported"], report),
        "verified": _amount(row["verified"], report),
        "unit": text(fields.table(row["table"]).columns[row["column"]].measured_in(report.lang)),
        "rate": rate(row["rate"], report),
    }


def _amount(value: float | None, report: "Report") -> Value:
    return number(value, blank(report) if value is None else amount(value))


def rate(value: float | None, report: "Report") -> Value:
    """Return a deviation rate with its sign."""
    if value is None:
        return number(None, blank(report))
    return number(value, ("+" if value > 0 else "") + numbers.percent(value))
