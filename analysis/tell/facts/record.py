"""How the whole stood year by year: how long it has not been met, whether it ever was."""

from dataclasses import dataclass

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


@once
def record(case: Case) -> Record:
    """Return how the whole stood up to the report's year."""
    verdicts = {year: found.verdict for year in case.years if (found := case.at(year).get(ids.OVERALL))}
    since = case.year + 1
    while verdicts.get(since - 1) == Verdict.NOT_MET:
        since -= 1
    past = [verdict for year, verdict in verdicts.items() if year != case.year]
    failed = bool(past) and all(one == Verdict.NOT_MET for one in past)
    now = verdicts.get(case.year)
    return Record(
        failing=case.year + 1 - since,
        since=since,
        first=min(verdicts, default=case.year),
        never=failed and now == Verdict.NOT_MET,
        first_met=failed and now == Verdict.MET,
    )
