"""One row per school and stage: whole-school amounts split, and whether the standard counts the row."""

from collections.abc import Iterable

import polars as pl

from analysis.clean.records import ASIDE
from analysis.clean.values import has
from analysis.errors import RequestError
from analysis.standards import Standard, readings
from analysis.standards.model import Indicator, Level
from analysis.standards.practice import Adjustment

#: The enrolments that weigh in a split; only the first two are stages that are judged.
LEVELS: tuple[Level, ...] = ("primary", "junior", "senior")
JUDGED: tuple[Level, ...] = ("primary", "junior")
IDENTITY = ("county", "year", "school", "name", "school_type", "township", "area", "run_by")


def _weight(standard: Standard, level: Level) -> pl.Expr:
    """Return the weight of a pupil of `level` in a school's type; 0 where the type has no such level."""
    weights = {name: float(levels.get(level, 0)) for name, levels in standard.school_types.items()}
    return pl.col("school_type").replace_strict(weights, default=None, return_dtype=pl.Float64)


def _terms(standard: Standard) -> dict[Level, pl.Expr]:
    """Return weighted enrolments by level: null where a level that the type has is not reported."""
    return {
        level: pl.when(_weight(standard, level) == 0)
        .then(0.0)
        .otherwise(_weight(standard, level) * pl.col(f"pupils_{level}"))
        for level in LEVELS
    }


def _sum(parts: Iterable[pl.Expr]) -> pl.Expr:
    first, *others = parts
    for part in others:
        first = first + part
    return first


def columns_of(amount: str, by_stage: bool) -> tuple[str, ...]:
    """Return the columns of the schools table from which an amount is split."""
    return (amount, *(f"{amount}_{stage}" for stage in JUDGED)) if by_stage else (amount,)


def further_columns(indicator: Indicator) -> tuple[str, ...]:
    """Return the columns that an indicator adds to its amount, or takes from it."""
    stages = JUDGED if indicator.by_stage else ()
    columns = [(rule.column, *(f"{rule.column}_{stage}" for stage in stages)) for rule in indicator.adjusted]
    return tuple(each for column in columns for each in (column[1:] or column))


def aside(indicator: str) -> str:
    """Return the column of stage rows that says whether an indicator's amount hangs on a value that is set aside."""
    return f"aside {indicator}"


def unknown(amount: str, by_stage: bool, stage: Level) -> pl.Expr:
    """Return whether a stage's part of an amount hangs on a value that is set aside (listed in the column `aside`).

    What is reported for the stage itself counts as reported, whatever became of the rest.
    """
    if not by_stage:
        return has(amount)
    own = f"{amount}_{stage}"
    others = [level for level in JUDGED if level != stage]
    rest = [has(amount), *((pl.col(f"weight_{level}") > 0) & has(f"{amount}_{level}") for level in others)]
    return has(own) | (pl.col(own).is_null() & pl.any_horizontal(rest))


def split(amount: str, by_stage: bool, stage: Level) -> pl.Expr:
    """Return a stage's part of a school's amount.

    What is reported by stage counts as reported. The whole-school amount, less what is reported by stage, goes to the
    levels left by weighted enrolment (columns `weighted_<level>`); null where it, or an enrolment it needs, is missing,
    or where the stages reported exceed the whole.
    """
    levels = [level for level in LEVELS if by_stage and level != "senior"]
    columns = {level: pl.col(f"{amount}_{level}").cast(pl.Float64) for level in levels}
    # A level that the type does not have takes no part, whatever stands in its column.
    own = {level: pl.when(pl.col(f"weight_{level}") > 0).then(column) for level, column in columns.items()}
    rest = pl.col(amount).cast(pl.Float64)
    for column in own.values():
        rest = rest - column.fill_null(0.0)
    open_terms = {
        level: pl.when(own[level].is_null()).then(pl.col(f"weighted_{level}")).otherwise(0.0)
        if level in own
        else pl.col(f"weighted_{level}")
        for level in LEVELS
    }
    # One level alone takes everything: its enrolment is not needed.
    alone = (
        _sum(
            ((pl.col(f"weight_{level}") > 0) & (own[level].is_null() if level in own else pl.lit(value=True))).cast(
                pl.Int8
            )
            for level in LEVELS
        )
        == 1
    )
    part = pl.when(alone).then(rest).otherwise(rest * open_terms[stage] / _sum(open_terms.values()))
    part = pl.when(rest >= 0).then(part)
    return pl.coalesce(own[stage], part) if stage in own else part


def scope_reason(standard: Standard) -> pl.Expr:
    """Return the id of the first reason that takes a stage row out, "" where none does."""
    reason: pl.Expr = pl.when(pl.col("stage").is_null()).then(pl.lit("type_unknown")).otherwise(pl.lit(None))
    for rule in standard.scope:
        holds = pl.lit(value=True)
        if rule.school_type:
            holds = holds & pl.col("school_type").is_in(list(rule.school_type))
        if rule.run_by:
            holds = holds & pl.col("run_by").is_in(list(rule.run_by))
        if rule.area:
            holds = holds & pl.col("area").is_in(list(rule.area))
        if rule.pupils_below is not None:
            holds = holds & (pl.col("pupils") < rule.pupils_below)
        reason = pl.coalesce(reason, pl.when(holds).then(pl.lit(rule.reason)))
    return pl.coalesce(reason, pl.when(pl.col("pupils") == 0).then(pl.lit("no_pupils")), pl.lit(""))


def _claimed(column: str, rule: Adjustment) -> pl.Expr:
    """Return what a school's column adds to an amount: 0 where it does not report it, or the rule is not for it."""
    holds = pl.lit(value=True)
    pupils = pl.sum_horizontal(f"pupils_{stage}" for stage in JUDGED)
    if rule.pupils_from is not None:
        holds = holds & (pupils >= rule.pupils_from)
    if rule.pupils_below is not None:
        holds = holds & (pupils < rule.pupils_below)
    if rule.dense_centre:
        holds = holds & (pl.col("dense_centre") == "yes")
    said = pl.when(holds).then(pl.col(column).cast(pl.Float64)).fill_null(0.0)
    return -said if rule.less else said


def adjusted(schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return schools with what other columns add to the amounts of indicators, or take from them.

    A column that a school does not report claims nothing; an amount that is not reported stays so, and none falls below
    zero.
    """
    added: dict[str, list[pl.Expr]] = {}
    for indicator in standard.indicators.values():
        stages = JUDGED if indicator.by_stage else ()
        for rule in indicator.adjusted:
            columns = [f"{rule.column}_{stage}" for stage in stages] or [rule.column]
            if all(schools[column].null_count() == schools.height for column in columns):
                continue
            claims = [_claimed(column, rule) for column in columns]
            added.setdefault(indicator.amount, []).extend(claims)
            for stage, claim in zip(stages, claims, strict=False):
                added.setdefault(f"{indicator.amount}_{stage}", []).append(claim)
    return schools.with_columns(
        (pl.col(amount).cast(pl.Float64) + _sum(claims)).clip(lower_bound=0.0).alias(amount)
        for amount, claims in added.items()
    )


def stage_rows(schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return one row per school and stage that its type has.

    Columns: county, year, school, name, school_type, township, area, run_by, stage, pupils, classes, one amount per
    indicator of `standard` (named by the indicator, in the unit of its source column), in_scope, scope_reason. Split by
    weighted enrolment: DOMAIN rule of shared assets, weights in the standard's `school_types`. A school whose type the
    standard does not know is kept as one row without stage, out of scope. Where `schools` is marked with the values
    that are set aside (clean.values), `aside <indicator>` says whether an amount is not known for that, and null.

    Of each year the standard is read as it was carried out then. Raises RequestError for an indicator whose amount is
    no column of `schools`, or what it adds to it.
    """
    readings_of = readings.by_year(standard, schools["year"].unique().to_list())
    return pl.concat(
        _stage_rows(schools.filter(pl.col("year").is_in(years)) if len(readings_of) > 1 else schools, read)
        for read, years in readings_of
    )


def _stage_rows(schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    amounts = {name: (indicator.amount, indicator.by_stage) for name, indicator in standard.indicators.items()}
    asked = [column for each in amounts.values() for column in columns_of(*each)]
    asked += [column for indicator in standard.indicators.values() for column in further_columns(indicator)]
    lacking = [column for column in asked if column not in schools.columns]
    if lacking:
        raise RequestError("standard_columns", standard=standard.id, columns=", ".join(lacking))
    weighed = adjusted(schools, standard).with_columns(
        *(_weight(standard, level).alias(f"weight_{level}") for level in LEVELS),
        *(term.alias(f"weighted_{level}") for level, term in _terms(standard).items()),
    )
    marked = list(amounts) if ASIDE in schools.columns else []
    parts = [
        weighed.filter(pl.col(f"weight_{stage}") > 0)
        .select(
            *IDENTITY,
            pl.lit(stage).alias("stage"),
            pl.col(f"pupils_{stage}").cast(pl.Float64).alias("pupils"),
            pl.col(f"classes_{stage}").cast(pl.Float64).alias("classes"),
            *(split(column, by_stage, stage).alias(name) for name, (column, by_stage) in amounts.items()),
            *(unknown(*amounts[name], stage).alias(aside(name)) for name in marked),
        )
        .with_columns(pl.when(~pl.col(aside(name))).then(name).alias(name) for name in marked)
        for stage in JUDGED
    ]
    lost = weighed.filter(~pl.any_horizontal(pl.col(f"weight_{stage}") > 0 for stage in JUDGED).fill_null(value=False))
    parts.append(
        lost.select(
            *IDENTITY,
            pl.lit(None, pl.String).alias("stage"),
            *(pl.lit(None, pl.Float64).alias(name) for name in ("pupils", "classes", *amounts)),
            *(pl.lit(value=False).alias(aside(name)) for name in marked),
        )
    )
    rows = pl.concat(parts).with_columns(scope_reason(standard).alias("scope_reason"))
    return rows.with_columns((pl.col("scope_reason") == "").alias("in_scope")).select(
        *IDENTITY, "stage", "pupils", "classes", *amounts, "in_scope", "scope_reason", *map(aside, marked)
    )
