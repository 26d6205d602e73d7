"""The calendar of the framework and the plan: what the year to come has, and what is due next."""

from dataclasses import dataclass
from datetime import date

from analysis.tell.case.case import Case
from analysis.tell.facts.calendar import Day, calendar_of


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The day from which is told (`since`, not included) and the last one (`until`); how many entries there are, and
    those of the first day; `unsure`: those that the text itself does not say."""

    since: date
    until: date
    entries: int
    first: tuple[Day, ...]
    unsure: bool


def facts(case: Case) -> Facts:
    """Return what the calendar says."""
    calendar = calendar_of(case)
    return Facts(
        since=calendar.since,
        until=calendar.until,
        entries=len(calendar.days),
        first=calendar.next,
        unsure=any(day.sure != "sure" for day in (*calendar.days, *calendar.later)),
    )
