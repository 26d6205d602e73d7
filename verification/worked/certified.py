"""Years running below a standard since a county was certified."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verification.worked.finding import Finding

if TYPE_CHECKING:
    from verification.worked.findings import Year

#: Verdicts of a year that was below the standard for certain, or may have been.
BELOW, PERHAPS = {"not_met"}, {"not_met", "no_data", "undecidable"}


def three_years(y: "Year") -> Iterator[Finding]:
    """Yield the finding on years running below, where the standard has such a rule."""
    rule = y.standard.data.get("certificate")
    if not rule:
        return
    most = int(rule["years_below"])
    since = _certified(y)
    base = Finding("entry.three_years", "entry", "three_years", target=Fraction(most), sense="below")
    if since is None:
        yield base
        return
    verdicts = {one: _verdict(y, one) for one in range(max(since + 1, y.year - most + 1), y.year + 1)}
    certain, possible = (_running(y.year, since, verdicts, below) for below in (BELOW, PERHAPS))
    verdict = "not_met" if certain >= most else "no_data" if possible >= most else "met"
    yield replace(base, value=Fraction(certain), verdict=verdict, data_year=y.year)


def _running(year: int, since: int, verdicts: dict[int, str], below: set[str]) -> int:
    years = 0
    while year - years > since and verdicts.get(year - years, "no_data") in below:
        years += 1
    return years


def _verdict(y: "Year", year: int) -> str:
    """Return the verdict of a year; one whose exceptional circumstances are shown is none of the years below."""
    for row in y.county.rows("government", year):
        if row["item"] == "exceptional_circumstances" and row["answer"] == "yes" and row["evidence"]:
            return "not_applicable"
    return (y if year == y.year else replace(y, year=year)).verdict


def _certified(y: "Year") -> int | None:
    """Return the year of the certificate: as it was last named, else as the years since tell it."""
    named, ago = None, None
    for year in y.county.years("government"):
        for row in y.county.rows("government", year) if year <= y.year else ():
            if row["item"] == "certified_year" and row["value"] is not None:
                named = int(row["value"])
            if row["item"] == "basic_balance_years" and row["value"] is not None:
                ago = year - int(row["value"])
    return ago if named is None else named
