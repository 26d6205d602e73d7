"""School rows in quarantine: schools that exist and can't be judged must not let their county pass."""

import polars as pl

from analysis.judge import frames
from analysis.tables import Field, Verdict

ITEM = "rows_set_aside"
#: Rules of rows that say again what a kept row says: nothing is unknown because of them.
SAID_ELSEWHERE = ("repeated",)


def findings(quarantine: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return one finding where school rows of `year` are in quarantine, else none.

    `quarantine` has the columns QUARANTINE, of one county. value = number of rows, target = 0, evidence = file, sheet
    and row of each. What such a school has is unknown: at best it meets everything, at worst nothing, so it is
    no_data, whatever its type (the row is not to be believed about that either).
    """
    again = pl.col("rules").list.eval(pl.element().is_in(SAID_ELSEWHERE)).list.any()
    rows = quarantine.filter((pl.col("table") == "schools") & (pl.col("year") == year) & ~again)
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
    ).filter(pl.col("value") > 0)
    return frames.shaped(told.head(1))
