"""Is the difference rate below its limit, and how sure is it?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.brand import Brand
from analysis.tables import DECIDED, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.rates import rates
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import SMALL, text_width
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "label": pl.String,
    "national": pl.Float64,
    "own": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "limit": pl.Float64,
    "verdict": pl.String,
    "said": pl.String,
}
WIDTH, LEFT = 6.7, 1.05  # inches
HEAD, ROW, FOOT = 0.56, 0.27, 0.62  # inches
SIDE = 8.0  # type size of the words at the right, points


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: the national rates, those not below their limit (`high`) and below it
    (`fine`), whether there is an own test, and a finding with the limit."""

    national: list[Finding]
    high: list[Finding]
    fine: list[Finding]
    own: bool
    finding: Finding | None


def rates_data(case: Case) -> tuple[pl.DataFrame, Facts]:
    """Return one row per subject and grade with a national rate or an own test, highest first. Columns: draw_rates."""
    text = wording.texts("figures", case.lang)["rates"]["labels"]["said"]
    rows: list[dict[str, Any]] = []
    shown: list[Any] = []
    for national, own in rates(case):
        value = national.value if national and national.verdict in DECIDED else None
        if value is None and own is None:
            continue
        leading = national if value is not None or own is None else own.finding
        assert leading
        shown.append((leading, own))
        rows.append(
            {
                "label": spoken(case).render("{{ f.grade|grade }}{{ f.subject|word('subjects') }}", f=leading)
                if case.lang == "zh"
                else spoken(case).render("{{ f.subject|word('subjects') }}, {{ f.grade|grade }}", f=leading),
                "national": value,
                "own": own.value if own else None,
                "low": own.low if own else None,
                "high": own.high if own else None,
                "limit": leading.target,
                "verdict": leading.verdict,
                "said": tidy(
                    spoken(case).render(text, national=national if value is not None else None, own=own), case.lang
                ),
            }
        )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    order = pl.coalesce("national", "own")
    national_rates = [row for row, _ in shown if row.kind == Kind.RATE]
    facts = Facts(
        national=national_rates,
        high=[rate for rate in national_rates if rate.verdict == Verdict.NOT_MET],
        fine=[rate for rate in national_rates if rate.verdict == Verdict.MET],
        own=any(own for _, own in shown),
        finding=shown[0][0] if shown else None,
    )
    return frame.sort(order, descending=True, maintain_order=True), facts


def draw_rates(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw per grade and subject the national rate as a diamond and the county's own test as an interval.

    `frame`: label, national, own, low, high, limit, verdict, said (the verdict in words), top row first; what is not
    known is null. `words`: title, axis, limit, source.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MultipleLocator

    side = max(text_width(said, SIDE) for said in frame["said"]) / 72 + 0.2
    height = HEAD + ROW * len(frame) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    left = max(LEFT, max(text_width(label, 8.5) for label in frame["label"]) / 72 + 0.15)
    width = WIDTH - left - side
    axes = figure.add_axes((left / WIDTH, FOOT / height, width / WIDTH, ROW * len(frame) / height))
    known = pl.concat([frame[c] for c in ("national", "own", "high", "limit")]).drop_nulls()
    axes.set_xlim(0, min(float(known.max() or 0.2) * 1.08, 1.0))  # type: ignore[arg-type]
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MultipleLocator(0.05 if axes.get_xlim()[1] <= 0.45 else 0.1))
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    limit = frame["limit"].drop_nulls()
    if len(limit):
        axes.axvline(limit[0], color=ink, linewidth=1.2, zorder=1)
        axes.annotate(words["limit"], (limit[0], -0.6), xytext=(0, 3), textcoords="offset points", ha="center", size=8)
    for y, row in enumerate(frame.iter_rows(named=True)):
        colour = brand.colour(row["verdict"])
        if row["low"] is not None and row["high"] is not None:
            axes.plot([row["low"], row["high"]], [y, y], color=brand.colours["line"], linewidth=2.4, zorder=2)
        if row["own"] is not None:
            axes.plot([row["own"]] * 2, [y - 0.2, y + 0.2], color=muted, linewidth=1.6, zorder=3)
        if row["national"] is not None:
            axes.scatter([row["national"]], [y], marker="D", s=42, color=colour, edgecolors="white", zorder=4)
        axes.annotate(
            row["label"],
            (0, y),
            xytext=(-6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            size=8.5,
        )
        axes.annotate(
            row["said"],
            (1, y),
            xytext=(8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            size=SIDE,
            color=colour,
        )
    axes.set_xlabel(words["axis"], size=8.5)
    figure.text(1 - 0.1 / WIDTH, 0.05 / height, words["source"], size=SMALL, ha="right", color=muted)
    return figure
