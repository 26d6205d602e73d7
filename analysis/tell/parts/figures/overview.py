"""Where does every school stand in every indicator? All indicators and stages on one page, each against its floor."""

from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import wrapped
from analysis.tell.speech.filters import spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "stage": pl.String,
    "stage_label": pl.String,
    "indicator": pl.String,
    "indicator_label": pl.String,
    "school": pl.String,
    "value": pl.Float64,
    "floor": pl.Float64,
    "verdict": pl.String,
    "note": pl.String,
    "note_verdict": pl.String,
}
WIDTH, LEFT, RIGHT = 6.7, 1.35, 0.1  # inches
HEAD, ROW, FOOT = 0.56, 0.27, 0.60  # inches
SIDE = 0.20  # part of a panel in which the coefficient is written
MOST = 3.0  # times the floor: what lies beyond is drawn at the edge
SPREAD = 0.30  # of a row, over which the points are scattered


def overview_data(case: Case) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return one row per school, stage and indicator with a floor, and what the words need. Columns: draw_overview."""
    note = wording.texts("figures", case.lang)["overview"]["labels"]["note"]
    rows: list[dict[str, Any]] = []
    notes = {
        (cv.stage, cv.indicator): spoken(case).render(note, finding=cv)
        for cv in case.now.where(kind=Kind.CV)
        if cv.value is not None
    }
    for finding in case.now.where(kind=Kind.FLOOR):
        if finding.value is None or not finding.target or not case.may_show(finding.school, finding.stage):
            continue
        cv = case.finding(ids.finding(Field.RESOURCES, ids.cv(finding.indicator), finding.stage))
        rows.append(
            {
                "stage": finding.stage,
                "stage_label": case.word("stages", finding.stage or ""),
                "indicator": finding.indicator,
                "indicator_label": case.label(finding.indicator, short=True),
                "school": finding.school,
                "value": finding.value,
                "floor": finding.target,
                "verdict": finding.verdict,
                "note": notes.get((finding.stage, finding.indicator), ""),
                "note_verdict": cv.verdict if cv else "",
            }
        )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    order = {name: place for place, name in enumerate(case.standard.indicators)}
    ranked = frame.with_columns(order=pl.col("indicator").replace_strict(order, return_dtype=pl.Int32))
    frame = ranked.sort("order", "school", maintain_order=True).drop("order")
    below = frame.filter(verdict=Verdict.NOT_MET)
    facts = {"values": frame.height, "below": below.height, "schools": below["school"].n_unique(), "times": MOST}
    return frame, facts


def draw_overview(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a row per indicator and a column per stage: each school's value over its floor, the floor a line at 1.

    `frame`: stage, stage_label, indicator, indicator_label, school, value, floor, verdict, note, note_verdict;
    indicators in order of appearance. `words`: title, axis, source.
    """
    from matplotlib.figure import Figure

    indicators = frame.select("indicator", "indicator_label").unique(maintain_order=True).rows()
    stages = sorted(
        frame.select("stage", "stage_label").unique(maintain_order=True).rows(), key=lambda row: row[0] != "primary"
    )
    height = HEAD + ROW * len(indicators) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    panel = (WIDTH - LEFT - RIGHT) / len(stages)
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    row_of = {indicator: place for place, (indicator, _) in enumerate(indicators)}
    for place, (stage, label) in enumerate(stages):
        box = ((LEFT + place * panel) / WIDTH, FOOT / height, panel / WIDTH, ROW * len(indicators) / height)
        axes = figure.add_axes(box)
        axes.set_xlim(0, MOST / (1 - SIDE))
        axes.set_ylim(len(indicators) - 0.5, -0.5)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_bounds(0, MOST)
        axes.set_yticks([])
        axes.set_xticks([0, 1, 2, 3], ["0", "1", "2", "≥3"])
        axes.axvline(1, color=ink, linewidth=1.0, zorder=1)
        axes.text(0, -0.62, label, size=9, va="bottom", color=muted)
        rows = frame.filter(stage=stage)
        _points(axes, rows, row_of, brand)
        notes = rows.select("indicator", "note", "note_verdict").unique(maintain_order=True)
        for indicator, note, verdict in notes.rows():
            colour = brand.colour(verdict)
            axes.text(MOST * 1.04, row_of[indicator], note, size=7.5, va="center", color=colour)
    for indicator, label in indicators:
        y = (FOOT + ROW * (len(indicators) - row_of[indicator] - 0.5)) / height
        text = wrapped(label, 8, LEFT * 72 - 10)
        figure.text((LEFT - 0.08) / WIDTH, y, text, size=8, ha="right", va="center", linespacing=1.0)
    figure.text((LEFT + panel * len(stages) / 2) / WIDTH, 0.19 / height, words["axis"], size=8.5, ha="center")
    figure.text(1 - RIGHT / WIDTH, 0.04 / height, words["source"], size=7, ha="right", color=muted)
    return figure


def _points(axes: Any, rows: pl.DataFrame, row_of: dict[str, int], brand: Brand) -> None:
    x = (rows["value"] / rows["floor"]).clip(0, MOST).to_list()
    # Schools scatter around their row by a fixed sequence, so that those alike can be told apart.
    y = [row_of[indicator] + SPREAD * ((i * 0.618034) % 1 * 2 - 1) for i, indicator in enumerate(rows["indicator"])]
    fails = [row == Verdict.NOT_MET for row in rows["verdict"]]
    axes.scatter(
        x,
        y,
        s=[22 if failing else 9 for failing in fails],
        c=[brand.rgba(row, 0.95 if row == Verdict.NOT_MET else 0.5) for row in rows["verdict"]],
        edgecolors=[brand.colours["ink"] if failing else "none" for failing in fails],
        linewidths=0.5,
        zorder=3,
        clip_on=False,
    )
