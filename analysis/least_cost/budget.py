"""How far money reaches: what each school needs to meet its rule, and the most schools, or pupils, for a sum."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.least_cost.highs import Program, taken
from analysis.least_cost.model import Problem
from analysis.least_cost.objective import Goal
from analysis.least_cost.search import search
from analysis.least_cost.subproblem import Effort, Found

#: Nodes of the choice of schools by pupils.
NODES = 10000


@dataclass(frozen=True)
class Need:
    """What a school needs so that each of its rows meets the rule: the least cost in yuan, 0 where they do today."""

    school: str
    pupils: float
    cost: float


def without_cones(problem: Problem) -> Problem:
    """Return a problem that asks for floors alone, of every school."""
    return replace(problem, cones=(), asked={})


def needs_of(problem: Problem, effort: Effort) -> tuple[list[Need], Found]:
    """Return what each school needs, in the order of schools, and the search that it comes from.

    Each school by itself: nobody moves, and schools do not compete for what a whole county has only so much of.
    """
    steps = tuple(replace(step, most=0.0) if step.moves else step for step in problem.steps)
    alone = replace(without_cones(problem), pools=(), steps=steps)
    answer = search(alone, effort)
    pupils: dict[str, float] = {}
    for row in problem.rows:
        pupils[row.school] = pupils.get(row.school, 0.0) + row.pupils
    if answer.units is None:
        return [], answer
    costs = dict.fromkeys(pupils, 0.0)
    for number in np.flatnonzero(answer.units):
        step = problem.steps[number]
        costs[step.school] += step.cost * float(answer.units[number])
    kept = problem.kept(problem.base)
    open_schools = {problem.rows[row].school for row in np.flatnonzero(~kept)}
    return [
        Need(school, pupils[school], costs[school] if school in open_schools else 0.0) for school in sorted(pupils)
    ], answer


def curve(needs: list[Need]) -> list[dict[str, Any]]:
    """Return how many schools, and pupils in them, a sum brings to the rule: the cheapest schools first."""
    points: list[dict[str, Any]] = []
    spent = schools = pupils = 0.0
    for need in sorted(needs, key=lambda each: (each.cost, each.school)):
        spent, schools, pupils = spent + need.cost, schools + 1, pupils + need.pupils
        point = {"cost": spent, "schools": int(schools), "pupils": int(pupils)}
        if points and points[-1]["cost"] == spent:
            points[-1] = point
        else:
            points.append(point)
    return points


def chosen(needs: list[Need], budget: float, goal: Goal) -> list[str]:
    """Return the schools that a sum brings to the rule: the most, or those with the most pupils, for the least cost."""
    if goal is not Goal.PUPILS:
        schools, spent = [], 0.0
        for need in sorted(needs, key=lambda each: (each.cost, each.school)):
            if spent + need.cost <= budget:
                schools.append(need.school)
                spent += need.cost
        return sorted(schools)
    free = [need for need in needs if need.cost == 0]
    dear = [need for need in needs if 0 < need.cost <= budget]
    most = _knapsack(dear, budget, None)
    least = _knapsack(dear, budget, sum(need.pupils for need in most))
    return sorted(need.school for need in [*free, *least])


def _knapsack(needs: list[Need], budget: float, pupils: float | None) -> list[Need]:
    """Return the schools with the most pupils within a budget; with `pupils`, the cheapest that have so many."""
    if not needs:
        return []
    program = Program()
    for need in needs:
        program.column(-need.pupils if pupils is None else need.cost / 1e4, 0.0, 1.0, whole=True)
    program.row(-np.inf, budget / 1e4, {place: need.cost / 1e4 for place, need in enumerate(needs)})
    if pupils is not None:
        program.row(pupils - 0.5, np.inf, {place: need.pupils for place, need in enumerate(needs)})
    answer = program.solve(relaxed=False, nodes=NODES)
    values = np.zeros(len(needs)) if answer.values is None else answer.values
    return [need for place, need in enumerate(needs) if taken(values[place])]
