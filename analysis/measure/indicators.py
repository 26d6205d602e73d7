"""Values per pupil, their mean and coefficient, and each school's share of the difference."""

from typing import Protocol

import polars as pl

from analysis.measure.stages import stage_rows
from analysis.standards import Standard
from analysis.statistics import expressions
from analysis.tables import MEASUREMENTS

COMPOSITE = "composite"
STAGE = ["county", "year", "stage"]


class WithSchools(Protocol):
    """Anything that holds school rows, such as clean.Records."""

    @property
    def schools(self) -> pl.DataFrame:
        """Rows of the schools table."""


def _spread(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Add each indicator's squares as `squares <indicator>`, in plain passes over all groups at once."""
    means = rows.group_by(STAGE).agg(expressions.mean(one, "pupils").alias(f"mean {one}") for one in names)
    rows = rows.join(means, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.apart(one, "pupils", f"mean {one}").alias(f"apart {one}") for one in names
    )
    widest = rows.group_by(STAGE).agg(pl.col(f"apart {one}").max().alias(f"widest {one}") for one in names)
    return rows.join(widest, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.squares(one, "pupils", f"mean {one}", f"widest {one}").alias(f"squares {one}") for one in names
    )


def _schools(rows: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per school, stage and indicator: value, and share of the stage's S squared."""
    names = list(standard.indicators)
    per = {name: indicator.per for name, indicator in standard.indicators.items()}
    sums = rows.group_by(STAGE).agg(pl.col(f"squares {one}").sum().alias(f"sum {one}") for one in names)
    whole = rows.join(sums, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.share_of(f"squares {one}", f"sum {one}").alias(f"share {one}") for one in names
    )
    index = [*STAGE, "school", "pupils"]
    long = whole.unpivot(on=names, index=index, variable_name="indicator", value_name="amount")
    shares = whole.select(f"share {one}" for one in names).unpivot(value_name="share")["share"]
    note = (
        pl.when(pl.col("pupils").is_null())
        .then(pl.lit("missing_pupils"))
        .when(pl.col("amount").is_null())
        .then(pl.lit("missing_amount"))
        .otherwise(pl.lit(""))
    )
    factor = pl.col("indicator").replace_strict(per, return_dtype=pl.Float64)
    return long.with_columns(
        shares,
        pl.lit("value").alias("statistic"),
        (pl.col("amount") / pl.col("pupils") * factor).alias("value"),
        note.alias("note"),
    )


def _each(rows: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per stage and indicator: mean, cv, schools (that count) and missing (in scope, but without amount
    or enrolment), amount, pupils, note."""
    pupils = "pupils"
    counted = rows.group_by(STAGE, maintain_order=True).agg(
        pl.struct(
            (expressions.mean(name, pupils) * one.per).alias("mean"),
            expressions.cv(name, pupils, f"squares {name}").alias("cv"),
            expressions.schools(name, pupils).cast(pl.Float64).alias("schools"),
            (pl.len() - expressions.schools(name, pupils)).cast(pl.Float64).alias("missing"),
            expressions.cv_note(name, pupils).alias("note"),
            expressions.total(name, pupils).alias("amount"),
            expressions.enrolment(name, pupils).alias("counted"),
        ).alias(name)
        for name, one in standard.indicators.items()
    )
    each = counted.unpivot(
        on=list(standard.indicators), index=STAGE, variable_name="indicator", value_name="of"
    ).unnest("of")
    told = pl.when((pl.col("missing") > 0) & (pl.col("note") != "mean_zero")).then(pl.lit("missing_amounts"))
    return each.with_columns(pl.coalesce(told, pl.col("note")).alias("note"), pl.col("counted").alias(pupils))


def _stages(each: pl.DataFrame) -> pl.DataFrame:
    """Return `each` with one row per statistic."""
    return each.unpivot(
        on=["mean", "cv", "schools", "missing"],
        index=[*STAGE, "indicator", "amount", "pupils", "note"],
        variable_name="statistic",
        value_name="value",
    )


def _composite(each: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return the plain mean of all coefficients of a stage (2012): null where one is missing.

    The 0 of one school beside others without the amount is no coefficient: nothing was compared.
    """
    count = len(standard.indicators)
    known = pl.when(~((pl.col("schools") == 1) & (pl.col("missing") > 0))).then("cv")
    whole = known.count() == count
    return (
        each.group_by("county", "year", "stage", maintain_order=True)
        .agg(
            pl.when(whole).then(known.mean()).alias("value"),
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
    rows = stage_rows(records.schools, standard).filter("in_scope")
    if rows.is_empty():
        return pl.DataFrame(schema=MEASUREMENTS)
    spread = _spread(rows, list(standard.indicators))
    each = _each(spread, standard)
    parts = [_shaped(_schools(spread, standard)), _shaped(_stages(each))]
    if standard.composite:
        parts.append(_shaped(_composite(each, standard)))
    return pl.concat(parts)
