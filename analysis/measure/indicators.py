"""Values per pupil, their mean and coefficient, and each school's share of the difference."""

from typing import Protocol

import polars as pl

from analysis.measure.stages import stage_rows
from analysis.standards import Standard
from analysis.statistics import expressions
from analysis.tables import MEASUREMENTS

COMPOSITE = "composite"
GROUP = ["county", "year", "stage", "indicator"]


class WithSchools(Protocol):
    """Anything that holds school rows, such as clean.Records."""

    @property
    def schools(self) -> pl.DataFrame:
        """Rows of the schools table."""


def _long(rows: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per school, stage and indicator in scope; `per` is 1 or 100."""
    per = {name: indicator.per for name, indicator in standard.indicators.items()}
    return (
        rows.filter("in_scope")
        .unpivot(
            on=list(per),
            index=["county", "year", "stage", "school", "pupils"],
            variable_name="indicator",
            value_name="amount",
        )
        .with_columns(pl.col("indicator").replace_strict(per, return_dtype=pl.Float64).alias("per"))
    )


def _schools(long: pl.DataFrame) -> pl.DataFrame:
    note = (
        pl.when(pl.col("pupils").is_null())
        .then(pl.lit("missing_pupils"))
        .when(pl.col("amount").is_null())
        .then(pl.lit("missing_amount"))
        .otherwise(pl.lit(""))
    )
    return long.with_columns(
        pl.lit("value").alias("statistic"),
        (pl.col("amount") / pl.col("pupils") * pl.col("per")).alias("value"),
        expressions.share("amount", "pupils").over(GROUP).alias("share"),
        note.alias("note"),
    )


def _stages(long: pl.DataFrame) -> pl.DataFrame:
    """Return the rows mean, cv, schools (that count) and missing (in scope, but without amount or enrolment)."""
    amount, pupils = "amount", "pupils"
    counted = long.group_by(GROUP, maintain_order=True).agg(
        (expressions.mean(amount, pupils) * pl.col("per").first()).alias("mean"),
        expressions.cv(amount, pupils).alias("cv"),
        expressions.schools(amount, pupils).cast(pl.Float64).alias("schools"),
        (pl.len() - expressions.schools(amount, pupils)).cast(pl.Float64).alias("missing"),
        expressions.cv_note(amount, pupils).alias("note"),
        expressions.total(amount, pupils).alias("amount"),
        expressions.enrolment(amount, pupils).alias("pupils"),
    )
    told = pl.when((pl.col("missing") > 0) & (pl.col("note") != "mean_zero")).then(pl.lit("missing_amounts"))
    return counted.with_columns(pl.coalesce(told, pl.col("note")).alias("note")).unpivot(
        on=["mean", "cv", "schools", "missing"],
        index=[*GROUP, "amount", "pupils", "note"],
        variable_name="statistic",
        value_name="value",
    )


def _composite(stages: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return the plain mean of all coefficients of a stage (2012): null where one is missing."""
    count = len(standard.indicators)
    whole = pl.col("value").count() == count
    return (
        stages.filter(pl.col("statistic") == "cv")
        .group_by("county", "year", "stage", maintain_order=True)
        .agg(
            pl.when(whole).then(pl.col("value").mean()).alias("value"),
            pl.when(whole).then(pl.lit("")).otherwise(pl.lit("missing_coefficient")).alias("note"),
        )
        .with_columns(pl.lit(COMPOSITE).alias("indicator"), pl.lit("cv").alias("statistic"))
    )


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in MEASUREMENTS.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(pl.col(name).cast(dtype) for name, dtype in MEASUREMENTS.items())


def measure(records: WithSchools, standard: Standard) -> pl.DataFrame:
    """Return MEASUREMENTS of all counties and years in `records.schools`.

    School rows carry statistic `value` (in the indicator's unit) and the share of S squared; stage rows carry `mean`,
    `cv`,
    `schools` and `missing`, with amount and pupils of the schools that count. Formulas: statistics.dispersion. Where
    the
    standard judges a composite, a row `composite` with statistic `cv` is added.
    """
    long = _long(stage_rows(records.schools, standard), standard)
    if long.is_empty():
        return pl.DataFrame(schema=MEASUREMENTS)
    stages = _stages(long)
    parts = [_shaped(_schools(long)), _shaped(stages)]
    if standard.composite:
        parts.append(_shaped(_composite(stages, standard)))
    return pl.concat(parts)
