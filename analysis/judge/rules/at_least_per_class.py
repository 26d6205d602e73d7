"""Things of a school that every class has to have."""

import polars as pl

from analysis.judge.computed import Given, judged, of_stages
from analysis.standards import Sense


def schools(given: Given) -> pl.DataFrame:
    """Return each school's amount in `column` against `per_class` of it for each class of the compulsory stages."""
    rows = given.schools.with_columns(
        pl.col(str(given.item.parameters["column"])).cast(pl.Float64).alias("value"),
        (of_stages(given, "classes") * given.number("per_class")).alias("target"),
    )
    asked = rows.filter(pl.col("target").is_null() | (pl.col("target") > 0))
    return judged(asked, Sense.AT_LEAST, "missing_amount", "per_class_short")
