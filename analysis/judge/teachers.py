"""Sums of the teachers table, for the rules that count teachers."""

from dataclasses import dataclass

import polars as pl

from analysis.clean import values
from analysis.errors import RequestError
from analysis.judge import frames
from analysis.judge.computed import SCHOOL, Cell, Figure, Inputs
from analysis.tables import Stage


@dataclass(frozen=True)
class Sums:
    """Sums of columns of the teachers table over what is known of them; `aside`: the schools of whose rows a value is
    set aside, and `most` (infinite where a row says nothing) what the first column may be in these rows together."""

    known: list[float]
    aside: str = ""
    most: float = 0.0


def sums(inputs: Inputs, columns: tuple[str, ...]) -> dict[Cell, Sums | Figure]:
    """Return sums of columns of the teachers table; a figure without a value, and why, where they are not known.

    Every stage of a school that has pupils must have a row: what is not reported is not zero. Raises RequestError for a
    column that the table has not.
    """
    absent_columns = [name for name in columns if name not in inputs.frames["teachers"].columns]
    if absent_columns:
        raise RequestError("standard_columns", standard=inputs.standard.id, columns=", ".join(absent_columns))
    rows = inputs.frames["teachers"].join(inputs.schools.select(SCHOOL), on=SCHOOL, how="semi", maintain_order="left")
    asked = pl.concat(
        inputs.schools.filter(pl.col(f"pupils_{stage.value}") > 0).select(*SCHOOL, pl.lit(stage.value).alias("stage"))
        for stage in Stage
    )
    silent = asked.join(rows, on=[*SCHOOL, "stage"], how="anti", maintain_order="left").select(SCHOOL)
    missing = pl.any_horizontal(pl.col(column).is_null() & ~values.has(column) for column in columns)
    lacking = rows.filter(missing).select(SCHOOL)
    lost = (
        pl.concat([silent, lacking])
        .group_by(frames.KEYS)
        .agg(pl.col("school").unique(maintain_order=True).str.join(frames.LIST))
    )
    absent = {(county, year): Figure(None, "schools_missing", schools) for county, year, schools in lost.iter_rows()}
    aside = values.has(*columns)
    added = rows.group_by(frames.KEYS).agg(
        pl.col(columns).sum().cast(pl.Float64),
        pl.col("school").filter(aside).unique(maintain_order=True).str.join(frames.LIST).alias("aside"),
        # Of a row's teachers no more than all have any attribute.
        pl.col("teachers").filter(aside).cast(pl.Float64).fill_null(float("inf")).sum().alias("most"),
    )
    by_cell = {
        (county, year): absent.get((county, year), Sums(list(each), schools, most))
        for county, year, *each, schools, most in added.iter_rows()
    }
    return {cell: by_cell.get(cell, Figure(None, "no_records")) for cell in inputs.cells}
