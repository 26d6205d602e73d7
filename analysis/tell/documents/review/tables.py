"""Tables of the review; their words are those of review.yml and, of what is the region's own, of region.yml."""

import polars as pl

from analysis import ids
from analysis.tables import Verdict
from analysis.tell.documents.region import tables as of_region
from analysis.tell.documents.region.gathering import JUDGED
from analysis.tell.documents.review.review import ReviewForm
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text, verdict

COLUMNS = [
    Column("county"),
    Column("year", pl.Int64, number=True),
    Column("verdict"),
    Column("items", pl.Int64, number=True),
    Column("met", pl.Int64, number=True),
    Column("unmet", pl.Int64, number=True),
    Column("result"),
    Column("opinion"),
]


def counties(form: ReviewForm) -> Table | None:
    """Return one row per county: its own verdict and counts, and the blanks for the review's result and opinion."""
    region = form.region
    base = region.base
    rows = []
    for county in region.counties:
        known = county.state == JUDGED
        whole = county.now.get(ids.OVERALL)
        row: dict[str, Value] = {
            "county": text(county.name),
            "year": number(county.year, str(county.year) if county.year else blank(base)),
            "verdict": verdict(whole, base) if known and whole else text(base.word("region_states", county.state)),
            "items": count(len(county.judged) if known else None, base),
            "met": count(sum(each.verdict == Verdict.MET for each in county.judged) if known else None, base),
            "unmet": count(len(county.unmet) if known else None, base),
            "result": text(form.blank("review_result")),
            "opinion": text(form.blank("review_opinion")),
        }
        rows.append(row)
    return make(base, "review_counties", COLUMNS, rows, name="counties", texts="review", told=form)


def holding(form: ReviewForm) -> Table | None:
    """Return the items that counties don't meet, with the counties."""
    return of_region.holding(form.region)


def coefficients_primary(form: ReviewForm) -> Table | None:
    """Return the coefficients of primary schools, county by county."""
    return of_region.coefficients_primary(form.region)


def coefficients_junior(form: ReviewForm) -> Table | None:
    """Return the coefficients of junior schools, county by county."""
    return of_region.coefficients_junior(form.region)
