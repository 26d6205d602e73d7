"""The evidence list: what shows each item, where it lies, and what has none yet."""

from typing import Any

import polars as pl

from analysis.judge import evidence
from analysis.tell.case.case import Case
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

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


def table(case: Case) -> Table | None:
    """Return one row per item of the standard (an indicator by stage, a monitored subject by grade)."""
    evidence_rows = evidence.listed(case.findings, case.records, case.standard, case.year)
    return make(case, "evidence", COLUMNS, [_row(case, row) for row in evidence_rows.iter_rows(named=True)])


def _row(case: Case, row: dict[str, Any]) -> dict[str, Value]:
    finding, none = case.now.get(row["id"]), blank(case)
    assert finding is not None
    words = case.word
    stage = words("stages", finding.stage) if finding.stage else ""
    grade = words("grades", str(finding.grade)) if finding.grade else ""
    subject = words("subjects", finding.subject) if finding.subject else ""
    scope = stage or (f"{grade}{subject}" if case.lang == "zh" else f"{grade} {subject}".strip())
    item = case.label(finding.indicator or finding.item)
    return {
        "field": text(words("fields", finding.field)),
        "item": text(words("labels", "with_unit").format(name=item, unit=scope) if scope else item),
        "basis": text(words("bases_of_evidence", row["basis"])),
        "document": text(row["document"] or none),
        "file": text(row["file"] or none),
        "sheet": text(row["sheet"] or none),
        "row": number(row["row"], none if row["row"] is None else str(row["row"])),
        "rows": count(row["rows"], case),
        "state": text(words("evidence_states", row["state"])),
    }
