"""The ledger as a report tells it: lines still open, lines closed this year, and what people filled in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge import ledger

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


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


def told(report: "Report") -> Ledger:
    """Return the ledger of a report's year."""
    found = ledger.lines(
        report.history, report.measurements, report.records.schools, report.standard, report.year, report.lang,
        report.laid,
    )  # fmt: skip
    both, lost = ledger.merged(found, report.entries)
    now = (pl.col("state") != ledger.CLOSED) | (pl.col("closed") == report.year)
    return Ledger(both.filter(now), lost)


def cells(report: "Report", line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as the workbook of people shows it: one value per column of read/ledger.yml."""
    from analysis.tell.parts.tables.ledger import missing, where

    kept = {name: line[name] for name in ("id", "opened", "holder", "due", "measure", "date")}
    return kept | {
        "school": where(report, line),
        "item": report.label(line["item"], short=True),
        "missing": missing(report, line),
        "person": "" if report.public else line["person"],
    }
