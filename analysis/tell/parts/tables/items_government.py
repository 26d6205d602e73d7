"""The items of the field government."""

from typing import TYPE_CHECKING

from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.items import field_table

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def table(report: "Report") -> Table | None:
    """Return the table of the field."""
    return field_table(report, "government")
