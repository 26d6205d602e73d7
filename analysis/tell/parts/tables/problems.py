"""What is not met, heaviest for the verdict first: where, how far, what is missing, and who answers for it until when.

Each row with a line in the ledger carries what the ledger knows of it.
"""

from typing import Any

import polars as pl

from analysis.judge.ledger import REOPENED
from analysis.tell.case.case import Case
from analysis.tell.facts.duty import findings_of
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.facts.obstacles import obstacles, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text
from analysis.tell.parts.tables.computed import target, value

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("field"),
    Column("where"),
    Column("item"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("missing"),
    Column("opened", pl.Int64, number=True),
    Column("holder"),
    Column("due", pl.Int64, number=True),
    Column("measure"),
    Column("person"),
    Column("date"),
]


def table(case: Case) -> Table | None:
    """Return one row per finding that is not met and may be shown, those that decide first.

    Then come floors missed by a school whose rule can't be judged, last those missed within what the rule allows: they
    stand in the ledger, but decide nothing.
    """
    lines = {line["id"]: line for line in ledger_of(case).lines.iter_rows(named=True)}
    deciding = [finding for matter in obstacles(case) for finding in findings_of(matter)]
    beside = sorted((each for each in shortfalls(case) if not each.breaks), key=lambda shortfall: shortfall.allowed)
    findings = (*deciding, *(shortfall.finding for shortfall in beside))
    shown = {finding.id: finding for finding in findings if case.may_show(finding.school, finding.stage)}
    rows = [_row(case, place, finding, lines.get(finding.id)) for place, finding in enumerate(shown.values(), start=1)]
    columns = [column for column in COLUMNS if column.id not in ledger.hidden(case, rows)]
    return make(
        case,
        "problems",
        columns,
        rows,
        allowed=any(shortfall.allowed for shortfall in beside),
        alone=any(obstacle.alone for obstacle in obstacles(case)),
    )


def _row(case: Case, place: int, finding: Finding, line: dict[str, Any] | None) -> dict[str, Value]:
    known = line or {"id": finding.id, "school": finding.school, "stage": finding.stage}
    missing = ledger.missing(case, line) if line else blank(case)
    if missing == blank(case) and finding.school and finding.reason:
        missing = case.word("reasons", finding.reason)
    return {
        "number": count(place, case),
        "field": text(case.word("fields", finding.field)),
        "where": text(ledger.where(case, known)),
        "item": text(case.label(finding.item, short=True)),
        "value": value(finding, case),
        "target": target(finding, case),
        "missing": text(missing),
        **ledger.kept(case, line),
        "opened": _opened(case, line),
    }


def _opened(case: Case, line: dict[str, Any] | None) -> Value:
    if line is None:
        return number(None, blank(case))
    year = str(line["opened"])
    again = case.word("ledger_states", REOPENED)
    shown = case.word("labels", "with_unit").format(name=year, unit=again) if line["state"] == REOPENED else year
    return number(line["opened"], shown)
