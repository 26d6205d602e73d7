"""Which schools' pupils score above or below the county, and how sure is it? Own tests, for internal readers alone."""

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from analysis.brand import Brand
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.school_effects import effects

if TYPE_CHECKING:
    from matplotlib.figure import Figure


WIDTH, LEFT, RIGHT = 6.7, 0.30, 0.10  # inches
HEAD, PANEL, FOOT = 0.36, 1.15, 0.42  # inches
COLUMNS = 2


def effects_data(case: Case) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return one row per school and own test (tell.effects), and the tests; none under a standard that judges no rate
    between schools."""
    if case.standard.monitoring is None:
        return effects(case).frame.clear(), {"tests": []}
    return effects(case).frame, {"tests": effects(case).tests}


def draw_effects(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a panel per test: each school's effect with its interval, lowest first, the county's mean a line at 0.

    `frame`: label, effect, low, high, side, rows in order. `words`: title, axis, source.
    """
    from matplotlib.figure import Figure

    tests = frame.partition_by("label", maintain_order=True)
    lines = -(-len(tests) // COLUMNS)
    height = HEAD + PANEL * lines + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    width = (WIDTH - LEFT - RIGHT) / COLUMNS
    reach = float(np.nanmax(np.abs(frame.select("low", "high").to_numpy()))) * 1.05
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    colours = {
        "below": brand.colour(Verdict.NOT_MET),
        "above": brand.colour(Verdict.MET),
        "between": brand.colours["line"],
    }
    for place, test in enumerate(tests):
        line, column = divmod(place, COLUMNS)
        box = (
            (LEFT + column * width + 0.05) / WIDTH,
            (FOOT + PANEL * (lines - 1 - line)) / height,
            (width - 0.4) / WIDTH,
            (PANEL - 0.32) / height,
        )
        axes = figure.add_axes(box)
        axes.set_ylim(-reach, reach)
        axes.set_xlim(-1, test.height)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", labelsize=7)
        axes.axhline(0, color=ink, linewidth=0.8, zorder=1)
        axes.set_title(test["label"][0], size=8.5, loc="left", pad=2)
        colour = [colours[side] for side in test["side"]]
        axes.vlines(range(test.height), test["low"].to_list(), test["high"].to_list(), colors=colour, linewidth=1.2)
        axes.scatter(range(test.height), test["effect"].to_list(), s=9, c=colour, zorder=3)
    figure.text(0.5, 0.21 / height, words["axis"], size=8.5, ha="center")
    figure.text(1 - 0.1 / WIDTH, 0.04 / height, words["source"], size=7, ha="right", color=muted)
    return figure
