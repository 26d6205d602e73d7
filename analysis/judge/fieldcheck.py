"""The field check: which schools are visited, what was reported against what was found, and what the verdict
becomes."""

from dataclasses import dataclass, replace

import polars as pl

from analysis.clean.records import Records
from analysis.judge.county import judge
from analysis.measure import measure
from analysis.standards import Standard
from analysis.tables import Schema, Verdict

#: What is written down at a school: `column` is a column of the schools table, `verified` what was found there.
ENTRIES: Schema = {"school": pl.String, "column": pl.String, "verified": pl.Float64}
#: A value so near to its floor that a small mistake turns it.
NEAR = 0.05


@dataclass(frozen=True)
class Verified:
    """Findings with the verified values in place, what changed (id, before, after), and entries that match no
    school."""

    findings: pl.DataFrame
    changes: pl.DataFrame
    lost: pl.DataFrame


def risk(findings: pl.DataFrame) -> pl.DataFrame:
    """Return per school how many of its indicators are below their floor, without data, or less than NEAR above it."""
    value, target = pl.col("value"), pl.col("target")
    near = ((value - target) / target).abs() < NEAR
    open_ = pl.col("verdict").is_in([Verdict.NOT_MET.value, Verdict.NO_DATA.value])
    return (
        findings.filter(pl.col("item").str.starts_with("floor_") & pl.col("school").is_not_null())
        .group_by("school", maintain_order=True)
        .agg((open_ | near).sum().cast(pl.Int64).alias("risk"))
    )


def sample(schools: pl.DataFrame, findings: pl.DataFrame, number: int, seed: int = 0) -> pl.DataFrame:
    """Return the schools to visit: school, name, school_type, township, pupils, risk, chosen (by "risk" or by "lot").

    `schools` are the school rows of one county and year. Every type of school is there in proportion to its number,
    at least
    once while there is room; of each type every second place goes to the school with most at risk (the larger
    first), the
    others by lot. The same seed gives the same schools. Raises ValueError for a number below 1.
    """
    if number < 1:
        raise ValueError(f"a sample has at least one school, got {number}")
    pupils = pl.sum_horizontal("pupils_primary", "pupils_junior")
    pool = schools.select("school", "name", "school_type", "township", pupils.alias("pupils")).join(
        risk(findings), on="school", how="left", maintain_order="left"
    )
    lot = pl.struct("school", pl.lit(seed).alias("seed")).hash(0)
    pool = pool.with_columns(pl.col("risk").fill_null(0), lot.alias("lot")).sort("school")
    # Places by type: the first of each type comes before the second of any, then in proportion.
    by_risk = pool.sort("risk", "pupils", "lot", descending=[True, True, False], maintain_order=True).with_columns(
        pl.int_range(pl.len()).over("school_type").alias("by_risk")
    )
    ranked = by_risk.sort("lot").with_columns(pl.int_range(pl.len()).over("school_type").alias("by_lot"))
    # Even places by risk, odd ones by lot: a school takes the first place that either order gives it.
    place = pl.min_horizontal(2 * pl.col("by_risk"), 2 * pl.col("by_lot") + 1)
    ranked = ranked.with_columns(
        place.alias("place"),
        pl.when(2 * pl.col("by_risk") < 2 * pl.col("by_lot") + 1)
        .then(pl.lit("risk"))
        .otherwise(pl.lit("lot"))
        .alias("chosen"),
        pl.len().over("school_type").alias("of_type"),
    )
    order = ranked.sort("school_type", "place", "lot").with_columns(
        pl.int_range(pl.len()).over("school_type").alias("turn")
    )
    share = (pl.col("turn") + 0.5) / pl.col("of_type")
    first = pl.when(pl.col("turn") == 0).then(0).otherwise(1)
    return (
        order.sort(first, share, pl.col("of_type"), "school", descending=[False, False, True, False])
        .head(number)
        .sort("school_type", "school")
        .select("school", "name", "school_type", "township", "pupils", "risk", "chosen")
    )


def sheet(schools: pl.DataFrame, chosen: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return the sheet for the visit: school, name, column, reported, verified (empty), one row per value reported."""
    rows = schools.join(chosen.select("school"), on="school", how="semi", maintain_order="left")
    known = [name for name in columns if name in rows.columns]
    long = rows.select("school", "name", *(pl.col(name).cast(pl.Float64) for name in known)).unpivot(
        on=known, index=["school", "name"], variable_name="column", value_name="reported"
    )
    filled = long.filter(pl.col("reported").is_not_null()).sort("school", maintain_order=True)
    return filled.with_columns(pl.lit(None, pl.Float64).alias("verified"))


def verified(records: Records, entries: pl.DataFrame, standard: Standard, county: str, year: int) -> Verified:
    """Judge again with the values found at the schools in place of those reported; nothing else changes.

    Entries without a verified value are left out; those whose school or column is not in the records are returned as
    lost.
    """
    given = entries.select(list(ENTRIES)).filter(pl.col("verified").is_not_null())
    here = (pl.col("county") == county) & (pl.col("year") == year)
    codes = records.schools.filter(here)["school"]
    numbers = [
        name for name, dtype in records.schools.schema.items() if dtype.is_numeric() and name not in ("year", "row")
    ]
    counts = [name for name in numbers if records.schools.schema[name].is_integer()]
    found = pl.col("verified")
    fits = pl.col("school").is_in(codes.implode()) & pl.col("column").is_in(numbers) & (found >= 0)
    fits = fits & (~pl.col("column").is_in(counts) | (found == found.round()))
    used, lost = given.filter(fits), given.filter(~fits)
    schools = records.schools
    for column in used["column"].unique(maintain_order=True):
        values = used.filter(pl.col("column") == column).unique("school", keep="last").select("school", "verified")
        old = pl.col(column)
        schools = (
            schools.join(values, on="school", how="left", maintain_order="left")
            .with_columns(
                pl.when(here)
                .then(pl.coalesce(pl.col("verified").cast(schools.schema[column]), old))
                .otherwise(old)
                .alias(column)
            )
            .drop("verified")
        )
    after_records = replace(records, schools=schools)
    before = judge(measure(records, standard), records, standard, county, year)
    after = judge(measure(after_records, standard), after_records, standard, county, year)
    changes = (
        before.select("id", pl.col("verdict").alias("before"), pl.col("value").alias("reported"))
        .join(after.select("id", pl.col("verdict").alias("after"), "value"), on="id", how="full", coalesce=True)
        .filter(pl.col("before").ne_missing(pl.col("after")))
        .select("id", "before", "after", "reported", pl.col("value").alias("verified"))
        .sort("id")
    )
    return Verified(after, changes, lost)
