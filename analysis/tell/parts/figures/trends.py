"""Is the difference between schools within its limit, and where is it going?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.language import numbers, wording
from analysis.tell.parts.figures.layout import runs, text_width, wrapped
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
}
WIDTH, LEFT, RIGHT = 6.7, 0.50, 0.52  # inches
HEAD, STRIP, FOOT = 0.66, 0.80, 0.44  # inches
CLEAR = 0.10  # of the height, between a value and its limit line
LINE = 0.60  # part of a panel's width that its line takes; the last value is written in the rest


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


def trends_data(case: Case) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return one row per stage, indicator and year with a coefficient, and what the words need."""
    text = wording.texts("figures", case.lang)["trends"]["labels"]
    limits: dict[tuple[str, float], str] = {}
    rows: list[dict[str, Any]] = []
    for stage, indicator, year, cv in _coefficients(case):
        finding = case.at(year).get(ids.finding(Field.RESOURCES, ids.cv(indicator), stage))
        limit = finding.target if finding else None
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
            }
        )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    cvs = [finding for finding in case.now.where(kind=Kind.CV) if finding.indicator and finding.verdict in DECIDED]
    gaps = [year for year in range(case.years[0], case.year) if year not in case.years]
    return frame, {"over": [cv for cv in cvs if cv.verdict == Verdict.NOT_MET], "judged": len(cvs), "gaps": gaps}


def draw_trends(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw one short line per stage and indicator over the years, the limit across, the last value at its end.

    `frame`: stage, stage_label, indicator, indicator_label, year, cv, limit, limit_label, verdict,
    last_label; stages and indicators in order of appearance; a year without a row, or with a null cv, is a gap.
    `words`: title, source.
    """
    from matplotlib.figure import Figure

    strips = frame.partition_by("stage", maintain_order=True)
    indicators = frame.select("indicator", "indicator_label").unique(maintain_order=True).rows()
    years = frame["year"].unique().sort().to_list()
    top = float(pl.concat([frame["cv"], frame["limit"]]).drop_nulls().max() or 1) * 1.12  # type: ignore[arg-type]
    height = HEAD + STRIP * len(strips) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    size = 7.5
    left = max(LEFT, 0.1 + max(text_width(strip["stage_label"][0], size) for strip in strips) / 72)
    plot_width = WIDTH - left - RIGHT
    room = plot_width * 72 / len(indicators) - 4
    for place, strip in enumerate(strips):
        bottom = FOOT + STRIP * (len(strips) - 1 - place)
        axes = figure.add_axes((left / WIDTH, bottom / height, plot_width / WIDTH, (STRIP - 0.14) / height))
        axes.set_xlim(0, len(indicators))
        axes.set_ylim(0, top)
        axes.spines["left"].set_visible(False)
        axes.set_xticks([])
        axes.set_yticks([])
        _lines(axes, strip, [indicator for indicator, _ in indicators], years, top, brand)
        for column, (_, label) in enumerate(indicators):
            if place == 0:
                axes.text(column + 0.04, top * 1.04, wrapped(label, size, room), size=size, ha="left", va="bottom")
            if place == len(strips) - 1:
                _years(axes, column, years, brand)
        first = strip.row(0, named=True)
        axes.text(
            -0.06, top / 2, first["stage_label"], size=size, ha="right", va="center", color=brand.colours["muted"]
        )
        limit = strip["limit"].drop_nulls()
        if len(limit):
            axes.text(len(indicators) + 0.04, limit[0], first["limit_label"], size=7.5, va="center", clip_on=False)
    figure.text(1 - 0.1 / WIDTH, 0.05 / height, words["source"], size=7, ha="right", color=brand.colours["muted"])
    return figure


def _place(column: int, year: int, years: list[int]) -> float:
    span = years[-1] - years[0]
    return column + 0.06 + (LINE * (year - years[0]) / span if span else LINE / 2)


def _lines(
    axes: "Axes", strip: pl.DataFrame, indicators: list[str], years: list[int], top: float, brand: Brand
) -> None:
    """Draw all panels of a stage at once: limits, lines by run of years, dots, and the last value with its mark."""
    from matplotlib.collections import LineCollection

    muted = brand.colours["muted"]
    limits, lines, dots, last = [], [], [], []
    panels: dict[str, list[dict[str, Any]]] = {indicator: [] for indicator in indicators}
    for row in strip.sort("year").to_dicts():
        if row["indicator"] in panels:
            panels[row["indicator"]].append(row)
    for column, rows in enumerate(panels.values()):
        limit = next((row["limit"] for row in rows if row["limit"] is not None), None)
        if limit is not None:
            limits.append([(column + 0.03, limit), (column + 0.97, limit)])
        known = [row for row in rows if row["cv"] is not None]
        if not known:
            continue
        value = {row["year"]: row["cv"] for row in known}
        lines += [[(_place(column, year, years), value[year]) for year in run] for run in runs(list(value))]
        dots += [(_place(column, year, years), cv) for year, cv in list(value.items())[:-1]]
        end = known[-1]
        last.append((_place(column, end["year"], years), end))
        # A value near its limit is written beside the line, not on it.
        height = end["cv"]
        if limit is not None and abs(height - limit) < CLEAR * top:
            height = limit + CLEAR * top * (1 if height > limit else -1)
        x, colour = _place(column, end["year"], years) + 0.07, brand.colour(end["verdict"])
        axes.text(x, height, end["last_label"], size=8, va="center", color=colour)
    axes.add_collection(LineCollection(limits, colors=brand.colours["ink"], linewidths=0.9, zorder=1))
    axes.add_collection(LineCollection(lines, colors=muted, linewidths=1.3, zorder=2))
    if dots:
        axes.scatter([x for x, _ in dots], [y for _, y in dots], s=5, color=muted, zorder=3)
    for mark, failing in (("o", False), ("D", True)):
        ends = [
            (x, end["cv"], brand.colour(end["verdict"]))
            for x, end in last
            if (end["verdict"] == Verdict.NOT_MET) is failing
        ]
        if ends:
            axes.scatter(
                [e[0] for e in ends], [e[1] for e in ends], s=20, c=[e[2] for e in ends], marker=mark, zorder=4
            )


def _years(axes: "Axes", column: int, years: list[int], brand: Brand) -> None:
    for year in {years[0], years[-1]}:
        axes.annotate(
            str(year),
            (_place(column, year, years), 0),
            xytext=(0, -4),
            textcoords="offset points",
            ha="left" if year == years[0] and len(years) > 1 else "center",
            va="top",
            size=6.5,
            color=brand.colours["muted"],
            annotation_clip=False,
        )
