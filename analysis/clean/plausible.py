"""Slips that no other year and no other table reveals, as plausible.yml declares them: told, never taken away."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from operator import add, or_
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis import standards
from analysis.clean.between import FOUND
from analysis.clean.records import PLACE
from analysis.clean.values import has
from analysis.read.fields import table
from analysis.sources import parse_yaml
from analysis.statistics.arrays import Floats

#: The tables that are looked at.
TABLES = ("schools", "government")
#: Standards whose items of the table `government` are known to be shares.
_STANDARDS = ("national-2017", "national-2012")
_SHARE = "share"


@dataclass(frozen=True)
class Amount:
    """A column of the schools table, the enrolments it is for, and the least and the most per pupil."""

    column: str
    of: tuple[str, ...]
    least: float
    most: float


@cache
def _declared() -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((Path(__file__).parent / "plausible.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def amounts() -> tuple[Amount, ...]:
    """Return the columns that have bounds."""
    told = _declared()["amounts"]
    return tuple(Amount(name, tuple(one["of"]), float(one["least"]), float(one["most"])) for name, one in told.items())


def find(rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what is hardly possible (between.FOUND): `before` is what was given, `after` what was probably meant.

    `rows` holds each table's rows that were kept, marked with the values that are set aside (clean.values).
    """
    found = [pl.DataFrame(schema=FOUND)]
    if "schools" in rows and rows["schools"].height:
        found += [_unlikely(rows["schools"]), _missing(rows["schools"])]
    if "government" in rows and rows["government"].height:
        found.append(_percentages(rows["government"]))
    return pl.concat(found)


def _told(rows: pl.DataFrame, name: str, column: pl.Expr, rule: pl.Expr) -> pl.DataFrame:
    """Return rows with before and after (Float64) as findings."""
    return rows.select(
        pl.lit(name).alias("table"),
        *PLACE,
        column.alias("column"),
        rule.alias("rule"),
        *(_number(one) for one in ("before", "after")),
    )


def _number(name: str) -> pl.Expr:
    """Return a number as people write it, to six significant digits where it has a fraction."""
    value = pl.col(name)
    whole = pl.when(value == value.round()).then(value.cast(pl.Int64, strict=False).cast(pl.String))
    return pl.coalesce(whole, value.round_sig_figs(6).cast(pl.String)).alias(name)


def _per_pupil(schools: pl.DataFrame) -> Floats:
    """Return a row for each school and a column for each of `amounts`: per pupil, where it says something: something is
    there, in a school that is not too small."""
    read, columns = _read()
    told = dict(zip(columns, schools.select(read).to_numpy().T, strict=True))
    per = np.full((schools.height, len(amounts())), np.nan, order="F")
    pupils = {of: reduce(add, (np.nan_to_num(told[one]) for one in of)) for of in {one.of for one in amounts()}}
    large = {of: (number >= _declared()["pupils"]) & (told["outside"] == 0) for of, number in pupils.items()}
    for number, amount in enumerate(amounts()):
        held = (told[amount.column] > 0) & large[amount.of]
        np.divide(told[amount.column], pupils[amount.of], out=per[:, number], where=held)
    return per


@cache
def _read() -> tuple[list[pl.Expr], list[str]]:
    """Return the columns of the schools table that are looked at, as Float64, and their names."""
    columns = list(dict.fromkeys(name for amount in amounts() for name in (amount.column, *amount.of)))
    outside = _outside().cast(pl.Float64).alias("outside")
    return [pl.col(columns).cast(pl.Float64), outside], [*columns, "outside"]


def _outside() -> pl.Expr:
    return pl.col("school_type").is_in(_declared()["outside"]).fill_null(value=False)


def _unlikely(schools: pl.DataFrame) -> pl.DataFrame:
    """Return amounts outside their bounds, or far from those of the county's other schools."""
    per = _per_pupil(schools)
    years = schools["year"].to_numpy()
    found = [pl.DataFrame(schema=FOUND)]
    for year in np.unique(years):
        places = np.flatnonzero(years == year)
        look = _Look(per[places])
        for number in np.flatnonzero(look.out.any(axis=0)):
            chosen = look.out[:, number]
            if chosen.sum() > _declared()["told"]:
                first = schools[places[chosen][:1]]
                found.append(_of_many(first, amounts()[number], int(chosen.sum()), math.exp(look.middle[number])))
                continue
            rows = schools[places[chosen]].with_columns(
                pl.Series("per", per[places[chosen], number]),
                pl.Series("beyond", look.beyond[chosen, number]),
                pl.Series("apart", look.apart[chosen, number]),
            )
            found.append(_named(rows, amounts()[number], float(look.middle[number]), int(look.number[number])))
    return pl.concat(found)


def _of_many(first: pl.DataFrame, amount: Amount, number: int, middle: float) -> pl.DataFrame:
    """Return one finding for a column in which so many schools stand out, with the median per pupil."""
    told = first.with_columns(before=pl.lit(float(number)), after=pl.lit(middle).round_sig_figs(2))
    return _told(told, "schools", pl.lit(amount.column), pl.lit("many_unlikely"))


class _Look:
    """Amounts per pupil (a row for each school of a year, a column for each of `amounts`): which stand out, and how."""

    def __init__(self, per: Floats) -> None:
        said = _declared()
        logs = np.log(per)
        self.number = np.isfinite(logs).sum(axis=0)
        self.middle = _medians(logs)
        away = np.abs(logs - self.middle)
        least, most = (np.array([getattr(one, end) for one in amounts()]) for end in ("least", "most"))
        spread, slipped = said["spread"], said["slipped"]
        with np.errstate(invalid="ignore"):
            self.beyond = (per < least) | (per > most)
            self.apart = (self.number >= spread["schools"]) & (away > math.log(spread["times"]))
            bulk = np.maximum(slipped["mads"] * _medians(away), math.log(slipped["times"]))
            self.out = self.beyond | self.apart | ((self.number >= slipped["schools"]) & (away > bulk))


def _medians(values: Floats) -> Floats:
    """Return the median of each column, NaN where nothing is known of it."""
    known = [column[np.isfinite(column)] for column in values.T]
    return np.array([np.median(column) if column.size else np.nan for column in known])


def _named(rows: pl.DataFrame, amount: Amount, middle: float, number: int) -> pl.DataFrame:
    """Return the rows in question with the slip that explains them, else with what makes them stand out.

    `rows` have `per`, `beyond` and `apart`; `middle` is the median of the logarithms of so many schools.
    """
    said, unit = _declared(), table("schools").columns[amount.column].unit
    enough = number >= said["spread"]["schools"]
    centre = middle if enough else (math.log(amount.least) + math.log(amount.most)) / 2
    rule, after = pl.lit(None, pl.String), pl.lit(None, pl.Float64)
    for name, slip in reversed(said["slips"].items()):
        if slip["units"] and unit not in slip["units"]:
            continue
        factor = float(Fraction(str(slip["factor"])))
        meant = pl.col("per") * factor
        fits = ((meant.log() - centre).abs() <= math.log(said["near"])) & meant.is_between(amount.least, amount.most)
        rule = pl.when(fits).then(pl.lit(name)).otherwise(rule)
        after = pl.when(fits).then(pl.col("before") * factor).otherwise(after)
    other = pl.when("beyond").then(pl.lit("beyond_bounds")).when("apart").then(pl.lit("far_from_others"))
    times = (pl.col("per").log() - centre).exp().round_sig_figs(2)
    told = rows.with_columns(pl.col(amount.column).cast(pl.Float64).alias("before")).with_columns(
        pl.coalesce(rule, other).alias("rule"),
        pl.when(rule.is_not_null()).then(after).when(~pl.col("beyond")).then(times).alias("after"),
    )
    return _told(told.filter(pl.col("rule").is_not_null()), "schools", pl.lit(amount.column), pl.col("rule"))


@cache
def _needs() -> dict[str, tuple[pl.Expr, pl.Expr]]:
    """Return of each essential column whether a school has to have it, and whether it is missing there."""
    said, kind, inside = _declared(), pl.col("school_type"), ~_outside()
    has_stage = {name: kind.is_in(types).fill_null(value=False) for name, types in said["essential"].items()}
    needs = {name: (asked, asked & pl.col(name).is_null()) for name, asked in has_stage.items()}
    for name in said["amounts_of"]["whole"]:
        needs[name] = inside, inside & pl.col(name).is_null() & ~has(name)
    for name in said["amounts_of"]["by_stage"]:
        stages = {f"{name}_{stage}": has_stage[f"pupils_{stage}"] for stage in ("primary", "junior")}
        open_ = reduce(or_, (asked & pl.col(one).is_null() & ~has(one) for one, asked in stages.items()))
        needs[name] = inside, inside & pl.col(name).is_null() & ~has(name) & open_
    return needs


@cache
def _lacks() -> list[pl.Expr]:
    return [lacks.alias(name) for name, (_, lacks) in _needs().items()]


def _missing(schools: pl.DataFrame) -> pl.DataFrame:
    """Return essential values that are missing: enrolment where the type says that the stage is there, and amounts that
    other schools of the year report. Enrolment that a whole year lacks is told once, at its first school; another
    column that no school has may be one that the form does not ask for."""
    needs = _needs()
    lacks = schools.select(_lacks())
    found = [pl.DataFrame(schema=FOUND)]
    for name in (column.name for column in lacks if column.any()):
        frame = schools.select(*PLACE, "year", needs[name][0].alias("asked"), needs[name][1].alias("lacks"))
        every = (pl.col("lacks").sum() == pl.col("asked").sum()).over("year")
        told = frame.with_columns(every.alias("every")).filter("lacks")
        first = told.filter("every").unique("year", keep="first", maintain_order=True)
        told, rule = told.filter(~pl.col("every")), pl.lit("amount_missing")
        if name in _declared()["essential"]:
            told = pl.concat([told, first])
            rule = pl.when("every").then(pl.lit("enrolment_of_none")).otherwise(pl.lit("enrolment_missing"))
        told = told.with_columns(pl.lit(None, pl.Float64).alias(one) for one in ("before", "after"))
        found.append(_told(told, "schools", pl.lit(name), rule))
    return pl.concat(found)


def _percentages(government: pl.DataFrame) -> pl.DataFrame:
    """Return items that are shares and have a value above 1: probably written without their percent sign."""
    above = government.filter(pl.col("value") > 1)
    if above.is_empty():
        return pl.DataFrame(schema=FOUND)
    found = above.filter(pl.col("item").is_in(shares())).with_columns(pl.col("value").alias("before"))
    found = found.with_columns(pl.when(pl.col("value") <= 100).then(pl.col("value") / 100).alias("after"))
    return _told(found, "government", pl.lit("value"), pl.lit("likely_percent"))


@cache
def shares() -> tuple[str, ...]:
    """Return the items of national standards whose value is a share of 1 at most."""
    loaded = [standards.load(name) for name in _STANDARDS]
    return tuple(
        name
        for one in loaded
        for name, item in one.items.items()
        if item.target is not None and item.target.unit == _SHARE and item.target.most is None
    )
