"""Which levels are reached, subject by subject and year by year?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.figures.layout import SMALL

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "subject": pl.String,
    "subject_label": pl.String,
    "grade": pl.Int8,
    "grade_label": pl.String,
    "year": pl.Int32,
    "text": pl.String,
    "verdict": pl.String,
    "judged": pl.Boolean,
}
WIDTH, LEFT, RIGHT = 6.7, 1.05, 0.1  # inches
HEAD, ROW, FOOT = 0.68, 0.23, 0.30  # inches
BETWEEN = 0.35  # of a cell, between two grades


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: findings on levels; not met (`low`), without data (`open`), met (`fine`)."""

    findings: list[Finding]
    low: list[Finding]
    open: list[Finding]
    fine: list[Finding]


def levels_data(case: Case, *, beside: bool = False) -> tuple[pl.DataFrame, Facts | None]:
    """Return one row per subject concerned (`beside`: of the others), grade and year of the monitoring up to the
    report's year. Columns: draw_levels.

    A cell is judged where a finding of this year rests on it; other cells take the verdict that the same target gives.
    """
    monitoring = case.standard.monitoring
    if monitoring is None:
        return pl.DataFrame(schema=SCHEMA), None
    findings = case.now.where(kind=Kind.LEVEL)
    resting = {(finding.subject, finding.grade): finding for finding in findings}
    rows: list[dict[str, Any]] = []
    results = case.records.monitoring.filter(pl.col("year") <= case.year)
    order = list(monitoring.subjects)
    concerned = {finding.subject for finding in findings}
    known = results.filter(
        pl.col("subject").is_in([subject for subject in order if (subject in concerned) is not beside])
    ).iter_rows(named=True)
    for cell in sorted(known, key=lambda finding: (order.index(finding["subject"]), finding["grade"], finding["year"])):
        finding = resting.get((cell["subject"], cell["grade"]))
        judged = finding is not None and finding.data_year == cell["year"] and finding.verdict in DECIDED
        past = case.at(cell["year"]).get(ids.finding(Field.QUALITY, Kind.LEVEL, cell["subject"], cell["grade"]))
        own = finding if judged else past if past is not None and past.data_year == cell["year"] else None
        level = cell["level"]
        untested = cell["tested"] == "no"
        if level is None and not untested:
            continue
        rows.append(
            {
                "subject": cell["subject"],
                "subject_label": case.word("subjects", cell["subject"]),
                "grade": cell["grade"],
                "grade_label": case.word("grades", str(cell["grade"])),
                "year": cell["year"],
                "text": case.word("blank", "untested") if untested else numbers.level(level, case.lang),
                "verdict": Verdict.NO_DATA.value if untested else own.verdict if own else "",
                "judged": judged,
            }
        )
    by_verdict = {
        name: [finding for finding in findings if finding.verdict == verdict]
        for name, verdict in (("low", Verdict.NOT_MET), ("open", Verdict.NO_DATA), ("fine", Verdict.MET))
    }
    return pl.DataFrame(rows, schema=SCHEMA), Facts(findings=list(findings), **by_verdict)


def draw_levels(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw a grid: a row per subject, a column per grade and year, the level as text, shaded by met or not.

    `frame`: subject, subject_label, grade, grade_label, year, text, verdict, judged (this cell counts this year);
    subjects in order of appearance; a cell without a row stays empty. `words`: title, source.
    """
    from matplotlib.collections import PatchCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    subjects = frame.select("subject", "subject_label").unique(maintain_order=True).rows()
    grades = frame.select("grade", "grade_label").unique().sort("grade").rows()
    years = list(range(frame["year"].min(), frame["year"].max() + 1))  # type: ignore[operator, arg-type]
    height = HEAD + ROW * len(subjects) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    box = (LEFT / WIDTH, FOOT / height, (WIDTH - LEFT - RIGHT) / WIDTH, ROW * len(subjects) / height)
    axes = figure.add_axes(box)
    axes.set_xlim(0, len(grades) * len(years) + BETWEEN * (len(grades) - 1))
    axes.set_ylim(len(subjects), 0)
    axes.axis("off")
    ink, muted = brand.colours["ink"], brand.colours["muted"]
    row_of = {subject: row for row, (subject, _) in enumerate(subjects)}
    left_of = {grade: place * (len(years) + BETWEEN) for place, (grade, _) in enumerate(grades)}
    for subject, label in subjects:
        axes.text(-0.12, row_of[subject] + 0.5, label, ha="right", va="center", size=8.5)
    for grade, label in grades:
        axes.text(left_of[grade] + len(years) / 2, -0.75, label, ha="center", va="bottom", size=8.5)
        for place, year in enumerate(years):
            axes.text(left_of[grade] + place + 0.5, -0.12, str(year), ha="center", va="bottom", size=SMALL, color=muted)
    places = [left_of[grade] + place for grade, _ in grades for place in range(len(years))]
    boxes = [Rectangle((x + 0.03, y + 0.06), 0.94, 0.88) for x in places for y in range(len(subjects))]
    faces: list[str] = ["none"] * len(boxes)
    edges = [brand.colours["faint"]] * len(boxes)
    for cell in frame.iter_rows(named=True):
        x, y = left_of[cell["grade"]] + cell["year"] - years[0], row_of[cell["subject"]]
        boxes.append(Rectangle((x + 0.03, y + 0.06), 0.94, 0.88))
        faces.append(brand.tint(cell["verdict"]))
        edges.append(brand.colour(cell["verdict"]) if cell["judged"] else "none")
        colour = brand.colour(cell["verdict"]) if cell["verdict"] in DECIDED else ink
        axes.text(x + 0.5, y + 0.52, cell["text"], ha="center", va="center", size=8.5, color=colour)
    axes.add_collection(PatchCollection(boxes, facecolors=faces, edgecolors=edges))
    figure.text(1 - RIGHT / WIDTH, 0.05 / height, words["source"], size=SMALL, ha="right", color=muted)
    return figure
