"""The files that a report is made from, with their SHA-256."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report, SourceFile

SHOWN = 16


def table(report: "Report") -> Table | None:
    """Return one row per source file up to the report's year; the cell holds the beginning of the hash.

    Where all come from one publisher, the line below the table names it, else a column does.
    """
    files = [one for one in report.source_files if one.year <= report.year]
    publishers = {_publisher(report, one) for one in files}
    columns = [
        Column("table"),
        Column("year", pl.Int64, number=True),
        Column("file"),
        Column("publisher", shown=len(publishers) > 1),
        Column("sha256"),
    ]
    rows: list[dict[str, Value]] = [
        {
            "table": text(report.word("tables", one.table)),
            "year": number(one.year, str(one.year)),
            "file": text(one.file),
            "publisher": text(_publisher(report, one)),
            "sha256": Value(one.sha256, Cell(one.sha256[:SHOWN])),
        }
        for one in sorted(files, key=lambda source: (source.table, -source.year, source.file))
    ]
    publisher = next(iter(publishers)) if len(publishers) == 1 else ""
    return make(report, "sources", columns, rows, digits=SHOWN, publisher=publisher)


def _publisher(report: "Report", source: "SourceFile") -> str:
    return (source.publisher or blank(report)) if source.registered else report.word("cells", "unregistered")
