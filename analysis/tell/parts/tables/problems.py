"""What is not met, heaviest for the verdict first: where, how far, what is missing, and who answers for it until when.

Each row with a line in the ledger carries what the ledger knows of it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge.ledger import REOPENED
from analysis.tell.facts.obstacles import Matter, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, target, text, value

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

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


def table(report: "Report") -> Table | None:
    """Return one row per finding that is not met and may be shown, those that decide first.

    Last come floors that a school misses within what its rule allows: they stand in the ledger, but decide nothing.
    """
    lines = {line["id"]: line for line in report.ledger.lines.iter_rows(named=True)}
    deciding = [one for matter in report.matters for one in _findings(matter)]
    allowed = [one.finding for one in shortfalls(report) if not one.breaks]
    found = {one.id: one for one in (*deciding, *allowed) if report.may_show(one.school, one.stage)}
    rows = [_row(report, place, one, lines.get(one.id)) for place, one in enumerate(found.values(), start=1)]
    columns = [one for one in COLUMNS if one.id not in ledger.hidden(report, rows)]
    return make(report, "problems", columns, rows, allowed=bool(allowed))


def _findings(matter: Matter) -> Iterator[Finding]:
    beside = None if matter.kind in {"indicator", "subject"} else matter.finding
    for finding in (matter.cv, matter.level, matter.rate, beside):
        if finding is not None and finding.verdict == "not_met":
            yield finding
    yield from matter.schools
    yield from (one.finding for one in matter.breaking)


def _row(report: "Report", place: int, finding: Finding, line: dict[str, Any] | None) -> dict[str, Value]:
    known = line or {"id": finding.id, "school": finding.school, "stage": finding.stage}
    missing = ledger.missing(report, line) if line else blank(report)
    if missing == blank(report) and finding.school and finding.reason:
        missing = report.word("reasons", finding.reason)
    return {
        "number": count(place, report),
        "field": text(report.word("fields", finding.field)),
        "where": text(ledger.where(report, known)),
        "item": text(report.label(finding.item, short=True)),
        "value": value(finding, report),
        "target": target(finding, report),
        "missing": text(missing),
        **ledger.kept(report, line),
        "opened": _opened(report, line),
    }


def _opened(report: "Report", line: dict[str, Any] | None) -> Value:
    if line is None:
        return number(None, blank(report))
    year = str(line["opened"])
    again = report.word("ledger_states", REOPENED)
    shown = report.word("labels", "with_unit").format(name=year, unit=again) if line["state"] == REOPENED else year
    return number(line["opened"], shown)
