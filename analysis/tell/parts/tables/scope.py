"""Schools that the standard's scope leaves out, with the reason, by name."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, count, make, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("school"),
    Column("school_type"),
    Column("stage"),
    Column("pupils", pl.Float64, number=True),
    Column("reason"),
]


def table(report: "Report") -> Table | None:
    """Return one row per school and stage that is not counted this year."""
    rows = []
    left = report.rows.filter(~pl.col("in_scope")).sort("scope_reason", "school")
    for one in left.iter_rows(named=True):
        kind, stage = one["school_type"], one["stage"]
        pupils = one["pupils"] if report.may_show(one["school"], stage) else None
        rows.append(
            {
                "school": text(report.school(one["school"])),
                "school_type": text(report.word("school_types", kind) if kind else blank(report)),
                "stage": text(report.word("stages", stage) if stage else blank(report)),
                "pupils": count(pupils, report),
                "reason": text(report.word("scope_reasons", one["scope_reason"])),
            }
        )
    return make(report, "scope", COLUMNS, rows)
