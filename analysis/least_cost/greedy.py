"""What one would do without a search: two plans by rule of thumb, to compare with, and never cheaper than the least.

Both raise what falls short, school by school, each by its cheapest step, and then the poorest school of every
coefficient that is over its limit, until it is not. The naive one brings every indicator to its floor; with the rule,
what is dearest of a school stays at the part of its floor that the rule allows.
"""

import numpy as np

from analysis.least_cost.demand import Demand
from analysis.least_cost.model import Cell, Problem
from analysis.least_cost.whole_units import NEAR, Draft, to_bars
from analysis.statistics.arrays import Floats

#: Raises, before a greedy plan is given up.
PATIENCE = 20000


def greedy(problem: Problem, by_rule: bool) -> Floats | None:
    """Return the units of a plan by rule of thumb; None where it comes to none."""
    demand = Demand(problem)
    bars = _bars(problem, demand, by_rule)
    steps = tuple(range(len(problem.steps)))
    draft = Draft(problem, bars, np.zeros(len(steps)), steps, problem.cones)
    if not to_bars(draft) or not _poorest_first(draft):
        return None
    return draft.units


def _bars(problem: Problem, demand: Demand, by_rule: bool) -> dict[Cell, float]:
    bars: dict[Cell, float] = {}
    for number in range(len(problem.rows)):
        cells = [Cell(number, int(place)) for place in np.flatnonzero(demand.contested[number])]
        fixed = int((problem.ruled[number] & ~demand.contested[number]).sum() + problem.lacking[number])
        spared = len(cells) - max(problem.must - fixed, 0) if by_rule else 0
        dearest = sorted(cells, key=lambda cell: (-_cost(problem, cell, float(problem.floor[cell])), cell))
        for place, cell in enumerate(dearest):
            bars[cell] = float(problem.near[cell] if place < spared else problem.floor[cell])
    return bars


def _cost(problem: Problem, cell: Cell, bar: float) -> float:
    slopes = [(problem.steps[step].cost / slope, step) for step, slope in problem.by_cell.get(cell, ()) if slope > 0]
    return min(slopes)[0] * max(bar - float(problem.base[cell]), 0.0) if slopes else 0.0


def _poorest_first(draft: Draft) -> bool:
    problem = draft.problem
    for _ in range(PATIENCE):
        worst = max(range(len(draft.cones)), key=draft.excess, default=None)
        if worst is None or draft.excess(worst) <= -NEAR:
            return True
        cone = draft.cones[worst]
        values = draft.amounts[cone.rows, cone.indicator] / problem.pupils[cone.rows]
        for place in np.argsort(values, kind="stable"):
            cell = Cell(int(cone.rows[place]), cone.indicator)
            ways = [
                (problem.steps[step].cost / slope, step)
                for step, slope in problem.by_cell.get(cell, ())
                if slope > 0 and problem.steps[step].sign > 0 and draft.room(step) >= 1
            ]
            if ways:
                step = min(ways)[1]
                units = 1.0 if problem.steps[step].whole else max(problem.steps[step].scale / 10, 1.0)
                draft.add(step, min(units, float(np.floor(draft.room(step)))))
                break
        else:
            return False
    return False
