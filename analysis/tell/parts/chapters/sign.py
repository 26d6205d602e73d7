"""The place for date, office, signature and seal."""

import calendar
from datetime import date
from typing import Any

from analysis.tell.case.case import Case
from analysis.tell.language import wording


def facts(case: Case) -> dict[str, Any]:
    """Return `day`, the date of signing in words (GB/T 9704: year, month and day in full, no leading zeros); "" where
    it is written by hand."""
    if not case.date:
        return {"day": ""}
    signed = date.fromisoformat(case.date)
    form = wording.word("cells", "day", case.lang)
    month = calendar.month_name[signed.month] if case.lang == "en" else signed.month
    return {"day": form.format(year=signed.year, month=month, day=signed.day)}
