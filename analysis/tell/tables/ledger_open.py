"""The lines of the ledger that are not closed: what is still to be done."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.judge.ledger import CLOSED
from analysis.tell.table import Table
from analysis.tell.tables import ledger

if TYPE_CHECKING:
    from analysis.tell.report import Report


def table(report: "Report") -> Table | None:
    """Return one row per line that is open, opened again, or was not judged this year."""
    return ledger.of(report, report.ledger.lines.filter(pl.col("state") != CLOSED), "ledger_open")
