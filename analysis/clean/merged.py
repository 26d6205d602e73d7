"""Cells that are merged over rows or columns: which values they make doubtful, and how many cells they are."""

from collections.abc import Sequence

import polars as pl

from analysis.read import RawSheet


def merged_places(raws: list[RawSheet], frame: pl.DataFrame) -> dict[int, pl.Series]:
    """Return, by position, the places in `frame` whose cells are merged with others that are read.

    `frame` has a row per row of data, with its sheet's number in `of` and its own in `row`.
    """
    merged_cells = [
        (position, number, row)
        for number, raw in enumerate(raws)
        for position, rows in raw.merged.items()
        for row in rows
    ]
    if not merged_cells:
        return {}
    merged = pl.DataFrame(merged_cells, schema=["position", "of", "row"], orient="row").unique(maintain_order=True)
    merged = merged.cast({"of": frame.schema["of"], "row": pl.Int32})
    placed = merged.join(frame.with_row_index("place"), on=["of", "row"]).sort("place")
    return {key[0]: rows["place"] for key, rows in placed.partition_by("position", as_dict=True).items()}


def own_cells(raws: list[RawSheet], frame: pl.DataFrame, positions: Sequence[int], places: pl.Series) -> pl.Series:
    """Return how many cells of their own the rows at these places have at these positions: a copy is none."""
    names = [f"c{position}" for position in positions]
    rows = frame.select("of", "row")[places].with_row_index("at")
    counts = pl.repeat(0, rows.height, dtype=pl.Int32, eager=True)
    for number, raw in enumerate(raws):
        mine, sheet = rows.filter(pl.col("of") == number), raw.block.sheet
        own = sheet.cells.select(pl.col(names).is_not_null()) if sheet.present is None else sheet.present.select(names)
        own_rows = own[mine["row"].cast(pl.Int64) - 1 - raw.block.top]
        counts = counts.scatter(mine["at"], own_rows.select(pl.sum_horizontal(pl.all().cast(pl.Int32))).to_series())
    return counts
