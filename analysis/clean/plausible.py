"""Slips that no other year and no other table reveals, as plausible.yml declares them: told, never taken away."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from operator import add, or_

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.clean import items
from analysis.clean.plausibility import declared
from analysis.clean.records import PLACE
from analysis.clean.relations import FOUND
from analysis.clean.values import has
from analysis.read.fields import table
from analysis.statistics.arrays import Floats, Ints

#: The tables that are looked at.
TABLES = ("schools", "government")


@dataclass(frozen=True)
class Amount:
    """A column of the schools table, the enrolments it is for, and the least and the most per pupil.

    It says something of schools of so many `pupils`. Of what there are `few` of, only too much is told.
    """

    column: str
    of: tuple[str, ...]
    least: float
    most: float
    pupils: int
    few: bool


@cache
def amounts() -> tuple[Amount, ...]:
    """Return the columns that have bounds."""
    entries, pupils = declared()["amounts"], int(declared()["pupils"])
    return tuple(
        Amount(
            name,
            tuple(entry["of"]),
            float(entry["least"]),
            float(entry["most"]),
            int(entry.get("pupils", pupils)),
            bool(entry.get("few", False)),
        )
        for name, entry in entries.items()
    )


def find(rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what is hardly possible (relations.FOUND): `before` is what was given, `after` what was probably meant.

    `rows` holds each table's rows that were kept, marked with the values that are set aside (clean.values).
    """
    parts = [pl.DataFrame(schema=FOUND)]
    if "schools" in rows and rows["schools"].height:
        parts += [_unlikely(rows["schools"]), _nothing(rows["schools"]), _missing(rows["schools"])]
        parts.append(_crowded(rows["schools"]))
    if "government" in rows and rows["government"].height:
        parts += [_impossible(rows["government"]), _unlikely_items(rows["government"])]
    return pl.concat(parts)


def found_of(rows: pl.DataFrame, name: str, column: pl.Expr, rule: pl.Expr) -> pl.DataFrame:
    """Return rows with before and after (Float64) as findings."""
    return rows.select(
        pl.lit(name).alias("table"),
        *PLACE,
        column.alias("column"),
        rule.alias("rule"),
        *(_number(name) for name in ("before", "after")),
    )


def _number(name: str) -> pl.Expr:
    """Return a number as people write it, to six significant digits where it has a fraction."""
    value = pl.col(name)
    whole = pl.when(value == value.round()).then(value.cast(pl.Int64, strict=False).cast(pl.String))
    return pl.coalesce(whole, value.round_sig_figs(6).cast(pl.String)).alias(name)


def _per_pupil(schools: pl.DataFrame) -> pl.DataFrame:
    """Return each of `amounts` per pupil, NaN where the school is too small for it to say something."""
    pupils, per = _shares()
    return schools.with_columns(pupils).select(per)


@cache
def _shares() -> tuple[list[pl.Expr], list[pl.Expr]]:
    """Return the enrolments that amounts are held against, NaN where they say nothing, and amounts by one of them."""
    every = list(dict.fromkeys((amount.of, amount.pupils) for amount in amounts()))
    sums = [(reduce(add, (pl.col(whole).cast(pl.Float64).fill_null(0) for whole in of)), least) for of, least in every]
    large = [pl.when((each >= least) & ~_outside()).then(each).otherwise(math.nan) for each, least in sums]
    pupils = [name.alias(f"of {number}") for number, name in enumerate(large)]
    # A quotient has the name of its left column.
    per = [pl.col(amount.column) / pl.col(f"of {every.index((amount.of, amount.pupils))}") for amount in amounts()]
    return pupils, per


def _outside() -> pl.Expr:
    return pl.col("school_type").is_in(declared()["outside"]).fill_null(value=False)


def _unlikely(schools: pl.DataFrame) -> pl.DataFrame:
    """Return amounts outside their bounds, or far from those of the county's other schools."""
    every = {per_pupil.name: per_pupil.to_numpy() for per_pupil in _per_pupil(schools)}
    per = {name: np.where(values > 0, values, np.nan) for name, values in every.items()}  # nothing is _nothing's
    year_of = schools["year"].to_numpy()
    years = schools["year"].unique().sort().to_list()
    looks: list[_Look] = []
    for year in years:
        places = np.flatnonzero(year_of == year)
        mine = slice(None) if len(years) == 1 else places
        looks += [
            _Look(per[amount.column][mine], places, amount)
            for amount in amounts()
            if not amount.few or (per[amount.column][mine] > amount.most).any()
        ]
    looks_found = [look for look in looks if len(look.places)]
    return _named(schools, looks_found) if looks_found else pl.DataFrame(schema=FOUND)


class _Look:
    """The amount per pupil of the schools of a year: those that stand out, and how each does.

    `places` are the rows that are told, `per` their amounts per pupil; `middle` is the median of the logarithms of
    `number` schools, NaN where there is none. Of too many schools the first stands for all `many`, else 0.
    """

    def __init__(self, per: Floats, places: Ints, amount: Amount) -> None:
        said = declared()
        spread, slipped = said["spread"], said["slipped"]
        logs = np.log(per.astype(np.float32))  # seven digits are plenty for what stands out by a factor
        self.amount, self.number = amount, int(np.isfinite(logs).sum())
        middle = _median(logs)
        away = np.abs(logs - middle)
        far, limit = math.log(spread["times"]), math.inf
        if self.number >= spread["schools"]:
            limit = far
        if self.number >= slipped["schools"]:
            limit = min(limit, max(float(slipped["mads"] * _median(away)), math.log(slipped["times"])))
        self.middle = float(middle)
        much = per > amount.most
        out = np.flatnonzero(much if amount.few else much | (per < amount.least) | (away > limit))
        self.many = len(out) if len(out) > said["told"] else 0
        shown = out[:1] if self.many else out
        self.places, self.per = places[shown], per[shown]
        self.beyond = (self.per < amount.least) | (self.per > amount.most)
        self.apart = (away[shown] > far) & (self.number >= spread["schools"])

    @property
    def centre(self) -> float:
        """Return the logarithm of what is usual per pupil: the median of enough schools, else the middle of bounds."""
        if self.number >= declared()["spread"]["schools"]:
            return self.middle
        return (math.log(self.amount.least) + math.log(self.amount.most)) / 2


def _median(values: npt.NDArray[np.float32]) -> np.float32:
    """Return the median of what is known, NaN where nothing is; of very many values that of a part, always the same."""
    some = values[:: len(values) // declared()["sampled"] + 1]
    known = some[np.isfinite(some)]
    half = len(known) // 2
    if not len(known):
        return np.float32(np.nan)
    known.partition(half)
    if len(known) % 2:
        return np.float32(known[half])
    return np.float32((known[:half].max() + known[half]) / 2)


def _named(schools: pl.DataFrame, looks: list[_Look]) -> pl.DataFrame:
    """Return schools that stand out with the slip that explains it, else with what makes them stand out; of many that
    do one finding, with their number and the median per pupil."""
    sizes = [len(look.places) for look in looks]
    columns, read = [look.amount.column for look in looks], table("schools").columns
    each = pl.DataFrame(
        {
            "column": columns,
            "unit": [read[name].unit for name in columns],
            "least": [look.amount.least for look in looks],
            "most": [look.amount.most for look in looks],
            "centre": [look.centre for look in looks],
            "middle": [look.middle for look in looks],
            "many": [look.many for look in looks],
        }
    )
    arrays = {name: np.concatenate([getattr(look, name) for look in looks]) for name in ("per", "beyond", "apart")}
    before = [schools[look.amount.column].gather(look.places).cast(pl.Float64) for look in looks]
    named = schools.select(PLACE)[np.concatenate([look.places for look in looks])].hstack(
        [
            *each[np.repeat(np.arange(len(looks)), sizes)],
            *(pl.Series(name, values) for name, values in arrays.items()),
            pl.concat(before).alias("before"),
        ]
    )
    rule, after = _rule()
    many = pl.col("many") > 0
    named = named.with_columns(
        rule.alias("rule"), after.alias("after"), pl.when(many).then("many").otherwise("before").alias("before")
    )
    return found_of(named.filter(pl.col("rule").is_not_null()), "schools", pl.col("column"), pl.col("rule"))


@cache
def _rule() -> tuple[pl.Expr, pl.Expr]:
    """Return the rule of a school that stands out, null where it does not, and what its amount should be: what was
    meant, or so many times the median, or of many schools their median."""
    said, meant = declared(), {}
    for name, slip in said["slips"].items():
        factor = float(Fraction(str(slip["factor"])))
        per = pl.col("per") * factor
        near = (per.log() - pl.col("centre")).abs() <= math.log(said["near"])
        of_unit = pl.col("unit").is_in(slip["units"]) if slip["units"] else pl.lit(value=True)
        fits = near & per.is_between(pl.col("least"), pl.col("most")) & of_unit
        meant[name] = fits, pl.col("before") * factor
    times = (pl.col("per").log() - pl.col("centre")).exp().round_sig_figs(2)
    rules = [
        pl.when(pl.col("many") > 0).then(pl.lit("many_unlikely")),
        *(pl.when(fits).then(pl.lit(name)) for name, (fits, _) in meant.items()),
        pl.when("beyond").then(pl.lit("beyond_bounds")),
        pl.when("apart").then(pl.lit("far_from_others")),
    ]
    after = [
        pl.when(pl.col("many") > 0).then(pl.col("middle").exp().round_sig_figs(2)),
        *(pl.when(fits).then(value) for fits, value in meant.values()),
        pl.when(~pl.col("beyond")).then(times),
    ]
    return pl.coalesce(rules), pl.coalesce(after)


@cache
def _needs() -> dict[str, tuple[pl.Expr, pl.Expr]]:
    """Return of each essential column whether a school has to have it, and whether it is missing there."""
    said, kind, inside = declared(), pl.col("school_type"), ~_outside()
    has_stage = {name: kind.is_in(types).fill_null(value=False) for name, types in said["essential"].items()}
    needs = {name: (asked, asked & pl.col(name).is_null()) for name, asked in has_stage.items()}
    for name in said["amounts_of"]["whole"]:
        needs[name] = inside, inside & pl.col(name).is_null() & ~has(name)
    for name in said["amounts_of"]["by_stage"]:
        stages = {f"{name}_{stage}": has_stage[f"pupils_{stage}"] for stage in ("primary", "junior")}
        open_ = reduce(or_, (asked & pl.col(name).is_null() & ~has(name) for name, asked in stages.items()))
        needs[name] = inside, inside & pl.col(name).is_null() & ~has(name) & open_
    return needs


def _missing(schools: pl.DataFrame) -> pl.DataFrame:
    """Return essential values that are missing: enrolment where the type says that the stage is there, and amounts that
    other schools of the year report. Enrolment that a whole year lacks is told once, at its first school; another
    column that no school has may be one that the form does not ask for."""
    needs = {name: need for name, need in _needs().items() if schools[name].null_count()}
    parts = [pl.DataFrame(schema=FOUND)]
    if not needs:
        return parts[0]
    sums = [part.sum().alias(f"{name} {place}") for name, need in needs.items() for place, part in enumerate(need)]
    counted = schools.group_by("year").agg(sums)
    for name in needs:
        of_years = counted.select(f"{name} 0", f"{name} 1").iter_rows()
        if not any(lack and (lack < asked or name in declared()["essential"]) for asked, lack in of_years):
            continue
        frame = schools.select(*PLACE, "year", needs[name][0].alias("asked"), needs[name][1].alias("lacks"))
        every = (pl.col("lacks").sum() == pl.col("asked").sum()).over("year")
        lacking = frame.with_columns(every.alias("every")).filter("lacks")
        first = lacking.filter("every").unique("year", keep="first", maintain_order=True)
        lacking, rule = lacking.filter(~pl.col("every")), pl.lit("amount_missing")
        if name in declared()["essential"]:
            lacking = pl.concat([lacking, first])
            rule = pl.when("every").then(pl.lit("enrolment_of_none")).otherwise(pl.lit("enrolment_missing"))
        lacking = lacking.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("before", "after"))
        parts.append(found_of(lacking, "schools", pl.lit(name), rule))
    return pl.concat(parts)


def _crowded(schools: pl.DataFrame) -> pl.DataFrame:
    """Return enrolments that no school has; of too many the first stands for all."""
    said, many = declared()["enrolment"], declared()["told"]
    parts = [pl.DataFrame(schema=FOUND)]
    for name in said["columns"]:
        places = (schools[name] > said["most"]).arg_true()
        if len(places):
            rows = schools[places.head(1) if len(places) > many else places]
            crowded = rows.with_columns(before=pl.col(name).cast(pl.Float64), after=pl.lit(None, pl.Float64))
            parts.append(found_of(crowded, "schools", pl.lit(name), pl.lit("enrolment_unlikely")))
    return pl.concat(parts)


def _nothing(schools: pl.DataFrame) -> pl.DataFrame:
    """Return amounts of 0 that a school of so many pupils can hardly have: most likely they were not filled in."""
    said = declared()["nothing"]
    zero = [name for name in said["columns"] if (schools[name] == 0).any()]
    parts = [pl.DataFrame(schema=FOUND)]
    of = {amount.column: amount.of for amount in amounts()}
    for name in zero:
        pupils = reduce(add, (pl.col(name).fill_null(0) for name in of[name]))
        rows = schools.filter((pl.col(name) == 0) & (pupils >= said["pupils"]) & ~_outside())
        unlikely = rows.with_columns(before=pl.lit(0.0), after=pupils.cast(pl.Float64))
        parts.append(found_of(unlikely, "schools", pl.lit(name), pl.lit("nothing_unlikely")))
    return pl.concat(parts)


def _impossible(government: pl.DataFrame) -> pl.DataFrame:
    """Return items whose value can't be: negative, a share above 1 (likely without its percent sign), too many points.

    Nothing is judged by such a value (judge.all_items).
    """
    value, item = pl.col("value"), pl.col("item")
    if not government.select(((value < 0) | (value > 1)).any()).item():
        return pl.DataFrame(schema=FOUND)
    most = item.replace_strict(items.most(), default=None, return_dtype=pl.Float64)
    percent = item.is_in(items.shares()) & (value > items.fraction())
    reported = government.with_columns(most.alias("most"), before=value).filter(
        ((value < 0) & item.is_in(list(items.known()))) | (value > pl.col("most"))
    )
    rule = (
        pl.when(value < 0)
        .then(pl.lit("item_negative"))
        .when(percent)
        .then(pl.lit("likely_percent"))
        .otherwise(pl.lit("item_too_great"))
    )
    after = pl.when(percent & (value <= 100)).then(value / 100).when(~percent & (value > 0)).then("most")
    return found_of(reported.with_columns(after=after), "government", pl.lit("value"), rule)


def _unlikely_items(government: pl.DataFrame) -> pl.DataFrame:
    """Return items in yuan outside what is usual a head, with the bound that they are beyond."""
    item, said = pl.col("item"), declared()["money"]
    least, most = (
        item.replace_strict({name: float(entry[edge]) for name, entry in said.items()}, default=None)
        for edge in ("least", "most")
    )
    value = pl.col("value")
    beyond = pl.when((value < least) & (value >= 0)).then(least).when(value > most).then(most)
    unlikely = government.with_columns(before=value, after=beyond).filter(pl.col("after").is_not_null())
    return found_of(unlikely, "government", pl.lit("value"), pl.lit("item_unlikely"))
