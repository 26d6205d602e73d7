"""The forecast of a county: values, intervals and probabilities, split into what amounts and what enrolment do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from analysis import ids
from analysis.clean.records import Records
from analysis.forecast.duties import COLUMNS, over
from analysis.forecast.futures import Futures, Past, futures, past_of, rows_of
from analysis.forecast.judged import EXPECTED, Judged, judged
from analysis.forecast.scenario import Scenario
from analysis.forecast.settings import settings
from analysis.standards import Plan, Standard
from analysis.standards.milestones import milestones
from analysis.tables import Kind, Stage, Verdict

_STAGE = ["item", "stage", "year"]


@dataclass(frozen=True)
class Outlook:
    """Futures of a county and what they come to by one standard; `still` what they would with enrolment or amounts as
    they are now (`pupils`: only enrolment moves, `amounts`: only these do)."""

    records: Records
    standard: Standard
    past: Past
    ahead: Futures

    @cached_property
    def whole(self) -> Judged:
        """All paths."""
        return judged(self.records, rows_of(self.past, self.ahead), self.standard)

    @cached_property
    def kept(self) -> Judged:
        """All paths with amounts as they are now."""
        return judged(self.records, rows_of(self.past, self.ahead, amounts=False), self.standard)

    @cached_property
    def now(self) -> Judged:
        """The year from which is looked ahead."""
        rows = self.past.schools.with_columns(pl.lit(EXPECTED).alias("county"))
        return judged(self.records, rows, self.standard)

    @property
    def level(self) -> tuple[float, float]:
        """The quantiles between which an interval lies."""
        outside = (1 - float(settings()["level"])) / 2
        return outside, 1 - outside


def outlook(
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    years: Sequence[int],
    scenario: Scenario | None = None,
    paths: int | None = None,
) -> Outlook:
    """Return the futures of a county from a year on, in the `years` asked for."""
    past = past_of(records, standard, county, year)
    return Outlook(records, standard, past, futures(past, years, scenario, paths or int(settings()["paths"])))


def years_ahead(year: int, by: int | None, plan: Plan | None) -> list[int]:
    """Return the years that are looked at: up to `by`, or as many as forecast.yml says and those of the plan's
    milestones within the furthest year."""
    last = by or year + int(settings()["years"])
    years = set(range(year + 1, last + 1))
    if plan is not None and by is None:
        dated = milestones(plan)["from"].drop_nulls().dt.year()
        years |= {each for each in dated if year < each <= year + int(settings()["furthest"])}
    return sorted(years)


def forecast_of(
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    *,
    plan: Plan | None = None,
    by: int | None = None,
    scenario: Scenario | None = None,
    paths: int | None = None,
) -> dict[str, Any]:
    """Return what the years after `year` may bring, ready for JSON.

    `years`, `scenario` (its name or null), `assumptions` (ids), `past` (years of the county that tell of enrolment and
    of amounts); lists of flat rows: `enrolment` (stage, year, now, value, low, high), `values` (finding, item, stage,
    year, now, value, low, high, target, probability, by_amounts, by_enrolment, kept, probability_kept: the same with
    amounts as they are now), `indicators` (indicator, stage, year, now, value, low, high, floor, below_now, below:
    schools below the floor), `milestones` (as `values`, by the plan), `scope` (school, stage, year, reason, probability
    of those that leave the measurement or come into it), `lost` (finding, school, stage, year, now, value, target,
    probability: what is met now and likely not to be). Intervals hold with the probability of forecast.yml. Raises
    ValueError where the county has no schools of `year`, or `by` is not after it.
    """
    if by is not None and by <= year:
        raise ValueError(f"a forecast of {year} looks at later years, got {by}")
    years = years_ahead(year, by, plan)
    seen = outlook(records, standard, county, year, years, scenario, paths)
    by_plan = None
    if plan is not None:
        by_plan = Outlook(records, plan.standard, seen.past, seen.ahead)
    return {
        "county": county,
        "year": year,
        "years": years,
        "level": settings()["level"],
        "scenario": scenario.name if scenario else None,
        "assumptions": assumptions(seen, scenario),
        "past": {
            "enrolment": {stage: drift.years for stage, drift in seen.past.enrolment.items()},
            "amounts": max((drift.years for drift in seen.past.amounts.values()), default=0),
        },
        "enrolment": enrolment(seen).to_dicts(),
        "values": values(seen).to_dicts(),
        "indicators": indicators(seen).to_dicts(),
        "milestones": _milestones(by_plan, plan).to_dicts() if by_plan and plan else [],
        "scope": scope(seen).to_dicts(),
        "lost": lost(seen, county).to_dicts(),
    }


def assumptions(seen: Outlook, scenario: Scenario | None) -> list[str]:
    """Return the ids of what is taken for granted (words.yml, forecast_assumptions)."""
    if scenario is not None:
        return ["scenario", "amounts_as_before" if scenario.amounts_grow else "amounts_as_now"]
    result = ["entrants_told" if seen.past.entrants else "entrants_as_now"]
    if not seen.past.grades.listed.all():
        result.append("grades_even" if not seen.past.grades.listed.any() else "some_grades_even")
    result.append("amounts_as_before")
    if min((drift.years for drift in seen.past.enrolment.values()), default=0) < settings()["short"]:
        result.append("short_past")
    return [*result, "same_schools"]


def _bounds(column: str, level: tuple[float, float]) -> list[pl.Expr]:
    """Return the middle of a column over the paths that are drawn, and its interval.

    The middle, not the path without chance: whatever happens to schools apart makes them differ more.
    """
    drawn = pl.col(column).filter(pl.col("county") != EXPECTED)
    return [
        drawn.median().alias("value"),
        drawn.quantile(level[0], "linear").alias("low"),
        drawn.quantile(level[1], "linear").alias("high"),
    ]


def enrolment(seen: Outlook) -> pl.DataFrame:
    """Return stage, year, now, value, low, high of all pupils, whether their schools count or not."""
    rows = []
    for stage in Stage:
        each = seen.ahead.pupils[stage.value]
        now = float(np.nansum(seen.past.grades.totals(stage.value)))
        for place, year in enumerate(seen.ahead.years):
            totals = np.nansum(each[1:, place], axis=1)
            low, high = np.quantile(totals, seen.level)
            rows.append((stage.value, year, now, float(np.median(totals)), float(low), float(high)))
    names = ["stage", "year", "now", "value", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row").filter(pl.col("now") > 0)


def _of_stages(judged: Judged) -> pl.DataFrame:
    return judged.findings.filter(pl.col("school").is_null() & ids.is_kind(Kind.SCHOOLS, Kind.CV))


def _summed(judged: Judged, level: tuple[float, float]) -> pl.DataFrame:
    """Return by item, stage and year: value, low, high, target, and in what part of the paths it is met."""
    drawn = pl.col("verdict").filter(pl.col("county") != EXPECTED)
    return (
        _of_stages(judged)
        .group_by("id", *_STAGE, maintain_order=True)
        .agg(
            *_bounds("value", level),
            pl.col("target").first(),
            (drawn == Verdict.MET.value).mean().alias("probability"),
            drawn.is_in([Verdict.MET.value, Verdict.NOT_MET.value]).all().alias("decided"),
        )
        .with_columns(pl.when("decided").then("probability").alias("probability"))
        .drop("decided")
    )


def values(seen: Outlook) -> pl.DataFrame:
    """Return one row per stage item and year, split into what amounts do and what enrolment does."""
    whole, kept = _summed(seen.whole, seen.level), _summed(seen.kept, seen.level)
    now = _of_stages(seen.now).select("id", pl.col("value").alias("now"))
    both = kept.select("id", "year", pl.col("value").alias("kept"), pl.col("probability").alias("probability_kept"))
    return (
        whole.join(now, on="id", how="left", maintain_order="left")
        .join(both, on=["id", "year"], how="left", maintain_order="left")
        .with_columns(
            (pl.col("kept") - pl.col("now")).alias("by_enrolment"),
            (pl.col("value") - pl.col("kept")).alias("by_amounts"),
        )
        .select(
            pl.col("id").alias("finding"), "item", "stage", "year", "now", "value", "low", "high", "target",
            "probability", "by_amounts", "by_enrolment", "kept", "probability_kept",
        )
    )  # fmt: skip


def indicators(seen: Outlook) -> pl.DataFrame:
    """Return by indicator, stage and year the mean per pupil, its floor, and how many schools are below that."""
    keys = ["indicator", "stage", "year"]
    means = (
        seen.whole.measurements.filter(statistic="mean")
        .group_by(keys, maintain_order=True)
        .agg(*_bounds("value", seen.level))
    )
    before = seen.now.measurements.filter(statistic="mean").select("indicator", "stage", pl.col("value").alias("now"))
    below, below_now = _below(seen.whole), _below(seen.now).drop("year", "floor").rename({"below": "below_now"})
    return (
        means.join(before, on=["indicator", "stage"], how="left", maintain_order="left")
        .join(below, on=keys, how="left", maintain_order="left")
        .join(below_now, on=["indicator", "stage"], how="left", maintain_order="left")
        .select(*keys, "now", "value", "low", "high", "floor", "below_now", "below")
    )


def _below(judged: Judged) -> pl.DataFrame:
    """Return by indicator, stage and year the floor and the schools below it in the future that is expected."""
    return (
        judged.findings.filter(ids.is_kind(Kind.FLOOR) & (pl.col("county") == EXPECTED))
        .with_columns(ids.name_of(pl.col("item"), Kind.FLOOR).alias("indicator"))
        .group_by("indicator", "stage", "year", maintain_order=True)
        .agg(
            pl.col("target").first().alias("floor"),
            (pl.col("verdict") == Verdict.NOT_MET.value).sum().cast(pl.Int64).alias("below"),
        )
    )


def _milestones(seen: Outlook, plan: Plan) -> pl.DataFrame:
    """Return the stage items that a plan's own file names, in the years from which its values hold."""
    dated = (
        milestones(plan)
        .filter(pl.col("from").is_not_null() & pl.col("stage").is_not_null())
        .select("item", "stage", pl.col("from").dt.year().cast(pl.Int32).alias("year"))
        .unique(maintain_order=True)
    )
    return values(seen).join(dated, on=_STAGE, how="semi", maintain_order="left").filter(pl.col("target").is_not_null())


def scope(seen: Outlook) -> pl.DataFrame:
    """Return the schools of a stage that leave the measurement or come into it in the future that is expected:
    school, stage, year, counts (whether they do then), pupils, probability."""
    keys = ["school", "stage"]
    of_now = seen.now.measurements.filter(statistic="value").select(keys).unique(maintain_order=True)
    then = seen.whole.measurements.filter(statistic="value").select("county", "year", *keys).unique(maintain_order=True)
    paths = len(next(iter(seen.ahead.pupils.values())))
    counted = then.group_by(*keys, "year", maintain_order=True).agg(
        (pl.len() / paths).alias("part"), (pl.col("county") == EXPECTED).any().alias("counts")
    )
    every = pl.concat([of_now, counted.select(keys)]).unique(maintain_order=True)
    grid = every.join(pl.DataFrame({"year": list(seen.ahead.years)}, schema={"year": pl.Int32}), how="cross")
    return (
        grid.join(counted, on=[*keys, "year"], how="left", maintain_order="left")
        .join(of_now.with_columns(pl.lit(value=True).alias("now")), on=keys, how="left", maintain_order="left")
        .with_columns(pl.col("counts", "now").fill_null(value=False), pl.col("part").fill_null(0.0))
        .filter(pl.col("counts") != pl.col("now"))
        .with_columns(pl.when("counts").then("part").otherwise(1 - pl.col("part")).alias("probability"))
        .select(*keys, "year", "counts", "probability")
        .sort("year", "stage", "school")
    )


def lost(seen: Outlook, county: str) -> pl.DataFrame:
    """Return what schools and stages meet now and are likely not to meet: finding, school, stage, year, now, value,
    target, probability, lacking (of a floor: the amount that would keep it; of a limit: pupils over it); each by the
    first year from which it is likely, the most likely first."""
    met = seen.now.findings.filter(pl.col("verdict") == Verdict.MET.value).select("id", pl.col("value").alias("now"))
    drawn = pl.col("verdict").filter(pl.col("county") != EXPECTED)
    resources = (
        seen.whole.findings.join(met, on="id", how="inner", maintain_order="left")
        .group_by("id", "item", "school", "stage", "year", maintain_order=True)
        .agg(
            pl.col("now").first(),
            pl.col("value").filter(pl.col("county") != EXPECTED).median(),
            pl.col("target").first(),
            (drawn == Verdict.NOT_MET.value).mean().alias("probability"),
        )
        .rename({"id": "finding"})
        .select(list(COLUMNS))
    )
    sizes = over(seen.records, seen.standard, county, seen.past, seen.ahead)
    likely = pl.concat([resources.cast(COLUMNS), sizes]).filter(pl.col("probability") >= settings()["lost"])
    return (
        _lacking(seen, likely)
        .sort("year", maintain_order=True)
        .unique("finding", keep="first", maintain_order=True)
        .sort("year", "probability", "finding", descending=[False, True, False])
    )


def _lacking(seen: Outlook, likely: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with what is lacking: of a floor in the unit of its amount, by the pupils that are expected."""
    place_of = {code: place for place, code in enumerate(seen.past.grades.schools)}
    lacking: list[float | None] = []
    for row in likely.iter_rows(named=True):
        item = ids.parse(row["item"])
        short = (row["target"] or 0.0) - (row["value"] or 0.0)
        if item.kind is Kind.FLOOR:
            year = seen.ahead.years.index(row["year"])
            pupils = float(np.median(seen.ahead.pupils[row["stage"]][1:, year, place_of[row["school"]]]))
            lacking.append(max(short, 0.0) * pupils / seen.standard.indicators[item.name].per)
        elif item.kind is Kind.ITEM:
            lacking.append(max(-short, 0.0))
        else:
            lacking.append(None)
    return likely.with_columns(pl.Series("lacking", lacking, pl.Float64))
