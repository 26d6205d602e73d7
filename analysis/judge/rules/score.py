"""The points that a county gave itself."""

import polars as pl

from analysis.clean import values
from analysis.judge import frames, rounding
from analysis.judge.computed import Cell, Figure, Figures, Inputs
from analysis.judge.resources import ASIDE


def figures(inputs: Inputs) -> Figures:
    """Return the points of a county: the item itself where reported, else the sum of its second-level items score_1 to
    score_<parts>; none where both are reported and differ."""
    number = int(inputs.number("parts"))
    names = [inputs.name, *(f"score_{place}" for place in range(1, number + 1))]
    mine = inputs.frames["government"].filter(pl.col("item").is_in(names))
    rows = mine.filter(pl.col("value").is_not_null())
    aside = set(mine.filter(values.has("value")).select(frames.KEYS).iter_rows())
    reported: dict[Cell, list[tuple[str, float]]] = {}
    for county, year, item, value in rows.select(*frames.KEYS, "item", "value").iter_rows():
        reported.setdefault((county, year), []).append((item, value))

    def points(reported: list[tuple[str, float]]) -> Figure:
        totals = [value for item, value in reported if item == inputs.name]
        parts = [value for item, value in reported if item != inputs.name]
        whole = float(sum(parts)) if len(parts) == number else None
        if totals:
            if whole is not None and rounding.exact(whole) != rounding.exact(totals[0]):
                return Figure(None, "score_contradicts", f"{totals[0]:g};{whole:g}")
            return Figure(float(totals[0]))
        if whole is None:
            return Figure(None, "score_incomplete" if parts else "no_records", str(len(parts)))
        return Figure(whole)

    unknown = Figure(None, ASIDE)
    return {cell: unknown if cell in aside else points(reported.get(cell, [])) for cell in inputs.cells}
