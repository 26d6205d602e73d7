"""Every school with primary pupils against the floors."""

from analysis.tell.case.case import Case
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.schools import stage_table


def table(case: Case) -> Table | None:
    """Return the table of the stage."""
    return stage_table(case, "primary")
