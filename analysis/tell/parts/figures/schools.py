"""Which schools fall short of a floor, and how far?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis import ids
from analysis.brand import Brand
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.facts.obstacles import drivers, leading, obstacles, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.figures.layout import SMALL, flags, swarm, text_width, wrapped
from analysis.tell.speech.filters import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


SCHEMA: dict[str, Any] = {
    "stage": pl.String,
    "school": pl.String,
    "label": pl.String,
    "pupils": pl.Float64,
    "value": pl.Float64,
    "floor": pl.Float64,
    "verdict": pl.String,
    "allowed": pl.Boolean,
    "part": pl.Float64,
    "mean": pl.Float64,
    "stage_label": pl.String,
    "floor_label": pl.String,
    "note": pl.String,
    "note_verdict": pl.String,
    "named": pl.Boolean,
}
WIDTH, LEFT, RIGHT = 6.7, 0.62, 0.10  # inches
FOOT, HEAD = 0.62, 0.36  # inches below the axis, above the first stage
ABOVE, BELOW, ROW = 36, 31, 10  # points above and below a stage's middle line, and per row of names
STAGE = 9  # type size of names of stages, points


def weighing(case: Case) -> str | None:
    """Return the indicator that weighs most: heaviest among what is not met, else the one nearest to its limit."""
    heaviest = next((obstacle for obstacle in obstacles(case) if obstacle.kind is ObstacleKind.INDICATOR), None)
    if heaviest:
        return heaviest.finding.indicator
    near = [
        finding
        for finding in case.now.where(kind=Kind.CV)
        if finding.indicator and finding.value is not None and finding.target
    ]
    if not near:
        return None
    return max(near, key=lambda finding: ((finding.value or 0) / (finding.target or 1), finding.id)).indicator


def drawn(case: Case) -> str | None:
    """Return the indicator that weighs most where a school's value of it may be shown: there is a figure then."""
    return None if schools_data(case)[0].is_empty() else weighing(case)


@dataclass(frozen=True)
class StageShown:
    """A stage of the figure: its coefficient, the findings below the floor, and how many schools there are."""

    stage: str
    cv: Finding | None
    below: list[Finding]
    count: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words of the figure know: the indicator that weighs most, its stages, those with schools below the floor
    (`short`) and with a coefficient above its limit (`over`); whether schools are left out for the public."""

    indicator: str | None
    stages: list[StageShown]
    short: list[StageShown]
    over: list[StageShown]
    suppressed: bool


def schools_data(case: Case) -> tuple[pl.DataFrame, Facts]:
    """Return one row per school in scope with a value of the indicator that weighs most, and what the words need.

    Columns: see draw_schools, and school. Schools of fewer pupils than the public may see are left out for it.
    """
    indicator = weighing(case)
    cv_item, floor_item = ids.cv(indicator or ""), ids.floor(indicator or "")
    rows: list[dict[str, Any]] = []
    stages: list[StageShown] = []
    limit = wording.emphasis()["named"]
    for stage in case.stage_ids if indicator else []:
        cv = case.finding(ids.finding(Field.RESOURCES, cv_item, stage))
        floors = [
            finding
            for finding in case.now.where(item=floor_item, stage=stage)
            if None not in (finding.value, finding.target) and case.may_show(finding.school, stage)
        ]
        below = [finding for finding in floors if finding.verdict == Verdict.NOT_MET]
        short = {each.school: each for each in shortfalls(case, stage, indicator)}
        breaking = {code for code, each in short.items() if each.breaks}
        pulling = leading(drivers(case, stage, indicator or "")) if cv and cv.verdict == Verdict.NOT_MET else ()
        named = (breaking if len(breaking) <= limit else set()) | {each.school for each in pulling[:1]}
        floor_label = _said(case, "floor_label", finding=floors[0]) if floors else ""
        note = _said(case, "note", finding=cv) if cv and cv.value is not None else ""
        stages.append(StageShown(stage, cv, below, len(floors)))
        for finding in floors:
            measured = case.measured.school(case.year, stage, finding.indicator, finding.school or "")
            rows.append(
                {
                    "stage": stage,
                    "school": finding.school,
                    "label": case.school(finding.school or ""),
                    "pupils": measured.pupils if measured else None,
                    "value": finding.value,
                    "floor": finding.target,
                    "verdict": finding.verdict,
                    "allowed": finding.verdict == Verdict.NOT_MET and finding.school not in breaking,
                    "part": case.standard.school_rule.rest_part if case.standard.school_rule else None,
                    "mean": case.measured.stage(case.year, stage, finding.indicator, "mean"),
                    "stage_label": case.word("stages", stage),
                    "floor_label": floor_label,
                    "note": note,
                    "note_verdict": cv.verdict if cv else "",
                    "named": finding.school in named,
                }
            )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    return frame, Facts(
        indicator=indicator,
        stages=stages,
        short=[shown for shown in stages if shown.below],
        over=[shown for shown in stages if shown.cv and shown.cv.verdict == Verdict.NOT_MET],
        suppressed=case.public,
    )


def _said(case: Case, key: str, **facts: Any) -> str:
    return spoken(case).render(wording.texts("figures", case.lang)["schools"]["labels"][key], **facts)


def draw_schools(frame: pl.DataFrame, words: dict[str, str], brand: Brand) -> "Figure":
    """Draw one point per school along the value, sized by pupils, one strip per stage, the floor as a line.

    `frame`: stage, label, pupils, value, floor, verdict, `allowed` (below the floor, as the school's rule allows: drawn
    hollow), `part` of the floor that the rule asks (a dashed line), mean, stage_label, floor_label, note, note_verdict,
    named; stages in order of appearance. `words`: title, axis, source.
    """
    from matplotlib.figure import Figure

    strips = frame.partition_by("stage", maintain_order=True)
    low, high = _range(frame)
    left = max(LEFT, 0.14 + max(text_width(strip["stage_label"][0], STAGE) for strip in strips) / 72)
    plot_width = WIDTH - left - RIGHT
    scale = plot_width * 72 / (high - low)  # points per unit of the value
    banners = [_flags(strip, scale, high) for strip in strips]
    below = [BELOW + ROW * (max((row for row, _ in banner), default=-1) + 1) for banner in banners]
    note = wrapped(words["source"], SMALL, (WIDTH - RIGHT - 0.012 * WIDTH) * 72)
    height = HEAD + FOOT + note.count("\n") * 1.3 * SMALL / 72 + sum(ABOVE + depth for depth in below) / 72
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.012, 1 - 0.06 / height, words["title"], size=10, va="top")
    top = height - HEAD
    for strip, banner, depth in zip(strips, banners, below, strict=True):
        tall = (ABOVE + depth) / 72
        axes = figure.add_axes((left / WIDTH, (top - tall) / height, plot_width / WIDTH, tall / height))
        top -= tall
        axes.set_xlim(low, high)
        axes.set_ylim(-depth, ABOVE)  # points, so that circles are round
        last = strip is strips[-1]
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(last)
        axes.set_yticks([])
        axes.tick_params(axis="x", bottom=last, labelbottom=last)
        _strip(axes, strip, scale, low, high, brand, banner)
        if last:
            axes.set_xlabel(words["axis"], size=8.5)
    muted = brand.colours["muted"]
    figure.text(1 - RIGHT / WIDTH, 0.05 / height, note, size=SMALL, ha="right", va="bottom", color=muted)
    return figure


def _range(frame: pl.DataFrame) -> tuple[float, float]:
    values = pl.concat([frame["value"], frame["floor"], frame["mean"]]).drop_nulls()
    low, high = float(values.min() or 0), float(values.max() or 1)  # type: ignore[arg-type]
    room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.1
    return max(low - room, 0.0) if low >= 0 else low - room, high + room


def _radius(pupils: pl.Series) -> list[float]:
    largest = float(pupils.max() or 1)  # type: ignore[arg-type]
    crowd = 1.0 if len(pupils) <= 80 else (80 / len(pupils)) ** 0.5
    return [max(crowd * 5.0 * (float(n or 0) / largest) ** 0.5, 1.3) for n in pupils]


def _strip(
    axes: "Axes",
    rows: pl.DataFrame,
    scale: float,
    low: float,
    high: float,
    brand: Brand,
    banner: list[tuple[int, bool]],
) -> None:
    first = rows.row(0, named=True)
    ink = brand.colours["ink"]
    x = rows["value"].to_list()
    radius = _radius(rows["pupils"])
    heights = swarm([v * scale for v in x], radius, room=19)
    failing = [verdict == Verdict.NOT_MET for verdict in rows["verdict"]]
    allowed = rows["allowed"].to_list()
    red = brand.colour(Verdict.NOT_MET)
    axes.scatter(
        x,
        heights,
        s=[(2 * r) ** 2 for r in radius],
        c=[
            (1.0, 1.0, 1.0, 1.0) if hollow else brand.rgba(verdict, 0.95 if verdict == Verdict.NOT_MET else 0.72)
            for verdict, hollow in zip(rows["verdict"], allowed, strict=True)
        ],
        edgecolors=[
            red if hollow else ink if fails else "white" for fails, hollow in zip(failing, allowed, strict=True)
        ],
        linewidths=[1.1 if hollow else 0.5 for hollow in allowed],
        zorder=3,
    )
    if first["floor"] is not None:
        if first["part"] is not None and first["part"] < 1:
            axes.plot([first["floor"] * first["part"]] * 2, [-20, 20], color=ink, linewidth=0.9, linestyle=(0, (3, 2)))
        axes.plot([first["floor"]] * 2, [-20, 20], color=ink, linewidth=1.2, zorder=4)
        width = text_width(first["floor_label"], SMALL) / scale
        centre = min(max(first["floor"], low + width / 2), high - width / 2)
        axes.text(centre, 22, first["floor_label"], ha="center", va="bottom", size=SMALL)
    if first["mean"] is not None:
        axes.scatter([first["mean"]], [-24], marker="^", s=20, color=ink, zorder=4)
    axes.annotate(
        first["stage_label"],
        (0, 0),
        xytext=(-8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="center",
        size=STAGE,
        color=brand.colours["muted"],
    )
    axes.text(high, 22, first["note"], ha="right", va="bottom", size=8, color=brand.colour(first["note_verdict"]))
    _names(axes, rows.with_columns(y=pl.Series(heights)), scale, brand, banner)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter("named").sort("value", "label")


def _flags(rows: pl.DataFrame, scale: float, high: float) -> list[tuple[int, bool]]:
    named = _named(rows)
    widths = [text_width(label, SMALL) / scale for label in named["label"]]
    return flags(named["value"].to_list(), widths, high, gap=6 / scale)


def _names(axes: "Axes", rows: pl.DataFrame, scale: float, brand: Brand, banner: list[tuple[int, bool]]) -> None:
    """Hang the names of failing schools, and of the one that drives the difference, on poles below their points."""
    failing, ink = brand.colour(Verdict.NOT_MET), brand.colours["ink"]
    named = _named(rows)
    for label, verdict, x, y, (row, flipped) in zip(
        named["label"], named["verdict"], named["value"], named["y"], banner, strict=True
    ):
        foot = -BELOW - ROW * row
        colour = failing if verdict == Verdict.NOT_MET else ink
        axes.plot([x, x], [y, foot - ROW / 2], color=colour, linewidth=0.6, zorder=1, clip_on=False)
        side = -3 if flipped else 3
        axes.text(
            x + side / scale, foot, label, ha="right" if flipped else "left", va="center", size=SMALL, color=colour
        )
