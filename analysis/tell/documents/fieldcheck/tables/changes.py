"""Findings whose verdict is another with the verified values."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tables import Verdict
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report
    from analysis.tell.documents.fieldcheck.check import FieldCheck

COLUMNS = [
    Column("where"),
    Column("item"),
    Column("reported", pl.Float64, number=True),
    Column("verified", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("before"),
    Column("after"),
]


def table(check: "FieldCheck") -> Table | None:
    """Return one row per finding that changes, the county's own first."""
    rows = [_row(check, before, after) for before, after in check.changes]
    return make(check.report, "fieldcheck_changes", COLUMNS, rows, name="changes", texts="fieldcheck")


def _row(check: "FieldCheck", before: Finding | None, after: Finding | None) -> dict[str, Value]:
    one = after or before
    assert one is not None
    report, none = check.report, blank(check.report)
    return {
        "where": text(_where(report, one)),
        "item": _item(before, after, one, report),
        "reported": value(before, report) if before else number(None, none),
        "verified": value(after, check.after) if after else number(None, none),
        "target": target(one, report),
        "before": verdict(before, report) if before else text(none),
        "after": verdict(after, report) if after else text(none),
    }


def _item(before: Finding | None, after: Finding | None, one: Finding, report: "Report") -> Value:
    """Return what changes, with the reason where a value reaches the target and does not tell why it is not met."""
    said = report.word("fields", one.field) if one.item == "all" else str(report.spoken.item(one))
    for finding in (after, before):
        reaches = finding is not None and finding.margin is not None and finding.margin >= 0
        if finding and reaches and finding.reason and finding.verdict != Verdict.MET.value:
            reason = report.word("reasons", finding.reason)
            return Value(said, Cell(report.word("labels", "with_unit").format(name=said, unit=reason)))
    return text(said)


def _where(report: "Report", one: Finding) -> str:
    stage = report.word("stages", one.stage) if one.stage else ""
    if not one.school:
        return stage or report.name
    name = report.school(one.school)
    combined = stage and report.combined(one.school)
    return report.word("labels", "with_unit").format(name=name, unit=stage) if combined else name
