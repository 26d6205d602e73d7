"""Entry conditions and vetoes."""

from analysis.tell.case.case import Case
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.items import field_table


def table(case: Case) -> Table | None:
    """Return the table of the field."""
    return field_table(case, "entry")
