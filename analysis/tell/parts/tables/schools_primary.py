"""Every school with primary pupils against the floors."""

from typing import TYPE_CHECKING

from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.schools import stage_table

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def table(report: "Report") -> Table | None:
    """Return the table of the stage."""
    return stage_table(report, "primary")
