"""Pupils of a school against the limit of its type."""

import polars as pl

from analysis.judge.computed import Inputs, judged, of_stages
from analysis.standards import Sense


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return pupils of the compulsory stages, limits by type; with `built_before`, schools built before have
    `<type>_before`, and with `migrants_above` those of whose pupils a larger part are migrants' children.

    Of a `concession` a school that does not report when it was built claims nothing; else both limits are possible.
    """
    limits = {name: inputs.number(name) for name in inputs.standard.school_types if name in inputs.item.parameters}
    limit = pl.col("school_type").replace_strict(limits, default=None, return_dtype=pl.Float64)
    if "built_before" in inputs.item.parameters:
        old = {name: inputs.number(f"{name}_before") for name in limits if f"{name}_before" in inputs.item.parameters}
        before = pl.col("school_type").replace_strict(old, default=None, return_dtype=pl.Float64)
        early = pl.col("built") < pl.lit(str(inputs.item.parameters["built_before"]))
        if "migrants_above" in inputs.item.parameters:
            part = pl.col("migrants") / of_stages(inputs, "pupils")
            early = early | (part > inputs.number("migrants_above")).fill_null(value=False)
        # Without the month of building both limits are possible: only what they agree on is known.
        pupils = of_stages(inputs, "pupils")
        claimed = bool(inputs.item.parameters.get("concession"))
        unsure = (pupils > limit) & (pupils <= before) & pl.lit(not claimed)
        limit = (
            pl.when(early)
            .then(pl.coalesce(before, limit))
            .when(pl.col("built").is_not_null() | ~unsure)
            .then(limit)
            .otherwise(None)
        )
    rows = inputs.schools.with_columns(of_stages(inputs, "pupils").alias("value"), limit.alias("target"))
    return judged(
        rows.filter(pl.col("value").is_null() | (pl.col("value") > 0)), Sense.AT_MOST, "missing_amount", "over_size"
    )
