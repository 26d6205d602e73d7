"""From clean tables to the problem: what each school has, what it must reach, what can be done there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from analysis.clean import Records, values
from analysis.errors import RequestError
from analysis.judge import frames
from analysis.least_cost.costs import Costs, Entry
from analysis.least_cost.model import Cell, Cone, Pool, Problem, Row, Step
from analysis.least_cost.objective import Wish
from analysis.measure.stages import JUDGED, stage_rows
from analysis.standards import Standard, State
from analysis.standards.dated import Dated
from analysis.statistics.arrays import Floats
from analysis.tables import Stage

#: What is added to every amount to see what a unit does: a power of two, so that nothing is lost.
PROBE = 2.0**20


@dataclass(frozen=True)
class Limits:
    """What a county can't go beyond: units of an entry (kind, indicator) in a school, or ("" for it) in all of them."""

    most: Mapping[tuple[str, str, str], float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Reading:
    """A problem, and the rows that nobody can decide: (school, stage) of schools in scope whose amounts are missing."""

    problem: Problem
    undecided: tuple[tuple[str, str], ...]
    year: int
    day: date


def check(standard: Standard) -> None:
    """Raise RequestError for a standard that is not judged indicator by indicator: a composite has no plan."""
    if standard.composite is not None or standard.school_rule is None:
        raise RequestError("plan_standard", standard=standard.id)


@dataclass(frozen=True, eq=False)
class Ground:
    """What no wish changes: schools in scope, what they have, what can be done there and at what price."""

    standard: Standard
    year: int
    rows: tuple[Row, ...]
    base: Floats
    steps: tuple[Step, ...]
    pools: tuple[Pool, ...]
    lacking: tuple[tuple[str, str], ...]  # school and stage of those in scope without enrolment


def ground_of(records: Records, standard: Standard, year: int, costs: Costs, limits: Limits | None = None) -> Ground:
    """Return what a county of one year has, whatever is wished.

    Raises RequestError for a standard whose coefficients are judged together.
    """
    check(standard)
    schools = values.marked(records.schools, records.notices, "schools").filter(pl.col("year") == year).sort("school")
    stages = stage_rows(schools, standard).sort("school", "stage", descending=[False, True], maintain_order=True)
    inside = stages.filter("in_scope")
    known = inside.filter(pl.col("pupils") > 0)
    rows = tuple(
        Row(row["school"], row["stage"], float(row["pupils"]), row["township"] or "", row["area"] or "")
        for row in known.iter_rows(named=True)
    )
    slopes, base = _slopes(schools, standard, known, tuple(standard.indicators))
    steps = tuple(sorted(_steps(schools, standard, rows, slopes, base, costs, limits or Limits()), key=lambda s: s.key))
    lacking = inside.filter(pl.col("pupils").is_null()).select("school", "stage").rows()
    return Ground(standard, year, rows, base, steps, tuple(_pools(steps, limits or Limits())), tuple(lacking))


def problem_of(ground: Ground, wish: Wish) -> Reading:
    """Return what a county must reach by the rules of the last day of `wish.by` (or of its year itself)."""
    standard, rows, base = ground.standard, ground.rows, ground.base
    day = frames.day_of(wish.by or ground.year)
    names = tuple(standard.indicators)
    per = np.array([standard.indicators[name].per for name in names], dtype=np.float64)
    floor, near = _bars(standard, rows, names, per, day, wish)
    counts = np.array([standard.indicators[name].counts for name in names])
    rule = standard.school_rule
    assert rule is not None
    problem = Problem(
        rows=rows,
        indicators=names,
        per=per,
        base=base,
        floor=floor,
        near=floor if wish.every else near,
        counts=counts,
        must=rule.must_meet if not wish.every else int(counts.sum()),
        cones=tuple(_cones(standard, rows, names, base, day, wish)),
        steps=ground.steps,
        pools=ground.pools,
        asked=_asked(standard, rows, day),
    )
    undecided = [*ground.lacking]
    undecided += [(rows[place].school, rows[place].stage) for place in np.flatnonzero(problem.lacking)]
    return Reading(problem, tuple(sorted(undecided)), ground.year, day)


def last_change(standard: Standard, year: int) -> int | None:
    """Return the last year after `year` in which a floor, a limit, or how many schools must meet the rule changes."""
    assert standard.school_rule is not None
    by_stage = [standard.school_rule.schools.values]
    by_stage += [each for entry in standard.indicators.values() for each in (entry.floor, entry.cv) if each]
    dated = [value for stages in by_stage for schedule in stages.values() for value in schedule]
    return max((v.since.year for v in dated if v.since is not None and v.since.year > year), default=None)


def _slopes(
    schools: pl.DataFrame, standard: Standard, known: pl.DataFrame, names: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """Return what a unit of a whole school's amount does to each cell, and the amounts to which steps add.

    An amount from which more is taken than there is counts as 0, and as below 0 for what is added to it.
    """
    probes = []
    for times in (1, 2):
        amounts = {standard.indicators[name].amount for name in names}
        raised = schools.with_columns((pl.col(name).cast(pl.Float64) + times * PROBE).alias(name) for name in amounts)
        joined = known.select("school", "stage").join(
            stage_rows(raised, standard), on=["school", "stage"], how="left", maintain_order="left"
        )
        probes.append(joined.select(names).cast(pl.Float64).fill_null(np.nan).to_numpy())
    base = known.select(pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in names).to_numpy().copy()
    slopes = (probes[1] - probes[0]) / PROBE
    below = probes[0] - slopes * PROBE
    short = (base == 0) & (below < -1e-6)
    base[short] = below[short]
    return slopes, base


def _value_at(standard: Standard, schedule: tuple[Dated, ...], day: date) -> float:
    state, value = standard.value_at(schedule, day)
    return float(value) if state is State.SET and value is not None else np.nan


def _bars(
    standard: Standard, rows: tuple[Row, ...], names: tuple[str, ...], per: Floats, day: date, wish: Wish
) -> tuple[Floats, Floats]:
    """Return what amounts must reach: the floor, and the part of it that the school rule asks of the rest."""
    floor = np.full((len(rows), len(names)), np.nan)
    for place, name in enumerate(names):
        schedules = standard.indicators[name].floor
        for number, row in enumerate(rows):
            if schedules and (schedule := schedules.get(Stage(row.stage))):
                floor[number, place] = _value_at(standard, schedule, day)
    assert standard.school_rule is not None
    pupils = np.array([row.pupils for row in rows], dtype=np.float64)[:, None]
    bars = floor * (1 + wish.reserve) * pupils / per[None, :]
    return bars, bars * standard.school_rule.rest_part


def _cones(
    standard: Standard, rows: tuple[Row, ...], names: tuple[str, ...], base: Floats, day: date, wish: Wish
) -> Iterator[Cone]:
    for place, name in enumerate(names):
        for stage in Stage:
            schedules = standard.indicators[name].cv
            limit = _value_at(standard, schedules[stage], day) if schedules and stage in schedules else np.nan
            counted = [
                number for number, row in enumerate(rows) if row.stage == stage and not np.isnan(base[number, place])
            ]
            if len(counted) > 1 and not np.isnan(limit):
                yield Cone(stage.value, place, limit / (1 + wish.reserve), np.array(counted, dtype=np.int64))


def _asked(standard: Standard, rows: tuple[Row, ...], day: date) -> dict[str, int]:
    """Return how many rows of each stage must meet the rule: all, where nothing else is in force."""
    assert standard.school_rule is not None
    asked = {}
    for stage in Stage:
        number = sum(row.stage == stage for row in rows)
        share = _value_at(standard, standard.school_rule.schools.values[stage], day)
        asked[stage.value] = number if np.isnan(share) else int(np.ceil(round(share * number, 9)))
    return asked


def _steps(
    schools: pl.DataFrame,
    standard: Standard,
    rows: tuple[Row, ...],
    slopes: Floats,
    base: Floats,
    costs: Costs,
    limits: Limits,
) -> Iterator[Step]:
    names = {name: place for place, name in enumerate(standard.indicators)}
    places: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows):
        places.setdefault(row.school, {})[row.stage] = number
    for school in schools.iter_rows(named=True):
        own = places.get(school["school"])
        for entry in costs.entries if own else ():
            if all(name in names for name in entry.lifts):
                yield from _of_school(school, standard, own or {}, names, slopes, base, entry, limits)


def _reported(school: Mapping[str, Any], standard: Standard, name: str, stage: str) -> bool:
    """Return whether a school reports an amount for the stage itself."""
    indicator = standard.indicators[name]
    return indicator.by_stage and school[f"{indicator.amount}_{stage}"] is not None


def _of_school(
    school: Mapping[str, Any],
    standard: Standard,
    own: Mapping[str, int],
    names: Mapping[str, int],
    slopes: Floats,
    base: Floats,
    entry: Entry,
    limits: Limits,
) -> Iterator[Step]:
    apart = [stage for stage in JUDGED if stage in own and _reported(school, standard, entry.lifts[0], stage)]
    levels: list[str] = [*apart] or [""]
    for stage in levels:
        effects: list[tuple[Cell, float]] = []
        columns: list[str] = []
        for name in entry.lifts:
            amount, place = standard.indicators[name].amount, names[name]
            if stage and _reported(school, standard, name, stage):
                changed = [(Cell(own[stage], place), 1.0)]
                columns += [f"{amount}_{stage}", *([amount] if school[amount] is not None else [])]
            else:
                changed = [(Cell(row, place), float(slopes[row, place])) for row in own.values()]
                columns.append(amount)
            effects += [(cell, slope) for cell, slope in changed if not np.isnan(base[cell]) and slope > 0]
        if any(cell.indicator == names[entry.lifts[0]] for cell, _ in effects):
            yield Step(
                entry.kind,
                school["school"],
                stage,
                entry.lifts,
                tuple(effects),
                tuple(columns),
                entry.price(school["school"], school["township"] or ""),
                entry.whole,
                entry.scale,
                _most(school, standard, entry, stage, limits),
            )


def _most(school: Mapping[str, Any], standard: Standard, entry: Entry, stage: str, limits: Limits) -> float:
    """Return how many units there can be in a school: of those who are there, only those who do not count yet."""
    most = limits.most.get((school["school"], *entry.key), np.inf)
    if not entry.of_those_there:
        return most
    tail = f"_{stage}" if stage else ""
    there, counting = school[f"teachers{tail}"], school[f"{standard.indicators[entry.lifts[0]].amount}{tail}"]
    if there is None and tail:
        there = school["teachers"]
    if there is None or counting is None:
        return most
    return min(most, float(max(there - counting, 0)))


def _pools(steps: tuple[Step, ...], limits: Limits) -> Iterator[Pool]:
    for (school, kind, indicator), most in sorted(limits.most.items()):
        same = tuple(number for number, step in enumerate(steps) if (step.kind, step.lifts[0]) == (kind, indicator))
        if not school and same:
            yield Pool(same, (), most)
