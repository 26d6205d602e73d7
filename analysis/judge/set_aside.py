"""Rows in quarantine: what they would have said is unknown, so they must neither let a county pass nor fail it."""

import polars as pl

from analysis.judge import frames
from analysis.tables import Field, Verdict

ITEM = "rows_set_aside"
#: Rules of rows that say again what a kept row says: nothing is unknown because of them.
SAID_ELSEWHERE = ("repeated",)


def _rows(quarantine: pl.DataFrame, table: str, year: int) -> pl.DataFrame:
    if quarantine.is_empty():
        return quarantine
    again = pl.col("rules").list.eval(pl.element().is_in(SAID_ELSEWHERE)).list.any()
    return quarantine.filter((pl.col("table") == table) & (pl.col("year") == year) & ~again)


def schools_of(quarantine: pl.DataFrame, table: str, year: int, known: list[str]) -> list[str]:
    """Return those of `known` schools that rows of `table` set aside in `year` speak of: all, where a row names none.

    `quarantine` has the columns QUARANTINE, of one county.
    """
    rows = _rows(quarantine, table, year)
    if rows.is_empty() or not known:
        return []
    named = rows.select(pl.col("cells").fill_null("").str.extract_many(known))["cells"]
    return known if (named.list.len() == 0).any() else named.explode().unique().to_list()


def findings(quarantine: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return one finding where school rows of `year` are in quarantine, else none.

    `quarantine` has the columns QUARANTINE, of one county. value = number of rows, target = 0, evidence = file, sheet
    and row of each. What such a school has is unknown: at best it meets everything, at worst nothing, so it is
    no_data, whatever its type (the row is not to be believed about that either).
    """
    rows = _rows(quarantine, "schools", year)
    if rows.is_empty():
        return frames.shaped(pl.DataFrame())
    place = pl.concat_str(["file", "sheet", pl.col("row").cast(pl.String)], separator="#", ignore_nulls=True)
    told = rows.select(
        pl.lit(Field.RESOURCES.value).alias("field"),
        pl.lit(ITEM).alias("item"),
        pl.lit(year, pl.Int32).alias("data_year"),
        pl.len().cast(pl.Float64).alias("value"),
        pl.lit(0.0).alias("target"),
        pl.lit(Verdict.NO_DATA.value).alias("verdict"),
        pl.lit(ITEM).alias("reason"),
        place.str.join(frames.LIST).alias("evidence"),
    )
    return frames.shaped(told.head(1))
