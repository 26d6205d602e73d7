"""What of the evidence is not there yet, by who holds it."""

from analysis.tell.case.case import Case
from analysis.tell.facts.register import register_of
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, make
from analysis.tell.parts.tables.evidence import row

COLUMNS = [Column("holder"), Column("field"), Column("item"), Column("basis"), Column("document"), Column("missing")]


def table(case: Case) -> Table | None:
    """Return one row per item of which something is missing: first those that nothing shows, then by holder."""
    lacking = [paper for paper in register_of(case) if paper.missing]
    lacking.sort(key=lambda paper: (not paper.lacks, paper.holder == "", paper.holder))
    rows = [{column.id: cells[column.id] for column in COLUMNS} for cells in (row(case, paper) for paper in lacking)]
    return make(case, "evidence_missing", COLUMNS, rows)
