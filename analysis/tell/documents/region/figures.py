"""Figures of a region: each coefficient over all counties, and what each county misses; both read in grey too."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import DECIDED, Field, Verdict
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import text_width, wrapped
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, LEFT, RIGHT = 6.7, 1.35, 0.1  # inches
HEAD, ROW, FOOT = 0.56, 0.36, 0.60  # inches
#: Of the highest coefficient, room to its right for a county's name.
ROOM = 1.22
SPREAD = 0.26  # of a row, over which the points are scattered
#: Rows and columns of the grid that still read on a page; the counties and items with most to tell are drawn.
MOST_COUNTIES, MOST_ITEMS = 40, 20
CELL, LABELS = 0.19, 1.75  # inches
#: What stands in a cell beside its colour.
MARKS = {Verdict.NOT_MET: "×", Verdict.NO_DATA: "—", Verdict.UNDECIDABLE: "?", Verdict.TARGET_NOT_SET: "—"}
DOTS: dict[str, Any] = {
    "county": pl.String,
    "stage": pl.String,
    "stage_label": pl.String,
    "indicator": pl.String,
    "indicator_label": pl.String,
    "cv": pl.Float64,
    "limit": pl.Float64,
    "verdict": pl.String,
}
GRID: dict[str, Any] = {"county": pl.String, "item": pl.String, "label": pl.String, "verdict": pl.String}


def _said(region: RegionReport, name: str, **facts: Any) -> dict[str, str]:
    base, texts = region.base, wording.texts("region", region.lang)["figures"][name]
    return {
        key: tidy(spoken(base).render(text, region=region, synthetic=base.synthetic, **facts), region.lang)
        for key, text in texts.items()
    }


def coefficients(region: RegionReport) -> Picture | None:
    """Return a point per county for each judged coefficient, a line at its limit."""
    rows = [
        {
            "county": county.name,
            "stage": stage,
            "stage_label": region.base.word("stages", stage),
            "indicator": name,
            "indicator_label": region.base.label(name, short=True),
            "cv": finding.value,
            "limit": finding.target,
            "verdict": finding.verdict,
        }
        for stage in region.stages
        for name in region.base.standard.indicators
        for county in region.judged
        if (finding := county.now.get(ids.finding(Field.RESOURCES, ids.cv(name), stage)))
        and finding.value is not None
        and finding.verdict in DECIDED
    ]
    if not rows:
        return None
    frame = pl.DataFrame(rows, schema=DOTS)
    over = frame.filter(verdict=Verdict.NOT_MET)
    said = _said(
        region,
        "coefficients",
        total=frame.height,
        over=over.height,
        counties=over["county"].unique(maintain_order=True).to_list(),
    )
    return Picture(
        "region-coefficients", said["caption"], said["alt"], frame, lambda brand: draw_dots(frame, said, brand)
    )


def draw_dots(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per indicator and a panel per stage; `frame` has DOTS. Points over the limit are filled and named.

    `words`: title, axis, source.
    """
    from matplotlib.figure import Figure

    indicators = frame.select("indicator", "indicator_label").unique(maintain_order=True).rows()
    stages = frame.select("stage", "stage_label").unique(maintain_order=True).rows()
    height = HEAD + ROW * len(indicators) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    panel = (WIDTH - LEFT - RIGHT) / len(stages)
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    highest = float(frame.select(pl.max_horizontal(pl.col("cv").max(), pl.col("limit").max())).item()) * ROOM
    row_of = {indicator: place for place, (indicator, _) in enumerate(indicators)}
    for place, (stage, label) in enumerate(stages):
        box = ((LEFT + place * panel) / WIDTH, FOOT / height, (panel - 0.12) / WIDTH, ROW * len(indicators) / height)
        axes = figure.add_axes(box)
        axes.set_xlim(0, highest)
        axes.set_ylim(len(indicators) - 0.5, -0.5)
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
        axes.tick_params(labelsize=7.5)
        axes.text(0, -0.62, label, size=9, va="bottom", color=muted)
        rows = frame.filter(stage=stage)
        for indicator, limit in rows.select("indicator", "limit").unique(maintain_order=True).rows():
            row = row_of[indicator]
            axes.plot([limit, limit], [row - 0.45, row + 0.45], color=ink, linewidth=1.0, zorder=1)
        for indicator in row_of:
            _row(axes, rows.filter(indicator=indicator), row_of[indicator], panel - 0.12, highest, brand)
    for indicator, label in indicators:
        y = (FOOT + ROW * (len(indicators) - row_of[indicator] - 0.5)) / height
        text = wrapped(label, 8, LEFT * 72 - 10)
        figure.text((LEFT - 0.08) / WIDTH, y, text, size=8, ha="right", va="center", linespacing=1.0)
    figure.text((LEFT + panel * len(stages) / 2) / WIDTH, 0.21 / height, words["axis"], size=8.5, ha="center")
    figure.text(1 - RIGHT / WIDTH, 0.04 / height, words["source"], size=7, ha="right", color=muted)
    return figure


def _row(axes: Any, rows: pl.DataFrame, y: int, wide: float, highest: float, brand: Brand) -> None:
    """Draw the counties of one row; those over the limit bear their names where these have room."""
    order = rows.sort("cv", "county")
    for place, (cv, verdict) in enumerate(order.select("cv", "verdict").rows()):
        fails = verdict == Verdict.NOT_MET
        height = y + SPREAD * ((place * 0.618034) % 1 * 2 - 1)
        axes.scatter(
            [cv],
            [height],
            s=26 if fails else 12,
            c=[brand.rgba(verdict, 0.95 if fails else 0.5)],
            marker="D" if fails else "o",
            edgecolors=brand.colours["ink"] if fails else "none",
            linewidths=0.5,
            zorder=3,
        )
    over = order.filter(verdict=Verdict.NOT_MET)
    if over.is_empty() or over.height > 3:
        return
    names = over["county"].to_list()
    left = float(over["cv"].max()) + highest * 0.03  # type: ignore[arg-type]
    room = (highest - left) / highest * wide * 72
    if max(text_width(name, 7) for name in names) <= room:
        axes.text(left, y, "\n".join(names), size=7, va="center", linespacing=1.0, color=brand.colour(Verdict.NOT_MET))


def grid(region: RegionReport) -> Picture | None:
    """Return a grid of counties and the items that at least one of them doesn't meet or can't show."""
    label, count = dict[str, str](), dict[str, int]()
    for county in region.judged:
        for finding in county.judged:
            if finding.verdict != Verdict.MET:
                key = region.key(finding)
                label.setdefault(key, region.called(finding))
                count[key] = count.get(key, 0) + (1000 if finding.verdict == Verdict.NOT_MET else 1)
    if not label:
        return None
    order = {
        region.key(finding): place for county in region.judged for place, finding in enumerate(county.now.values())
    }
    items = sorted(sorted(label, key=lambda key: (-count[key], key))[:MOST_ITEMS], key=lambda key: (order[key], key))
    worst = sorted(region.judged, key=lambda county: (-len(county.unmet), county.code))[:MOST_COUNTIES]
    rows = [
        {
            "county": county.name,
            "item": key,
            "label": label[key],
            "verdict": judged.verdict if (judged := county.now.get(key)) else "",
        }
        for county in sorted(worst, key=lambda county: county.code)
        for key in items
    ]
    frame = pl.DataFrame(rows, schema=GRID)
    said = _said(region, "grid", items=items, shown=len(worst), label=label, left=len(label) - len(items))
    return Picture("region-grid", said["caption"], said["alt"], frame, lambda brand: draw_grid(frame, said, brand))


def draw_grid(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per county and a column per item of `frame` (GRID); a failing cell is dark and bears a cross.

    `words`: title, source.
    """
    from matplotlib.collections import PatchCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    counties = frame["county"].unique(maintain_order=True).to_list()
    items = frame.select("item", "label").unique(maintain_order=True).rows()
    left = min(max(text_width(county, 8) for county in counties) / 72 + 0.2, 1.9)
    wide = min((WIDTH - left - 0.35) / len(items), 0.42)
    heads = [wrapped(label, 7, LABELS * 72 - 4) for _, label in items]
    tall = max(text_width(line, 7) for head in heads for line in head.split("\n")) / 72 + 0.12
    height = HEAD - 0.1 + tall + CELL * len(counties) + 0.34
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    axes = figure.add_axes((left / WIDTH, 0.34 / height, wide * len(items) / WIDTH, CELL * len(counties) / height))
    axes.set_xlim(0, len(items))
    axes.set_ylim(len(counties), 0)
    axes.axis("off")
    for row, county in enumerate(counties):
        axes.text(-0.15, row + 0.5, county, ha="right", va="center", size=8)
    for column, said in enumerate(heads):
        axes.text(
            column + 0.5,
            -0.25,
            said,
            ha="center",
            va="bottom",
            size=7,
            rotation=90,
            linespacing=1.1,
            multialignment="left",
        )
    boxes, faces = [], []
    row_of, column_of = _places(counties), _places([item for item, _ in items])
    for county, item, verdict in frame.select("county", "item", "verdict").rows():
        x, y = column_of[item], row_of[county]
        boxes.append(Rectangle((x + 0.05, y + 0.07), 0.9, 0.86))
        blank = verdict in {"", Verdict.NOT_APPLICABLE, Verdict.NOT_IN_FORCE}
        faces.append("none" if blank else brand.colour(verdict) if verdict == Verdict.NOT_MET else brand.tint(verdict))
        mark = MARKS.get(verdict, "")
        axes.text(
            x + 0.5,
            y + 0.52,
            mark,
            ha="center",
            va="center",
            size=8,
            color="white" if verdict == Verdict.NOT_MET else brand.colours["ink"],
        )
    axes.add_collection(PatchCollection(boxes, facecolors=faces, edgecolors="none", zorder=0))
    figure.text(0.012, 0.06 / height, words["source"], size=7, color=brand.colours["muted"])
    return figure


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
