"""The place for date, office, signature and seal."""

from dataclasses import dataclass
from datetime import date

from analysis.tell.case.case import Case
from analysis.tell.language import wording


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The date of signing in words, "" where it is written by hand."""

    day: str


def facts(case: Case) -> Facts:
    """Return `day`, the date of signing in words (GB/T 9704: year, month and day in full, no leading zeros); "" where
    it is written by hand."""
    if not case.date:
        return Facts(
            day="",
        )
    return Facts(
        day=wording.day(date.fromisoformat(case.date), case.lang),
    )
