"""The ledger as a report tells it: lines still open, lines closed this year, and what people filled in."""

from dataclasses import dataclass

import polars as pl

from analysis.judge import ledger
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True, eq=False)
class Ledger:
    """`lines`: LINES of judge.ledger with measure, person and date; `lost`: ids of entries that match no line.

    Lines closed in earlier years are left out; an entry of one of them is not lost.
    """

    lines: pl.DataFrame
    lost: list[str]

    def count(self, *states: str) -> int:
        """Return how many lines are in one of these states."""
        return self.lines.filter(pl.col("state").is_in(list(states))).height


@once
def ledger_of(case: Case) -> Ledger:
    """Return the ledger of a report's year."""
    found = ledger.lines(
        case.history, case.measurements, case.records.schools, case.standard, case.year, case.lang,
        case.laid,
    )  # fmt: skip
    both, lost = ledger.merged(found, case.entries)
    now = (pl.col("state") != ledger.CLOSED) | (pl.col("closed") == case.year)
    return Ledger(both.filter(now), lost)
