"""Findings whose verdict is another with the verified values."""

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from analysis.tables import Verdict
from analysis.tell.findings import Finding
from analysis.tell.table import Table
from analysis.tell.tables.build import Column, Value, blank, make, number, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.fieldcheck.check import FieldCheck
    from analysis.tell.report import Report

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
        "item": text(report.word("fields", one.field) if one.item == "all" else str(report.spoken.item(one))),
        "reported": value(before, report) if before else number(None, none),
        "verified": value(after, check.after) if after else number(None, none),
        "target": target(one, report),
        "before": _verdict(before, report) if before else text(none),
        "after": _verdict(after, report) if after else text(none),
    }


def _verdict(finding: Finding, report: "Report") -> Value:
    """Return a verdict, with its reason where the value reaches the target and does not tell why it is not met."""
    said = verdict(finding, report)
    reaches = finding.margin is not None and finding.margin >= 0
    if said.cell is None or not reaches or not finding.reason or finding.verdict == Verdict.MET.value:
        return said
    shown = report.word("labels", "with_unit").format(name=said.cell.text, unit=report.word("reasons", finding.reason))
    return Value(said.value, replace(said.cell, text=shown))


def _where(report: "Report", one: Finding) -> str:
    stage = report.word("stages", one.stage) if one.stage else ""
    if not one.school:
        return stage or report.name
    name = report.school(one.school)
    combined = stage and report.combined(one.school)
    return report.word("labels", "with_unit").format(name=name, unit=stage) if combined else name
