"""The targets of the county's plan that are in force this year."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.standards import label
from analysis.tell.table import Table
from analysis.tell.tables.build import Column, blank, make, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.report import Report

COLUMNS = [
    Column("item"),
    Column("scope"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("verdict"),
]


def table(report: "Report") -> Table | None:
    """Return one row per target of the plan in force; None where the report has no plan."""
    if report.laid is None:
        return None
    rows = []
    for one in report.now.plan:
        if one.school is not None or one.item == "all" or one.verdict == "not_in_force":
            continue
        scope = report.word("stages", one.stage) if one.stage else blank(report)
        if one.subject:
            scope = f"{report.word('grades', str(one.grade))} {report.word('subjects', one.subject)}"
        rows.append(
            {
                "item": text(label(report.laid.standard, one.item, report.lang)),
                "scope": text(scope),
                "value": value(one, report),
                "target": target(one, report),
                "verdict": verdict(one, report),
            }
        )
    return make(report, "plan", COLUMNS, rows, name_of_plan=report.laid.standard.name.text(report.lang))
