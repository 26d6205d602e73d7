"""The ledger as a report tells it: lines still open, lines closed this year, and what people filled in."""

from dataclasses import dataclass

import polars as pl

from analysis.judge import ledger
from analysis.read.ledger import ASIDE, OWN_LINE
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True, eq=False)
class Ledger:
    """`lines`: LINES of judge.ledger with measure, person and date; `lost`: ids of entries that match no line.

    Lines closed in earlier years are left out; an entry of one of them is not lost, nor is that of a finding which the
    report's year or a later one has. `own` are lines that people added (ENTRIES); the public is told none of them.
    """

    lines: pl.DataFrame
    lost: list[str]
    own: pl.DataFrame

    def count(self, *states: str) -> int:
        """Return how many lines are in one of these states."""
        return self.lines.filter(pl.col("state").is_in(list(states))).height


@dataclass(frozen=True)
class Gone:
    """A school with lines that are not judged, for since the year `since` the statistics have no row of it."""

    school: str
    since: int
    lines: int


@once
def gone(case: Case) -> list[Gone]:
    """Return the schools of lines not judged that this year's statistics have no row of, those set aside among them."""
    unknown = ledger_of(case).lines.filter(pl.col("state") == ledger.UNKNOWN).drop_nulls("school")
    schools = case.records.schools.filter(pl.col("year") <= case.year)
    aside = case.records.quarantine.filter(year=case.year, table="schools")["cells"].str.join(" ").item()
    closed = []
    for (code,), lines in unknown.partition_by("school", as_dict=True).items():
        seen = schools.filter(school=code)
        if not seen.is_empty() and not any(word and word in aside for word in (code, seen["name"][-1])):
            last = max(seen["year"].to_list())
            since = min((year for year in case.years if year > last), default=None)
            closed += [Gone(str(code), since, lines.height)] if since else []
    return sorted(closed, key=lambda school: school.school)


@once
def ledger_of(case: Case) -> Ledger:
    """Return the ledger of a report's year."""
    lines = ledger.lines(
        case.history, case.measurements, case.records.schools, case.standard, case.year, case.lang,
        case.laid,
    )  # fmt: skip
    is_own = pl.col("id").str.starts_with(OWN_LINE)
    both, lost = ledger.merged(lines, case.entries.filter(~is_own).drop(ASIDE, strict=False))
    now = (pl.col("state") != ledger.CLOSED) | (pl.col("closed") == case.year)
    own = case.entries.clear() if case.public else case.entries.filter(is_own)
    known = set(case.history.filter(pl.col("year") >= case.year)["id"])
    return Ledger(both.filter(now), [id for id in lost if id not in known], own)
