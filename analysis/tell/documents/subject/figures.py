"""How scores lie: one panel per grade, shares of pupils by equal steps."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.brand import Brand
from analysis.tables import Verdict
from analysis.tell.documents.subject.subject import Grade, SubjectReport
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import SMALL
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.worded import worded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 6.7, 2.7  # inches
#: At most so many bars, of the narrowest width that people count in (points).
BARS = 14
STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Facts:
    """What the words of the figure know: the report, the grades that are drawn."""

    tested: SubjectReport
    grades: list[Grade]
    synthetic: bool


def distribution(report: SubjectReport) -> Picture | None:
    """Return the distribution of scores; None where there are none, and to the public: a bar may be of few pupils."""
    case = report.case
    grades = [grade for grade in report.told_grades if grade.distribution]
    if case.public or not grades:
        return None
    scores = [grade.scores["score"].drop_nulls() for grade in grades]
    known = pl.concat(scores)
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    step = next((step for step in STEPS if (high - low) / step <= BARS), STEPS[-1])
    frame = pl.concat([_bars(report, grade.number, score, step) for grade, score in zip(grades, scores, strict=True)])
    facts = Facts(report, grades, case.synthetic)
    said = {
        key: worded(spoken(case), text, facts) for key, text in wording.texts("subject", case.lang)["figure"].items()
    }
    means = {case.word("grades", str(grade.number)): grade.distribution.mean for grade in grades if grade.distribution}
    return Picture("distribution", said["caption"], said["alt"], frame, lambda brand: draw(frame, means, said, brand))


def _bars(report: SubjectReport, grade: int, scores: pl.Series, step: int) -> pl.DataFrame:
    start = (scores / step).floor() * step
    label = report.case.word("grades", str(grade))
    counted = start.alias("start").to_frame().group_by("start").agg(pl.len()).sort("start")
    return counted.select(
        pl.lit(label).alias("grade"),
        "start",
        pl.lit(float(step)).alias("step"),
        (pl.col("len") / len(scores)).alias("share"),
    )


def draw(frame: pl.DataFrame, means: dict[str, float], said: dict[str, Any], brand: Brand) -> "Figure":
    """Draw the bars of `frame` (grade, start, step in points, share from 0 to 1), a line at each grade's mean."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT))
    figure.text(0.012, 0.975, said["title"], size=10, va="top")
    highest = math.ceil(float(frame["share"].max()) * 20) / 20  # type: ignore[arg-type]
    ends = float(frame["start"].min()), float((frame["start"] + frame["step"]).max())  # type: ignore[arg-type]
    for place, (grade, mean) in enumerate(means.items()):
        here = frame.filter(pl.col("grade") == grade)
        width = 0.86 / len(means)
        axes = figure.add_axes((0.08 + place * (width + 0.03), 0.2, width - 0.02, 0.58))
        axes.bar(here["start"], here["share"] * 100, here["step"], align="edge", linewidth=0.6,
                 color=brand.tint(Verdict.MET), edgecolor=brand.colour(Verdict.MET))  # fmt: skip
        axes.axvline(mean, color=brand.colours["ink"], linewidth=1.2)
        axes.set_ylim(0, highest * 100)
        axes.set_xlim(*ends)
        axes.set_title(grade, size=8.5, loc="left", color=brand.colours["ink"])
        axes.set_xlabel(said["axis"], size=8)
        if place == 0:
            axes.set_ylabel(said["share"], size=8)
        else:
            axes.set_yticklabels([])
        axes.tick_params(labelsize=SMALL)
    figure.text(0.012, 0.02, said["source"], size=SMALL, color=brand.colours["muted"])
    return figure
