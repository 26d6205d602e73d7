"""Small schools that are funded as if they had more pupils."""

import polars as pl

from analysis.judge import counts
from analysis.judge.computed import Inputs, judged, of_stages
from analysis.standards import Sense


def _budgeted(inputs: Inputs) -> pl.Expr:
    """Return for how many pupils a school's budget of public funds is; null where the county has no standard."""
    names = counts.named(inputs.item.parameters, "standard")
    reported = counts.of(inputs.frames.get(counts.REPORTED), names) if names else {}
    a_pupil = pl.lit(None, pl.Float64)
    for (county, year), counted in reported.items():
        if counted.missing(names) is None and counted.sum(names) > 0:
            here = (pl.col("county") == county) & (pl.col("year") == year)
            a_pupil = pl.when(here).then(counted.sum(names)).otherwise(a_pupil)
    return pl.col("public_funds").cast(pl.Float64) / a_pupil


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return schools with fewer pupils than `pupils_below`: funded for at least `funded_as`.

    A school of unknown enrolment may be such a school: funded for so many it meets the rule whatever it is. Where it is
    not told for how many it is funded, its budget over the county's `standard` of a pupil tells it.
    """
    pupils = of_stages(inputs, "pupils")
    funded = pl.coalesce(pl.col("funded_pupils").cast(pl.Float64), _budgeted(inputs))
    enough = inputs.number("funded_as")
    rows = inputs.schools.filter(
        pupils.is_null() | ((pupils > 0) & (pupils < inputs.number("pupils_below")))
    ).with_columns(
        pl.when(pupils.is_not_null() | (funded >= enough)).then(funded).alias("value"), pl.lit(enough).alias("target")
    )
    absent = pl.when(pupils.is_null()).then(pl.lit("missing_pupils")).otherwise(pl.lit("missing_amount"))
    return judged(rows, Sense.AT_LEAST, absent, "funded_below")
