"""Which schools a field check visits: by type, by risk and by lot, so that anyone can draw them again."""

import hashlib

import polars as pl

from analysis.judge.fieldcheck import risks

#: Bits of a lot.
_BITS = 256


def _lot(schools: pl.Series, seed: int) -> pl.Series:
    """Return the lot of each school: the SHA-256 of seed and code, so that anyone can draw it again."""
    return pl.Series("lot", [hashlib.sha256(f"{seed}:{code}".encode()).hexdigest() for code in schools], pl.String)


def _pool(schools: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return school, name, school_type, township, pupils, lot and large of each school."""
    pupils = pl.sum_horizontal("pupils_primary", "pupils_junior")
    pool = schools.select("school", "name", "school_type", "township", pupils.alias("pupils"))
    size = pl.col("pupils").fill_null(0).rank("ordinal").over("school_type")
    large = (2 * size > pl.len().over("school_type")).alias("large")
    return pool.with_columns(_lot(pool["school"], seed), large)


def by_chance(schools: pl.DataFrame, findings: pl.DataFrame, chances: dict[str, float], seed: int = 0) -> pl.DataFrame:
    """Return the schools to visit where each has a chance of its own, in the columns of `sample`.

    Each is drawn for itself, where its lot, read as a part of all lots there are, lies below its chance; `chosen` is
    "alone" where that is 1, else "chance". Where none is drawn the one of the largest chance is: never fewer visits
    than the chances promise. The same seed gives the same schools. Raises ValueError where no school has a chance.
    """
    if not any(chance > 0 for chance in chances.values()):
        raise ValueError("no school has a chance of a visit")
    counted = risks(findings).group_by("school").agg(pl.len().cast(pl.Int64).alias("risk"))
    pool = _pool(schools, seed).join(counted, on="school", how="left", maintain_order="left")
    drawn = pl.Series("part", [int(lot, 16) / 2**_BITS for lot in pool["lot"]], pl.Float64)
    chance = pl.col("school").replace_strict(chances, default=0.0, return_dtype=pl.Float64)
    pool = pool.with_columns(drawn, chance.alias("chance"), pl.col("risk").fill_null(0))
    taken = pool.filter((pl.col("part") < pl.col("chance")) | (pl.col("chance") >= 1))
    if taken.is_empty():
        taken = pool.sort("chance", "lot", descending=[True, False]).head(1)
    return (
        taken.with_columns(
            pl.when(pl.col("chance") >= 1).then(pl.lit("alone")).otherwise(pl.lit("chance")).alias("chosen")
        )
        .sort("school_type", "school")
        .select("school", "name", "school_type", "township", "pupils", "large", "risk", "chosen")
    )


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
    of_type = pl.len().over("school_type")
    pool = _pool(schools, seed).join(counted, on="school", how="left", maintain_order="left")
    pool = pool.with_columns(pl.col("risk").fill_null(0)).sort("lot")
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
