"""The day from which a document tells what is due: never today's, unless someone gives it."""

import re
from calendar import monthrange
from datetime import date, timedelta

from analysis.tell.case.setting import Setting, once

#: How sources.yml writes a source's date: a day, a month or a year.
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
DECEMBER = 12


def last_day(text: str) -> date | None:
    """Return the last day that a date means (2024-12 is 31 December 2024); None where it is no date."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month = int(found[1]), int(found[2] or DECEMBER)
    try:
        return date(year, month, int(found[3] or monthrange(year, month)[1]))
    except ValueError:
        return None


@once
def as_of(setting: Setting) -> date:
    """Return the day that is given with the report; else that of the latest statistics that its year uses, else the
    year's last day."""
    if setting.date:
        return date.fromisoformat(setting.date)
    dates = [last_day(one.date) for one in setting.source_files if one.year <= setting.year]
    return max((day for day in dates if day), default=date(setting.year, DECEMBER, 31))


def within(day: date, days: int) -> date:
    """Return the last of so many days after a day."""
    return day + timedelta(days=days)


def next_year(day: date) -> date:
    """Return the same day of the next year; the last of February for the 29th."""
    last = monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))
