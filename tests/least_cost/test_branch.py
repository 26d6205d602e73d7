"""Whole units in cones: chords cut off no plan, and branching ends where trying all plans does."""

from itertools import product

import numpy as np
import pytest

from analysis.least_cost import Wish, plan_of
from analysis.least_cost.branch import Branching, branch, draft
from analysis.least_cost.demand import Demand
from analysis.least_cost.model import Cell, Problem
from analysis.least_cost.search import relax
from analysis.least_cost.subproblem import Effort, Part
from tests.judge import given
from tests.least_cost.counties import STANDARD


def small(seed: int) -> Problem:
    """Return a county of four schools that differ in rooms alone, with their coefficient above its limit."""
    rng = np.random.default_rng(seed)
    rows = [
        given.school(str(n), int(rng.integers(150, 500)), multimedia_rooms=int(rng.integers(12, 50))) for n in range(4)
    ]
    plan = plan_of(given.records(*rows), STANDARD, given.COUNTY, given.YEAR, Wish(reserve=0.0))
    return plan.reading.problem


def part_of(problem: Problem) -> Part:
    rooms = problem.indicators.index("multimedia_rooms")
    cone = problem.cone_of["primary", rooms]
    return Part(problem, Demand(problem), frozenset(Cell(row, rooms) for row in range(4)), (cone,))


def tried(problem: Problem, most: int) -> float:
    """Return what the cheapest set of at most so many rooms a school costs that keeps floors and coefficient."""
    rooms = problem.indicators.index("multimedia_rooms")
    cone = problem.cone_of["primary", rooms]
    steps = [n for n, step in enumerate(problem.steps) if step.lifts == ("multimedia_rooms",)]
    best = np.inf
    for amounts in product(range(most + 1), repeat=4):
        units = np.zeros(len(problem.steps))
        units[steps] = amounts
        reached = problem.amounts(units)
        if problem.cost(units) < best and problem.within(reached, cone) and problem.kept(reached).all():
            best = problem.cost(units)
    return float(best)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(5))
def test_branching_finds_what_trying_all_finds(seed: int) -> None:
    problem = small(seed)
    least = tried(problem, 8)
    part = part_of(problem)
    relaxed = relax(part, Effort())
    assert relaxed.values is not None
    first = draft(part, relaxed.values)
    assert first is not None
    found = branch(part, first, problem.cost(first), relaxed.bound, Effort(), 1e-6)
    if np.isfinite(least):
        assert found.bound <= least + 1e-6
        assert found.cost == least or found.bound < found.cost
    assert relaxed.bound - 1e-3 <= found.bound <= found.cost


def test_costs_that_are_all_of_one_coin_round_a_bound_up() -> None:
    problem = small(0)
    part = part_of(problem)
    relaxed = relax(part, Effort())
    assert relaxed.values is not None
    units = draft(part, relaxed.values)
    assert units is not None
    search = Branching(part, Effort(), units, problem.cost(units))
    assert search.coin == 40_000
    answer = part.program.solve(relaxed=True)
    assert search.bound(answer) % 40_000 == 0
    assert search.bound(answer) >= answer.bound * 1e4 - 1
