"""Resources: floors and the school rule per school, coefficients and the share of schools per stage.

Everything here works on all counties and years of a frame of measurements at once.
"""

from datetime import date

import polars as pl

from analysis import ids
from analysis.judge import frames, rounding
from analysis.judge.verdicts import combined
from analysis.measure import COMPOSITE
from analysis.measure.indicators import BOUNDS
from analysis.standards import Sense, Standard, State
from analysis.tables import Field, Kind, Stage, Verdict

STAGE_KEYS = ["county", "year", "stage"]
SCHOOL_KEYS = [*STAGE_KEYS, "school"]
#: Reasons: a value is set aside; because of such values best and worst case disagree, or agree.
ASIDE, OPEN, AGREED = "value_set_aside", "values_set_aside", "values_agree"


def _text(value: str) -> pl.Expr:
    return pl.lit(value)


def _compared(met: pl.Expr) -> pl.Expr:
    return pl.when(met).then(_text(Verdict.MET)).otherwise(_text(Verdict.NOT_MET))


def _in_force(verdict: pl.Expr) -> pl.Expr:
    """Return `verdict` where the column `state` is set, else the state, which is a verdict of its own."""
    return pl.when(pl.col("state") == State.SET.value).then(verdict).otherwise(pl.col("state"))


def _listed(column: str, where: pl.Expr) -> pl.Expr:
    return pl.col(column).filter(where).str.join(frames.LIST)


#: What the school rule gives, of `before`, `best`, `worst`, `aside` and `missing` of _counted; then why.
_RULE_VERDICT = (
    pl.when("before")
    .then(_text(Verdict.NOT_IN_FORCE))
    .when(~pl.col("best"))
    .then(_text(Verdict.NOT_MET))
    .when("worst")
    .then(_text(Verdict.MET))
    .when("aside")
    .then(_text(Verdict.UNDECIDABLE))
    .when("missing")
    .then(_text(Verdict.NO_DATA))
    .otherwise(_text(Verdict.TARGET_NOT_SET))
)
_RULE_REASON = (
    pl.when(pl.col("verdict") == Verdict.NO_DATA.value)
    .then(_text("missing_indicators"))
    .when(pl.col("verdict") == Verdict.UNDECIDABLE.value)
    .then(_text(OPEN))
    .when(pl.col("verdict").is_in([Verdict.NOT_IN_FORCE.value, Verdict.TARGET_NOT_SET.value]))
    .then(pl.col("verdict"))
    .when((pl.col("verdict") == Verdict.NOT_MET.value) & ~pl.col("enough"))
    .then(_text("fewer_met"))
    .when(pl.col("verdict") == Verdict.NOT_MET.value)
    .then(_text("below_part"))
    .otherwise(_text(""))
)

#: Why the share of schools has its verdict.
_SCHOOLS_REASON = (
    pl.when(pl.col("verdict") == Verdict.NOT_MET.value)
    .then(_text("schools_below"))
    .when(pl.col("verdict") == Verdict.NO_DATA.value)
    .then(_text("missing_indicators"))
    .when(pl.col("verdict") == Verdict.UNDECIDABLE.value)
    .then(_text(OPEN))
    .when(pl.col("verdict") == Verdict.MET.value)
    .then(_text(""))
    .otherwise(pl.col("verdict"))
)


def floors(measurements: pl.DataFrame, standard: Standard, days: dict[int, date]) -> pl.DataFrame:
    """Return one row per school, stage and indicator with a floor: FINDINGS columns without id, and `met`, `near`,
    `state`.

    `near` says whether the value reaches the part of its floor that the school rule asks of the rest. Before any floor
    is in force both, and the margin, say it of the one to come.
    """
    part = standard.school_rule.rest_part if standard.school_rule else 1.0
    entries = {name: indicator.floor for name, indicator in standard.indicators.items() if indicator.floor}
    # Exact once for each row; the floors, few, before they are joined.
    counting = pl.col("indicator").is_in([name for name, indicator in standard.indicators.items() if indicator.counts])
    before = pl.col("state") == State.NOT_IN_FORCE.value
    # Where some are in force, those to come neither help nor hinder.
    asked = pl.when((before | ~counting).all().over("stage", "year") & before).then("coming").otherwise("target")
    floor = frames.targets(standard, entries, days).with_columns(
        asked.alias("asked"), rounding.exactly(asked).alias("limit"), rounding.exactly(asked * part).alias("part")
    )
    reported_value, limit = pl.col("given"), pl.col("limit")
    value = pl.col("value")
    return (
        measurements.filter(pl.col("statistic") == "value")
        .join(floor, on=["indicator", "stage", "year"], how="inner", maintain_order="left")
        .with_columns(rounding.exactly(value).alias("given"))
        .with_columns(
            rounding.sided(reported_value, limit, Sense.AT_LEAST).alias("met"),
            rounding.sided(reported_value, pl.col("part"), Sense.AT_LEAST).alias("near"),
        )
        .with_columns(
            pl.lit(Field.RESOURCES.value).alias("field"),
            ids.of_kind(Kind.FLOOR, pl.col("indicator")).alias("item"),
            pl.col("year").alias("data_year"),
            rounding.margin(value, pl.col("asked"), Sense.AT_LEAST, reported_value == limit).alias("margin"),
            _in_force(
                pl.when(pl.col("note") == ASIDE)
                .then(_text(Verdict.UNDECIDABLE))
                .when(value.is_null())
                .then(_text(Verdict.NO_DATA))
                .otherwise(_compared(pl.col("met")))
            ).alias("verdict"),
            pl.when(pl.col("state") != State.SET.value)
            .then(pl.col("state"))
            .when(value.is_null())
            .then(pl.col("note"))
            .otherwise(_text(""))
            .alias("reason"),
        )
    )


def school_rule(floor: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per school and stage: value = indicators met for certain, target = how many must be, evidence =
    ids not met. Before the floors are in force these are of those to come.

    Missing indicators count as met in the best case and as far below in the worst; where both cases agree, that is the
    verdict, else undecidable where a value is set aside, no_data where one is missing (target_not_set where only open
    targets stand in the way).
    """
    rule = standard.school_rule
    if rule is None:
        return floor.clear()
    rows = _counted(floor, [name for name, indicator in standard.indicators.items() if indicator.counts])
    enough, certain = pl.col("possible") >= rule.must_meet, pl.col("sure") >= rule.must_meet
    rows = rows.with_columns(
        pl.col("sure").cast(pl.Float64).alias("value"),
        enough.alias("enough"),
        (enough & pl.col("near_possible")).alias("best"),
        (certain & pl.col("near_sure")).alias("worst"),
    )
    return rows.with_columns(
        pl.lit(Field.RESOURCES.value).alias("field"),
        pl.lit("school_rule").alias("item"),
        pl.col("year").alias("data_year"),
        pl.lit(float(rule.must_meet)).alias("target"),
        _RULE_VERDICT.alias("verdict"),
    ).with_columns(
        # Of targets that are open, none is met and none missed.
        pl.when(pl.col("verdict") != Verdict.TARGET_NOT_SET.value).then("value").alias("value"),
        _RULE_REASON.alias("reason"),
        pl.when(
            pl.col("verdict").is_in([Verdict.MET.value, Verdict.NOT_MET.value])
            & (pl.col("enough") | (pl.col("value") < rule.must_meet))
        )
        .then(pl.col("value") - rule.must_meet)
        .alias("margin"),
    )


def _counted(floor: pl.DataFrame, counting: list[str]) -> pl.DataFrame:
    """Return one row per school and stage: of the indicators `counting` how many are met for certain (`sure`) and at
    best (`possible`), whether all are near, and the ids of those not met (`evidence`)."""
    met, near = pl.col("met"), pl.col("near")
    bits = {name: 1 << place for place, name in enumerate(counting)}
    # Plain columns first: sums and extremes of them are fast, whatever the number of schools.
    each = floor.filter(pl.col("indicator").is_in(counting)).select(
        *SCHOOL_KEYS,
        met.fill_null(value=False).alias("sure"),
        met.fill_null(value=True).alias("possible"),
        near.fill_null(value=False).alias("near_sure"),
        near.fill_null(value=True).alias("near_possible"),
        ((pl.col("state") == State.SET.value) & pl.col("value").is_null()).alias("missing"),
        ((pl.col("state") == State.SET.value) & (pl.col("note") == ASIDE)).alias("aside"),
        (pl.col("state") == State.NOT_IN_FORCE.value).alias("before"),
        pl.when(~met)
        .then(pl.col("indicator").replace_strict(bits, default=0, return_dtype=pl.Int64))
        .otherwise(0)
        .alias("unmet"),
    )
    rows = each.group_by(SCHOOL_KEYS, maintain_order=True).agg(
        pl.col("sure").sum(),
        pl.col("possible").sum(),
        pl.col("near_sure", "near_possible", "before").min(),
        pl.col("missing", "aside").max(),
        pl.col("unmet").sum(),
    )
    names_of = {
        mask: frames.LIST.join(name for name in counting if mask & bits[name]) for mask in rows["unmet"].unique()
    }
    return rows.with_columns(
        pl.col("unmet").replace_strict(names_of, default="", return_dtype=pl.String).alias("evidence"),
    )


def schools(rule: pl.DataFrame, standard: Standard, days: dict[int, date]) -> pl.DataFrame:
    """Return one row per stage: value = share of schools that meet the rule for certain (before it is in force, that
    would), evidence = the schools that decide.

    Schools not decided count as met in the best case and as not met in the worst.
    """
    if standard.school_rule is None:
        return rule.clear()
    target = standard.school_rule.schools
    limit = frames.targets(standard, {"schools": target.values}, days).drop("indicator")
    verdict = pl.col("verdict")
    open_ = ~verdict.is_in([Verdict.MET.value, Verdict.NOT_MET.value])
    rows = (
        rule.group_by(STAGE_KEYS, maintain_order=True)
        .agg(
            ((verdict == Verdict.MET.value) | ((verdict == Verdict.NOT_IN_FORCE.value) & pl.col("worst")))
            .mean()
            .alias("value"),
            ((verdict == Verdict.MET.value) | open_).mean().alias("best"),
            combined(verdict.filter(open_)).alias("open"),
            _listed("school", verdict == Verdict.NOT_MET.value).alias("below"),
            _listed("school", open_).alias("undecided"),
        )
        .join(limit, on=["stage", "year"], how="left", maintain_order="left")
    )
    certain = rounding.reaches(pl.col("value"), pl.col("target"), target.sense)
    possible = rounding.reaches(pl.col("best"), pl.col("target"), target.sense)
    rows = rows.with_columns(
        _in_force(
            pl.when(certain)
            .then(_text(Verdict.MET))
            .when(~possible)
            .then(_text(Verdict.NOT_MET))
            .when(pl.col("open") == Verdict.NOT_APPLICABLE.value)
            .then(_text(Verdict.NOT_IN_FORCE))
            .otherwise(pl.col("open"))
        ).alias("verdict")
    )
    return rows.with_columns(
        pl.lit(Field.RESOURCES.value).alias("field"),
        pl.lit("schools").alias("item"),
        pl.when(verdict != Verdict.TARGET_NOT_SET.value).then("value").alias("value"),
        pl.col("year").alias("data_year"),
        pl.when(verdict.is_in([Verdict.MET.value, Verdict.NOT_MET.value]))
        .then(rounding.margin(pl.col("value"), pl.col("target"), target.sense))
        .alias("margin"),
        _SCHOOLS_REASON.alias("reason"),
        pl.when(verdict.is_in([Verdict.NO_DATA.value, Verdict.UNDECIDABLE.value]))
        .then("undecided")
        .otherwise("below")
        .alias("evidence"),
    )


def coefficients(measurements: pl.DataFrame, standard: Standard, days: dict[int, date]) -> pl.DataFrame:
    """Return one row per stage and coefficient that has a limit; evidence = schools left out for want of an amount.

    Where an amount is set aside the value is that of the other schools, and decides only where the least and the most
    that the coefficient can be say the same.
    """
    rows, sense = _measured(measurements, standard, days)
    least, most = (rounding.reaches(pl.col(bound), pl.col("target"), sense) for bound in BOUNDS)
    aside = pl.col("cv_most").is_not_null()
    value, target = pl.col("value"), pl.col("target")
    # How many schools stand behind a published coefficient is not known.
    alone, missing = (pl.col("schools") <= 1).fill_null(value=False), pl.col("missing") > 0
    return rows.with_columns(
        pl.lit(Field.RESOURCES.value).alias("field"),
        ids.of_kind(Kind.CV, pl.col("indicator")).alias("item"),
        pl.col("year").alias("data_year"),
        _in_force(
            pl.when(alone & ~missing)
            .then(_text(Verdict.NOT_APPLICABLE))
            .when(aside)
            .then(
                pl.when(most)
                .then(_text(Verdict.MET))
                .when(~least)
                .then(_text(Verdict.NOT_MET))
                .otherwise(_text(Verdict.UNDECIDABLE))
            )
            .when(alone | value.is_null())
            .then(_text(Verdict.NO_DATA))
            .otherwise(_compared(rounding.reaches(value, target, sense)))
        ).alias("verdict"),
        pl.when(pl.col("state") != State.SET.value)
        .then(pl.col("state"))
        .when(alone & ~missing)
        .then(_text("one_school"))
        .when(aside)
        .then(pl.when(most | ~least).then(_text(AGREED)).otherwise(_text(OPEN)))
        .when(value.is_null() & (pl.col("note") != ""))
        .then(pl.col("note"))
        .when(missing)
        .then(_text("missing_amounts"))
        .otherwise(_text(""))
        .alias("reason"),
        pl.when(~alone & (~aside | most | ~least)).then(rounding.margin(value, target, sense)).alias("margin"),
    )


def _measured(measurements: pl.DataFrame, standard: Standard, days: dict[int, date]) -> tuple[pl.DataFrame, Sense]:
    """Return the coefficients that have a limit and the side on which it lies: one row per stage and coefficient with
    its limit, the schools that count and that lack an amount, its bounds, and whose amount is lacking."""
    entries = {name: indicator.cv for name, indicator in standard.indicators.items() if indicator.cv}
    if standard.composite:
        entries[COMPOSITE] = standard.composite.values
    sense = standard.composite.sense if standard.composite else Sense.AT_MOST
    limit = frames.targets(standard, entries, days)
    keys = [*STAGE_KEYS, "indicator"]
    counts = (
        measurements.filter(pl.col("statistic").is_in(["schools", "missing"]))
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("value").filter(pl.col("statistic") == statistic).first().alias(statistic)
            for statistic in ("schools", "missing")
        )
    )
    whole = counts.group_by(STAGE_KEYS, maintain_order=True).agg(pl.col("schools", "missing").max())
    counts = pl.concat([counts, whole.with_columns(pl.lit(COMPOSITE).alias("indicator")).select(counts.columns)])
    bounds = (
        measurements.filter(pl.col("statistic").is_in(BOUNDS))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("value").filter(pl.col("statistic") == bound).first().alias(bound) for bound in BOUNDS)
    )
    lacking = (
        measurements.filter((pl.col("statistic") == "value") & pl.col("value").is_null())
        .group_by(keys, maintain_order=True)
        .agg(pl.col("school").str.join(frames.LIST).alias("evidence"))
    )
    rows = (
        measurements.filter(pl.col("statistic") == "cv")
        .join(limit, on=["indicator", "stage", "year"], how="inner", maintain_order="left")
        .join(counts, on=keys, how="left", maintain_order="left")
        .join(bounds, on=keys, how="left", maintain_order="left")
        .join(lacking, on=keys, how="left", maintain_order="left")
    )
    return rows, sense


def items(standard: Standard) -> list[str]:
    """Return the items that are judged per stage."""
    names = [ids.cv(name) for name, indicator in standard.indicators.items() if indicator.cv]
    return [
        *(["schools"] if standard.school_rule else []),
        *names,
        *([ids.cv(COMPOSITE)] if standard.composite else []),
    ]


def _absent(findings: pl.DataFrame, standard: Standard, cells: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for each stage item that has none: no school of the stage in scope, or no school rows at all."""
    grid = cells.join(pl.DataFrame({"stage": [stage.value for stage in Stage]}), how="cross").join(
        pl.DataFrame({"item": items(standard)}, schema={"item": pl.String}), how="cross"
    )
    reported = pl.col("reported")
    return grid.join(findings, on=[*STAGE_KEYS, "item"], how="anti").with_columns(
        pl.lit(Field.RESOURCES.value).alias("field"),
        pl.when(reported).then(_text(Verdict.NOT_APPLICABLE)).otherwise(_text(Verdict.NO_DATA)).alias("verdict"),
        pl.when(reported).then(_text("no_schools")).otherwise(_text("no_records")).alias("reason"),
    )


def findings(
    measurements: pl.DataFrame, standard: Standard, cells: pl.DataFrame, days: dict[int, date], cut: bool = True
) -> pl.DataFrame:
    """Return the FINDINGS of the field resources that come from school rows, its `all` apart.

    `cells` has one row per county and year to be judged, and `reported`: whether any school rows were given. `days`
    maps
    each of these years to the day of its judgement. `cut`: measurements hold other counties and years too.
    """
    wanted = measurements.join(cells, on=["county", "year"], how="semi") if cut else measurements
    floor = floors(wanted, standard, days)
    rule = school_rule(floor, standard)
    stages = pl.concat(
        [frames.shaped(schools(rule, standard, days)), frames.shaped(coefficients(wanted, standard, days))]
    )
    absent = _absent(stages, standard, cells)
    return pl.concat([stages, *(frames.shaped(kind) for kind in (rule, floor, absent))])
