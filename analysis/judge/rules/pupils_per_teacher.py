"""Pupils for each teacher of a kind."""

import polars as pl

from analysis.judge import frames
from analysis.judge.computed import Cell, Figure, Figures, Inputs, of_stages
from analysis.judge.resources import ASIDE
from analysis.judge.teachers import Sums, sums


def figures(inputs: Inputs) -> Figures:
    """Return pupils of the compulsory stages for each teacher of the kind `column`; infinite where there is none."""
    enrolled = inputs.schools.select(*frames.KEYS, of_stages(inputs, "pupils").alias("pupils")).group_by(frames.KEYS)
    counted = enrolled.agg(pl.col("pupils").sum(), pl.col("pupils").null_count().alias("missing"))
    pupils = {(county, year): (float(total), bool(missing)) for county, year, total, missing in counted.iter_rows()}

    def each(cell: Cell, known: Sums | Figure) -> Figure:
        if isinstance(known, Figure):
            return known
        if known.aside:
            return Figure(None, ASIDE, known.aside)
        total, missing = pupils[cell]
        if missing:
            return Figure(None, "missing_pupils")
        if not total:
            return Figure(None, "value_missing")
        return Figure(total / known.known[0] if known.known[0] else float("inf"))

    return {cell: each(cell, known) for cell, known in sums(inputs, (str(inputs.item.parameters["column"]),)).items()}
