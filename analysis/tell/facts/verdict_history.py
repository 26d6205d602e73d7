"""How the whole stood year by year: how long it has not been met, whether it ever was."""

from dataclasses import dataclass

import polars as pl

from analysis import ids
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.language import wording


@dataclass(frozen=True)
class Record:
    """`failing`: years running, up to this one and without a gap, in which the whole was not met; `since` the first of
    them. `first` is the first year with data; `never`: in none of the years since was it met.

    `first_met`: it is met this year, and was not in any earlier year with data.
    """

    failing: int
    since: int
    first: int
    never: bool
    first_met: bool

    @property
    def long(self) -> bool:
        """Whether it has not been met for `failing` (emphasis.yml) years or more."""
        return self.failing >= int(wording.emphasis()["failing"])


@dataclass(frozen=True)
class Predecessor:
    """A county that is no more, by its code, whose statistics stand for this one in `years`; `since` it has its own."""

    code: str
    years: tuple[int, ...]
    since: int


@once
def predecessors(case: Case) -> list[Predecessor]:
    """Return the counties that this one followed and whose schools are those of earlier years, in order of years."""
    schools = case.records.schools.filter(pl.col("year") <= case.year)
    rows = schools.select("year", pl.col("file").str.extract(r"^(\d{6})/", 1).alias("code")).unique().sort("year")
    own = rows.filter(~pl.col("code").is_in(case.former))["year"]
    return [
        Predecessor(code, tuple(years), int(own[0]))
        for code in case.former
        if len(years := rows.filter(code=code)["year"].to_list()) and len(own)
    ]


@once
def record(case: Case) -> Record:
    """Return how the whole stood up to the report's year."""
    verdicts = {year: finding.verdict for year in case.years if (finding := case.at(year).get(ids.OVERALL))}
    since = case.year + 1
    while verdicts.get(since - 1) == Verdict.NOT_MET:
        since -= 1
    past = [verdict for year, verdict in verdicts.items() if year != case.year]
    failed = bool(past) and all(year == Verdict.NOT_MET for year in past)
    now = verdicts.get(case.year)
    return Record(
        failing=case.year + 1 - since,
        since=since,
        first=min(verdicts, default=case.year),
        never=failed and now == Verdict.NOT_MET,
        first_met=failed and now == Verdict.MET,
    )
