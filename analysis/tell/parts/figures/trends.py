"""Is the difference between schools within its limit, and where is it going?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.pace import paces
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording
from analysis.tell.parts.figures.layout import SMALL, runs, text_width, wrapped
from analysis.tell.speech.filters import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "stage": pl.String,
    "stage_label": pl.String,
    "indicator": pl.String,
    "indicator_label": pl.String,
    "year": pl.Int32,
    "cv": pl.Float64,
    "limit": pl.Float64,
    "limit_label": pl.String,
    "verdict": pl.String,
    "last_label": pl.String,
    "name": pl.String,
    "reached": pl.Int32,
    "earliest": pl.Int32,
    "latest": pl.Int32,
}
WIDTH, EDGE = 6.7, 0.12  # inches
HEAD, FOOT = 0.36, 0.28  # inches
#: A panel with its name above and its years below; what lies between panels and rows; a row, the heads above rows;
#: room for the names of indicators and for a value.
PANEL, NAME, NOTE, BETWEEN, ROW, STAGES, LABELS, VALUE = 1.45, 0.20, 0.24, 0.12, 0.19, 0.28, 1.75, 0.5  # inches


def has_trends(case: Case) -> bool:
    """Return whether there is a coefficient to draw."""
    return next(_coefficients(case), None) is not None


def _coefficients(case: Case) -> Iterator[tuple[str, str, int, float]]:
    """Yield stage, indicator, year and coefficient where there is one of at least two schools."""
    for stage in case.stage_ids:
        for indicator in case.standard.indicators:
            for year in case.years:
                cv = case.measured.stage(year, stage, indicator, "cv")
                schools = case.measured.stage(year, stage, indicator, "schools") or 0
                if cv is not None and schools >= 2:
                    yield stage, indicator, year, cv


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: the years and the `gaps` among them, the coefficients `over` their limit and
    how many are `judged`, whether some have a row of their own (`rows`) and some are carried on (`projected`)."""

    years: list[int]
    gaps: list[int]
    over: list[Finding]
    judged: int
    rows: bool
    projected: bool


def trends_data(case: Case) -> tuple[pl.DataFrame, Facts]:
    """Return one row per stage, indicator and year with a coefficient, and what the words need."""
    text = wording.texts("figures", case.lang)["trends"]["labels"]
    limits: dict[tuple[str, float], str] = {}
    ahead = {line.finding.id: line for line in paces(case) if line.pace is not None}
    rows: list[dict[str, Any]] = []
    for stage, indicator, year, cv in _coefficients(case):
        finding = case.at(year).get(ids.finding(Field.RESOURCES, ids.cv(indicator), stage))
        limit = finding.target if finding else None
        line = ahead.get(finding.id) if finding and year == case.year else None
        if limit and (indicator, limit) not in limits:
            limits[indicator, limit] = spoken(case).render(text["limit_label"], finding=finding)
        rows.append(
            {
                "stage": stage,
                "stage_label": case.word("stages", stage),
                "indicator": indicator,
                "indicator_label": case.label(indicator, short=True),
                "year": year,
                "cv": cv,
                "limit": limit,
                "limit_label": limits[indicator, limit] if limit else "",
                "verdict": finding.verdict if finding else "",
                "last_label": numbers.of(finding, cv, case.standard, case.lang) if finding else numbers.ratio(cv),
                "name": case.word("labels", "stage_indicator").format(
                    stage=case.word("stages", stage), indicator=case.label(indicator, short=True)
                ),
                **{name: getattr(line, name) if line else None for name in ("reached", "earliest", "latest")},
            }
        )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    cvs = [finding for finding in case.now.where(kind=Kind.CV) if finding.indicator and finding.verdict in DECIDED]
    gaps = [year for year in range(case.years[0], case.year) if year not in case.years]
    over = [cv for cv in cvs if cv.verdict == Verdict.NOT_MET]
    return frame, Facts(
        years=list(case.years),
        gaps=gaps,
        over=over,
        judged=len(cvs),
        rows=len(cvs) > min(len(over), panels()),
        projected=any(ahead[cv.id].reached for cv in over if cv.id in ahead),
    )


def panels() -> int:
    """Return how many coefficients over their limit have a panel of their own; the others have a row."""
    return int(wording.emphasis()["listed"]["panels"])


def draw_trends(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw the coefficients over their limit large, over the years and on to the year in which they reach it; of the
    others one row each: the first value hollow, the last filled, the limit a line.

    `frame`: SCHEMA; stages and indicators in order of appearance; a year without a row, or with a null cv, is a gap.
    `words`: title, source.
    """
    from matplotlib.figure import Figure

    drawn = frame.drop_nulls("cv")
    known = [part.sort("year").to_dicts() for part in drawn.partition_by("stage", "indicator", maintain_order=True)]
    large = sorted((rows for rows in known if rows[-1]["verdict"] == Verdict.NOT_MET), key=_over)[: panels()]
    others = [rows for rows in known if rows not in large]
    below = {rows[0]["indicator_label"] for rows in others}
    labels = [label for label in drawn["indicator_label"].unique(maintain_order=True) if label in below]
    tall = (PANEL + BETWEEN if large else 0) + (STAGES + ROW * len(labels) if others else 0)
    height = HEAD + tall + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    years = frame["year"].unique().sort().to_list()
    for place, rows in enumerate(large):
        wide = (WIDTH - EDGE * 3) / len(large)
        left, bottom = EDGE * 2 + place * wide, height - HEAD - PANEL + NOTE
        box = (left / WIDTH, bottom / height, (wide - 0.35) / WIDTH, (PANEL - NOTE - NAME) / height)
        _panel(figure.add_axes(box), rows, years, brand)
    if others:
        _rows(figure, others, labels, height, brand)
    figure.text(1 - EDGE / WIDTH, 0.05 / height, words["source"], size=SMALL, ha="right", color=brand.colours["muted"])
    return figure


def _over(rows: list[dict[str, Any]]) -> tuple[float, str, str]:
    """Return what puts those first that lie furthest beyond their limit, in parts of it."""
    last = rows[-1]
    return -last["cv"] / last["limit"], last["stage"], last["indicator"]


def _panel(axes: "Axes", rows: list[dict[str, Any]], years: list[int], brand: Brand) -> None:
    """Draw one coefficient over the years, its limit, and where it meets it at its pace: dotted, with the range."""
    from matplotlib.collections import LineCollection

    ink, muted, last = brand.colours["ink"], brand.colours["muted"], rows[-1]
    value = {row["year"]: row["cv"] for row in rows}
    reached, ends = last["reached"], [year for year in (last["earliest"], last["latest"]) if year]
    low, high = min(*value.values(), last["limit"]), max(*value.values(), last["limit"])
    room, right = (high - low) or high, max([years[-1], *([reached, *ends] if reached else [])])
    axes.set_xlim(years[0] - 0.2, max(right, years[-1] + 1) + 0.9)
    axes.set_ylim(low - room * 0.35, high + room * 0.35)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.set_xticks(sorted({years[0], years[-1]}))
    axes.tick_params(labelsize=SMALL, colors=muted, length=2)
    axes.axhline(last["limit"], color=ink, linewidth=0.9, zorder=1)
    lines = [[(year, value[year]) for year in run] for run in runs(list(value))]
    axes.add_collection(LineCollection(lines, colors=muted, linewidths=1.5))
    axes.scatter(list(value)[:-1], list(value.values())[:-1], s=9, color=muted, zorder=3)
    colour = brand.colour(last["verdict"])
    if reached and reached > last["year"]:
        if len(ends) == 2:
            axes.plot(ends, [last["limit"]] * 2, color=muted, linewidth=4, alpha=0.45, solid_capstyle="butt", zorder=2)
        axes.plot([last["year"], reached], [last["cv"], last["limit"]], ":", color=colour, linewidth=1.4, zorder=2)
        axes.scatter([reached], [last["limit"]], s=22, facecolor="white", edgecolor=colour, zorder=4)
        axes.text(reached, last["limit"] - room * 0.07, str(reached), size=SMALL, ha="center", va="top", color=colour)
    axes.scatter([last["year"]], [last["cv"]], s=30, color=colour, marker="D", zorder=5)
    axes.text(last["year"] + 0.25, last["cv"] + room * 0.05, last["last_label"], size=9, va="bottom", color=colour)
    axes.text(years[0] - 0.2, last["limit"] - room * 0.05, last["limit_label"], size=SMALL, va="top")
    axes.set_title(last["name"], size=8.5, loc="left", pad=3, color=ink)


def _rows(figure: "Figure", others: list[list[dict[str, Any]]], labels: list[str], height: float, brand: Brand) -> None:
    """Draw the coefficients that are told in a row each, a column for each stage."""
    muted = brand.colours["muted"]
    stages = dict.fromkeys((rows[0]["stage"], rows[0]["stage_label"]) for rows in others)
    left = EDGE + min(max(text_width(label, 8) for label in labels), LABELS * 72) / 72 + 0.1
    top = max(max(row["cv"], row["limit"] or 0) for rows in others for row in rows) * 1.1
    wide = (WIDTH - left - EDGE) / len(stages)
    bottom = FOOT / height
    for place, label in enumerate(labels):
        y = bottom + ROW * (len(labels) - place - 0.5) / height
        text = wrapped(label, 8, LABELS * 72)
        figure.text((left - 0.08) / WIDTH, y, text, size=8 if "\n" not in text else SMALL, ha="right", va="center",
                    linespacing=0.9)  # fmt: skip
    for column, (stage, label) in enumerate(stages):
        x, high = left + column * wide, ROW * len(labels) / height
        axes = figure.add_axes((x / WIDTH, bottom, (wide - VALUE) / WIDTH, high))
        axes.set_xlim(0, top)
        axes.set_ylim(len(labels), 0)
        axes.axis("off")
        mine = [rows for rows in others if rows[0]["stage"] == stage]
        limits = {row["limit"]: row["limit_label"] for rows in mine for row in rows if row["limit"]}
        axes.text(0, -0.25, label, size=8.5, va="bottom", color=muted)
        for limit, said in limits.items():
            axes.plot([limit, limit], [0, len(labels)], color=brand.colours["ink"], linewidth=0.8, zorder=1)
            axes.text(limit, -0.25, said, size=SMALL, va="bottom", ha="center")
        for rows in mine:
            _row(axes, rows, labels.index(rows[0]["indicator_label"]) + 0.5, top, brand)


def _row(axes: "Axes", rows: list[dict[str, Any]], y: float, top: float, brand: Brand) -> None:
    first, last = rows[0], rows[-1]
    fails, colour = last["verdict"] == Verdict.NOT_MET, brand.colour(last["verdict"])
    axes.plot([0, top], [y, y], color=brand.colours["faint"], linewidth=0.7, zorder=0)
    axes.plot([first["cv"], last["cv"]], [y, y], color=brand.colours["muted"], linewidth=1.2, zorder=2)
    if first is not last:
        axes.scatter([first["cv"]], [y], s=16, facecolor="white", edgecolor=brand.colours["muted"], zorder=3)
    axes.scatter([last["cv"]], [y], s=20, color=colour, marker="D" if fails else "o", zorder=4)
    axes.text(top * 1.04, y, last["last_label"], size=8, va="center", color=colour if fails else brand.colours["ink"])
