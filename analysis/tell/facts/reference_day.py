"""The day from which a document tells what is due: never today's, unless someone gives it."""

from calendar import monthrange
from datetime import date

from analysis.read.ledger import last_day
from analysis.tell.case.setting import Setting, once

DECEMBER = 12


@once
def as_of(setting: Setting) -> date:
    """Return the day that is given with the report; else that of the latest statistics that its year uses, else the
    year's last day."""
    if setting.date:
        return date.fromisoformat(setting.date)
    dates = [last_day(file.date) for file in setting.source_files if file.year <= setting.year]
    return max((day for day in dates if day), default=date(setting.year, DECEMBER, 31))


def next_year(day: date) -> date:
    """Return the same day of the next year; the last of February for the 29th."""
    last = monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))
