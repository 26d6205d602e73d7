"""What the standard has on which day of the twelve months after the data: those that recur every year."""

from datetime import date

from verification.worked.case import Case


def days(case: Case) -> list[date]:
    """Return the days of the sources of the report's year, the earliest first."""
    held = case.county.files.values()
    dates = [str(one["date"]) for one in held if one.get("date") and one["year"] == case.year]
    return sorted(date.fromisoformat(f"{day}-01"[:10]) for day in dates)  # some are months


def span(case: Case) -> tuple[date, date]:
    """Return the day after which the calendar looks, and the same day of the next year."""
    last = days(case)[-1]
    return last, last.replace(year=last.year + 1)


def events(case: Case) -> list[tuple[date, str]]:
    """Return each day of the standard's calendar within the twelve months, with what falls on it."""
    since, until = span(case)
    found = []
    for entry in case.standard.data.get("calendar") or ():
        for year in (since.year, until.year):
            day = date(year, entry["month"], entry["day"])
            if since < day <= until:
                found.append((day, str(entry["label"][case.lang])))
    return sorted(found)
