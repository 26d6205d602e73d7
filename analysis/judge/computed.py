"""Items that are computed from records: one function per rule, each from the rows of all counties and years at once.

A rule returns school rows with county, year, school, stage (where the item has stages), value, target, verdict, reason,
evidence (JSON of what was counted); the county's finding follows from them in duties.py.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from analysis.clean import values
from analysis.judge import frames, rounding
from analysis.judge.resources import ASIDE
from analysis.standards import Sense, Standard
from analysis.standards.model import Item
from analysis.tables import Stage, Verdict

ROWS = {
    "county": pl.String,
    "year": pl.Int32,
    "school": pl.String,
    "stage": pl.String,
    "value": pl.Float64,
    "target": pl.Float64,
    "margin": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
    "evidence": pl.String,
}
SCHOOL = [*frames.KEYS, "school"]
#: A county and a year.
Cell = tuple[str, int]


@dataclass(frozen=True)
class Given:
    """What a rule works on: the item and its id, the standard, the counties and years to be judged, the schools that
    the item looks at, and their records; `year` of every row is the year judged, but for the monitoring's."""

    name: str
    item: Item
    standard: Standard
    cells: tuple[Cell, ...]
    schools: pl.DataFrame
    frames: Mapping[str, pl.DataFrame]

    def number(self, name: str) -> float:
        """Return a parameter of the item that is a number."""
        return float(self.item.parameters[name])


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_shape(tuple(frame.columns))).select(list(ROWS))


@cache
def _shape(columns: tuple[str, ...]) -> list[pl.Expr]:
    """Return the columns of ROWS, made from those that a frame has."""
    return [(pl.col(name) if name in columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in ROWS.items()]


def _judged(frame: pl.DataFrame, sense: Sense, missing: str | pl.Expr, short: str) -> pl.DataFrame:
    """Judge `value` against `target`; `missing` and `short` are the reasons of no_data and not_met."""
    absent = pl.lit(missing) if isinstance(missing, str) else missing
    value, target = pl.col("value").cast(pl.Float64), pl.col("target").cast(pl.Float64)
    met = rounding.held(value, target, sense)
    return _shaped(
        frame.with_columns(
            rounding.margin(value, target, sense).alias("margin"),
            pl.when(met.is_null())
            .then(pl.lit(Verdict.NO_DATA.value))
            .when(met)
            .then(pl.lit(Verdict.MET.value))
            .otherwise(pl.lit(Verdict.NOT_MET.value))
            .alias("verdict"),
            pl.when(value.is_null())
            .then(absent)
            .when(target.is_null())
            .then(pl.lit("missing_amount"))
            .when(met)
            .then(pl.lit(""))
            .otherwise(pl.lit(short))
            .alias("reason"),
        )
    )


def _stage_columns(given: Given, prefix: str) -> pl.Expr:
    """Return the sum of a school's compulsory stages: null where a stage that its type has is not reported."""
    total: pl.Expr = pl.lit(0.0)
    for stage in Stage:
        types = [name for name, levels in given.standard.school_types.items() if stage.value in levels]
        column = pl.col(f"{prefix}_{stage.value}").cast(pl.Float64)
        total = total + pl.when(pl.col("school_type").is_in(types)).then(column).otherwise(0.0)
    return total


def special_rooms(given: Given) -> pl.DataFrame:
    """Music and art rooms of full size: value is the scarcer kind, target one for every `classes_per_room` classes
    begun.

    A room of unknown area may be of full size: where it would make the difference there is no value.
    """
    least = pl.col("room_type").replace_strict(
        {"music": given.number("music_area"), "art": given.number("art_area")}, default=None, return_dtype=pl.Float64
    )
    full = rounding.held(pl.col("area").cast(pl.Float64), least, Sense.AT_LEAST)
    counted = (
        given.frames["rooms"]
        .group_by(SCHOOL)
        .agg(
            *(
                ((pl.col("room_type") == kind) & full.fill_null(value=unknown))
                .fill_null(value=False)
                .sum()
                .cast(pl.Float64)
                .alias(name)
                for kind in ("music", "art")
                for name, unknown in ((kind, False), (f"{kind} at best", True))
            )
        )
    )
    classes = _stage_columns(given, "classes")
    # Pupils without a class are a gap in the data, not a school that needs no room.
    silent = (classes == 0) & (_stage_columns(given, "pupils") > 0)
    needed = pl.when(~silent).then((classes / given.number("classes_per_room")).ceil())
    rows = (
        given.schools.with_columns(needed.alias("target"))
        .filter(pl.col("target").is_null() | (pl.col("target") > 0))
        .join(counted, on=SCHOOL, how="left", maintain_order="left")
    )
    value, best = pl.min_horizontal("music", "art"), pl.min_horizontal("music at best", "art at best")
    unsure = (value < pl.col("target")) & (best >= pl.col("target"))
    told = rows.with_columns(
        pl.when(~unsure).then(value).alias("value"),
        pl.struct("music", "art", needed=pl.col("target")).struct.json_encode().alias("evidence"),
    )
    absent = pl.when(value.is_null()).then(pl.lit("no_rows_of_school")).otherwise(pl.lit("missing_amount"))
    return _judged(told, Sense.AT_LEAST, absent, "rooms_short")


def school_size(given: Given) -> pl.DataFrame:
    """Pupils of the compulsory stages, limits by type; with `built_before`, schools built before have
    `<type>_before`."""
    limits = {name: given.number(name) for name in given.standard.school_types if name in given.item.parameters}
    limit = pl.col("school_type").replace_strict(limits, default=None, return_dtype=pl.Float64)
    if "built_before" in given.item.parameters:
        old = {name: given.number(f"{name}_before") for name in limits if f"{name}_before" in given.item.parameters}
        before = pl.col("school_type").replace_strict(old, default=None, return_dtype=pl.Float64)
        early = pl.col("built") < pl.lit(str(given.item.parameters["built_before"]))
        # Without the month of building both limits are possible: only what they agree on is known.
        pupils = _stage_columns(given, "pupils")
        unsure = (pupils > limit) & (pupils <= before)
        limit = (
            pl.when(early)
            .then(pl.coalesce(before, limit))
            .when(pl.col("built").is_not_null() | ~unsure)
            .then(limit)
            .otherwise(None)
        )
    rows = given.schools.with_columns(_stage_columns(given, "pupils").alias("value"), limit.alias("target"))
    return _judged(
        rows.filter(pl.col("value").is_null() | (pl.col("value") > 0)), Sense.AT_MOST, "missing_amount", "over_size"
    )


def class_size(given: Given) -> pl.DataFrame:
    """Each school's largest class by stage; with `first_grades` only the grades that begin a stage. Evidence:
    classes over, classes.

    A class without its number, or one that the school reports and the table of classes lacks, may be the largest: then
    only a class that is over is sure.
    """
    stages = pl.DataFrame(
        [
            (stage.value, grade, given.number(stage.value))
            for stage, grades in given.standard.grades.items()
            if stage.value in given.item.parameters
            for grade in (grades[:1] if "first_grades" in given.item.parameters else grades)
        ],
        schema={"stage": pl.String, "grade": pl.Int8, "target": pl.Float64},
        orient="row",
    )
    classes = given.frames["classes"].join(given.schools.select(SCHOOL), on=SCHOOL, how="semi")
    stage_of = {grade: stage.value for stage, grades in given.standard.grades.items() for grade in grades}
    listed = (
        classes.with_columns(
            pl.col("grade").replace_strict(stage_of, default=None, return_dtype=pl.String).alias("stage")
        )
        .group_by(*SCHOOL, "stage")
        .agg(pl.len().alias("listed"))
    )
    rows = (
        classes.join(stages, on="grade", how="inner", maintain_order="left")
        .group_by(*SCHOOL, "stage", maintain_order=True)
        .agg(
            pl.col("pupils").max().alias("value"),
            pl.col("target").first(),
            (pl.col("pupils") > pl.col("target")).sum().alias("over"),
            pl.len().alias("classes"),
            pl.col("pupils").null_count().alias("unknown"),
        )
    )
    types = {
        stage.value: [name for name, levels in given.standard.school_types.items() if stage.value in levels]
        for stage in Stage
    }
    expected = pl.concat(
        [
            given.schools.filter(
                pl.col("school_type").is_in(types[stage.value]) & (pl.col(f"pupils_{stage.value}").fill_null(1) > 0)
            ).select(
                *SCHOOL,
                pl.lit(stage.value).alias("stage"),
                pl.lit(given.number(stage.value)).alias("target"),
                pl.col(f"classes_{stage.value}").alias("reported"),
            )
            for stage in Stage
            if stage.value in given.item.parameters
        ]
    )
    whole = expected.join(rows.drop("target"), on=[*SCHOOL, "stage"], how="left", maintain_order="left").join(
        listed, on=[*SCHOOL, "stage"], how="left", maintain_order="left"
    )
    lacking = (pl.col("unknown") > 0) | (pl.col("listed") < pl.col("reported")).fill_null(value=False)
    told = whole.with_columns(
        pl.when(~lacking | (pl.col("over") > 0)).then("value").alias("value"),
        pl.struct("over", "classes").struct.json_encode().alias("evidence"),
    )
    absent = pl.when(pl.col("listed").is_null()).then(pl.lit("no_rows_of_school")).otherwise(pl.lit("classes_missing"))
    return _judged(told, Sense.AT_MOST, absent, "classes_over")


def small_school_funding(given: Given) -> pl.DataFrame:
    """Schools with fewer pupils than `pupils_below`: funded for at least `funded_as`.

    A school of unknown enrolment may be such a school: funded for so many it meets the rule whatever it is.
    """
    pupils, funded = _stage_columns(given, "pupils"), pl.col("funded_pupils").cast(pl.Float64)
    enough = given.number("funded_as")
    rows = given.schools.filter(
        pupils.is_null() | ((pupils > 0) & (pupils < given.number("pupils_below")))
    ).with_columns(
        pl.when(pupils.is_not_null() | (funded >= enough)).then(funded).alias("value"), pl.lit(enough).alias("target")
    )
    absent = pl.when(pupils.is_null()).then(pl.lit("missing_pupils")).otherwise(pl.lit("missing_amount"))
    return _judged(rows, Sense.AT_LEAST, absent, "funded_below")


def training_funds(given: Given) -> pl.DataFrame:
    """Each school's training funds over its public-funds budget: at least `part`."""
    rows = given.schools.with_columns(
        pl.when(pl.col("public_funds") > 0).then(pl.col("training_funds") / pl.col("public_funds")).alias("value"),
        pl.lit(given.number("part")).alias("target"),
    )
    return _judged(rows, Sense.AT_LEAST, "missing_amount", "training_below")


def schools_at_floor(given: Given) -> pl.DataFrame:
    """Each school's value of one `indicator` against its floor in one `stage`, as the floors were judged."""
    item = f"floor_{given.item.parameters['indicator']}"
    rows = given.frames["floors"].filter(pl.col("item") == item)
    if "stage" in given.item.parameters:
        rows = rows.filter(pl.col("stage") == str(given.item.parameters["stage"]))
    return _shaped(rows)


RULES: dict[str, Callable[[Given], pl.DataFrame]] = {
    "special_rooms": special_rooms,
    "school_size": school_size,
    "class_size": class_size,
    "small_school_funding": small_school_funding,
    "training_funds": training_funds,
    "schools_at_floor": schools_at_floor,
}


@dataclass(frozen=True)
class Figure:
    """One computed value of a county; `reason` says why there is none.

    `bounds`: the least and the most that it can be, where values that it hangs on are set aside.
    """

    value: float | None
    reason: str = ""
    evidence: str = ""
    bounds: tuple[float, float] | None = None


Figures = dict[Cell, Figure]


@dataclass(frozen=True)
class Sums:
    """Sums of columns of the teachers table over what is known of them; `aside`: the schools of whose rows a value is
    set aside, and `most` (infinite where a row says nothing) what the first column may be in these rows together."""

    known: list[float]
    aside: str = ""
    most: float = 0.0


def _sums(given: Given, columns: tuple[str, ...]) -> dict[Cell, Sums | Figure]:
    """Return sums of columns of the teachers table; a figure without a value, and why, where they are not known.

    Every stage of a school that has pupils must have a row: what is not reported is not zero.
    """
    rows = given.frames["teachers"].join(given.schools.select(SCHOOL), on=SCHOOL, how="semi", maintain_order="left")
    asked = pl.concat(
        given.schools.filter(pl.col(f"pupils_{stage.value}") > 0).select(*SCHOOL, pl.lit(stage.value).alias("stage"))
        for stage in Stage
    )
    silent = asked.join(rows, on=[*SCHOOL, "stage"], how="anti", maintain_order="left").select(SCHOOL)
    missing = pl.any_horizontal(pl.col(one).is_null() & ~values.has(one) for one in columns)
    lacking = rows.filter(missing).select(SCHOOL)
    lost = (
        pl.concat([silent, lacking])
        .group_by(frames.KEYS)
        .agg(pl.col("school").unique(maintain_order=True).str.join(frames.LIST))
    )
    absent = {(county, year): Figure(None, "schools_missing", schools) for county, year, schools in lost.iter_rows()}
    aside = values.has(*columns)
    added = rows.group_by(frames.KEYS).agg(
        pl.col(columns).sum().cast(pl.Float64),
        pl.col("school").filter(aside).unique(maintain_order=True).str.join(frames.LIST).alias("aside"),
        # Of a row's teachers no more than all have any attribute.
        pl.col("teachers").filter(aside).cast(pl.Float64).fill_null(float("inf")).sum().alias("most"),
    )
    sums = {
        (county, year): absent.get((county, year), Sums(list(each), schools, most))
        for county, year, *each, schools, most in added.iter_rows()
    }
    return {cell: sums.get(cell, Figure(None, "no_records")) for cell in given.cells}


def teacher_share(given: Given) -> Figures:
    """Teachers with the attribute `column` over all full-time teachers, from the teachers table."""

    def share(sums: Sums | Figure) -> Figure:
        if isinstance(sums, Figure):
            return sums
        held, teachers = sums.known
        if sums.aside and (math.isinf(sums.most) or not teachers):
            return Figure(None, ASIDE, sums.aside)
        if sums.aside:
            return Figure(None, "", sums.aside, (held / teachers, (held + sums.most) / teachers))
        return Figure(held / teachers) if teachers else Figure(None, "value_missing")

    found = _sums(given, (str(given.item.parameters["column"]), "teachers"))
    return {cell: share(sums) for cell, sums in found.items()}


def pupils_per_teacher(given: Given) -> Figures:
    """Pupils of the compulsory stages for each teacher of the kind `column`; infinite where there is none."""
    enrolled = given.schools.select(*frames.KEYS, _stage_columns(given, "pupils").alias("pupils")).group_by(frames.KEYS)
    counted = enrolled.agg(pl.col("pupils").sum(), pl.col("pupils").null_count().alias("missing"))
    pupils = {(county, year): (float(total), bool(missing)) for county, year, total, missing in counted.iter_rows()}

    def each(cell: Cell, sums: Sums | Figure) -> Figure:
        if isinstance(sums, Figure):
            return sums
        if sums.aside:
            return Figure(None, ASIDE, sums.aside)
        total, missing = pupils[cell]
        if missing:
            return Figure(None, "missing_pupils")
        if not total:
            return Figure(None, "value_missing")
        return Figure(total / sums.known[0] if sums.known[0] else float("inf"))

    return {cell: each(cell, sums) for cell, sums in _sums(given, (str(given.item.parameters["column"]),)).items()}


def monitoring_round(given: Given) -> Figures:
    """Cells (subject and grade) with a result, as a share of all that are tested, in the round of years that is most
    complete among those that have ended; of two alike the later. Evidence: the cells without a result."""
    rule = given.standard.monitoring
    if rule is None:
        return dict.fromkeys(given.cells, Figure(None, "no_records"))
    tested = given.frames["monitoring"].filter(pl.col("tested").fill_null("yes") != "no")
    told = pl.any_horizontal(pl.col("level", "rate", "share_1").is_not_null())
    # A result that is set aside is a result.
    told |= values.has("level", "rate", "share_1")
    filled = set(tested.filter(told).select("county", "subject", "grade", "year").iter_rows())

    def best(county: str, year: int) -> Figure:
        ended = range(rule.rounds.start, year - rule.rounds.years + 2, rule.rounds.years)
        if not ended:
            return Figure(0.0, "round_incomplete")
        asked = {
            first: [
                (name, grade, first + one.round_year - 1) for name, one in rule.subjects.items() for grade in one.grades
            ]
            for first in ended
        }
        absent = {first: [cell for cell in cells if (county, *cell) not in filled] for first, cells in asked.items()}
        fullest = min(ended, key=lambda first: (len(absent[first]), -first))
        names = frames.LIST.join(f"{subject}.{grade}.{when}" for subject, grade, when in absent[fullest])
        of_all = len(asked[fullest])
        return Figure((of_all - len(absent[fullest])) / of_all, "round_incomplete" if names else "", names)

    return {cell: best(*cell) for cell in given.cells}


def score(given: Given) -> Figures:
    """The points of a county: the item itself where reported, else the sum of its second-level items score_1 to
    score_<parts>; none where both are reported and differ."""
    number = int(given.number("parts"))
    names = [given.name, *(f"score_{place}" for place in range(1, number + 1))]
    mine = given.frames["government"].filter(pl.col("item").is_in(names))
    rows = mine.filter(pl.col("value").is_not_null())
    aside = set(mine.filter(values.has("value")).select(frames.KEYS).iter_rows())
    reported: dict[Cell, list[tuple[str, float]]] = {}
    for county, year, item, value in rows.select(*frames.KEYS, "item", "value").iter_rows():
        reported.setdefault((county, year), []).append((item, value))

    def points(told: list[tuple[str, float]]) -> Figure:
        totals = [value for item, value in told if item == given.name]
        parts = [value for item, value in told if item != given.name]
        whole = float(sum(parts)) if len(parts) == number else None
        if totals:
            if whole is not None and rounding.exact(whole) != rounding.exact(totals[0]):
                return Figure(None, "score_contradicts", f"{totals[0]:g};{whole:g}")
            return Figure(float(totals[0]))
        if whole is None:
            return Figure(None, "score_incomplete" if parts else "no_records", str(len(parts)))
        return Figure(whole)

    unknown = Figure(None, ASIDE)
    return {cell: unknown if cell in aside else points(reported.get(cell, [])) for cell in given.cells}


FIGURES: dict[str, Callable[[Given], Figures]] = {
    "teacher_share": teacher_share,
    "pupils_per_teacher": pupils_per_teacher,
    "monitoring_round": monitoring_round,
    "score": score,
}
