"""Rows in quarantine: what they would have said is unknown, so they must neither let a county pass nor fail it."""

import polars as pl

from analysis.clean import values
from analysis.clean.records import PLACE
from analysis.judge import frames
from analysis.standards import Standard
from analysis.tables import Field, Kind, Verdict

ITEM = Kind.ROWS_SET_ASIDE.value
#: Rules of rows that say again what a kept row says: nothing is unknown because of them.
SAID_ELSEWHERE = ("repeated",)


def _rows(quarantine: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the rows of `table` that say what no kept row says."""
    if quarantine.is_empty():
        return quarantine
    again = pl.col("rules").list.eval(pl.element().is_in(SAID_ELSEWHERE)).list.any()
    return quarantine.filter((pl.col("table") == table) & ~again)


def schools_of(quarantine: pl.DataFrame, table: str, known: pl.DataFrame) -> pl.DataFrame:
    """Return those rows (county, year, school) of `known` that rows of `table` set aside in their county and year speak
    of: all of these, where a row names none.

    `quarantine` has the columns QUARANTINE.
    """
    outside = [known.clear()]
    for mine in _rows(quarantine, table).partition_by(frames.KEYS):
        schools = known.join(mine.select(frames.KEYS), on=frames.KEYS, how="semi", maintain_order="left")
        if schools.is_empty():
            continue
        named = mine.select(pl.col("cells").fill_null("").str.extract_many(schools["school"].to_list()))["cells"]
        unnamed = (named.list.len() == 0).any()
        outside.append(schools if unnamed else schools.filter(pl.col("school").is_in(named.explode().to_list())))
    return pl.concat(outside)


def _perhaps_outside(schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return the rows of schools that the standard's scope perhaps leaves out: who runs them is set aside."""
    asks = any(rule.run_by for rule in standard.scope)
    return schools.filter(values.has("run_by") if asks else pl.lit(value=False))


def findings(quarantine: pl.DataFrame, schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one finding of each county and year whose school rows are in quarantine.

    `quarantine` has the columns QUARANTINE and `schools` are the rows that were kept, marked with the values that are
    set aside; `year` is the year judged: the statistics are of `standard.statistics_lag` years before.
    value = number of rows, target = 0, evidence = file, sheet and row of each. What such a school has is unknown: at
    best it meets everything, at worst nothing, so it is no_data, whatever its type (the row is not to be believed about
    that either). So is a kept one of which it is not known whether the standard counts it.
    """
    columns = [*frames.KEYS, *PLACE]
    rows = pl.concat(
        [_rows(quarantine, "schools").select(columns), _perhaps_outside(schools, standard).select(columns)]
    )
    if rows.is_empty():
        return frames.shaped(pl.DataFrame())
    place = pl.concat_str(["file", "sheet", pl.col("row").cast(pl.String)], separator="#", ignore_nulls=True)
    counted = rows.group_by(frames.KEYS, maintain_order=True).agg(
        pl.len().cast(pl.Float64).alias("value"), place.str.join(frames.LIST).alias("evidence")
    )
    return frames.shaped(
        counted.with_columns(
            pl.lit(Field.RESOURCES.value).alias("field"),
            pl.lit(ITEM).alias("item"),
            (pl.col("year") - standard.statistics_lag).alias("data_year"),
            pl.lit(0.0).alias("target"),
            pl.lit(Verdict.NO_DATA.value).alias("verdict"),
            pl.lit(ITEM).alias("reason"),
        )
    )
