"""Where does the most money go, and what does it do to the schools there?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from analysis.brand import Brand
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import Least, least
from analysis.tell.language import numbers, wording
from analysis.tell.parts.figures.layout import SMALL, wrapped
from analysis.tell.speech.filters import spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA: dict[str, Any] = {
    "school": pl.String,
    "pupils": pl.Float64,
    "before": pl.Float64,
    "after": pl.Float64,
    "floor": pl.Float64,
    "part": pl.Float64,
    "turn": pl.Float64,
    "floor_label": pl.String,
    "part_label": pl.String,
    "turn_label": pl.String,
}
WIDTH, HEIGHT, LEFT, RIGHT, FOOT, HEAD = 6.7, 3.0, 0.46, 1.75, 0.52, 0.66  # inches
#: Lines nearer to each other than this part of the height have labels above and below.
NEAR = 0.06


@dataclass(frozen=True)
class Turn:
    """From where on more only raises a coefficient: mean * (1 + CV^2), and how many schools lie above it."""

    stage: str
    indicator: str
    value: float
    schools: int


def most_spent(plan_found: Least) -> tuple[str, str] | None:
    """Return stage and indicator on which a plan spends most; None where it spends nothing."""
    spent: dict[tuple[str, str], float] = {}
    for action in plan_found.plan.actions:
        key = (action.stage, action.indicator)
        spent[key] = spent.get(key, 0.0) + action.cost
    return max(spent, key=lambda key: (spent[key], key)) if spent else None


def turn(case: Case, plan_found: Least) -> Turn | None:
    """Return from where on more only raises the coefficient on which a plan spends most; None where it has none."""
    where = most_spent(plan_found)
    if where is None:
        return None
    problem = plan_found.problem
    cone = problem.cone_of.get((where[0], problem.indicators.index(where[1])))
    if cone is None:
        return None
    amounts, pupils = problem.base[cone.rows, cone.indicator], problem.pupils[cone.rows]
    value = float(amounts.sum() / pupils.sum() * (1 + problem.coefficient(problem.base, cone) ** 2))
    above = int((amounts / pupils > value).sum())
    return Turn(where[0], where[1], value * float(problem.per[cone.indicator]), above)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: stage and indicator, how many schools there are, how many are raised."""

    stage: str
    indicator: str
    raised: int
    count: int


def least_cost_data(case: Case) -> tuple[pl.DataFrame, Facts | None]:
    """Return one row per school of the stage and indicator on which the plan spends most, in the order of its value.

    Columns: see draw_least_cost, and school. Without rows to the public, and where there is no plan.
    """
    plan_found = least(case)
    where = most_spent(plan_found) if plan_found else None
    if case.public or plan_found is None or plan_found.plan.stopped or plan_found.plan.units is None or where is None:
        return pl.DataFrame(schema=SCHEMA), None
    problem, (stage, indicator) = plan_found.problem, where
    place = problem.indicators.index(indicator)
    per, decimals = float(problem.per[place]), case.standard.indicators[indicator].decimals
    reached = problem.amounts(plan_found.plan.units)
    turning = turn(case, plan_found)
    rule = case.standard.school_rule
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(problem.rows):
        if row.stage != stage or np.isnan(problem.base[number, place]):
            continue
        floor = float(problem.floor[number, place]) / (1 + plan_found.plan.wish.reserve) / row.pupils * per
        rows.append(
            {
                "school": row.school,
                "pupils": row.pupils,
                "before": max(float(problem.base[number, place]), 0.0) / row.pupils * per,
                "after": float(reached[number, place]) / row.pupils * per,
                "floor": floor,
                "part": floor * (rule.rest_part if rule else 1.0),
                "turn": turning.value if turning else None,
            }
        )
    labels = wording.texts("figures", case.lang)["least_cost"]["labels"]
    shown = {
        f"{name}_label": None
        if rows[0][name] is None or np.isnan(rows[0][name])
        else spoken(case).render(
            labels[f"{name}_label"], value=numbers.decimal(float(rows[0][name]), decimals), rule=rule
        )
        for name in ("floor", "part", "turn")
    }
    frame = pl.DataFrame([row | shown for row in rows], schema=SCHEMA).sort("after", "before", "school")
    raised = frame.filter(pl.col("after") > pl.col("before")).height
    return frame, Facts(stage=stage, indicator=indicator, raised=raised, count=frame.height)


def draw_least_cost(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a bar per school, as wide as it has pupils: what it has, and in red what the plan adds; lines for the floor,
    the part of it, and from where on more only raises the difference.

    `frame`: pupils, before, after, floor, part, turn and their labels. `words`: title, across, axis, source.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT))
    axes = figure.add_axes(
        (LEFT / WIDTH, FOOT / HEIGHT, (WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - FOOT - HEAD) / HEIGHT)
    )
    pupils = frame["pupils"].to_numpy()
    total = float(pupils.sum())
    starts = np.concatenate([[0.0], np.cumsum(pupils)[:-1]])
    gap = total * 0.003
    shown: dict[str, Any] = {"align": "edge", "linewidth": 0}
    axes.bar(starts, frame["before"], pupils - gap, color=brand.colours["line"], **shown)
    added = (frame["after"] - frame["before"]).to_numpy()
    axes.bar(starts, added, pupils - gap, bottom=frame["before"], color=brand.colours["vermilion"], **shown)
    top = 1.08 * max(float(frame["after"].max() or 0.0), float(frame["floor"].max() or 0.0))  # type: ignore[arg-type]
    axes.set_xlim(0, total)
    axes.set_ylim(0, top)
    axes.set_xticks([])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(words["across"], size=8)
    axes.tick_params(labelsize=8)
    first = frame.row(0, named=True)
    placed: list[float] = []
    for name, style in (("part", (0, (4, 3))), ("floor", "solid"), ("turn", (0, (4, 3)))):
        value = first[name]
        if value is None or np.isnan(value) or value > top:
            continue
        axes.plot([0, total], [value, value], color=brand.colours["ink"], linewidth=0.9, linestyle=style)
        height = max([value, *(other + NEAR * top for other in placed)])
        placed.append(height)
        axes.text(total * 1.01, height, first[f"{name}_label"], size=SMALL, va="center", color=brand.colours["ink"])
    figure.text(0.012, 1 - 0.06 / HEIGHT, words["title"], size=10, va="top")
    axis = wrapped(words["axis"], 8, (WIDTH - 0.2) * 72)
    figure.text(0.012, 1 - (HEAD - 0.08) / HEIGHT, axis, size=8, va="bottom", color=brand.colours["muted"])
    figure.text(0.012, 0.05 / HEIGHT, words["source"], size=SMALL, va="bottom", color=brand.colours["muted"])
    return figure
