"""One indicator of each school against its floor."""

import polars as pl

from analysis import ids
from analysis.judge.computed import Inputs, shaped
from analysis.tables import Verdict


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's value of one `indicator` against its floor in one `stage`, as the floors were judged; before
    a floor is in force, against the one to come."""
    item = ids.floor(str(inputs.item.parameters["indicator"]))
    rows = inputs.frames["floors"].filter(pl.col("item") == item)
    if "stage" in inputs.item.parameters:
        rows = rows.filter(pl.col("stage") == str(inputs.item.parameters["stage"]))
    early = (pl.col("verdict") == Verdict.NOT_IN_FORCE.value) & pl.col("margin").is_not_null()
    reached = pl.when(pl.col("margin") >= 0).then(pl.lit(Verdict.MET.value)).otherwise(pl.lit(Verdict.NOT_MET.value))
    return shaped(rows.with_columns(pl.when(early).then(reached).otherwise("verdict").alias("verdict")))
