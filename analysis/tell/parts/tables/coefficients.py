"""Coefficients per stage and indicator: value, limit, schools counted, verdict, change on the last year with data."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, count, make, number, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("stage"),
    Column("indicator"),
    Column("schools", pl.Float64, number=True),
    Column("cv", pl.Float64, number=True),
    Column("limit", pl.Float64, number=True),
    Column("verdict"),
    Column("before", pl.Float64, number=True),
    Column("change", pl.Float64, number=True),
]


def table(report: "Report") -> Table | None:
    """Return one row per judged coefficient, the composite among them, then those that are only measured."""
    changes = {one.now.id: one for one in report.moved}
    rows = []
    for finding in report.now.where(kind="cv"):
        if finding.stage not in report.stage_ids:
            continue
        change = changes.get(finding.id)
        schools = report.measured.stage(report.year, finding.stage, finding.indicator, "schools")
        said = {"change": number(None, blank(report)), "before": number(None, blank(report))}
        if change and change.before.value is not None:
            said["before"] = number(change.before.value, numbers.ratio(change.before.value))
            said["change"] = number(
                change.difference,
                numbers.signed(change.difference) if change.changed else report.word("cells", "unchanged"),
            )
        rows.append(
            {
                "stage": text(report.word("stages", finding.stage)),
                "indicator": text(report.label(finding.indicator or finding.item, short=True)),
                "schools": count(schools, report),
                "cv": value(finding, report),
                "limit": target(finding, report),
                "verdict": verdict(finding, report),
                **said,
            }
        )
    judged = {(one.stage, one.indicator) for one in report.now.where(kind="cv")}
    for stage in report.stage_ids:
        for indicator in report.standard.indicators:
            cv = report.measured.stage(report.year, stage, indicator, "cv")
            if cv is None or (stage, indicator) in judged:
                continue
            dash = number(None, blank(report))
            rows.append(
                {
                    "stage": text(report.word("stages", stage)),
                    "indicator": text(report.label(indicator, short=True)),
                    "schools": count(report.measured.stage(report.year, stage, indicator, "schools"), report),
                    "cv": number(cv, numbers.ratio(cv)),
                    "limit": dash,
                    "verdict": text(blank(report)),
                    "before": dash,
                    "change": dash,
                }
            )
    columns = COLUMNS if report.before else COLUMNS[:-2]
    return make(report, "coefficients", columns, rows, before=report.before)
