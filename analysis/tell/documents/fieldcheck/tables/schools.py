"""The schools of a field check: what was verified there, what differs, and whether they meet the school rule."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.documents.fieldcheck.tables.values import rate
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, text

if TYPE_CHECKING:
    from analysis.tell.documents.fieldcheck.check import FieldCheck, Visited

COLUMNS = [
    Column("school"),
    Column("listed", pl.Int64, number=True),
    Column("verified", pl.Int64, number=True),
    Column("differing", pl.Int64, number=True),
    Column("worst", pl.Float64, number=True),
    Column("before"),
    Column("after"),
]


def table(check: "FieldCheck") -> Table | None:
    """Return one row per school."""
    rows = [_row(check, one) for one in check.schools]
    return make(check.report, "fieldcheck_schools", COLUMNS, rows, name="schools", texts="fieldcheck")


def _row(check: "FieldCheck", one: "Visited") -> dict[str, Value]:
    report = check.report
    return {
        "school": text(report.school(one.code)),
        "listed": count(one.listed, report),
        "verified": count(one.verified, report),
        "differing": count(one.differing, report),
        "worst": rate(one.worst, report),
        "before": _verdict(check, one.before),
        "after": _verdict(check, one.after),
    }


def _verdict(check: "FieldCheck", verdict: str) -> Value:
    said = check.report.word("verdicts", verdict) if verdict else blank(check.report)
    return Value(verdict, Cell(said, verdict=verdict))
