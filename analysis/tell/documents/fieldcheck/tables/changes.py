"""Findings whose verdict is another with the verified values."""

import polars as pl

from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.documents.fieldcheck.check import FieldCheck
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value, verdict
from analysis.tell.speech.filters import spoken

COLUMNS = [
    Column("where"),
    Column("item"),
    Column("reported", pl.Float64, number=True),
    Column("verified", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("before"),
    Column("after"),
]


def table(check: FieldCheck) -> Table | None:
    """Return one row per finding that changes, the county's own first."""
    rows = [_row(check, before, after) for before, after in check.changes]
    return make(check.case, "fieldcheck_changes", COLUMNS, rows, name="changes", texts="fieldcheck")


def _row(check: FieldCheck, before: Finding | None, after: Finding | None) -> dict[str, Value]:
    changed = after or before
    assert changed is not None
    case, none = check.case, blank(check.case)
    return {
        "where": text(_where(case, changed)),
        "item": _item(before, after, changed, case),
        "reported": value(before, case) if before else number(None, none),
        "verified": value(after, check.after) if after else number(None, none),
        "target": target(changed, case),
        "before": verdict(before, case) if before else text(none),
        "after": verdict(after, case) if after else text(none),
    }


def _item(before: Finding | None, after: Finding | None, changed: Finding, case: Case) -> Value:
    """Return what changes, with the reason where a value reaches the target and does not tell why it is not met; of a
    plan's own target that it is one, for the standard may judge the same."""
    said = case.word("fields", changed.field) if changed.kind == Kind.ALL else str(spoken(case).item(changed))
    if changed.field == Field.PLAN and changed.kind != Kind.ALL:
        said = case.word("labels", "with_unit").format(name=said, unit=case.word("fields", changed.field))
    for finding in (after, before):
        reaches = finding is not None and finding.margin is not None and finding.margin >= 0
        if finding and reaches and finding.reason and finding.verdict != Verdict.MET.value:
            reason = case.word("reasons", finding.reason)
            return Value(said, Cell(case.word("labels", "with_unit").format(name=said, unit=reason)))
    return text(said)


def _where(case: Case, changed: Finding) -> str:
    stage = case.word("stages", changed.stage) if changed.stage else ""
    if not changed.school:
        return stage or case.name
    name = case.school(changed.school)
    combined = stage and case.combined(changed.school)
    return case.word("labels", "with_unit").format(name=name, unit=stage) if combined else name
