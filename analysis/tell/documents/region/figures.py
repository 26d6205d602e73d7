"""Figures of a region: each coefficient over all counties, and what each county misses; both read in grey too."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import DECIDED, Field, Verdict
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import SMALL, text_width, wrapped
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.worded import worded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, LEFT, RIGHT = 6.7, 1.35, 0.1  # inches
HEAD, ROW, FOOT = 0.56, 0.36, 0.60  # inches
#: Of the highest coefficient, room to its right for a county's name.
ROOM = 1.22
SPREAD = 0.26  # of a row, over which the points are scattered
#: Height of a row (of two lines: FOLDED), and the least width of a column; room for the names of items and for the
#: number of counties; the widest column.
CELL, FOLDED, LABELS, COUNT, WIDEST = 0.23, 0.29, 2.5, 0.8, 0.62  # inches
#: Type of names; up to so many counties' names lie abreast in full.
HEAD_SIZE, ABREAST = 8, 8
#: Between two panels, so that their ticks stand apart.
APART = 0.3
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
GRID: dict[str, Any] = {
    "county": pl.String,
    "item": pl.String,
    "label": pl.String,
    "missed": pl.Int64,
    "verdict": pl.String,
}


@dataclass(frozen=True)
class Facts:
    """What the words of each figure know."""

    region: RegionReport
    synthetic: bool


@dataclass(frozen=True, kw_only=True)
class DotFacts(Facts):
    """Coefficients drawn, how many lie over their limit, and the counties that have one."""

    total: int
    over: int
    counties: list[str]


@dataclass(frozen=True, kw_only=True)
class GridFacts(Facts):
    """Ids of the items drawn, how many counties are shown, how many items are left out."""

    items: list[str]
    shown: int
    left: int


def _said(name: str, facts: Facts) -> dict[str, str]:
    texts, voice = wording.texts("region", facts.region.lang)["figures"][name], spoken(facts.region.base)
    return {key: worded(voice, text, facts) for key, text in texts.items()}


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
    facts = DotFacts(
        region,
        region.base.synthetic,
        total=frame.height,
        over=over.height,
        counties=over["county"].unique(maintain_order=True).to_list(),
    )
    said = _said("coefficients", facts)
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
    highest = _highest(frame, (panel - APART) * 72)
    row_of = {indicator: place for place, (indicator, _) in enumerate(indicators)}
    for place, (stage, label) in enumerate(stages):
        box = ((LEFT + place * panel) / WIDTH, FOOT / height, (panel - APART) / WIDTH, ROW * len(indicators) / height)
        axes = figure.add_axes(box)
        axes.set_xlim(0, highest)
        axes.set_ylim(len(indicators) - 0.5, -0.5)
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
        axes.tick_params(labelsize=HEAD_SIZE)
        axes.text(0, -0.62, label, size=9, va="bottom", color=muted)
        rows = frame.filter(stage=stage)
        for indicator, limit in rows.select("indicator", "limit").unique(maintain_order=True).rows():
            row = row_of[indicator]
            axes.plot([limit, limit], [row - 0.45, row + 0.45], color=ink, linewidth=1.0, zorder=1)
        for indicator in row_of:
            _row(axes, rows.filter(indicator=indicator), row_of[indicator], panel - APART, highest, brand)
    for indicator, label in indicators:
        y = (FOOT + ROW * (len(indicators) - row_of[indicator] - 0.5)) / height
        text = wrapped(label, 8, LEFT * 72 - 10)
        figure.text((LEFT - 0.08) / WIDTH, y, text, size=8, ha="right", va="center", linespacing=1.0)
    figure.text((LEFT + panel * len(stages) / 2) / WIDTH, 0.21 / height, words["axis"], size=8.5, ha="center")
    figure.text(1 - RIGHT / WIDTH, 0.04 / height, words["source"], size=SMALL, ha="right", color=muted)
    return figure


def _highest(frame: pl.DataFrame, wide: float) -> float:
    """Return the end of the axis: beyond all, with room for the longest name of a county that is over a limit."""
    top = float(frame.select(pl.max_horizontal(pl.col("cv").max(), pl.col("limit").max())).item())
    over = frame.filter(verdict=Verdict.NOT_MET)["county"]
    longest = max((text_width(name, SMALL) for name in over), default=0.0)
    return top * max(ROOM, 1 / max(1 - 0.04 - longest / wide, 0.5))


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
    if max(text_width(name, SMALL) for name in names) <= room:
        axes.text(
            left, y, "\n".join(names), size=SMALL, va="center", linespacing=1.0, color=brand.colour(Verdict.NOT_MET)
        )


def grid(region: RegionReport) -> Picture | None:
    """Return a grid of the items that several counties don't meet or can't show, by county; those of one county alone
    where there are no others."""
    label, missed, others = dict[str, str](), Counter[str](), Counter[str]()
    for county in region.judged:
        for finding in county.judged:
            if finding.verdict != Verdict.MET:
                key = region.key(finding)
                label.setdefault(key, region.called(finding))
                (missed if finding.verdict == Verdict.NOT_MET else others)[key] += 1
    if not label:
        return None
    ranked = [item.key for item in region.holding] or sorted(label, key=lambda key: (-others[key], key))
    items = ([key for key in ranked if missed[key] > 1] or ranked)[: wording.emphasis()["region"]["missed"]]
    most = columns_of([county.name for county in region.judged])
    worst = sorted(region.judged, key=lambda county: (-len(county.unmet), county.code))[:most]
    rows = [
        {
            "county": county.name,
            "item": key,
            "label": label[key],
            "missed": missed[key],
            "verdict": judged.verdict if (judged := county.now.get(key)) else "",
        }
        for key in items
        for county in sorted(worst, key=lambda county: county.code)
    ]
    frame = pl.DataFrame(rows, schema=GRID)
    facts = GridFacts(region, region.base.synthetic, items=items, shown=len(worst), left=len(label) - len(items))
    said = _said("grid", facts)
    return Picture("region-grid", said["caption"], said["alt"], frame, lambda brand: draw_grid(frame, said, brand))


@dataclass(frozen=True)
class Heads:
    """The heads of columns for counties, the least width of a column (inches), and whether every second head stands
    above the others, so that each may be as wide as two columns."""

    names: list[str]
    wide: float
    staggered: bool = False

    @property
    def lines(self) -> int:
        """The most lines of a head."""
        return max(name.count("\n") + 1 for name in self.names)


def heads(names: Sequence[str]) -> Heads:
    """Return how counties are named over their columns: many Chinese names stand upright, letter below letter; others
    lie on two lines, and where these are wider than a column every second one is raised."""
    if len(names) > ABREAST and all(ord(letter) > 0x2E7F for name in names for letter in name):
        return Heads(["\n".join(name) for name in names], CELL)
    folded = [wrapped(name, HEAD_SIZE, 0.0) if " " in name else name for name in names]
    widest = max(text_width(line, HEAD_SIZE) for name in folded for line in name.split("\n")) / 72 + 0.03
    room = WIDTH - LABELS - COUNT - RIGHT
    if widest * len(names) <= room:
        return Heads(folded, max(widest, CELL))
    return Heads(folded, max(widest / 2, CELL), staggered=True)


def columns_of(names: Sequence[str]) -> int:
    """Return how many counties have room beside each other."""
    return min(len(names), int((WIDTH - LABELS - COUNT - RIGHT) / heads(names).wide))


def draw_grid(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per item of `frame` (GRID) and a column per county; a failing cell is dark and bears a cross, the
    number of counties stands at the end of the row.

    `words`: title, number, source.
    """
    from matplotlib.collections import PatchCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    counties = frame["county"].unique(maintain_order=True).to_list()
    items = frame.select("item", "label", "missed").unique(maintain_order=True).rows()
    said = heads(counties)
    wide = min(max(said.wide, (WIDTH - LABELS - COUNT - RIGHT) / len(counties)), WIDEST)
    labels = [wrapped(label, HEAD_SIZE, LABELS * 72 - 12) for _, label, _ in items]
    row = CELL if all("\n" not in label for label in labels) else FOLDED
    tall = said.lines * HEAD_SIZE * 1.15 / 72
    height = HEAD - 0.02 + tall * (1 + said.staggered) + row * len(items) + 0.34
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    box = (LABELS / WIDTH, 0.34 / height, wide * len(counties) / WIDTH, row * len(items) / height)
    axes = figure.add_axes(box)
    axes.set_xlim(0, len(counties))
    axes.set_ylim(len(items), 0)
    axes.axis("off")
    end = len(counties) + 0.12 / wide
    for place, name in enumerate(said.names):
        raised = (tall + 0.06) / row if said.staggered and place % 2 else 0.0
        axes.text(place + 0.5, -0.2 - raised, name, ha="center", va="bottom", size=HEAD_SIZE, linespacing=1.05)
        if raised:
            lead = [place + 0.5] * 2, [-0.1, -0.12 - raised]
            axes.plot(*lead, color=brand.colours["line"], linewidth=0.6, clip_on=False, zorder=0)
    axes.text(end, -0.2, words["number"], ha="left", va="bottom", size=HEAD_SIZE, color=brand.colours["muted"])
    row_of, column_of = _places([item for item, _, _ in items]), _places(counties)
    for (item, _, missed), label in zip(items, labels, strict=True):
        size = HEAD_SIZE if "\n" not in label else SMALL
        axes.text(-0.08 / wide, row_of[item] + 0.5, label, ha="right", va="center", size=size, linespacing=1.0)
        axes.text(end, row_of[item] + 0.5, str(missed), ha="left", va="center", size=8)
    boxes, faces = [], []
    for county, item, verdict in frame.select("county", "item", "verdict").rows():
        x, y = column_of[county], row_of[item]
        boxes.append(Rectangle((x + 0.05, y + 0.07), 0.9, 0.86))
        blank = verdict in {"", Verdict.NOT_APPLICABLE, Verdict.NOT_IN_FORCE}
        fails = verdict == Verdict.NOT_MET
        faces.append("none" if blank else brand.colour(verdict) if fails else brand.tint(verdict))
        colour = "white" if fails else brand.colours["ink"]
        axes.text(x + 0.5, y + 0.52, MARKS.get(verdict, ""), ha="center", va="center", size=8, color=colour)
    axes.add_collection(PatchCollection(boxes, facecolors=faces, edgecolors="none", zorder=0))
    figure.text(0.012, 0.06 / height, words["source"], size=SMALL, color=brand.colours["muted"])
    return figure


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
