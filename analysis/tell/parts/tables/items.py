"""The items of government and quality: what was asked, what was reported, the verdict and the evidence."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("item"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("verdict"),
    Column("reason"),
]


def field_table(report: "Report", field: str) -> Table | None:
    """Return one row per item of a field in the standard's order."""
    found = {one.item: one for one in report.now.where(field=field) if one.school is None}
    rows: list[dict[str, Value]] = []
    for id, item in report.standard.items.items():
        finding = found.get(id)
        if item.field != field or finding is None:
            continue
        answered = finding.target is None
        rows.append(
            {
                "number": count(item.number, report),
                "item": text(item.label.text(report.lang)),
                "value": text(blank(report)) if answered else value(finding, report),
                "target": text(blank(report)) if answered else target(finding, report),
                "verdict": verdict(finding, report),
                "reason": text(_told(report, finding.reason or "", finding.evidence or "", item.kind)),
            }
        )
    for row in rows:
        for key in ("value", "target"):
            if isinstance(row[key].value, str):
                row[key] = Value(None, row[key].cell)
    return make(report, f"items_{field}", COLUMNS, rows, name="items", field=field)


def _told(report: "Report", reason: str, evidence: str, kind: str) -> str:
    """Return the reason in words, the schools that a computed item names, or the evidence that the county gave."""
    said = report.word("reasons", reason) if reason else ""
    if kind == "computed":
        schools = [report.school(code) for code in evidence.split(";") if code]
        evidence = report.word("lists", "between").join(schools)
    return report.word("lists", "clauses").join(part for part in (said, evidence) if part)
