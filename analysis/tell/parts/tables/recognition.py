"""Recognition by group with Wilson intervals."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.language import numbers
from analysis.tell.parts.chapters.recognition import groups
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, number, text, value

COLUMNS = [
    Column("group"),
    Column("asked", pl.Int64, number=True),
    Column("satisfied", pl.Int64, number=True),
    Column("share", pl.Float64, number=True),
    Column("interval", number=True),
]


def table(case: Case) -> Table | None:
    """Return one row per group that may be shown, lowest first."""
    shown, hidden = groups(case)
    rows = [
        {
            "group": text(case.word("groups", group.group)),
            "asked": count(group.asked, case),
            "satisfied": count(group.satisfied, case),
            "share": value(group.finding, case),
            "interval": number(
                None,
                numbers.interval(
                    *(numbers.of(group.finding, end, case.standard, case.lang) for end in (group.low, group.high))
                ),
            ),
        }
        for group in shown
    ]
    return make(case, "recognition", COLUMNS, rows, hidden=hidden)
