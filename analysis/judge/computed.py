"""Items that are computed from records: one function per rule, each from the rows of one county and year to school
rows.

A rule returns school rows with school, stage (where the item has stages), value, target, verdict, reason, evidence
(JSON of what was
counted); the county's finding follows from them in duties.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from analysis.judge import rounding
from analysis.standards import Sense, Standard
from analysis.standards.model import Item
from analysis.tables import Stage, Verdict

ROWS = {
    "school": pl.String,
    "stage": pl.String,
    "value": pl.Float64,
    "target": pl.Float64,
    "margin": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
    "evidence": pl.String,
}
COMPULSORY = ("pupils_primary", "pupils_junior")


@dataclass(frozen=True)
class Given:
    """What a rule works on: the records of one county and year, the schools that the item looks at, the standard."""

    item: Item
    standard: Standard
    schools: pl.DataFrame
    frames: Mapping[str, pl.DataFrame]

    def number(self, name: str) -> float:
        """Return a parameter of the item that is a number."""
        return float(self.item.parameters[name])


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in ROWS.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())


def _judged(frame: pl.DataFrame, sense: Sense, missing: str, short: str) -> pl.DataFrame:
    """Judge `value` against `target`; `missing` and `short` are the reasons of no_data and not_met."""
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
            .then(pl.lit(missing))
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
    begun."""
    full = pl.col("area") >= pl.col("room_type").replace_strict(
        {"music": given.number("music_area"), "art": given.number("art_area")}, default=None, return_dtype=pl.Float64
    )
    counted = (
        given.frames["rooms"]
        .group_by("school")
        .agg(
            ((pl.col("room_type") == kind) & full).fill_null(value=False).sum().cast(pl.Float64).alias(kind)
            for kind in ("music", "art")
        )
    )
    needed = (_stage_columns(given, "classes") / given.number("classes_per_room")).ceil()
    rows = (
        given.schools.join(counted, on="school", how="left", maintain_order="left").with_columns(
            needed.alias("target"), pl.min_horizontal("music", "art").alias("value")
        )
        if not counted.is_empty()
        else given.schools.with_columns(
            needed.alias("target"), *(pl.lit(None, pl.Float64).alias(name) for name in ("music", "art", "value"))
        )
    )
    told = rows.with_columns(pl.struct("music", "art", needed=pl.col("target")).struct.json_encode().alias("evidence"))
    return _judged(told, Sense.AT_LEAST, "no_rows_of_school", "rooms_short")


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
    classes over, classes."""
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
    classes = given.frames["classes"].join(given.schools.select("school"), on="school", how="semi")
    rows = (
        classes.join(stages, on="grade", how="inner", maintain_order="left")
        .group_by("school", "stage", maintain_order=True)
        .agg(
            pl.col("pupils").max().alias("value"),
            pl.col("target").first(),
            (pl.col("pupils") > pl.col("target")).sum().alias("over"),
            pl.len().alias("classes"),
            pl.col("pupils").null_count().alias("unknown"),
        )
        .with_columns(
            # A class without its number may be the largest: only a class that is over is sure.
            pl.when((pl.col("unknown") == 0) | (pl.col("over") > 0)).then("value").alias("value")
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
            ).select("school", pl.lit(stage.value).alias("stage"), pl.lit(given.number(stage.value)).alias("target"))
            for stage in Stage
            if stage.value in given.item.parameters
        ]
    )
    whole = expected.join(rows.drop("target"), on=["school", "stage"], how="left", maintain_order="left")
    told = whole.with_columns(pl.struct("over", "classes").struct.json_encode().alias("evidence"))
    return _judged(told, Sense.AT_MOST, "no_rows_of_school", "classes_over")


def small_school_funding(given: Given) -> pl.DataFrame:
    """Schools with fewer pupils than `pupils_below`: funded for at least `funded_as`."""
    pupils = _stage_columns(given, "pupils")
    rows = given.schools.filter((pupils > 0) & (pupils < given.number("pupils_below"))).with_columns(
        pl.col("funded_pupils").alias("value"), pl.lit(given.number("funded_as")).alias("target")
    )
    return _judged(rows, Sense.AT_LEAST, "missing_amount", "funded_below")


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
    """One computed value of a county; `reason` says why there is none."""

    value: float | None
    reason: str = ""
    evidence: str = ""


def _sums(given: Given, columns: tuple[str, ...]) -> list[float] | None:
    """Return sums of columns of the teachers table; None where there are no rows or a cell is missing."""
    rows = given.frames["teachers"].join(given.schools.select("school"), on="school", how="semi")
    if rows.is_empty() or rows.select(pl.any_horizontal(pl.col(columns).is_null().any())).item():
        return None
    return [float(rows[name].sum()) for name in columns]


def teacher_share(given: Given) -> Figure:
    """Teachers with the attribute `column` over all full-time teachers, from the teachers table."""
    sums = _sums(given, (str(given.item.parameters["column"]), "teachers"))
    if sums is None or not sums[1]:
        return Figure(None, "no_records" if sums is None else "value_missing")
    return Figure(sums[0] / sums[1])


def pupils_per_teacher(given: Given) -> Figure:
    """Pupils of the compulsory stages for each teacher of the kind `column`; infinite where there is none."""
    sums = _sums(given, (str(given.item.parameters["column"]),))
    pupils = given.schools.select(_stage_columns(given, "pupils"))
    if sums is None or pupils.to_series().null_count():
        return Figure(None, "no_records" if sums is None else "missing_pupils")
    total = float(pupils.to_series().sum())
    return Figure(total / sums[0] if sums[0] else float("inf") if total else None)


def monitoring_round(given: Given) -> Figure:
    """Cells (subject and grade) of the last complete round of years that have a result, as a share of all that are
    tested."""
    rule = given.standard.monitoring
    if rule is None:
        return Figure(None, "no_records")
    year = int(given.number("year"))
    done = (year + 1 - rule.rounds.start) // rule.rounds.years
    first = rule.rounds.start + (done - 1) * rule.rounds.years
    if done < 1:
        return Figure(0.0, "round_incomplete")
    cells = pl.DataFrame(
        [(name, grade, first + one.round_year - 1) for name, one in rule.subjects.items() for grade in one.grades],
        schema={"subject": pl.String, "grade": pl.Int8, "year": pl.Int32},
        orient="row",
    )
    results = given.frames["monitoring"].filter(
        (pl.col("tested").fill_null("yes") != "no")
        & pl.any_horizontal(pl.col("level", "rate", "share_1").is_not_null())
    )
    filled = cells.join(results, on=["subject", "grade", "year"], how="semi")
    absent = cells.join(results, on=["subject", "grade", "year"], how="anti")
    names = ";".join(f"{subject}.{grade}.{when}" for subject, grade, when in absent.iter_rows())
    return Figure(filled.height / cells.height, "round_incomplete" if names else "", names)


def score(given: Given) -> Figure:
    """The points of a county: the item itself where reported, else the sum of its `parts` second-level items
    (score_...)."""
    rows = given.frames["government"]
    total = rows.filter(item="government_score")["value"].drop_nulls()
    if len(total):
        return Figure(float(total[0]))
    parts = rows.filter(pl.col("item").str.starts_with("score_") & pl.col("value").is_not_null())
    if parts.height < given.number("parts"):
        return Figure(None, "score_incomplete" if parts.height else "no_records", str(parts.height))
    return Figure(float(parts["value"].sum()))


FIGURES: dict[str, Callable[[Given], Figure]] = {
    "teacher_share": teacher_share,
    "pupils_per_teacher": pupils_per_teacher,
    "monitoring_round": monitoring_round,
    "score": score,
}
