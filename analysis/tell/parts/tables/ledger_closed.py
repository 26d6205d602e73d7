"""The lines of the ledger that were closed this year, by item: the workbook has them one by one."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.judge.ledger import CLOSED
from analysis.standards import label
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text
from analysis.tell.parts.tables.ledger import where

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [Column("item"), Column("lines", pl.Float64, number=True), Column("where")]


def table(report: "Report") -> Table | None:
    """Return one row per item with the lines closed this year: how many, and of which schools; most lines first."""
    closed = report.ledger.lines.filter(pl.col("state") == CLOSED)
    lines = [one for one in closed.iter_rows(named=True) if report.may_show(one["school"], one["stage"])]
    places: dict[str, list[str]] = {}
    for line in lines:
        places.setdefault(line["item"], []).append(where(report, line))
    between = report.word("lists", "between")
    rows = [
        {
            "item": text(label(report.standard, item, report.lang, short=True)),
            "lines": count(len(names), report),
            "where": text(between.join(sorted(names))),
        }
        for item, names in sorted(places.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    return make(report, "ledger_closed", COLUMNS, rows)
