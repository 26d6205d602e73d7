"""Teachers who move between schools of the same stage, within the part of those due to rotate that a year may see.

Who moves counts for one indicator, at the school that is left and at the one that is reached: a county picks them so.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from analysis.clean import Records
from analysis.least_cost.costs import Costs
from analysis.least_cost.model import Pool, Problem, Step

#: A step that can be mirrored: it raises one indicator of one row by the persons themselves.
ONE_TO_ONE = 1.0


def eligible(records: Records, year: int) -> float | None:
    """Return how many teachers are due to rotate: as counted by school, else None."""
    rows = records.teachers.filter(pl.col("year") == year)
    counted = rows["eligible"]
    return float(counted.sum()) if len(counted) and counted.null_count() < len(counted) else None


def teachers(records: Records, year: int) -> float | None:
    """Return how many full-time teachers all schools of a year report; None where none does."""
    counted = records.schools.filter(pl.col("year") == year)["teachers"]
    return float(counted.sum()) if counted.null_count() < len(counted) else None


def with_moves(problem: Problem, records: Records, year: int, part: float, years: int, costs: Costs) -> Problem:
    """Return the problem with teachers who may move: at most `part` of those due to rotate (of all, where these are
    not counted) in each of some years."""
    due = eligible(records, year)
    due = teachers(records, year) if due is None else due
    most = np.floor((due or 0.0) * part * years)
    movable = {problem.indicators.index(name) for name in costs.movable if name in problem.indicators}
    pairs: list[tuple[str, int, Step, Step]] = []
    seen: set[tuple[str, str, int]] = set()
    for step in problem.steps:
        cell, slope = step.effects[0]
        key = (step.school, step.stage, cell.indicator)
        first = problem.indicators.index(step.lifts[0])
        if cell.indicator not in movable or first != cell.indicator or slope != ONE_TO_ONE or key in seen:
            continue
        own = [(at, by) for at, by in step.effects if at.indicator == cell.indicator]
        if len(own) > 1:
            continue
        seen.add(key)
        columns = tuple(column for column in step.columns if column.startswith(problem.indicators[cell.indicator]))
        arrives = replace(
            step, kind="move", lifts=(step.lifts[0],), effects=tuple(own), columns=columns, cost=costs.move, most=np.inf
        )
        amount = float(np.floor(max(problem.base[cell], 0.0)))
        leaves = replace(arrives, effects=((cell, -slope),), cost=0.0, most=amount, sign=-1)
        pairs.append((problem.rows[cell.row].stage, cell.indicator, arrives, leaves))
    steps = tuple(sorted([*problem.steps, *(each for pair in pairs for each in pair[2:])], key=lambda s: s.key))
    place = {step.key: number for number, step in enumerate(steps)}
    pools = [_again(problem, pool, place) for pool in problem.pools]
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for stage, indicator, arrives, leaves in pairs:
        groups.setdefault((stage, indicator), []).append((place[arrives.key], place[leaves.key]))
    for group in groups.values():
        pools.append(Pool(tuple(plus for plus, _ in group), tuple(minus for _, minus in group), 0.0, balance=True))
    arriving = tuple(plus for group in groups.values() for plus, _ in group)
    pools.append(Pool(arriving, (), float(most)))
    return replace(problem, steps=steps, pools=tuple(pools))


def _again(problem: Problem, pool: Pool, place: dict[tuple[str, str, str, str, int], int]) -> Pool:
    plus = tuple(place[problem.steps[number].key] for number in pool.plus)
    return replace(pool, plus=plus, minus=tuple(place[problem.steps[number].key] for number in pool.minus))
