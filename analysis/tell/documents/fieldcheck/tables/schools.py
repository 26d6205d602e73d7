"""The schools of a field check: what was verified there, what differs, and whether they meet the school rule."""

import polars as pl

from analysis.tell.documents.fieldcheck.check import FieldCheck, Visited
from analysis.tell.documents.fieldcheck.tables.values import rate
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, text

COLUMNS = [
    Column("school"),
    Column("listed", pl.Int64, number=True),
    Column("verified", pl.Int64, number=True),
    Column("differing", pl.Int64, number=True),
    Column("worst", pl.Float64, number=True),
    Column("before"),
    Column("after"),
]


def table(check: FieldCheck) -> Table | None:
    """Return one row per school."""
    rows = [_row(check, school) for school in check.schools]
    return make(check.case, "fieldcheck_schools", COLUMNS, rows, name="schools", texts="fieldcheck")


def _row(check: FieldCheck, school: Visited) -> dict[str, Value]:
    case = check.case
    return {
        "school": text(case.school(school.code)),
        "listed": count(school.listed, case),
        "verified": count(school.verified, case),
        "differing": count(school.differing, case),
        "worst": rate(school.worst, case),
        "before": _verdict(check, school.before),
        "after": _verdict(check, school.after),
    }


def _verdict(check: FieldCheck, verdict: str) -> Value:
    said = check.case.word("verdicts", verdict) if verdict else blank(check.case)
    return Value(verdict, Cell(said, verdict=verdict))
