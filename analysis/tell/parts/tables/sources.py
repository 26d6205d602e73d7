"""The files that a report is made from, with their SHA-256."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.case.setting import SourceFile
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

SHOWN = 16


def table(case: Case) -> Table | None:
    """Return one row per source file that the report uses; the cell holds the beginning of the hash.

    Where all come from one publisher, the line below the table names it, else a column does.
    """
    files = case.source_files
    publishers = {_publisher(case, file) for file in files}
    columns = [
        Column("table"),
        Column("year", pl.Int64, number=True),
        Column("file"),
        Column("publisher", shown=len(publishers) > 1),
        Column("sha256"),
    ]
    rows: list[dict[str, Value]] = [
        {
            "table": text(case.word("tables", file.table)),
            "year": number(file.year, str(file.year)),
            "file": text(file.file),
            "publisher": text(_publisher(case, file)),
            "sha256": Value(file.sha256, Cell(file.sha256[:SHOWN])),
        }
        for file in sorted(files, key=lambda source: (source.table, -source.year, source.file))
    ]
    publisher = next(iter(publishers)) if len(publishers) == 1 else ""
    return make(case, "sources", columns, rows, digits=SHOWN, publisher=publisher)


def _publisher(case: Case, source: SourceFile) -> str:
    return (source.publisher or blank(case)) if source.registered else case.word("cells", "unregistered")
