"""The lines of the ledger that were closed this year, by item: the workbook has them one by one."""

import polars as pl

from analysis.judge.ledger import CLOSED
from analysis.standards import label
from analysis.tell.case.case import Case
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, count, make, text
from analysis.tell.parts.tables.ledger import where

COLUMNS = [Column("item"), Column("lines", pl.Float64, number=True), Column("where")]


def table(case: Case) -> Table | None:
    """Return one row per item with the lines closed this year: how many, and of which schools; most lines first."""
    closed = ledger_of(case).lines.filter(pl.col("state") == CLOSED)
    lines = [line for line in closed.iter_rows(named=True) if case.may_show(line["school"], line["stage"])]
    places: dict[str, list[str]] = {}
    for line in lines:
        places.setdefault(line["item"], []).append(where(case, line))
    between = case.word("lists", "between")
    rows = [
        {
            "item": text(label(case.standard, item, case.lang, short=True)),
            "lines": count(len(names), case),
            "where": text(between.join(sorted(names))),
        }
        for item, names in sorted(places.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    return make(case, "ledger_closed", COLUMNS, rows)
