"""How far 'met' can be trusted (`junheng fragile`): how many overstated reports would turn it, and whom to visit."""

from analysis.errors import RequestError, message
from analysis.judge import fragile
from analysis.run.build.documents import opening
from analysis.run.commands.percent import part
from analysis.run.commands.show import Format, show
from analysis.run.request import resolve
from analysis.tell import open_report


def run(county: str, error: str, year: str, words: dict[str, str], form: Format) -> tuple[str, list[str]]:
    """Return the rows to print (judge.fragile.ROWS), and what to say beside them.

    Words as in run.request.options. Raises RequestError for an error that is no part, a county of which only
    coefficients are published, and what resolve and tell.open_report raise.
    """
    asked = part("ERROR", error)
    request = resolve(county, year, **words)
    if request.published:
        raise RequestError("fragile_published", county=request.county.name(request.lang))
    case = open_report(**opening(request))
    rows = fragile.fragile(
        case.measurements,
        case.findings,
        case.records,
        case.standard,
        case.county,
        case.year,
        fragile.settings()["error"] if asked is None else asked,
    )
    said = [message("fragile_left_out")] if rows else [message("fragile_nothing_met", county=case.name)]
    return show(fragile.frame(rows), form), said
