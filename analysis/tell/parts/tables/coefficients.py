"""Coefficients per stage and indicator: value, limit, schools counted, verdict, change on the last year with data."""

import polars as pl

from analysis.tables import Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import moved
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, count, make, number, target, text, value, verdict

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


def table(case: Case) -> Table | None:
    """Return one row per judged coefficient, the composite among them, then those that are only measured."""
    changes = {move.now.id: move for move in moved(case)}
    rows = []
    for finding in case.now.where(kind=Kind.CV):
        if finding.stage not in case.stage_ids:
            continue
        change = changes.get(finding.id)
        schools = case.measured.stage(case.year, finding.stage, finding.indicator, "schools")
        said = {"change": number(None, blank(case)), "before": number(None, blank(case))}
        if change and change.before.value is not None:
            said["before"] = number(change.before.value, numbers.ratio(change.before.value))
            said["change"] = number(
                change.difference,
                numbers.signed(change.difference) if change.changed else case.word("cells", "unchanged"),
            )
        rows.append(
            {
                "stage": text(case.word("stages", finding.stage)),
                "indicator": text(case.label(finding.indicator or finding.item, short=True)),
                "schools": count(schools, case),
                "cv": value(finding, case),
                "limit": target(finding, case),
                "verdict": verdict(finding, case),
                **said,
            }
        )
    judged = {(finding.stage, finding.indicator) for finding in case.now.where(kind=Kind.CV)}
    for stage in case.stage_ids:
        for indicator in case.standard.indicators:
            cv = case.measured.stage(case.year, stage, indicator, "cv")
            if cv is None or (stage, indicator) in judged:
                continue
            dash = number(None, blank(case))
            rows.append(
                {
                    "stage": text(case.word("stages", stage)),
                    "indicator": text(case.label(indicator, short=True)),
                    "schools": count(case.measured.stage(case.year, stage, indicator, "schools"), case),
                    "cv": number(cv, numbers.ratio(cv)),
                    "limit": dash,
                    "verdict": text(blank(case)),
                    "before": dash,
                    "change": dash,
                }
            )
    columns = COLUMNS if case.before else COLUMNS[:-2]
    return make(case, "coefficients", columns, rows, before=case.before)
