"""When each school is done: the milestones of the years between, and what each year's budget allows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.judge import frames
from analysis.least_cost.highs import Program, taken
from analysis.least_cost.model import Problem
from analysis.standards import Standard
from analysis.statistics.arrays import Floats

#: Nodes of the search for a calendar, and the part of the largest year that it may be from the most even one.
NODES, EVEN = 300, 0.02
YUAN = 1e4
MOVE = "move"


@dataclass(frozen=True)
class Calendar:
    """The year in which each school is done; None where budgets and milestones leave no such years."""

    year_of: Mapping[str, int] | None


def asked_by(standard: Standard, problem: Problem, years: list[int]) -> dict[tuple[int, str], int]:
    """Return how many rows of each stage must meet the school rule at the end of each year: the milestones of a plan.

    Those are its dated values; what holds from a standard's own date on is where the plan of least cost ends.
    """
    assert standard.school_rule is not None
    asked = {}
    for year in years:
        day = frames.day_of(year)
        for stage, schedule in standard.school_rule.schools.values.items():
            begun = [entry for entry in schedule if entry.since is not None and entry.since <= day]
            number = sum(row.stage == stage for row in problem.rows)
            if begun and begun[-1].value is not None:
                asked[year, stage.value] = int(np.ceil(round(begun[-1].value * number, 9)))
    return asked


def calendar(
    problem: Problem,
    units: Floats,
    years: list[int],
    milestones: Mapping[tuple[int, str], int],
    budgets: Mapping[int, float],
    moving: float,
    seconds: float,
) -> Calendar:
    """Return when each school of a plan is done, the years as even as can be.

    `milestones`: how many rows of a stage must meet the rule at the end of a year; `budgets`: what each year has, and
    `moving` how many teachers may move in it, both kept for later where it is not used.
    """
    costs: dict[str, float] = {}
    moves: dict[str, float] = {}
    for number in np.flatnonzero(units):
        step = problem.steps[number]
        if step.sign < 0:
            continue
        costs[step.school] = costs.get(step.school, 0.0) + step.cost * float(units[number])
        if step.kind == MOVE:
            moves[step.school] = moves.get(step.school, 0.0) + float(units[number])
    schools = sorted(costs)
    if not schools:
        return Calendar({})
    kept, done = problem.kept(problem.base), problem.kept(problem.amounts(units))
    program = Program()
    begun = {(s, y): program.column(0.0, 0.0, 1.0, whole=True) for s in schools for y in years}
    largest = program.column(1.0)
    for school in schools:
        program.row(1.0, 1.0, {begun[school, year]: 1.0 for year in years})
    for place, year in enumerate(years):
        spent = {begun[school, year]: costs[school] / YUAN for school in schools}
        program.row(-np.inf, 0.0, spent | {largest: -1.0})
        if budgets:
            so_far = {begun[s, y]: costs[s] / YUAN for s in schools for y in years[: place + 1]}
            program.row(-np.inf, sum(budgets.get(y, 0.0) for y in years[: place + 1]) / YUAN, so_far)
        if moves:
            so_far = {begun[school, y]: number for school, number in moves.items() for y in years[: place + 1]}
            program.row(-np.inf, np.floor(moving * (place + 1)), so_far)
    for (year, stage), asked in sorted(milestones.items()):
        rows = [row for row in range(len(problem.rows)) if problem.rows[row].stage == stage]
        sure = sum(bool(kept[row]) for row in rows)
        terms: dict[int, float] = {}
        for row in rows:
            school = problem.rows[row].school
            if not kept[row] and done[row] and school in costs:
                for y in years:
                    if y <= year:
                        terms[begun[school, y]] = terms.get(begun[school, y], 0.0) + 1.0
        if asked > sure:
            program.row(asked - sure, np.inf, terms)
    answer = program.solve(relaxed=False, gap=EVEN, nodes=NODES, seconds=seconds)
    if answer.values is None:
        return Calendar(None)
    return Calendar({s: next(y for y in years if taken(answer.values[begun[s, y]])) for s in schools})
