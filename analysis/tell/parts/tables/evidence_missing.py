"""What of the evidence is not there yet, by who holds it."""

from analysis.tell.case.case import Case
from analysis.tell.facts.register import register_of
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, make
from analysis.tell.parts.tables.evidence import row

COLUMNS = [Column("holder"), Column("field"), Column("item"), Column("basis"), Column("document"), Column("missing")]


def table(case: Case) -> Table | None:
    """Return one row per item of which something is missing: first those that nothing shows, then by holder."""
    found = [one for one in register_of(case) if one.missing]
    found.sort(key=lambda one: (not one.lacks, one.holder == "", one.holder))
    rows = [{column.id: cells[column.id] for column in COLUMNS} for cells in (row(case, one) for one in found)]
    return make(case, "evidence_missing", COLUMNS, rows)
