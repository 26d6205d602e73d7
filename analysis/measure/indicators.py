"""Values per pupil, their mean and coefficient, and each school's share of the difference."""

from typing import Protocol

import polars as pl

from analysis.clean import values
from analysis.measure.stages import aside, stage_rows
from analysis.standards import Standard
from analysis.statistics import expressions
from analysis.tables import MEASUREMENTS

COMPOSITE = "composite"
STAGE = ["county", "year", "stage"]
#: The least and the most that a coefficient can be where amounts are set aside.
BOUNDS = ("cv_least", "cv_most")


class WithSchools(Protocol):
    """Anything that holds school rows and the notices about them, such as clean.Records."""

    @property
    def schools(self) -> pl.DataFrame:
        """Rows of the schools table."""

    @property
    def notices(self) -> pl.DataFrame:
        """What was mended or set aside (NOTICES)."""


def _spread(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Add each indicator's squares as `squares <indicator>`, in plain passes over all groups at once."""
    means = rows.group_by(STAGE).agg(expressions.mean(name, "pupils").alias(f"mean {name}") for name in names)
    rows = rows.join(means, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.apart(name, "pupils", f"mean {name}").alias(f"apart {name}") for name in names
    )
    widest = rows.group_by(STAGE).agg(pl.col(f"apart {name}").max().alias(f"widest {name}") for name in names)
    return rows.join(widest, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.squares(name, "pupils", *(f"{of} {name}" for of in ("mean", "apart", "widest"))).alias(
            f"squares {name}"
        )
        for name in names
    )


def _schools(rows: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per school, stage and indicator: value, and share of the stage's S squared."""
    names = list(standard.indicators)
    per = {name: indicator.per for name, indicator in standard.indicators.items()}
    sums = rows.group_by(STAGE).agg(pl.col(f"squares {name}").sum().alias(f"sum {name}") for name in names)
    whole = rows.join(sums, on=STAGE, how="left", maintain_order="left").with_columns(
        expressions.share_of(f"squares {name}", f"sum {name}").alias(f"share {name}") for name in names
    )
    index = [*STAGE, "school", "pupils"]
    long = whole.unpivot(on=names, index=index, variable_name="indicator", value_name="amount")
    unknown = whole.select(aside(name) for name in names).unpivot(value_name="unknown")["unknown"]
    shares = whole.select(f"share {name}" for name in names).unpivot(value_name="share")["share"]
    note = (
        pl.when(pl.col("pupils").is_null())
        .then(pl.lit("missing_pupils"))
        .when(unknown)
        .then(pl.lit("value_set_aside"))
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
    or enrolment), amount, pupils, note; where amounts are set aside cv_least and cv_most, else null."""
    pupils = "pupils"
    counted = rows.group_by(STAGE, maintain_order=True).agg(
        pl.struct(
            (expressions.mean(name, pupils) * indicator.per).alias("mean"),
            expressions.cv(name, pupils, f"squares {name}").alias("cv"),
            expressions.schools(name, pupils).cast(pl.Float64).alias("schools"),
            (pl.len() - expressions.schools(name, pupils)).cast(pl.Float64).alias("missing"),
            expressions.cv_note(name, pupils).alias("note"),
            expressions.total(name, pupils).alias("amount"),
            expressions.enrolment(name, pupils).alias("counted"),
            pl.col(pupils).filter(aside(name)).sum().alias("unknown"),
            pl.col(pupils).filter(aside(name)).min().alias("smallest"),
        ).alias(name)
        for name, indicator in standard.indicators.items()
    )
    each = counted.unpivot(
        on=list(standard.indicators), index=STAGE, variable_name="indicator", value_name="of"
    ).unnest("of")
    # Nothing differs where the only school in scope is one whose amount is not known.
    open_ = (pl.col("unknown") > 0) & (pl.col("schools") + pl.col("missing") > 1)
    note = (
        pl.when(open_)
        .then(pl.lit("values_set_aside"))
        .when((pl.col("missing") > 0) & (pl.col("note") != "mean_zero"))
        .then(pl.lit("missing_amounts"))
    )
    of = ("cv", "counted", "unknown")
    return each.with_columns(
        pl.coalesce(note, pl.col("note")).alias("note"),
        pl.col("counted").alias(pupils),
        pl.when(open_).then(expressions.cv_least(*of)).alias("cv_least"),
        pl.when(open_).then(expressions.cv_most(*of, "smallest")).alias("cv_most"),
    )


def _stages(each: pl.DataFrame) -> pl.DataFrame:
    """Return `each` with one row per statistic; bounds of the coefficient only where there are some."""
    index = [*STAGE, "indicator", "amount", "pupils", "note"]
    names = {"variable_name": "statistic", "value_name": "value"}
    bounded = each.filter(pl.col("cv_most").is_not_null())
    return pl.concat(
        [
            each.unpivot(on=["mean", "cv", "schools", "missing"], index=index, **names),
            bounded.unpivot(on=list(BOUNDS), index=index, **names),
        ]
    )


def _composite(each: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return the plain mean of all coefficients of a stage (2012): null where one is missing, with its bounds where one
    of them has bounds.

    The 0 of one school beside others without the amount is no coefficient: nothing was compared. What is not known
    of one indicator says nothing of another, so the bounds of the mean are the means of the bounds.
    """
    count = len(standard.indicators)
    known = pl.when(~((pl.col("schools") == 1) & (pl.col("missing") > 0))).then("cv")
    values = {"cv": known} | {name: pl.coalesce(name, known) for name in BOUNDS}
    bounded = pl.col("cv_most").is_not_null().any()
    whole = each.group_by(*STAGE, maintain_order=True).agg(
        *(pl.when(column.count() == count).then(column.mean()).alias(name) for name, column in values.items()),
        bounded.alias("bounded"),
    )
    note = (
        pl.when(pl.col("bounded") & pl.col("cv_most").is_not_null())
        .then(pl.lit("values_set_aside"))
        .when(pl.col("cv").is_null())
        .then(pl.lit("missing_coefficient"))
        .otherwise(pl.lit(""))
    )
    long = whole.with_columns(note.alias("note")).unpivot(
        on=list(values), index=[*STAGE, "note", "bounded"], variable_name="statistic", value_name="value"
    )
    is_told = (pl.col("statistic") == "cv") | (pl.col("bounded") & pl.col("value").is_not_null())
    return long.filter(is_told).with_columns(pl.lit(COMPOSITE).alias("indicator"))


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in MEASUREMENTS.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(pl.col(name).cast(dtype) for name, dtype in MEASUREMENTS.items())


def measure(records: WithSchools, standard: Standard) -> pl.DataFrame:
    """Return MEASUREMENTS of all counties and years in `records.schools`.

    School rows carry statistic `value` (in the indicator's unit) and the share of S squared; stage rows carry `mean`,
    `cv`, `schools` and `missing`, with amount and pupils of the schools that count, and where amounts are set aside
    `cv_least` and `cv_most`, between which the coefficient lies whatever they are. Formulas: statistics.dispersion.
    Where the standard judges a composite, a row `composite` with statistic `cv` is added, and its bounds.
    """
    schools = values.marked(records.schools, records.notices, "schools")
    rows = stage_rows(schools, standard).filter("in_scope")
    if rows.is_empty():
        return pl.DataFrame(schema=MEASUREMENTS)
    spread = _spread(rows, list(standard.indicators))
    each = _each(spread, standard)
    parts = [_shaped(_schools(spread, standard)), _shaped(_stages(each))]
    if standard.composite:
        parts.append(_shaped(_composite(each, standard)))
    return pl.concat(parts)
