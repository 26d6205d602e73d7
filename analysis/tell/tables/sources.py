"""The files that a report is made from, with their SHA-256."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.table import Cell, Table
from analysis.tell.tables.build import Column, Value, blank, make, number, text

if TYPE_CHECKING:
    from analysis.tell.report import Report

COLUMNS = [Column("title"), Column("table"), Column("year", pl.Int64, number=True), Column("file"), Column("sha256")]
SHOWN = 16


def table(report: "Report") -> Table | None:
    """Return one row per source file up to the report's year; the cell holds the beginning of the hash."""
    rows = []
    for one in sorted(report.source_files, key=lambda source: (source.table, -source.year, source.file)):
        if one.year > report.year:
            continue
        title = one.title if one.registered else report.word("cells", "unregistered")
        rows.append(
            {
                "title": text(title or blank(report)),
                "table": text(report.word("tables", one.table)),
                "year": number(one.year, str(one.year)),
                "file": text(one.file),
                "sha256": Value(one.sha256, Cell(one.sha256[:SHOWN])),
            }
        )
    return make(report, "sources", COLUMNS, rows, digits=SHOWN)
