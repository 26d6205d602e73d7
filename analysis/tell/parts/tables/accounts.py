"""Rows read, kept, set aside and left as totals or notes, per source table of the report's year."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.coverage import coverage
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text

COUNTED = ("read", "kept", "quarantined", "other")
COLUMNS = [Column("table"), *(Column(column, pl.Int64, number=True) for column in COUNTED)]


def table(case: Case) -> Table | None:
    """Return one row per source table; read is the sum of the others."""
    rows = [
        {
            "table": text(case.word("tables", account.table)),
            **{name: count(getattr(account, name), case) for name in COUNTED},
        }
        for account in coverage(case).accounts
    ]
    return make(case, "accounts", COLUMNS, rows)
