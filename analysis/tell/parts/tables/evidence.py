"""The evidence list: what shows each item, where it lies, and what has none yet."""

from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge import evidence
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("field"),
    Column("item"),
    Column("basis"),
    Column("document"),
    Column("file"),
    Column("sheet"),
    Column("row", pl.Int32, number=True),
    Column("rows", pl.Int32, number=True),
    Column("state"),
]


def table(report: "Report") -> Table | None:
    """Return one row per item of the standard (an indicator by stage, a monitored subject by grade)."""
    found = evidence.listed(report.findings, report.records, report.standard, report.year)
    return make(report, "evidence", COLUMNS, [_row(report, row) for row in found.iter_rows(named=True)])


def _row(report: "Report", row: dict[str, Any]) -> dict[str, Value]:
    finding, none = report.now.get(row["id"]), blank(report)
    assert finding is not None
    words = report.word
    stage = words("stages", finding.stage) if finding.stage else ""
    grade = words("grades", str(finding.grade)) if finding.grade else ""
    subject = words("subjects", finding.subject) if finding.subject else ""
    scope = stage or (f"{grade}{subject}" if report.lang == "zh" else f"{grade} {subject}".strip())
    item = report.label(finding.indicator or finding.item)
    return {
        "field": text(words("fields", finding.field)),
        "item": text(words("labels", "with_unit").format(name=item, unit=scope) if scope else item),
        "basis": text(words("bases_of_evidence", row["basis"])),
        "document": text(row["document"] or none),
        "file": text(row["file"] or none),
        "sheet": text(row["sheet"] or none),
        "row": number(row["row"], none if row["row"] is None else str(row["row"])),
        "rows": count(row["rows"], report),
        "state": text(words("evidence_states", row["state"])),
    }
