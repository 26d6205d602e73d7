"""The forecast of a county: values, intervals and probabilities, split into what amounts and what enrolment do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis import ids
from analysis.clean.records import Records
from analysis.forecast.crowding_ahead import over
from analysis.forecast.evaluated import Evaluated, Judged, evaluated
from analysis.forecast.futures import Futures, Past, futures, past_of
from analysis.forecast.scenario import Scenario
from analysis.forecast.settings import settings
from analysis.standards import Plan, Standard
from analysis.standards.milestones import milestones
from analysis.tables import Field, Stage

Array = npt.NDArray[np.float64]
Row = dict[str, Any]


@dataclass(frozen=True)
class Outlook:
    """Futures of a county and what they come to by one standard, stage by stage."""

    records: Records
    standard: Standard
    past: Past
    ahead: Futures

    @cached_property
    def whole(self) -> dict[str, Evaluated]:
        """The futures as they are."""
        return evaluated(self.records, self.standard, self.past, self.ahead)

    @cached_property
    def kept(self) -> dict[str, Evaluated]:
        """The same with amounts as they are now."""
        return {stage: replace(each, amounts=self._kept(each, stage)) for stage, each in self.whole.items()}

    def _kept(self, each: Evaluated, stage: str) -> dict[str, Array]:
        places = [self.past.grades.schools.index(code) for code in each.schools]
        return {name: amount / self.ahead.factors[name][:, :, places] for name, amount in each.amounts.items()}

    @cached_property
    def now(self) -> dict[str, Evaluated]:
        """The year from which is looked ahead, as its only path."""
        pupils = {stage: self.past.grades.totals(stage)[None, None] for stage in self.ahead.pupils}
        still = {name: np.ones((1, 1, each.shape[2])) for name, each in self.ahead.factors.items()}
        return evaluated(self.records, self.standard, self.past, Futures((self.past.year,), pupils, still))

    @property
    def level(self) -> tuple[float, float]:
        """The quantiles between which an interval lies."""
        outside = (1 - float(settings()["level"])) / 2
        return outside, 1 - outside

    def told(self, drawn: Array) -> Row:
        """Return the middle of what is drawn (a path each, the first without chance left out), and its interval.

        The middle, not the path without chance: whatever happens to schools apart makes them differ more.
        """
        known = drawn[1:][np.isfinite(drawn[1:])]
        if not len(known):
            return {"value": None, "low": None, "high": None}
        low, high = np.quantile(known, self.level)
        return {"value": float(np.median(known)), "low": float(low), "high": float(high)}


def outlook(
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    years: Sequence[int],
    scenario: Scenario | None = None,
    paths: int | None = None,
) -> Outlook:
    """Return the futures of a county from a year on, in the `years` asked for; `paths` at least 2."""
    past = past_of(records, standard, county, year)
    return Outlook(records, standard, past, futures(past, years, scenario, paths or int(settings()["paths"])))


def years_ahead(year: int, by: int | None, plan: Plan | None) -> list[int]:
    """Return the years that are looked at: up to `by`, or as many as forecast.yml says and those of the plan's
    milestones up to the furthest."""
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
    findings: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """Return what the years after `year` may bring, ready for JSON.

    `years`, `level` (of intervals), `scenario` (its name or null), `assumptions` (ids), `past` (how many years of the
    county tell of enrolment by stage, and of amounts); lists of flat rows:

    `past.tried` says how the county's enrolment of `year` lay in the intervals of a year before: from, series, held,
    typical (the median error, a part); null where no year before tells grades.

    - `enrolment`: stage, year, now, value, low, high
    - `values`: finding, item, stage, year, now, value, low, high, target, probability, by_amounts, by_enrolment, kept,
      probability_kept (these two: with amounts as they are now, so that only enrolment moves)
    - `indicators`: indicator, stage, year, now, value, low, high, floor, below_now, below (schools below the floor)
    - `milestones`: rows of `values` by the plan, where its own file names the item, from the years of its values
    - `scope`: school, stage, year, counts, probability of schools that leave the measurement or come into it
    - `lost`: finding, item, school, stage, year, now, value, target, probability, lacking: what is met now and likely
      not to be, by the first year from which it is

    `findings` are those of the county and year, where they are at hand. Null is what is not known. Raises ValueError
    where `by` is not after `year`.
    """
    if by is not None and by <= year:
        raise ValueError(f"a forecast of {year} looks at later years, got {by}")
    seen = outlook(records, standard, county, year, years_ahead(year, by, plan), scenario, paths)
    return {
        "county": county,
        "year": year,
        "years": list(seen.ahead.years),
        "level": settings()["level"],
        "scenario": scenario.name if scenario else None,
        "assumptions": assumptions(seen, scenario),
        "past": {
            "enrolment": {stage: drift.years for stage, drift in seen.past.enrolment.items()},
            "amounts": max((drift.years for drift in seen.past.amounts.values()), default=0),
            "tried": None if scenario else tried(records, standard, county, year, paths),
        },
        "enrolment": list(enrolment(seen)),
        "values": list(values(seen)),
        "indicators": list(indicators(seen)),
        "milestones": _milestones(_by_plan(seen, plan, county, scenario, paths), plan) if plan else [],
        "scope": list(scope(seen)),
        "lost": lost(seen, county, findings),
    }


def tried(records: Records, standard: Standard, county: str, year: int, paths: int | None = None) -> Row | None:
    """Return how often intervals of a forecast made a year before hold this year's enrolment of schools and stages."""
    before = records.schools.filter((pl.col("county") == county) & (pl.col("year") == year - 1))
    if before.is_empty():
        return None
    past = past_of(records, standard, county, year - 1)
    if not past.grades.listed.any() or not min(drift.years for drift in past.enrolment.values()):
        return None
    seen = Outlook(records, standard, past, futures(past, [year], None, paths or int(settings()["paths"])))
    now = records.schools.filter((pl.col("county") == county) & (pl.col("year") == year))
    place_of = {code: place for place, code in enumerate(past.grades.schools)}
    series, errors = [], []
    for stage in Stage:
        for code, pupils in now.select("school", f"pupils_{stage.value}").drop_nulls().iter_rows():
            drawn = seen.ahead.pupils[stage.value][:, 0, place_of[code]] if code in place_of else np.zeros(1)
            outlook = seen.told(np.round(drawn))
            if pupils > 0 and outlook["value"]:
                series.append(outlook["low"] <= pupils <= outlook["high"])
                errors.append(abs(outlook["value"] - pupils) / pupils)
    if not series:
        return None
    return {"from": year - 1, "series": len(series), "held": sum(series), "typical": float(np.median(errors))}


def assumptions(seen: Outlook, scenario: Scenario | None) -> list[str]:
    """Return the ids of what is taken for granted (words.yml, forecast_assumptions)."""
    if scenario is not None:
        return ["scenario", "amounts_as_before" if scenario.amounts_grow else "amounts_as_now"]
    result = ["entrants_told" if seen.past.entrants else "entrants_as_now"]
    if not seen.past.grades.listed.any():
        result.append("grades_even")
    result.append("amounts_as_before")
    if min((drift.years for drift in seen.past.enrolment.values()), default=0) < settings()["short"]:
        result.append("short_past")
    return [*result, "same_schools"]


def enrolment(seen: Outlook) -> Iterator[Row]:
    """Yield all pupils of a stage by year, whether their schools count or not."""
    for stage in Stage:
        now = float(np.nansum(seen.past.grades.totals(stage.value)))
        if not now:
            continue
        for place, year in enumerate(seen.ahead.years):
            drawn = np.nansum(seen.ahead.pupils[stage.value][:, place], axis=1)
            yield {"stage": stage.value, "year": year, "now": now} | seen.told(drawn)


def values(seen: Outlook) -> Iterator[Row]:
    """Yield one row per stage item and year, split into what amounts do and what enrolment does."""
    for stage, each in seen.whole.items():
        kept, now = dict(seen.kept[stage].items()), dict(seen.now[stage].items())
        for item, judged in each.items():
            for place, year in enumerate(seen.ahead.years):
                yield {
                    "finding": ids.finding(Field.RESOURCES, item, stage),
                    "item": item,
                    "stage": stage,
                    "year": year,
                } | _value(seen, judged, kept[item], now[item], place)


def _value(seen: Outlook, whole: Judged, kept: Judged, now: Judged, place: int) -> Row:
    then, only = seen.told(whole.value[:, place]), seen.told(kept.value[:, place])
    before = _number(now.value[0, 0])
    row = {"now": before, **then, "target": _number(whole.target[place]), "probability": _part(whole.met[1:, place])}
    known = then["value"] is not None and only["value"] is not None
    return row | {
        "by_amounts": then["value"] - only["value"] if known else None,
        "by_enrolment": only["value"] - before if known and before is not None else None,
        "kept": only["value"],
        "probability_kept": _part(kept.met[1:, place]),
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _part(met: Array) -> float | None:
    """Return in what part of the paths something is met; None where that is open in one."""
    return float(met.mean()) if len(met) and np.isfinite(met).all() else None


def indicators(seen: Outlook) -> Iterator[Row]:
    """Yield by indicator, stage and year the mean per pupil, its floor, and how many schools are below that."""
    for stage, each in seen.whole.items():
        for name, indicator in seen.standard.indicators.items():
            mean, before = each.mean(name), _number(seen.now[stage].mean(name)[0, 0])
            floor = each.floor(name) if indicator.floor else None
            for place, year in enumerate(seen.ahead.years):
                row = {"indicator": name, "stage": stage, "year": year, "now": before} | seen.told(mean[:, place])
                below = (floor.met[1:, place] == 0).sum(axis=1) if floor else None
                yield row | {
                    "floor": _number(floor.target[place]) if floor else None,
                    "below_now": int((seen.now[stage].floor(name).met[0, 0] == 0).sum()) if floor else None,
                    "below": float(np.median(below)) if below is not None else None,
                }


def _by_plan(seen: Outlook, plan: Plan, county: str, scenario: Scenario | None, paths: int | None) -> Outlook:
    """Return the same futures judged by a plan; new ones where its framework has indicators of its own."""
    if set(plan.standard.indicators) <= set(seen.standard.indicators):
        return Outlook(seen.records, plan.standard, seen.past, seen.ahead)
    return outlook(seen.records, plan.standard, county, seen.past.year, seen.ahead.years, scenario, paths)


def _milestones(seen: Outlook, plan: Plan) -> list[Row]:
    """Return the stage items of a plan in the years from which its own values hold."""
    dated = {
        (row["item"], row["stage"], row["from"].year)
        for row in milestones(plan).iter_rows(named=True)
        if row["from"] is not None
    }
    return [
        row for row in values(seen) if (row["item"], row["stage"], row["year"]) in dated and row["target"] is not None
    ]


def scope(seen: Outlook) -> Iterator[Row]:
    """Yield the schools of a stage that more likely than not leave the measurement, or come into it."""
    for place, year in enumerate(seen.ahead.years):
        for stage, each in seen.whole.items():
            for school, code in enumerate(each.schools):
                now = bool(seen.now[stage].counts[0, 0, school])
                changes = float((each.counts[1:, place, school] != now).mean())
                if changes > 1 / 2:
                    yield {"school": code, "stage": stage, "year": year, "counts": not now, "probability": changes}


def lost(seen: Outlook, county: str, findings: pl.DataFrame | None = None) -> list[Row]:
    """Return what is met now and likely not to be: `lacking` is of a floor the amount that would keep it, of a limit
    the pupils over it; each by the first year from which it is likely, the most likely first."""
    rows = [*_lost_floors(seen), *_lost_items(seen)]
    rows += over(seen.records, seen.standard, county, seen.past, seen.ahead, findings).to_dicts()
    likely = [row for row in rows if row["probability"] >= settings()["lost"]]
    likely.sort(key=lambda row: (row["year"], -row["probability"], row["finding"]))
    first: dict[str, Row] = {}
    for row in likely:
        first.setdefault(row["finding"], row)
    return list(first.values())


def _lost_floors(seen: Outlook) -> Iterator[Row]:
    """Yield floors that schools meet now, and the school rule, with how likely they do not."""
    for stage, each in seen.whole.items():
        names = [name for name, indicator in seen.standard.indicators.items() if indicator.floor]
        kinds = [(ids.floor(name), name, each.floor(name), seen.now[stage].floor(name).met[0, 0]) for name in names]
        for item, name, judged, now in kinds:
            for school in np.flatnonzero(now == 1):
                code = each.schools[school]
                for place, year in enumerate(seen.ahead.years):
                    met = judged.met[1:, place, school]
                    missed = float((met == 0).mean())
                    if missed < settings()["lost"]:
                        continue
                    then = float(np.nanmedian(judged.value[1:, place, school]))
                    pupils = float(np.median(each.pupils[1:, place, school]))
                    target = float(judged.target[place])
                    yield {
                        "finding": ids.finding(Field.RESOURCES, item, stage, code),
                        "item": item,
                        "school": code,
                        "stage": stage,
                        "year": year,
                        "now": _number(seen.now[stage].value(name)[0, 0, school]),
                        "value": then,
                        "target": target,
                        "probability": missed,
                        "lacking": max(target - then, 0.0) * pupils / seen.standard.indicators[name].per,
                    }


def _lost_items(seen: Outlook) -> Iterator[Row]:
    """Yield items of a stage that are met now."""
    for stage, each in seen.whole.items():
        now = dict(seen.now[stage].items())
        for item, judged in each.items():
            if now[item].met[0, 0] != 1:
                continue
            for place, year in enumerate(seen.ahead.years):
                drawn = judged.value[1:, place]
                yield {
                    "finding": ids.finding(Field.RESOURCES, item, stage),
                    "item": item,
                    "school": None,
                    "stage": stage,
                    "year": year,
                    "now": _number(now[item].value[0, 0]),
                    "value": float(np.nanmedian(drawn)) if np.isfinite(drawn).any() else None,
                    "target": _number(judged.target[place]),
                    "probability": float((judged.met[1:, place] == 0).mean()),
                    "lacking": None,
                }
