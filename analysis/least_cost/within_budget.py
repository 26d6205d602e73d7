"""The most schools, or pupils, that a sum brings to the rule: school by school, or together where schools share."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.least_cost.budget import NODES, Need, chosen, without_cones
from analysis.least_cost.demand import Demand
from analysis.least_cost.model import Cell, Problem
from analysis.least_cost.objective import Goal
from analysis.least_cost.subproblem import YUAN, Effort, Found, Part
from analysis.least_cost.whole_units import Draft, finish
from analysis.least_cost.whole_units import whole as in_whole
from analysis.statistics.arrays import Floats

#: Times that a sum is lowered by what rounding to whole units goes beyond it.
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Reach:
    """What a sum is spent on (units of each step), the schools that meet the rule then, and whether that is proven to
    be the most."""

    units: Floats
    schools: tuple[str, ...]
    proven: bool


def reach(problem: Problem, needs: list[Need], answer: Found, money: float, goal: Goal, effort: Effort) -> Reach:
    """Return the most schools (with Goal.PUPILS those with the most pupils) that a sum brings to the rule, for the
    least cost; `answer` is the search that `needs` come from."""
    if problem.pools or answer.units is None:
        return _together(problem, money, goal, effort)
    schools = set(chosen(needs, money, goal))
    spared = {need.school for need in needs if need.cost == 0}
    units = answer.units.copy()
    for number, step in enumerate(problem.steps):
        if step.school not in schools or step.school in spared:
            units[number] = 0.0
    return Reach(units, tuple(sorted(schools)), proven=True)


def _together(problem: Problem, money: float, goal: Goal, effort: Effort) -> Reach:
    """Return the same where schools compete for what a county has only so much of, or one can't meet the rule at all:
    one program over all schools, each of which may be left, and none that meets the rule today may fall below it."""
    alone = replace(without_cones(problem), asked={row.stage: 0 for row in problem.rows})
    units, most, proven = np.zeros(len(problem.steps)), 0.0, True
    for cheapest in (False, True):
        limit = money
        for _ in range(ROUNDS):
            program = _Choosing(alone, limit, goal, most if cheapest else None)
            answer = program.part.program.solve(relaxed=False, nodes=NODES, seconds=effort.seconds)
            if answer.values is None:
                proven = False
                break
            chosen_units = program.units(answer.values)
            if chosen_units is not None and problem.cost(chosen_units) <= money:
                units, proven = chosen_units, proven and answer.whole
                break
            limit -= problem.cost(chosen_units) - money if chosen_units is not None else YUAN / 100
        most = _weight(problem, units, goal)
    return Reach(units, tuple(_meeting(problem, units)), proven)


def _meeting(problem: Problem, units: Floats) -> list[str]:
    """Return the schools all rows of which meet the rule."""
    kept = problem.kept(problem.amounts(units))
    schools = {row.school for row in problem.rows}
    return sorted(schools - {problem.rows[number].school for number in np.flatnonzero(~kept)})


def _weights(problem: Problem, goal: Goal) -> dict[str, float]:
    weights: dict[str, float] = {}
    for row in problem.rows:
        weights[row.school] = weights.get(row.school, 0.0) + row.pupils if goal is Goal.PUPILS else 1.0
    return weights


def _weight(problem: Problem, units: Floats, goal: Goal) -> float:
    weights = _weights(problem, goal)
    return sum(weights[school] for school in _meeting(problem, units))


class _Choosing:
    """The program: which schools are brought to the rule with a sum; with `most`, at least so much of the goal for the
    least cost."""

    def __init__(self, problem: Problem, money: float, goal: Goal, most: float | None) -> None:
        demand = Demand(problem)
        cells = frozenset(Cell(row, place) for row in range(len(problem.rows)) for place in range(len(problem.per)))
        self.part = Part(problem, demand, cells, ())
        program, weights = self.part.program, _weights(problem, goal)
        kept = problem.kept(problem.base)
        costs = dict(enumerate(program.costs))
        if most is None:
            program.costs[:] = [0.0] * len(program.costs)
        program.row(-np.inf, money / YUAN, {column: cost for column, cost in costs.items() if cost})
        total: dict[int, float] = {}
        for school, weight in weights.items():
            column = program.column(-weight if most is None else 0.0, 0.0, 1.0, whole=True)
            total[column] = weight
            for number, row in enumerate(problem.rows):
                if row.school == school and number in self.part.rows:
                    program.row(-np.inf, 0.0, {column: 1.0, self.part.rows[number]: -1.0})
        for number, column in self.part.rows.items():
            program.lower[column] = 1.0 if kept[number] else 0.0
        if most is not None:
            program.row(most - 0.5, np.inf, total)

    def units(self, columns: Floats) -> Floats | None:
        """Return whole units of a solution that bring its schools to the rule; None where none do."""
        problem = self.part.problem
        units = in_whole(problem, self.part.units(columns))
        draft = Draft(problem, self.part.bars(columns), units, tuple(self.part.columns), ())
        return draft.units if finish(draft) and problem.shared(draft.units) else None
