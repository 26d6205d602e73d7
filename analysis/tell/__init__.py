"""Findings told: chapters, tables and figures of one county's report, in Chinese or English."""

from analysis.tell.picture import Picture
from analysis.tell.published import open_published
from analysis.tell.report import Narrative, Report, from_records, open_report
from analysis.tell.table import Table

__all__ = ["Narrative", "Picture", "Report", "Table", "from_records", "open_published", "open_report"]
