"""What became of every row and every cell of each sheet: read = kept + quarantined + other, cells = used + unused."""

import polars as pl

from analysis.read import RawSheet
from analysis.read.blocks import sheet_of
from analysis.read.fields import Table
from analysis.tables import ACCOUNTS, Schema

#: Rows that were set aside: their place, the rules they broke, and how many cells they hold.
REJECTED: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "rules": pl.List(pl.String),
    "filled": pl.Int32,
}
_SHEET = ["county", "year", "table", "file", "sheet"]
_ROWS = ("read", "kept", "quarantined", "other")


def rows_of(raw: RawSheet, rejected: pl.DataFrame) -> set[int]:
    """Return the numbers of a sheet's rows that were set aside."""
    if rejected.is_empty():
        return set()
    mine = rejected.filter((pl.col("file") == raw.source.file) & (pl.col("sheet") == raw.name))
    return set(mine["row"])


def rejected_rows(raws: list[RawSheet], table: Table, rejected: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table's sheets that were set aside, each with the number of its cells (REJECTED)."""
    parts = [pl.DataFrame(schema=REJECTED)]
    for raw in raws if rejected.height else []:
        mine = rejected.filter((pl.col("file") == raw.source.file) & (pl.col("sheet") == raw.name))
        filled = raw.rows.select("row", "filled")
        rejected_cells = mine.join(filled, on="row", how="inner", maintain_order="left")
        year = pl.lit(raw.source.year, pl.Int32).alias("year")
        parts.append(rejected_cells.with_columns(year, pl.lit(table.name).alias("table")).select(list(REJECTED)))
    return pl.concat(parts)


def of_sheets(raws: list[RawSheet], rejected: pl.DataFrame, notices: pl.DataFrame) -> pl.DataFrame:
    """Return what became of the rows and cells of each sheet (ACCOUNTS), its blocks together."""
    parts = [_rows(raw) for raw in raws if not raw.left_out]
    counted = pl.DataFrame(parts, schema=ACCOUNTS, orient="row")
    if counted.is_empty():
        return counted
    whole = counted.group_by(_SHEET, maintain_order=True).agg(pl.col(*_ROWS, "cells", "used", "unused").sum())
    if rejected.is_empty() and not notices["unused"].sum():
        return whole.select(pl.col("cells" if name == "used" else name).alias(name) for name in ACCOUNTS)
    base = pl.col("sheet").map_elements(sheet_of, return_dtype=pl.String, skip_nulls=False)
    gone = rejected.with_columns(base).group_by("file", "sheet", "table").agg(pl.len().cast(pl.Int32).alias("gone"))
    lost = notices.select("file", "sheet", "table", "unused").filter(pl.col("unused") > 0).with_columns(base)
    lost = lost.group_by("file", "sheet", "table").agg(pl.col("unused").sum().cast(pl.Int32).alias("lost"))
    on = ["file", "sheet", "table"]
    whole = whole.join(gone, on=on, how="left", maintain_order="left", nulls_equal=True)
    whole = whole.join(lost, on=on, how="left", maintain_order="left", nulls_equal=True)
    aside, unused = pl.col("gone").fill_null(0), pl.col("lost").fill_null(0)
    return whole.with_columns(
        (pl.col("kept") - aside).alias("kept"),
        aside.alias("quarantined"),
        (pl.col("cells") - unused).alias("used"),
        unused.alias("unused"),
    ).select(pl.col(name).cast(kind) for name, kind in ACCOUNTS.items())


def _rows(raw: RawSheet) -> tuple[object, ...]:
    source, read, data = raw.source, raw.rows.height, int(raw.rows["data"].sum())
    cells = (raw.block.count if raw.share.first else _own(raw)) - (raw.elsewhere if raw.share.first else 0)
    place = (source.county, source.year, source.table, source.file, sheet_of(raw.name))
    return (*place, read, data, 0, read - data, cells, 0, 0)


def _own(raw: RawSheet) -> int:
    """Return the cells of a source that is not the first of its file: those of the rows that it asks for."""
    return int(raw.rows["filled"].sum()) if raw.source.where else raw.block.count
