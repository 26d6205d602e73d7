"""The field check: which schools are visited, what is looked at there, and what the verdict becomes with it."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis import ids
from analysis.clean.records import Records
from analysis.judge import rounding
from analysis.judge.county import judge
from analysis.measure import measure
from analysis.read.fieldcheck import ENTRIES
from analysis.standards import Plan, Standard
from analysis.standards.rules import every
from analysis.standards.rules import of as rule_of
from analysis.tables import Field, Kind, Schema, Stage, Verdict

#: What names a value: a class by grade and class (place_of_class), a room by its number, else "".
KEY = ("school", "table", "column", "place")
#: Why a finding puts its school at risk.
BELOW, NEAR, MISSING = "below", "near", "missing"
_NOTES: Schema = {"hint": pl.String, "limit": pl.Float64}


@dataclass(frozen=True)
class Verified:
    """What a field check comes to.

    `records` with the verified values in place, `findings` as judged with them. `changes`: id, before, after, reported,
    verified of each finding whose verdict is another. `compared`: KEY, reported, verified, differs, rate (reported less
    verified, over verified) of each entry that fits. `lost`: ENTRIES with the `fault` of each that does not.
    """

    records: Records
    findings: pl.DataFrame
    changes: pl.DataFrame
    compared: pl.DataFrame
    lost: pl.DataFrame


@cache
def rules() -> dict[str, Any]:
    """Return the rules of fieldcheck.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "fieldcheck.yml").read_text(encoding="utf-8"))
    return loaded


def place_of_class(grade: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Return what a class is called on the sheet: 3年级1班."""
    return pl.format("{}年级{}", grade, name)


def risks(findings: pl.DataFrame) -> pl.DataFrame:
    """Return id, school, item and risk of each finding that puts its school at risk.

    BELOW what it does not meet, MISSING what it has no data for, NEAR a floor met by no more than `near` of rules().
    """
    value, target, verdict = pl.col("value"), pl.col("target"), pl.col("verdict")
    margin = ((value - target) / target).round_sig_figs(rounding.DIGITS)
    near = ids.is_kind(Kind.FLOOR) & (verdict == Verdict.MET.value) & (margin <= rules()["near"])
    own = findings.filter(
        pl.col("school").is_not_null() & ~ids.is_kind(Kind.SCHOOL_RULE) & (pl.col("field") != Field.PLAN.value)
    )
    kind = (
        pl.when(verdict == Verdict.NOT_MET.value)
        .then(pl.lit(BELOW))
        .when(verdict == Verdict.NO_DATA.value)
        .then(pl.lit(MISSING))
        .when(near)
        .then(pl.lit(NEAR))
    )
    return own.select("id", "school", "item", kind.alias("risk")).drop_nulls("risk")


def _wanted(standard: Standard) -> pl.DataFrame:
    """Return which columns of the schools table a standard rests on, by school type: school_type, column, group, whole.

    Columns of one group stand for each other: those reported are checked, where none is the one that is `whole`.
    """
    rows = []
    for kind, levels in standard.school_types.items():
        rows += [(kind, f"pupils_{level}", f"pupils_{level}", True) for level in levels]
        for indicator in standard.indicators.values():
            rows.append((kind, indicator.amount, indicator.amount, True))
            judged = [stage.value for stage in Stage if stage.value in levels]
            rows += [
                (kind, f"{indicator.amount}_{stage}", indicator.amount, False) for stage in judged if indicator.by_stage
            ]
    names = ["school_type", "column", "group", "whole"]
    return pl.DataFrame(rows, schema=names, orient="row").unique(maintain_order=True)


def _values(records: Records, year: int) -> pl.DataFrame:
    """Return every value that can be verified: KEY, reported, counted (whole numbers only), in the order of columns."""
    schools = records.schools.filter(year=year)
    numbers = [name for name, dtype in schools.schema.items() if dtype.is_numeric() and name not in {"year", "row"}]
    counts = [name for name in numbers if schools.schema[name].is_integer()]
    whole = schools.select("school", pl.col(numbers).cast(pl.Float64)).unpivot(
        on=numbers, index="school", variable_name="column", value_name="reported"
    )
    classes = records.classes.filter(year=year).select(
        "school",
        pl.lit("classes").alias("table"),
        pl.lit("pupils").alias("column"),
        place_of_class(pl.col("grade"), pl.col("class")).alias("place"),
        pl.col("pupils").cast(pl.Float64).alias("reported"),
        pl.lit(value=True).alias("counted"),
    )
    rooms = records.rooms.filter(year=year).select(
        "school",
        pl.lit("rooms").alias("table"),
        pl.lit("area").alias("column"),
        pl.col("room").alias("place"),
        pl.col("area").alias("reported"),
        pl.lit(value=False).alias("counted"),
    )
    first = whole.select(
        "school",
        pl.lit("schools").alias("table"),
        "column",
        pl.lit("").alias("place"),
        "reported",
        pl.col("column").is_in(counts).alias("counted"),
    )
    return pl.concat([first, classes, rooms])


def sheet(
    records: Records, findings: pl.DataFrame, chosen: pl.DataFrame, standard: Standard, year: int
) -> pl.DataFrame:
    """Return what is looked at: KEY, reported, counted, hint, limit; school by school in the order of `chosen`.

    Of each school the values that the standard rests on, those missing too; its music and art rooms (`hint` is their
    type, `limit` none); its classes above, or no more than `near` below, the `limit` of their stage (`hint` BELOW,
    NEAR). `hint` of an amount: the worst risk of its indicator.
    """
    schools = records.schools.filter(year=year).join(chosen.select("school"), on="school", how="semi")
    values = _values(records, year).join(chosen.select("school"), on="school", how="semi", maintain_order="left")
    reported = pl.col("reported")
    types = schools.select("school", "school_type")
    amounts = (
        values.filter(table="schools")
        .join(types, on="school", maintain_order="left")
        .join(_wanted(standard), on=["school_type", "column"], maintain_order="left")
    )
    silent = reported.is_null().all().over("school", "group")
    amounts = amounts.filter(reported.is_not_null() | (pl.col("whole") & silent))
    risk = _worst(findings, standard)
    amounts = amounts.join(risk, on=["school", "group"], how="left", maintain_order="left")
    duties = (
        values.filter(table="schools")
        .join(_of_duties(findings, standard), on=["school", "column"], how="semi", maintain_order="left")
        .join(amounts, on=KEY, how="anti", maintain_order="left")
        .join(types, on="school", maintain_order="left")
        .join(_foreign(standard), on=["school_type", "column"], how="anti", maintain_order="left")
    )
    others = (_classes(records, values, findings, standard, year), _rooms(records, values, year))
    parts = [
        frame.with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in _NOTES.items() if name not in frame.columns
        ).select(*KEY, "reported", "counted", pl.col("hint").fill_null(""), "limit")
        for frame in (amounts, duties, *others)
    ]
    order = chosen.select("school").with_row_index("order")
    return (
        pl.concat(parts)
        .join(order, on="school", maintain_order="left")
        .sort("order", maintain_order=True)
        .drop("order")
    )


def _worst(findings: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return school, group (the amount of an indicator), hint."""
    amount = {ids.floor(name): indicator.amount for name, indicator in standard.indicators.items()}
    weight = {BELOW: 0, MISSING: 1, NEAR: 2}
    return (
        risks(findings)
        .filter(pl.col("item").is_in(list(amount)))
        .select("school", pl.col("item").replace_strict(amount).alias("group"), pl.col("risk").alias("hint"))
        .sort(pl.col("hint").replace_strict(weight, return_dtype=pl.Int8))
        .unique(["school", "group"], keep="first", maintain_order=True)
    )


def _of_duties(findings: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return school and column of what the computed items of each school rest on."""
    pairs = [
        (name, column)
        for name, item in standard.items.items()
        if (rule := rule_of(item.rule))
        for column in rule.columns
    ]
    of_item = pl.DataFrame(pairs, schema={"item": pl.String, "column": pl.String}, orient="row")
    return findings.filter(pl.col("school").is_not_null()).join(of_item, on="item").select("school", "column").unique()


def _foreign(standard: Standard) -> pl.DataFrame:
    """Return school_type and column of the counts of classes that a type has not, for it has no such stage."""
    rows = [
        (kind, f"classes_{stage}")
        for kind, levels in standard.school_types.items()
        for stage in Stage
        if stage not in levels
    ]
    return pl.DataFrame(rows, schema={"school_type": pl.String, "column": pl.String}, orient="row")


def _classes(
    records: Records, values: pl.DataFrame, findings: pl.DataFrame, standard: Standard, year: int
) -> pl.DataFrame:
    """Return the classes above their limit or near it."""
    limited = [
        name
        for name, item in standard.items.items()
        if (rule := rule_of(item.rule)) and rule.looked_at and rule.looked_at.near
    ]
    limits = (
        findings.filter(pl.col("item").is_in(limited) & pl.col("school").is_not_null())
        .group_by("school", "stage")
        .agg(pl.col("target").min().alias("limit"))
    )
    stages = pl.DataFrame(
        [(grade, stage.value) for stage, grades in standard.grades.items() for grade in grades],
        schema={"grade": pl.Int8, "stage": pl.String},
        orient="row",
    )
    graded = (
        records.classes.filter(year=year)
        .with_columns(place_of_class(pl.col("grade"), pl.col("class")).alias("place"))
        .join(stages, on="grade")
        .join(limits, on=["school", "stage"])
        .select("school", "place", "limit")
    )
    over = pl.col("reported") > pl.col("limit")
    near = (pl.col("reported") >= pl.col("limit") * (1 - rules()["near"])) | pl.col("reported").is_null()
    hint = pl.when(over).then(pl.lit(BELOW)).when(near).then(pl.lit(NEAR))
    return (
        values.filter(table="classes")
        .join(graded, on=["school", "place"], maintain_order="left")
        .with_columns(hint.alias("hint"))
        .drop_nulls("hint")
    )


def _rooms(records: Records, values: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return the rooms of those kinds that a rule counts: music and art rooms."""
    looked = [rule.looked_at for rule in every().values() if rule.looked_at and rule.table == "rooms"]
    wanted = [kind for part in looked for kind in part.where["room_type"]]
    kinds = records.rooms.filter(year=year).filter(pl.col("room_type").is_in(wanted))
    return values.filter(table="rooms").join(
        kinds.select("school", pl.col("room").alias("place"), pl.col("room_type").alias("hint")),
        on=["school", "place"],
        maintain_order="left",
    )


def listed(records: Records, lines: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return KEY of the lines of a sheet that name a value of the year, each value once."""
    return (
        _at_place(lines)
        .unique(maintain_order=True)
        .join(_values(records, year), on=KEY, how="semi", maintain_order="left")
    )


def _at_place(lines: pl.DataFrame) -> pl.DataFrame:
    """Return lines as values are named: those of the school itself have no place."""
    return lines.with_columns(pl.when(pl.col("table") == "schools").then(pl.lit("")).otherwise("place").alias("place"))


def _with_faults(entries: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return entries with reported, counted and `fault`: null, or the id of the first that holds."""
    looked = [(rule.table, rule.looked_at.column) for rule in every().values() if rule.looked_at]
    others = pl.DataFrame(looked, schema=["table", "column"], orient="row")
    columns = pl.concat([known.select("table", "column"), others]).unique()
    verified = pl.col("verified")
    joined = (
        _at_place(entries)
        .join(known.with_columns(pl.lit(value=True).alias("there")), on=KEY, how="left", maintain_order="left")
        .join(columns.with_columns(pl.lit(value=True).alias("column_there")), on=["table", "column"], how="left",
              maintain_order="left")
    )  # fmt: skip
    tests = {
        "school_unknown": ~pl.col("school").is_in(known["school"].unique().implode()),
        "column_unknown": pl.col("column_there").is_null(),
        "place_unknown": pl.col("there").is_null(),
        "not_number": verified.is_null(),
        "negative": verified < 0,
        "not_whole": pl.col("counted") & (verified != verified.round()),
        "twice": pl.struct(KEY).is_duplicated(),
    }
    fault = pl.coalesce(pl.when(holds).then(pl.lit(name)) for name, holds in tests.items())
    return joined.with_columns(fault.alias("fault"))


def compared(records: Records, entries: pl.DataFrame, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `compared` and `lost` of Verified: the entries of a year that fit, and those that do not."""
    checked = _with_faults(entries.select(list(ENTRIES)), _values(records, year))
    reported, verified = pl.col("reported"), pl.col("verified")
    # What agrees in the decimals of the sheet was read off it.
    apart = (reported - verified).abs().round(12) > pl.when("counted").then(0.0).otherwise(
        0.5 * 10 ** -rules()["places"]
    )
    both = checked.filter(pl.col("fault").is_null()).with_columns(
        (apart | reported.is_null()).alias("differs"),
        pl.when(verified > 0).then((reported - verified) / verified).alias("rate"),
    )
    fits = both.select(
        *KEY, "reported", "verified", "differs", pl.when("differs").then("rate").otherwise(0.0).alias("rate")
    )
    return fits, checked.filter(pl.col("fault").is_not_null()).select(*ENTRIES, "fault")


def _put(frame: pl.DataFrame, year: int, column: str, place: pl.Expr, values: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one table with the verified values of a column in place of those reported in `year`."""
    new = pl.col("verified").cast(frame.schema[column])
    put = pl.when(pl.col("year") == year).then(pl.coalesce(new, column)).otherwise(column)
    return (
        frame.with_columns(place.alias("place"))
        .join(values.select("school", "place", "verified"), on=["school", "place"], how="left", maintain_order="left")
        .with_columns(put.alias(column))
        .drop("place", "verified")
    )


def _mended(records: Records, values: pl.DataFrame, year: int) -> Records:
    """Return the records with verified values in place of those that differ; nothing else changes."""
    places = {
        "schools": pl.lit(""),
        "classes": place_of_class(pl.col("grade"), pl.col("class")),
        "rooms": pl.col("room"),
    }
    frames: dict[str, Any] = {}
    for (table, column), part in values.partition_by("table", "column", as_dict=True, maintain_order=True).items():
        name = str(table)
        frames[name] = _put(frames.get(name, getattr(records, name)), year, str(column), places[name], part)
    return replace(records, **frames)


def verified(
    records: Records, entries: pl.DataFrame, standard: Standard, county: str, year: int, plan: Plan | None = None
) -> Verified:
    """Judge again with the values found at the schools in place of those reported.

    Entries that fit no value of the year, are no number, negative, not whole where things are counted, or stand twice
    are not used; they are returned as lost.
    """
    fits, lost = compared(records, entries, year)
    mended = _mended(records, fits.filter("differs"), year)
    before = judge(measure(records, standard), records, standard, county, year, plan=plan)
    after = judge(measure(mended, standard), mended, standard, county, year, plan=plan)
    changes = (
        before.select("id", pl.col("verdict").alias("before"), pl.col("value").alias("reported"))
        .join(after.select("id", pl.col("verdict").alias("after"), "value"), on="id", how="full", coalesce=True)
        .filter(pl.col("before").ne_missing(pl.col("after")))
        .select("id", "before", "after", "reported", pl.col("value").alias("verified"))
        .sort("id")
    )
    return Verified(mended, after, changes, fits, lost)
