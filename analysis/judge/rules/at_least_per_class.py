"""Things of a school that every class has to have."""

import polars as pl

from analysis.judge.computed import Inputs, judged, of_stages
from analysis.standards import Sense


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's amount in `column` against `per_class` of it for each class of the compulsory stages."""
    rows = inputs.schools.with_columns(
        pl.col(str(inputs.item.parameters["column"])).cast(pl.Float64).alias("value"),
        (of_stages(inputs, "classes") * inputs.number("per_class")).alias("target"),
    )
    asked = rows.filter(pl.col("target").is_null() | (pl.col("target") > 0))
    return judged(asked, Sense.AT_LEAST, "missing_amount", "per_class_short")
