"""Rows read, kept, set aside and left as totals or notes, per source table of the report's year."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.facts.coverage import coverage
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COUNTED = ("read", "kept", "quarantined", "other")
COLUMNS = [Column("table"), *(Column(one, pl.Int64, number=True) for one in COUNTED)]


def table(report: "Report") -> Table | None:
    """Return one row per source table; read is the sum of the others."""
    rows = [
        {
            "table": text(report.word("tables", one.table)),
            **{name: count(getattr(one, name), report) for name in COUNTED},
        }
        for one in coverage(report).accounts
    ]
    return make(report, "accounts", COLUMNS, rows)
