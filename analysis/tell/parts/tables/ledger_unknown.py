"""The lines of the ledger that were not judged this year: unmet before, and open until they are judged."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.judge.ledger import UNKNOWN
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def table(report: "Report") -> Table | None:
    """Return one row per line that was not judged this year."""
    return ledger.of(report, report.ledger.lines.filter(pl.col("state") == UNKNOWN), "ledger_unknown")
