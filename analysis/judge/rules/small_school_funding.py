"""Small schools that are funded as if they had more pupils."""

import polars as pl

from analysis.judge.computed import Inputs, judged, of_stages
from analysis.standards import Sense


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return schools with fewer pupils than `pupils_below`: funded for at least `funded_as`.

    A school of unknown enrolment may be such a school: funded for so many it meets the rule whatever it is.
    """
    pupils, funded = of_stages(inputs, "pupils"), pl.col("funded_pupils").cast(pl.Float64)
    enough = inputs.number("funded_as")
    rows = inputs.schools.filter(
        pupils.is_null() | ((pupils > 0) & (pupils < inputs.number("pupils_below")))
    ).with_columns(
        pl.when(pupils.is_not_null() | (funded >= enough)).then(funded).alias("value"), pl.lit(enough).alias("target")
    )
    absent = pl.when(pupils.is_null()).then(pl.lit("missing_pupils")).otherwise(pl.lit("missing_amount"))
    return judged(rows, Sense.AT_LEAST, absent, "funded_below")
