"""Which schools a field check visits: by type, by risk and by lot, so that anyone can draw them again."""

import hashlib

import polars as pl

from analysis.judge.fieldcheck import risks


def _lot(schools: pl.Series, seed: int) -> pl.Series:
    """Return the lot of each school: the SHA-256 of seed and code, so that anyone can draw it again."""
    return pl.Series("lot", [hashlib.sha256(f"{seed}:{code}".encode()).hexdigest() for code in schools], pl.String)


def sample(schools: pl.DataFrame, findings: pl.DataFrame, number: int, seed: int = 0) -> pl.DataFrame:
    """Return the schools to visit: school, name, school_type, township, pupils, large, risk, chosen ("risk" or "lot").

    `schools` are the school rows of one county and year. Every type of school is there in proportion to its number, at
    least once while there is room. Of each type the first and every second place goes to the school with most at risk
    (the larger first), the others by lot, in turn from the larger and the smaller half of the type (`large`). The same
    seed gives the same schools. Raises ValueError for a number below 1.
    """
    if number < 1:
        raise ValueError(f"a sample has at least one school, got {number}")
    counted = risks(findings).group_by("school").agg(pl.len().cast(pl.Int64).alias("risk"))
    pupils = pl.sum_horizontal("pupils_primary", "pupils_junior")
    pool = schools.select("school", "name", "school_type", "township", pupils.alias("pupils")).join(
        counted, on="school", how="left", maintain_order="left"
    )
    of_type = pl.len().over("school_type")
    size = pl.col("pupils").fill_null(0).rank("ordinal").over("school_type")
    pool = pool.with_columns(
        pl.col("risk").fill_null(0), _lot(pool["school"], seed), (2 * size > of_type).alias("large")
    ).sort("lot")
    turn = pl.int_range(pl.len())
    lots = pool.with_columns(turn.over("school_type", "large").alias("half")).sort("half", "lot")
    both = (
        lots.with_columns(turn.over("school_type").alias("by_lot"))
        .sort("risk", "pupils", "lot", descending=[True, True, False], nulls_last=True)
        .with_columns(turn.over("school_type").alias("by_risk"))
    )
    # Even places by risk, odd ones by lot: a school takes the first place that either order gives it.
    by_lot = 2 * pl.col("by_lot") + 1
    by_risk = pl.when(pl.col("risk") > 0).then(2 * pl.col("by_risk")).otherwise(by_lot + 1)
    ranked = both.with_columns(
        pl.min_horizontal(by_risk, by_lot).alias("place"),
        pl.when(by_risk < by_lot).then(pl.lit("risk")).otherwise(pl.lit("lot")).alias("chosen"),
        of_type.alias("of_type"),
    )
    order = ranked.sort("school_type", "place", "lot").with_columns(turn.over("school_type").alias("turn"))
    # Places by type: the first of each type comes before the second of any, then in proportion.
    first, share = pl.col("turn") > 0, (pl.col("turn") + 0.5) / pl.col("of_type")
    return (
        order.sort(first, share, pl.col("of_type"), "school", descending=[False, False, True, False])
        .head(number)
        .sort("school_type", "school")
        .select("school", "name", "school_type", "township", "pupils", "large", "risk", "chosen")
    )
