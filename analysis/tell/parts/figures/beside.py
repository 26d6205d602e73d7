"""Which levels are reached in the subjects that no rule is about?"""

from typing import TYPE_CHECKING

import polars as pl

from analysis.brand import Brand
from analysis.tell.case.case import Case
from analysis.tell.parts.figures.levels import Facts, draw_levels, levels_data

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def beside_data(case: Case) -> tuple[pl.DataFrame, Facts | None]:
    """Return one row per subject that is not concerned, grade and year, as levels_data does."""
    return levels_data(case, beside=True)


def draw_beside(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw the grid of draw_levels."""
    return draw_levels(frame, words, brand)
