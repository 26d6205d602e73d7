"""Which schools are below which floors, and how far? A heat table of the schools below some floor by indicators."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.brand import Brand
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.language import numbers
from analysis.tell.parts.figures.layout import SMALL, folded, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "stage": pl.String,
    "stage_label": pl.String,
    "indicator": pl.String,
    "indicator_label": pl.String,
    "school": pl.String,
    "name": pl.String,
    "part": pl.Float64,
    "least": pl.Float64,
    "verdict": pl.String,
    "shown": pl.String,
}
WIDTH, RIGHT = 6.7, 0.1  # inches
HEAD, ROW, FOOT = 0.95, 0.19, 0.28  # inches
BETWEEN = 0.8  # rows between two stages
#: Room for the names of schools, and the height of rows where some name takes two lines.
NAMES, FOLDED = 2.4, 0.27  # inches


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: how many values there are, how many lie below their floor, in how many
    schools; the least part of a floor that the school rule asks."""

    values: int
    below: int
    schools: int
    least: float


def overview_data(case: Case) -> tuple[pl.DataFrame, Facts]:
    """Return one row per indicator of each school and stage below some floor, in the order of the list of schools, and
    what the words need. `part` is the value in parts of its floor, `least` the part that the school rule asks.
    """
    least = case.standard.school_rule.rest_part if case.standard.school_rule else 1.0
    rows: list[dict[str, Any]] = [
        {
            "stage": finding.stage,
            "stage_label": case.word("stages", finding.stage or ""),
            "indicator": finding.indicator,
            "indicator_label": case.label(finding.indicator, short=True),
            "school": finding.school,
            "name": case.school(finding.school or ""),
            "part": finding.value / finding.target,
            "least": least,
            "verdict": finding.verdict,
            "shown": numbers.of(finding, finding.value, case.standard, case.lang)
            if finding.verdict == Verdict.NOT_MET
            else "",
        }
        for finding in case.now.where(kind=Kind.FLOOR)
        if finding.value is not None and finding.target and case.may_show(finding.school, finding.stage)
    ]
    every = pl.DataFrame(rows, schema=SCHEMA)
    below = every.filter(verdict=Verdict.NOT_MET)
    facts = Facts(values=every.height, below=below.height, schools=below["school"].n_unique(), least=least)
    order = {name: place for place, name in enumerate(case.standard.indicators)}
    place = pl.col("indicator").replace_strict(order, default=None, return_dtype=pl.Int32)
    short = every.filter((pl.col("verdict") == Verdict.NOT_MET).any().over("school", "stage"))
    return short.sort(pl.col("stage") != "primary", "school", place, maintain_order=True), facts


def draw_overview(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per school and a column per indicator, shaded by how far it is below its floor, with the value there.

    `frame`: stage, stage_label, indicator, indicator_label, school, name, part, least, verdict, shown; in order.
    `words`: title, source.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    indicators = frame.select("indicator", "indicator_label").unique(maintain_order=True).rows()
    column = {name: at for at, (name, _) in enumerate(indicators)}
    groups = frame.partition_by("stage", "school", maintain_order=True)
    names = {name: wrapped(name, SMALL, NAMES * 72) for name in frame["name"]}
    lines = [line for name in names.values() for line in name.split("\n")]
    left = 0.2 + max(text_width(name, SMALL) for name in (*lines, *frame["stage_label"])) / 72
    stages = frame["stage"].n_unique()
    high = len(groups) + BETWEEN * stages
    tall = FOLDED if any("\n" in name for name in names.values()) else ROW
    height = HEAD + tall * high + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    axes = figure.add_axes((left / WIDTH, FOOT / height, (WIDTH - left - RIGHT) / WIDTH, tall * high / height))
    axes.set_xlim(0, len(indicators))
    axes.set_ylim(high, 0)
    axes.set_axis_off()
    muted = brand.colours["muted"]
    wide = (WIDTH - left - RIGHT) / len(indicators) * 72 - 4
    for name, label in indicators:
        said = folded(label, SMALL, wide) if label.isascii() else wrapped(label, SMALL, wide)
        for line, text in enumerate(reversed(said.split("\n"))):
            axes.annotate(text, (column[name] + 0.5, 0), xytext=(0, 3 + line * (SMALL + 1.5)),
                          textcoords="offset points", size=SMALL, ha="center", va="bottom")  # fmt: skip
    y, stage = 0.0, ""
    for group in groups:
        first = group.row(0, named=True)
        if first["stage"] != stage:
            stage = first["stage"]
            axes.text(-0.05, y + BETWEEN / 2, first["stage_label"], size=SMALL, ha="right", va="center", color=muted)
            y += BETWEEN
        axes.text(-0.05, y + 0.5, names[first["name"]], size=SMALL, ha="right", va="center",
                  linespacing=1.0)  # fmt: skip
        for cell in group.iter_rows(named=True):
            at = column[cell["indicator"]]
            colour = _shade(cell, brand)
            axes.add_patch(Rectangle((at + 0.02, y + 0.06), 0.96, 0.88, facecolor=colour, edgecolor="none"))
            if cell["shown"]:
                ink = "white" if cell["part"] < cell["least"] else brand.colours["ink"]
                axes.text(at + 0.5, y + 0.5, cell["shown"], size=SMALL, ha="center", va="center", color=ink)
        y += 1
    figure.text(1 - RIGHT / WIDTH, 0.05 / height, words["source"], size=SMALL, ha="right", color=muted)
    return figure


def _shade(cell: dict[str, Any], brand: Brand) -> Any:
    """Return the shade of a cell: dark below what the school rule asks, light below the floor, faint at or above it."""
    if cell["verdict"] != Verdict.NOT_MET:
        return brand.colours["faint"]
    return brand.rgba(Verdict.NOT_MET, 0.95 if cell["part"] < cell["least"] else 0.28)
