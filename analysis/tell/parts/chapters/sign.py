"""The place for date, office, signature and seal."""

import calendar
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.tell.language import wording

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def facts(report: "Report") -> dict[str, Any]:
    """Return `day`, the date of signing in words (GB/T 9704: year, month and day in full, no leading zeros); "" where
    it is written by hand."""
    if not report.date:
        return {"day": ""}
    signed = date.fromisoformat(report.date)
    form = wording.word("cells", "day", report.lang)
    month = calendar.month_name[signed.month] if report.lang == "en" else signed.month
    return {"day": form.format(year=signed.year, month=month, day=signed.day)}
