"""The calendar of a county: what is due in the twelve months after a day, by the framework and the plan."""

import polars as pl

from analysis.errors import message
from analysis.run.build.documents import opening
from analysis.run.commands.show import Format, headed, show
from analysis.run.request import Request, resolve
from analysis.tell import Report, open_report

COLUMNS = ("day", "kind", "item", "target", "source", "note")


def run(county: str, year: str, words: dict[str, str], form: Format) -> str:
    """Return what to print: one row per entry, in the words of the report's own table.

    Words as in run.request.options; `date` is the day from which is told, that of the latest statistics without it.
    Raises RequestError and DataError as resolve and tell.open_report do.
    """
    request = resolve(county, year, **words)
    table = opened(request).table("calendar")
    if table is None:
        return message("calendar_empty") + "\n" if form is Format.TABLE else show(_none(), form)
    return headed(table.frame.select(COLUMNS), form)


def opened(request: Request) -> Report:
    """Return the report of a request, told from its day on."""
    words = opening(request) | {"date": request.date}
    return open_report(**words)


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
