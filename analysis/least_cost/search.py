"""The search: parts that hang together, each a program whose cones are cut until what it finds is true.

A cone is looked at only where a cheaper plan without it would break it.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.least_cost.branch import branch, draft
from analysis.least_cost.demand import Demand
from analysis.least_cost.model import Cell, Cone, Problem
from analysis.least_cost.subproblem import LOOSE, TRUE, YUAN, Effort, Found, Part
from analysis.statistics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What a part's relaxed program came to: its columns (None: none is known), bound in yuan, work."""

    part: Part
    values: Floats | None
    bound: float
    infeasible: bool
    work: int


def relax(part: Part, effort: Effort) -> Relaxed:
    """Return the optimum of a part whose whole columns may be parts, its cones cut until it keeps them."""
    work, values, bound = 0, None, 0.0
    for _ in range(effort.relaxed):
        answer = part.program.solve(relaxed=True, seconds=effort.seconds)
        work += answer.work
        if answer.infeasible or answer.values is None:
            return Relaxed(part, None, bound, answer.infeasible, work)
        values, bound = answer.values, answer.bound * YUAN
        if part.broken(values) <= LOOSE:
            break
    return Relaxed(part, values, bound, infeasible=False, work=work)


def solve(relaxed: Relaxed, effort: Effort) -> Found:
    """Return the cheapest plan of a part in whole units and its bound, as far as the effort goes."""
    part, work, nodes, gap = relaxed.part, relaxed.work, effort.nodes, effort.rough
    if relaxed.infeasible:
        return Found(None, np.inf, np.inf, infeasible=True, work=work)
    best = None if relaxed.values is None else draft(part, relaxed.values)
    cost, bound = np.inf if best is None else part.problem.cost(best), relaxed.bound
    many = sum(part.program.whole) > effort.many
    if best is not None and cost - bound <= (effort.rough / 2 if many else effort.gap) * cost:
        return Found(best, cost, min(bound, cost), work=work)
    if part.cones and best is not None:
        branched = branch(part, best, cost, bound, effort, effort.rough / 2 if many else effort.gap)
        return replace(branched, bound=min(branched.bound, branched.cost), work=work + branched.work)
    for _ in range(effort.programs if any(part.program.whole) else 1):
        answer = part.program.solve(relaxed=False, gap=gap / 2, nodes=nodes, seconds=effort.seconds)
        work, nodes = work + answer.work, nodes - answer.nodes
        if answer.infeasible:
            return Found(None, np.inf, np.inf, infeasible=True, work=work)
        bound = max(bound, answer.bound * YUAN)
        if answer.values is None:
            break
        units = draft(part, answer.values)
        if units is not None and part.problem.cost(units) < cost - 1e-6:
            best, cost = units, part.problem.cost(units)
        if effort.over:
            return Found(best, cost, min(bound, cost), work=work, stopped=True)
        true = part.broken(answer.values) <= TRUE
        if nodes <= 0 or (true and gap == effort.gap):
            break
        if best is not None and cost - bound <= (effort.rough if work > effort.work else effort.gap) * cost:
            break
        if true or work <= effort.work:
            gap = effort.gap
    return Found(best, cost, min(bound, cost), work=work)


def search(problem: Problem, effort: Effort) -> Found:
    """Return the cheapest plan of a problem and its bound: part by part, with the cones that turn out to bind."""
    demand = Demand(problem)
    # What is over its limit today often is not, once floors are met: these come first.
    binding: tuple[Cone, ...] = () if demand.contested.any() else tuple(problem.over(problem.base))
    relaxed: dict[Key, Relaxed] = {}
    answers: dict[Key, Found] = {}
    while True:
        keys = _keys(problem, demand, binding)
        for key in keys:
            if key not in relaxed:
                cones = tuple(problem.cone_of[each] for each in key[1])
                relaxed[key] = relax(Part(problem, demand, frozenset(key[0]), cones), effort)
        broken = _broken(problem, [relaxed[key] for key in keys], binding)
        if not broken:
            for key in keys:
                if key not in answers:
                    answers[key] = solve(relaxed[key], effort)
            total = _together(problem, [answers[key] for key in keys])
            broken = _beyond(problem, total, binding)
            if not broken:
                return total
        binding = tuple(cone for cone in problem.cones if cone in binding or cone in broken)


#: What a part is known by: its cells, and the cones that it keeps.
Key = tuple[tuple[Cell, ...], tuple[tuple[str, int], ...]]


def _keys(problem: Problem, demand: Demand, binding: tuple[Cone, ...]) -> list[Key]:
    keys: list[Key] = []
    for cells in demand.parts(binding):
        inside = set(cells)
        own = (cone.key for cone in binding if Cell(int(cone.rows[0]), cone.indicator) in inside)
        keys.append((cells, tuple(own)))
    return keys


def _broken(problem: Problem, answers: list[Relaxed], binding: tuple[Cone, ...]) -> list[Cone]:
    """Return the cones that relaxed answers break together, beyond those that bind already."""
    units = np.zeros(len(problem.steps))
    for answer in answers:
        if answer.values is None:
            return []
        units += answer.part.units(answer.values)
    amounts = problem.amounts(units)
    return [cone for cone in problem.cones if cone not in binding and not problem.within(amounts, cone)]


def _beyond(problem: Problem, total: Found, binding: tuple[Cone, ...]) -> list[Cone]:
    if total.units is None:
        return []
    return [cone for cone in problem.over(problem.amounts(total.units)) if cone not in binding]


def _together(problem: Problem, answers: list[Found]) -> Found:
    units: Floats | None = np.zeros(len(problem.steps))
    for answer in answers:
        units = None if units is None or answer.units is None else units + answer.units
    return Found(
        units,
        sum(answer.cost for answer in answers),
        sum(answer.bound for answer in answers),
        any(answer.infeasible for answer in answers),
        sum(answer.work for answer in answers),
        any(answer.stopped for answer in answers),
    )
