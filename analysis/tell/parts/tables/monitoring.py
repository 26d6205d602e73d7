"""Levels and rates of the national monitoring, with the county's own test beside them."""

import polars as pl

from analysis import ids
from analysis.tables import Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.rates import rates
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, make, number, text, value, verdict

COLUMNS = [
    Column("subject"),
    Column("grade"),
    Column("year", pl.Int64, number=True),
    Column("level", pl.Float64, number=True),
    Column("level_verdict"),
    Column("rate", pl.Float64, number=True),
    Column("rate_verdict"),
    Column("own", pl.Float64, number=True),
    Column("interval", number=True),
    Column("schools", pl.Int64, number=True),
]
OWN = {"own", "interval", "schools"}


def table(case: Case) -> Table | None:
    """Return one row per subject concerned and grade, and per own test."""
    rows = []
    dash = blank(case)
    for national, own in rates(case):
        some = national or (own.finding if own else None)
        if some is None or some.subject is None:
            continue
        level = case.finding(ids.finding(Field.QUALITY, Kind.LEVEL, some.subject, some.grade))
        year = next((finding.data_year for finding in (national, level) if finding and finding.data_year), None)
        tail = {"own": number(None, dash), "interval": number(None, dash), "schools": number(None, dash)}
        if own:
            ends = [
                numbers.of(own.finding, end, case.standard, case.lang) for end in (own.low, own.high) if end is not None
            ]
            tail = {
                "own": value(own.finding, case),
                "interval": number(None, numbers.interval(*ends) if len(ends) == 2 else dash),
                "schools": number(own.schools, numbers.whole(own.schools)),
            }
        rows.append(
            {
                "subject": text(case.word("subjects", some.subject)),
                "grade": text(case.word("grades", str(some.grade))),
                "year": number(year, str(year) if year else dash),
                "level": value(level, case) if level else number(None, dash),
                "level_verdict": verdict(level, case) if level else text(dash),
                "rate": value(national, case) if national else number(None, dash),
                "rate_verdict": verdict(national, case) if national else text(dash),
                **tail,
            }
        )
    columns = COLUMNS if any(own for _, own in rates(case)) else [column for column in COLUMNS if column.id not in OWN]
    first = next((own for own, _ in rates(case) if own and own.target is not None), None)
    return make(case, "monitoring", columns, rows, first=first)
