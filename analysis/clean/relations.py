"""Checks between tables and between years, as checks.yml declares them."""

import math

import polars as pl

from analysis.clean.checks import Check, checks
from analysis.clean.records import NOTICES, PLACE
from analysis.tables import Schema

#: What is found about rows, beside what their own cells say: a notice without county, year and what it counts.
FOUND: Schema = {name: NOTICES[name] for name in ("table", *PLACE, "column", "rule", "before", "after")}
#: A median absolute deviation times this estimates a standard deviation where the bulk is normal.
_NORMAL = 1.4826
#: What the name of a column ends in that holds the value of the year before.
_BEFORE = " before"


def find(rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the rows that break a check between tables or years: table, file, sheet, row, column, rule, before, after.

    `rows` holds each table's rows that broke no rule so far.
    """
    parts = [pl.DataFrame(schema=FOUND)]
    for check in checks().values():
        own = rows.get(check.table)
        if own is None or own.is_empty():
            continue
        if check.inside:
            parts.append(_without(check, own, rows.get(check.inside)))
        elif check.of:
            parts.append(_unequal(check, own, rows.get(check.of)))
        elif check.shared:
            parts.append(_shared(check, own))
        elif check.mads and own["year"].n_unique() > 1:
            parts += _jumps(check, own)
    return pl.concat(parts)


def _told(check: Check, frame: pl.DataFrame, column: str = "") -> pl.DataFrame:
    if frame.is_empty():
        return pl.DataFrame(schema=FOUND)
    for name in ("before", "after"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    return frame.with_columns(
        pl.lit(check.table).alias("table"),
        pl.lit(check.id).alias("rule"),
        pl.lit(column or ",".join(check.columns)).alias("column"),
        _number("before"),
        _number("after"),
    ).select(list(FOUND))


def _number(name: str) -> pl.Expr:
    """Return a number as people write it: 300, not 300.0."""
    return pl.col(name).cast(pl.String).str.replace(r"\.0$", "")


def _shared(check: Check, own: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that have what only one school of a year can have (the columns `shared`) with another school."""
    same = ["year", *check.shared]
    named = own.filter(pl.col(check.shared[0]).is_not_null())
    if named[check.shared[0]].n_unique() == named.height:  # cheap, and so it is in most counties of one year
        return _told(check, named.clear())
    named = named.filter(pl.struct(same).is_duplicated())
    others = pl.col("school").unique(maintain_order=True).over(same, mapping_strategy="join")
    several = named.with_columns(others.alias("others")).filter(pl.col("others").list.len() > 1)
    return _told(
        check,
        several.with_columns(
            pl.col(check.shared[0]).alias("before"),
            pl.col("others").list.set_difference(pl.concat_list("school")).list.join("、").alias("after"),
        ),
    )


def _without(check: Check, own: pl.DataFrame, other: pl.DataFrame | None) -> pl.DataFrame:
    """Return rows whose school has no row of their year; nothing where the other table has none of that year at all."""
    if other is None or other.is_empty():
        return pl.DataFrame(schema=FOUND)
    asked = own.lazy().select("year", "school", *PLACE).filter(pl.col("year").is_in(other["year"].unique().to_list()))
    there = other.lazy().select("year", "school")
    return _told(check, asked.join(there, on=["year", "school"], how="anti").select(PLACE).collect())


def _unequal(check: Check, own: pl.DataFrame, other: pl.DataFrame | None) -> pl.DataFrame:
    if other is None or other.is_empty():
        return pl.DataFrame(schema=FOUND)
    sums = other.group_by("year", "school").agg(pl.sql_expr(check.sums).cast(pl.Float64).alias("after"))
    # A sheet that has none of the columns reports nothing, which is not 0.
    reported = pl.any_horizontal(pl.col(check.columns).is_not_null().any().over("file", "sheet"))
    both = own.filter(reported).with_columns(pl.sql_expr(check.equals).cast(pl.Float64).alias("before"))
    both = both.join(sums, on=["year", "school"], how="inner", maintain_order="left")
    return _told(check, both.filter(pl.col("before") != pl.col("after")))


def _jumps(check: Check, own: pl.DataFrame) -> list[pl.DataFrame]:
    """Return, column by column, the rows whose change since the year before lies far from those of other schools."""
    columns = pl.col(check.columns).cast(pl.Float64)
    now = own.select("year", "school", *PLACE, pl.when(columns > 0).then(columns))
    last = now.select(pl.col("year") + 1, "school", pl.col(check.columns).name.suffix(_BEFORE))
    both = now.join(last, on=["year", "school"], how="inner", maintain_order="left")
    jumped = _jumped(check, both)
    return [
        _told(check, both.filter(jumped[column]).with_columns(after=column, before=column + _BEFORE), column)
        for column in check.columns
        if jumped[column].any()
    ]


def _jumped(check: Check, both: pl.DataFrame) -> pl.DataFrame:
    """Return of each value whether it jumped, null where there is none, or none of the year before."""
    columns = pl.col(check.columns)
    ratio = both.select(columns) / both.select(column + _BEFORE for column in check.columns)
    change = ratio.select(columns.log(), both["year"])
    away = change.select((columns - columns.median().over("year")).abs(), "year")
    usual = check.mads * _NORMAL * columns.median().over("year")
    return away.select(columns > usual.clip(lower_bound=math.log(check.factor)))
