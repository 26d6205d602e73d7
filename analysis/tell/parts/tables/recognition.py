"""Recognition by group with Wilson intervals."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.language import numbers
from analysis.tell.parts.chapters.recognition import groups
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, number, text, value

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("group"),
    Column("asked", pl.Int64, number=True),
    Column("satisfied", pl.Int64, number=True),
    Column("share", pl.Float64, number=True),
    Column("interval", number=True),
]


def table(report: "Report") -> Table | None:
    """Return one row per group that may be shown, lowest first."""
    shown, hidden = groups(report)
    rows = [
        {
            "group": text(report.word("groups", one.group)),
            "asked": count(one.asked, report),
            "satisfied": count(one.satisfied, report),
            "share": value(one.finding, report),
            "interval": number(
                None,
                numbers.interval(
                    *(numbers.of(one.finding, end, report.standard, report.lang) for end in (one.low, one.high))
                ),
            ),
        }
        for one in shown
    ]
    return make(report, "recognition", COLUMNS, rows, hidden=hidden)
