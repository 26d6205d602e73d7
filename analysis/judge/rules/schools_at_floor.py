"""One indicator of each school against its floor."""

import polars as pl

from analysis import ids
from analysis.judge.computed import Given, shaped


def schools(given: Given) -> pl.DataFrame:
    """Return each school's value of one `indicator` against its floor in one `stage`, as the floors were judged."""
    item = ids.floor(str(given.item.parameters["indicator"]))
    rows = given.frames["floors"].filter(pl.col("item") == item)
    if "stage" in given.item.parameters:
        rows = rows.filter(pl.col("stage") == str(given.item.parameters["stage"]))
    return shaped(rows)
