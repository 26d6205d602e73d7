"""The four fields at a glance: how many items are met, not met, without data."""

import polars as pl

from analysis import ids
from analysis.tables import FIELDS, Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.parts.chapters.conclusion import judged
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text, verdict

COUNTED = tuple(verdict.value for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.UNDECIDABLE, Verdict.NO_DATA))
COLUMNS = [
    Column("field"),
    Column("items", pl.Int64, number=True),
    *(Column(column, pl.Int64, number=True) for column in COUNTED),
    Column("verdict"),
]


def table(case: Case) -> Table | None:
    """Return one row per field that is judged, and the whole."""
    rows = []
    for field in (*FIELDS, None):
        whole = case.finding(ids.whole(field or Field.OVERALL))
        findings = judged(case, field)
        if whole is None or not findings:
            continue
        rows.append(
            {
                "field": text(case.word("fields", whole.field)),
                "items": count(len(findings), case),
                **{column: count(sum(each.verdict == column for each in findings), case) for column in COUNTED},
                "verdict": verdict(whole, case),
            }
        )
    return make(case, "fields", COLUMNS, rows)
