"""Findings told: chapters, tables and figures of one county's report, in Chinese or English."""

from analysis.tell.documents.county import Report
from analysis.tell.documents.opening import from_records, open_report
from analysis.tell.documents.published import open_published
from analysis.tell.parts.narrative import Narrative
from analysis.tell.parts.picture import Picture
from analysis.tell.parts.table import Table

__all__ = ["Narrative", "Picture", "Report", "Table", "from_records", "open_published", "open_report"]
