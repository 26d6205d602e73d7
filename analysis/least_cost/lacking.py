"""What is missing where limits, or the teachers who are there, leave no plan: the least that goes beyond them."""

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.least_cost.model import NOTHING, Problem
from analysis.least_cost.search import search
from analysis.least_cost.subproblem import Effort
from analysis.statistics.arrays import Floats

#: Times its price that a unit beyond a limit costs a search: what is not limited comes first.
BEYOND = 1000.0


def limits_lacking(problem: Problem, effort: Effort) -> tuple[dict[str, Any], Floats | None]:
    """Return what goes beyond each limit in a plan that goes beyond as few of them as it can, dearly paid; where none
    is passed, the units of that plan too.

    `needed` is what such a plan costs in yuan, None where even that comes to nothing.
    """
    shared = {number: pool for pool in problem.pools if not pool.balance for number in pool.plus}
    limited = [
        number
        for number, step in enumerate(problem.steps)
        if step.sign > 0 and not step.moves and (np.isfinite(step.most) or number in shared)
    ]
    twins = tuple(
        replace(step, cost=step.cost * BEYOND, most=np.inf) for step in (problem.steps[number] for number in limited)
    )
    answer = search(replace(problem, steps=(*problem.steps, *twins)), effort)
    if answer.units is None:
        return {"kind": "limits", "needed": None, "missing": [], "feasible_from": None}, None
    own, beyond = answer.units[: len(problem.steps)], answer.units[len(problem.steps) :]
    missing: dict[tuple[str | None, str, str], float] = {}
    for number, units in zip(limited, beyond, strict=True):
        step = problem.steps[number]
        full = own[number] >= step.most - NOTHING
        key = (step.school if full or number not in shared else None, step.lifts[0], step.kind)
        if units > NOTHING:
            missing[key] = missing.get(key, 0.0) + float(units)
    rows = [
        {"school": school, "indicator": indicator, "kind": kind, "missing": units}
        for (school, indicator, kind), units in missing.items()
    ]
    real = problem.cost(own) + sum(
        problem.steps[number].cost * float(units) for number, units in zip(limited, beyond, strict=True)
    )
    return {"kind": "limits", "needed": real, "missing": rows, "feasible_from": None}, None if missing else own
