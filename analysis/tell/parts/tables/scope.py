"""Schools that the standard's scope leaves out, with the reason, by name."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, count, make, text

COLUMNS = [
    Column("school"),
    Column("school_type"),
    Column("stage"),
    Column("pupils", pl.Float64, number=True),
    Column("reason"),
]


def table(case: Case) -> Table | None:
    """Return one row per school and stage that is not counted this year."""
    rows = []
    left = case.rows.filter(~pl.col("in_scope")).sort("scope_reason", "school")
    for school in left.iter_rows(named=True):
        kind, stage = school["school_type"], school["stage"]
        pupils = school["pupils"] if case.may_show(school["school"], stage) else None
        rows.append(
            {
                "school": text(case.school_in_full(school["school"])),
                "school_type": text(case.word("school_types", kind) if kind else blank(case)),
                "stage": text(case.word("stages", stage) if stage else blank(case)),
                "pupils": count(pupils, case),
                "reason": text(case.word("scope_reasons", school["scope_reason"])),
            }
        )
    return make(case, "scope", COLUMNS, rows)
