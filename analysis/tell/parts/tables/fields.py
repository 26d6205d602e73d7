"""The four fields at a glance: how many items are met, not met, without data."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.parts.chapters.conclusion import FIELDS, judged
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COUNTED = ("met", "not_met", "undecidable", "no_data")
COLUMNS = [
    Column("field"),
    Column("items", pl.Int64, number=True),
    *(Column(one, pl.Int64, number=True) for one in COUNTED),
    Column("verdict"),
]


def table(report: "Report") -> Table | None:
    """Return one row per field that is judged, and the whole."""
    rows = []
    for field in (*FIELDS, None):
        whole = report.finding(f"{field or 'overall'}.all")
        findings = judged(report, field)
        if whole is None or not findings:
            continue
        rows.append(
            {
                "field": text(report.word("fields", whole.field)),
                "items": count(len(findings), report),
                **{one: count(sum(each.verdict == one for each in findings), report) for one in COUNTED},
                "verdict": verdict(whole, report),
            }
        )
    return make(report, "fields", COLUMNS, rows)
