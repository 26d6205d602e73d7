"""How fragile 'met' is: how many schools' reports would have to be overstated for it to be wrong, and whom to visit.

A report overstated by e says x where x (1 - e) is true, of every amount of a school; enrolment stays as it is. Where a
limit is kept (classes, sizes of schools), the report says x where x (1 + e) is true. Formulas: statistics.fragile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis import ids
from analysis.clean.records import Records
from analysis.judge import all_items, rounding
from analysis.standards import Sense, Standard
from analysis.standards.rules import of as rule_of
from analysis.statistics import fragile as numerics
from analysis.tables import FIELDS, Field, Kind, Schema, Verdict

#: Notes: of a whole, that it has parts which are not reckoned with; of an item, why it is not.
PARTS, ASIDE, COMPOSITE = "parts_left_out", "values_set_aside", "composite_left_out"
ROWS: Schema = {
    "finding": pl.String,
    "error": pl.Float64,
    "least_low": pl.Int64,
    "least_high": pl.Int64,
    "schools": pl.List(pl.String),
    "visits": pl.Float64,
    "alone": pl.List(pl.String),
    "note": pl.String,
}


@dataclass(frozen=True)
class Fragile:
    """What it takes for one finding that is met not to be.

    `low` and `high` bound the least number of schools overstated by `error`; None where no set of schools turns it.
    `schools`: a least set. `alone`: those each of which turns it by itself. `chances`: school -> probability of a
    visit, so that of every set that turns it at least one is visited with a probability of 95 % or more.
    """

    finding: str
    error: float
    low: int | None
    high: int | None
    schools: tuple[str, ...]
    alone: tuple[str, ...]
    chances: dict[str, float]
    note: str = ""

    @property
    def visits(self) -> float:
        """Return how many schools are visited on average."""
        return sum(self.chances.values())


@cache
def settings() -> dict[str, Any]:
    """Return what fragile.yml says."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "fragile.yml").read_text(encoding="utf-8"))
    return loaded


def fragile(
    measurements: pl.DataFrame,
    findings: pl.DataFrame,
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    error: float,
) -> list[Fragile]:
    """Return how fragile each finding is that is met and judged from schools: wholes first, in the order of findings.

    `findings` are those of one county and year, as judge.judge returns them. Covered: the schools and the coefficients
    of the resources, and the items of rules in fragile.yml; what a county reports, national monitoring, own tests,
    surveys and a composite are not. Raises ValueError for an error that is not between 0 and 1.
    """
    if not 0 <= error < 1:
        raise ValueError(f"an overstatement lies between 0 and 1, got {error}")
    here = findings.filter((pl.col("county") == county) & (pl.col("year") == year) & pl.col("field").is_in(FIELDS))
    parts = [
        *_of_schools(here, standard, error),
        *_of_coefficients(measurements, here, county, year, error),
        *_of_items(here, records, standard, year, error),
    ]
    met = here.filter(pl.col("school").is_null() & (pl.col("verdict") == Verdict.MET.value))
    order = {id: place for place, id in enumerate(met["id"])}
    return [*_wholes(findings, parts, error), *sorted(parts, key=lambda part: order[part.finding])]


def frame(rows: Sequence[Fragile]) -> pl.DataFrame:
    """Return rows as a frame with the columns ROWS: `schools` a least set, `visits` their number on average."""
    return pl.DataFrame(
        [
            (row.finding, row.error, row.low, row.high, list(row.schools), row.visits, list(row.alone), row.note)
            for row in rows
        ],
        schema=ROWS,
        orient="row",
    )


def overstatements(findings: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return school, stage and `error`: the overstatement above which each school that meets the rule would not."""
    rule = standard.school_rule
    if rule is None:
        return pl.DataFrame(schema={"school": pl.String, "stage": pl.String, "error": pl.Float64})
    ratios = (
        _ratios(findings, standard)
        .group_by("school", "stage", maintain_order=True)
        .agg(pl.col("value") / pl.col("target"))
    )
    errors = [numerics.overstatement(row, rule.must_meet, rule.rest_part) for row in ratios["value"].to_list()]
    return ratios.select("school", "stage").with_columns(pl.Series("error", errors, pl.Float64))


def _ratios(findings: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Return school, stage, value and target of each floor that counts in the rule, of schools that meet it."""
    counting = [ids.floor(name) for name, indicator in standard.indicators.items() if indicator.counts]
    met = findings.filter(ids.is_kind(Kind.SCHOOL_RULE) & (pl.col("verdict") == Verdict.MET.value))
    return (
        findings.filter(pl.col("item").is_in(counting) & (pl.col("field") == Field.RESOURCES.value))
        .drop_nulls(["value", "target"])
        .join(met.select("school", "stage"), on=["school", "stage"], how="semi", maintain_order="left")
        .select("school", "stage", "value", "target")
    )


def _needed(number: int, met: int, target: float, sense: Sense) -> int | None:
    """Return how many of those that meet must fall before their share misses its target; None where none can."""
    fewer = (fallen for fallen in range(1, met + 1) if not rounding.holds((met - fallen) / number, target, sense))
    return next(fewer, None)


def _counted(finding: dict[str, Any], rows: pl.DataFrame, falls: pl.DataFrame, error: float, sense: Sense) -> Fragile:
    """Return the fragility of a share: `rows` are those that are shared (verdict), `falls` the schools of those that
    would fall."""
    met = rows.filter(pl.col("verdict") == Verdict.MET.value).height
    number = falls.group_by("school", maintain_order=True).agg(pl.len().alias("falls"))
    needed = _needed(rows.height, met, finding["target"], sense)
    if needed is None:
        return Fragile(finding["id"], error, None, None, (), (), {})
    result = numerics.of_counts(number["falls"].to_numpy(), needed, settings()["factor"])
    return _named(finding["id"], number["school"].to_list(), result, error)


def _named(id: str, schools: list[str], result: numerics.Fragility, error: float) -> Fragile:
    chances = {school: float(chance) for school, chance in zip(schools, result.chance, strict=True) if chance > 0}
    alone = tuple(school for school, turns in zip(schools, result.alone, strict=True) if turns)
    least = tuple(schools[place] for place in result.least)
    return Fragile(id, error, result.low, result.high, least, alone, chances)


def _met(findings: pl.DataFrame, kind: Kind) -> Iterator[dict[str, Any]]:
    yield from findings.filter(
        ids.is_kind(kind) & pl.col("school").is_null() & (pl.col("verdict") == Verdict.MET.value)
    ).iter_rows(named=True)


def _of_schools(findings: pl.DataFrame, standard: Standard, error: float) -> Iterator[Fragile]:
    """Yield the fragility of the share of schools, by stage."""
    rule = standard.school_rule
    if rule is None:
        return
    true, target = rounding.exactly(pl.col("value") * (1 - error)), pl.col("target")
    met = rounding.sided(true, rounding.exactly(target), Sense.AT_LEAST)
    near = rounding.sided(true, rounding.exactly(target * rule.rest_part), Sense.AT_LEAST)
    falls = (
        _ratios(findings, standard)
        .group_by("school", "stage", maintain_order=True)
        .agg(met.sum().alias("met"), near.all().alias("near"))
        .filter((pl.col("met") < rule.must_meet) | ~pl.col("near"))
    )
    for finding in _met(findings, Kind.SCHOOLS):
        rows = findings.filter(ids.is_kind(Kind.SCHOOL_RULE) & (pl.col("stage") == finding["stage"]))
        yield _counted(finding, rows, falls.filter(stage=finding["stage"]), error, rule.schools.sense)


def _of_coefficients(
    measurements: pl.DataFrame, findings: pl.DataFrame, county: str, year: int, error: float
) -> Iterator[Fragile]:
    """Yield the fragility of each coefficient that is within its limit."""
    values = measurements.filter(
        (pl.col("statistic") == "value") & (pl.col("county") == county) & (pl.col("year") == year)
    ).drop_nulls("value")
    for finding in _met(findings, Kind.CV):
        name = ids.parse(finding["item"]).name
        rows = values.filter((pl.col("indicator") == name) & (pl.col("stage") == finding["stage"]))
        if rows.is_empty() or finding["reason"] == "values_agree":
            note = ASIDE if finding["reason"] == "values_agree" else COMPOSITE
            yield Fragile(finding["id"], error, None, None, (), (), {}, note)
            continue
        amount, pupils = rows["amount"].to_numpy(), rows["pupils"].to_numpy()
        result = numerics.of_coefficient(amount, pupils, finding["target"], error, settings()["factor"])
        yield _named(finding["id"], rows["school"].to_list(), result, error)


def _of_items(
    findings: pl.DataFrame, records: Records, standard: Standard, year: int, error: float
) -> Iterator[Fragile]:
    """Yield the fragility of each item that is counted by schools, by a rule of fragile.yml."""
    rules = {name: str(item.rule) for name, item in standard.items.items() if item.rule in settings()["rules"]}
    for finding in _met(findings, Kind.ITEM):
        name = finding["item"]
        target = standard.items[name].target if name in rules else None
        rows = findings.filter((pl.col("item") == name) & pl.col("school").is_not_null())
        if name not in rules or target is None or rows.is_empty():
            continue
        rule, how = rule_of(rules[name]), settings()["rules"][rules[name]]
        assert rule is not None
        assert rule.sense is not None
        if how == "value":
            met = rows.filter(pl.col("verdict") == Verdict.MET.value)
            falls = met.filter(~rounding.reaches(_true(rule.sense, error), pl.col("target"), rule.sense))
        else:
            falls = _fallen(rows, _mended(records, how, year, error), standard, name, year)
        yield _counted(finding, rows, falls, error, target.sense)


def _true(sense: Sense, error: float) -> pl.Expr:
    """Return the value that a report overstated by `error` stands for: of what has a limit, one that is larger."""
    return pl.col("value") * (1 - error if sense in (Sense.AT_LEAST, Sense.ABOVE) else 1 + error)


def _mended(records: Records, how: dict[str, str], year: int, error: float) -> Records:
    """Return the records with a column of one table as it would be."""
    table, column = how["table"], how["column"]
    true = pl.when(pl.col("year") == year).then(pl.col(column) * (1 - error)).otherwise(column)
    return replace(records, **{table: getattr(records, table).with_columns(true.alias(column))})


def _fallen(rows: pl.DataFrame, mended: Records, standard: Standard, item: str, year: int) -> pl.DataFrame:
    """Return those of an item's school rows that are met, and are not by the mended records."""
    alone = standard.model_copy(update={"items": {item: standard.items[item]}})
    true = all_items.below_resources(mended, alone, [year]).filter(
        pl.col("school").is_not_null() & (pl.col("verdict") != Verdict.MET.value)
    )
    return rows.filter(pl.col("verdict") == Verdict.MET.value).join(
        true.select("school", "stage"), on=["school", "stage"], how="semi", nulls_equal=True, maintain_order="left"
    )


def _wholes(findings: pl.DataFrame, parts: Sequence[Fragile], error: float) -> Iterator[Fragile]:
    """Yield the fragility of each field, and of the county, that is met: it turns as soon as a part of it does."""
    field_of = dict(findings.select("id", "field").iter_rows())
    item_of = findings.filter(ids.counts() & (pl.col("verdict") == Verdict.MET.value))
    for whole in _met(findings, Kind.ALL):
        inside = [part for part in parts if whole["field"] in (Field.OVERALL.value, field_of[part.finding])]
        if not inside:
            continue
        of_whole = item_of if whole["field"] == Field.OVERALL.value else item_of.filter(field=whole["field"])
        covered = {part.finding for part in inside if not part.note}
        yield joined(whole["id"], inside, error, "" if set(of_whole["id"]) <= covered else PARTS)


def joined(id: str, parts: Sequence[Fragile], error: float, note: str = "") -> Fragile:
    """Return the fragility of what turns as soon as one of `parts` does.

    A school is visited as the part asks that asks for the most: each part's own sets are then met with at least the
    probability that it promises.
    """
    lows = [part.low for part in parts if part.low is not None]
    least = min((part for part in parts if part.high is not None), key=lambda part: part.high or 0, default=None)
    chances: dict[str, float] = {}
    for part in parts:
        for school, chance in part.chances.items():
            chances[school] = max(chance, chances.get(school, 0.0))
    alone = tuple(dict.fromkeys(school for part in parts for school in part.alone))
    return Fragile(
        id,
        error,
        min(lows, default=None),
        least.high if least else None,
        least.schools if least else (),
        alone,
        chances,
        note,
    )
