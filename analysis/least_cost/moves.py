"""Teachers who move between schools of the same stage, within the part of those due to rotate that a year may see.

Who moves counts for one indicator, at the school that is left and at the one that is reached: a county picks them so.
Without a table of distances a teacher may go to any school of the county; with one, only between places that it names
and that are near enough.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analysis.clean import Records
from analysis.least_cost.costs import Costs
from analysis.least_cost.model import Cell, Pool, Problem, Row, Step

#: A step that can be mirrored: it raises one indicator of one row by the persons themselves.
ONE_TO_ONE = 1.0


@dataclass(frozen=True)
class Distances:
    """Kilometres between two places, each a school code or a township; what holds one way holds the other way too."""

    between: Mapping[tuple[str, str], float]

    def apart(self, one: Row, other: Row) -> float:
        """Return how far two schools are apart: as told of schools, else of their townships; inf where nobody says."""
        for first in (one.school, one.township):
            for second in (other.school, other.township):
                for pair in ((first, second), (second, first)):
                    if pair in self.between:
                        return self.between[pair]
        return float("inf")


def eligible(records: Records, year: int) -> float | None:
    """Return how many teachers are due to rotate: as counted by school, else None."""
    rows = records.teachers.filter(pl.col("year") == year)
    counted = rows["eligible"]
    return float(counted.sum()) if len(counted) and counted.null_count() < len(counted) else None


def teachers(records: Records, year: int) -> float | None:
    """Return how many full-time teachers all schools of a year report; None where none does."""
    counted = records.schools.filter(pl.col("year") == year)["teachers"]
    return float(counted.sum()) if counted.null_count() < len(counted) else None


def most_a_year(records: Records, year: int, part: float) -> float:
    """Return how many teachers may move in a year: `part` of those due to rotate, of all where these are not counted.

    Not rounded: what a year leaves is there for the next.
    """
    due = eligible(records, year)
    due = teachers(records, year) if due is None else due
    return (due or 0.0) * part


def with_moves(problem: Problem, most: float, costs: Costs, distances: Distances | None = None) -> Problem:
    """Return the problem with teachers who may move, at most so many in all."""
    arrivals = list(_arrivals(problem, costs))
    if distances is None:
        return _anywhere(problem, arrivals, np.floor(most))
    return _near(problem, arrivals, np.floor(most), distances, costs.within)


def _arrivals(problem: Problem, costs: Costs) -> Iterator[Step]:
    """Return what one more teacher does to each row and indicator, where it counts for that alone."""
    movable = {problem.indicators.index(name) for name in costs.movable if name in problem.indicators}
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
        yield replace(
            step, kind="move", lifts=(step.lifts[0],), effects=tuple(own), columns=columns, cost=costs.move, most=np.inf
        )


def _there(problem: Problem, cell: Cell) -> float:
    """Return how many there are who could leave."""
    return float(np.floor(max(problem.base[cell], 0.0)))


def _group(problem: Problem, step: Step) -> tuple[str, int]:
    cell = step.effects[0][0]
    return problem.rows[cell.row].stage, cell.indicator


def _anywhere(problem: Problem, arrivals: list[Step], most: float) -> Problem:
    """Return the problem in which as many arrive as leave, of each stage and indicator."""
    pairs = []
    for arrives in arrivals:
        cell = arrives.effects[0][0]
        effects = ((cell, -ONE_TO_ONE),)
        pairs.append((arrives, replace(arrives, effects=effects, cost=0.0, most=_there(problem, cell), sign=-1)))
    steps, place = _ordered(problem, [step for pair in pairs for step in pair])
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for arrives, leaves in pairs:
        groups.setdefault(_group(problem, arrives), []).append((place[arrives.key], place[leaves.key]))
    balances = [
        Pool(tuple(plus for plus, _ in group), tuple(minus for _, minus in group), 0.0, balance=True)
        for group in groups.values()
    ]
    together = Pool(tuple(plus for group in groups.values() for plus, _ in group), (), most)
    return replace(problem, steps=steps, pools=(*_again(problem, place), *balances, together))


def _near(problem: Problem, arrivals: list[Step], most: float, distances: Distances, within: float) -> Problem:
    """Return the problem in which each move is from one school to another that is near enough."""
    moves: list[Step] = []
    leaving: dict[Cell, list[Step]] = {}
    for arrival in arrivals:
        for other in arrivals:
            start, target = (problem.rows[step.effects[0][0].row] for step in (arrival, other))
            if start.school == target.school or _group(problem, arrival) != _group(problem, other):
                continue
            if distances.apart(start, target) <= within:
                cell = arrival.effects[0][0]
                effects = (*other.effects, (cell, -ONE_TO_ONE))
                move = replace(
                    other, effects=effects, most=_there(problem, cell), start=arrival.school, left=arrival.columns
                )
                moves.append(move)
                leaving.setdefault(cell, []).append(move)
    steps, place = _ordered(problem, moves)
    pools = [
        Pool(tuple(place[move.key] for move in from_there), (), _there(problem, cell))
        for cell, from_there in leaving.items()
    ]
    together = [Pool(tuple(place[move.key] for move in moves), (), most)] if moves else []
    return replace(problem, steps=steps, pools=(*_again(problem, place), *pools, *together))


#: What tells a step from all others.
Key = tuple[str, str, str, str, int, str]


def _ordered(problem: Problem, more: list[Step]) -> tuple[tuple[Step, ...], dict[Key, int]]:
    """Return all steps in their order, and where each stands."""
    steps = tuple(sorted([*problem.steps, *more], key=lambda step: step.key))
    return steps, {step.key: number for number, step in enumerate(steps)}


def _again(problem: Problem, place: Mapping[Key, int]) -> list[Pool]:
    """Return the pools that there were, of the steps where they stand now."""

    def moved(numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(place[problem.steps[number].key] for number in numbers)

    return [replace(pool, plus=moved(pool.plus), minus=moved(pool.minus)) for pool in problem.pools]
