"""The lines of the ledger that were not judged this year: unmet before, and open until they are judged."""

import polars as pl

from analysis.judge.ledger import UNKNOWN
from analysis.tell.case.case import Case
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger


def table(case: Case) -> Table | None:
    """Return one row per line that was not judged this year."""
    return ledger.of(case, ledger_of(case).lines.filter(pl.col("state") == UNKNOWN), "ledger_unknown")
