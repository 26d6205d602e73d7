"""Which schools' pupils score above or below the county again and again? Own tests, for internal readers alone."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from analysis.brand import Brand
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.school_effects import Test, effects
from analysis.tell.parts.figures.layout import SMALL, text_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure


WIDTH, RIGHT = 6.7, 0.12  # inches
HEAD, ROW, FOOT = 0.62, 0.30, 0.62  # inches
TWICE = 2
MARKS = ("o", "s", "D", "^", "v", "P")
SIZE = 8.0  # type of names, points


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: the own tests, and how many schools lie below and above in two or more."""

    tests: list[Test]
    low: int
    high: int


def effects_data(case: Case) -> tuple[pl.DataFrame, Facts | None]:
    """Return one row per own test (facts.school_effects) of each school that lies on one side of the county in two
    tests or more, lowest first, with its `name`; and how many lie below and above. None where no rate is judged.
    """
    frame, tests = effects(case).frame, effects(case).tests
    if case.standard.monitoring is None:
        return frame.with_columns(name=pl.lit("")).clear(), None
    sides = {side: Counter(school for test in tests for school in getattr(test, side)) for side in ("below", "above")}
    again = {side: [school for school, many in counts.items() if many >= TWICE] for side, counts in sides.items()}
    names = pl.col("school").map_elements(case.school, return_dtype=pl.String).alias("name")
    shown = frame.filter(pl.col("school").is_in([*again["below"], *again["above"]])).with_columns(names)
    order = pl.col("effect").mean().over("school")
    facts = Facts(tests=list(tests), low=len(again["below"]), high=len(again["above"]))
    return shown.sort(order, "school", "label"), facts


def draw_effects(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per school, lowest first: its effect in each test, a mark of its own, with interval; the mean is 0.

    `frame`: name, label, effect, low, high, side, schools in order. `words`: title, axis, source.
    """
    from matplotlib.figure import Figure

    schools = frame.partition_by("school", maintain_order=True)
    tests = sorted(set(frame["label"]))
    left = 0.25 + max(text_width(name, SIZE) for name in frame["name"]) / 72
    height = HEAD + ROW * len(schools) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    box = (left / WIDTH, FOOT / height, (WIDTH - left - RIGHT) / WIDTH, ROW * len(schools) / height)
    axes = figure.add_axes(box)
    reach = float(np.nanmax(np.abs(frame.select("low", "high").to_numpy()))) * 1.05
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(schools) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    axes.axvline(0, color=ink, linewidth=0.8, zorder=1)
    colours = {
        "below": brand.colour(Verdict.NOT_MET),
        "above": brand.colour(Verdict.MET),
        "between": brand.colours["muted"],
    }
    for place, school in enumerate(schools):
        axes.annotate(school["name"][0], (0, place), xytext=(-6, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", ha="right", va="center", size=SIZE)  # fmt: skip
        for test in school.iter_rows(named=True):
            at = place + (tests.index(test["label"]) - (len(tests) - 1) / 2) * 0.8 / max(len(tests), 1)
            colour = colours[test["side"]]
            axes.plot([test["low"], test["high"]], [at, at], color=colour, linewidth=0.9, zorder=2)
            axes.scatter([test["effect"]], [at], marker=MARKS[tests.index(test["label"]) % len(MARKS)], s=11, c=colour,
                         zorder=3)  # fmt: skip
    across = min(left, WIDTH - RIGHT - sum(text_width(test, SMALL) / 72 + 0.35 for test in tests))
    for test, mark in zip(tests, MARKS, strict=False):
        figure.text(across / WIDTH + 0.02, 1 - 0.40 / height, test, size=SMALL, va="center", color=muted)
        spot = figure.add_axes((across / WIDTH, 1 - 0.44 / height, 0.015, 0.08 / height), frameon=False)
        spot.set_axis_off()
        spot.scatter([0], [0], marker=mark, s=13, c=muted)
        across += text_width(test, SMALL) / 72 + 0.35
    figure.text(0.5, 0.24 / height, words["axis"], size=8.5, ha="center")
    figure.text(1 - RIGHT / WIDTH, 0.04 / height, words["source"], size=SMALL, ha="right", color=muted)
    return figure
