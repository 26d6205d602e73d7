"""Parts with cones and many whole steps: their relaxed program is made to feel that units come whole, then branched.

An amount that grows in whole units lies on a lattice. Its square is then above the chord between two neighbours of the
lattice, not only above its tangents: where a unit is a large part of what a school has, that is most of what a relaxed
program misses. With m between `low` and `high` (found by two programs, for every plan that is not dearer than the best
known) and b a neighbour of a,

    t + r^2 m >= h(a) + (h(b) - h(a)) / (b - a) * (v - a),      h(v) = min over m of (v^2 / m + r^2 m)

holds at all points of the lattice, for h is convex.
"""

import heapq
from dataclasses import dataclass, field
from math import gcd

import numpy as np

from analysis.least_cost.cones import DEEP, Held
from analysis.least_cost.highs import Answer, Program
from analysis.least_cost.model import Cell
from analysis.least_cost.subproblem import YUAN, Effort, Found, Part
from analysis.least_cost.whole_units import Draft, finish, whole
from analysis.statistics.arrays import Floats

#: Part of a unit within which a column counts as whole.
WHOLE = 1e-6
#: Times that one program is cut before it is branched, and how far it may break a cone then.
CUTS, LOOSE = 3, 1e-7
#: What a bound of m is moved outwards, in parts of it.
OUTWARDS = 1e-9

Fixed = tuple[tuple[int, float, float], ...]


def draft(part: Part, columns: Floats) -> Floats | None:
    """Return whole units that keep all promises, near what a program found; None where none are."""
    problem = part.problem
    units = whole(problem, part.units(columns))
    inside = {cell.indicator for cell in part.cells}
    cones = tuple(
        cone
        for cone in problem.cones
        if cone in part.cones or (cone.indicator in inside and problem.within(problem.amounts(units), cone))
    )
    drafted = Draft(problem, part.bars(columns), units, tuple(part.columns), cones)
    return drafted.units if finish(drafted) and problem.shared(drafted.units) else None


def chord(program: Program, held: Held, place: int, size: float, columns: Floats, low: float, high: float) -> bool:
    """Add the chord between the two points of the lattice around a school's value; return whether it cuts."""
    start, at = float(held.start[place]), held.squares[place]
    value = start + sum(slope * float(columns[column]) for column, slope in held.terms[place].items())
    mean = float(columns[held.mean])
    if mean <= 0 or value <= 0:
        return False
    step = start + np.floor((value - start) / size + WHOLE) * size
    other = step + size
    ratio = value / mean
    if step < 0 or min(value - step, other - value) < WHOLE * size:
        return False

    def least(point: float) -> float:
        middle = min(max(point / ratio, low), high)
        return float(point**2 / middle + ratio**2 * middle)

    rise = (least(other) - least(step)) / size
    level = least(step) - rise * step
    if float(columns[at]) + ratio**2 * mean - rise * value >= level - DEEP:
        return False
    terms = {held.mean: ratio**2, at: 1.0}
    for column, slope in held.terms[place].items():
        terms[column] = terms.get(column, 0.0) - rise * slope
    program.row(level + rise * start - DEEP, np.inf, terms)
    return True


@dataclass(eq=False)
class Branching:
    """The search over a part: `best` and `cost` are the cheapest plan known, `spent` the programs solved so far."""

    part: Part
    effort: Effort
    best: Floats
    cost: float
    spent: int = 0
    work: int = 0
    ranges: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        program = self.part.program
        self.counted = [column for column, counts in enumerate(program.whole) if counts]
        self.sizes = [[self._size(held, place) for place in range(len(held.start))] for held in self.part.held]
        self.coin = self._coin()

    def _size(self, held: Held, place: int) -> float:
        """Return by what a school's value per pupil grows with each unit, 0 where it grows by parts."""
        problem, terms = self.part.problem, held.terms[place]
        cell = Cell(int(held.cone.rows[place]), held.cone.indicator)
        steps = [problem.steps[step] for step, _ in problem.by_cell.get(cell, ()) if step in self.part.columns]
        sizes = {abs(slope) for slope in terms.values()}
        return sizes.pop() if steps and len(sizes) == 1 and all(step.whole for step in steps) else 0.0

    def _coin(self) -> int:
        """Return the yuan of which every cost of the part is a multiple; 0 where parts of units can be had."""
        problem = self.part.problem
        priced = [problem.steps[step] for step in self.part.columns if problem.steps[step].cost]
        if not all(step.whole and step.cost == int(step.cost) for step in priced):
            return 0
        return gcd(*(int(step.cost) for step in priced))

    def bound(self, answer: Answer) -> float:
        """Return the bound of a program in yuan: a whole number of coins."""
        yuan = answer.bound * YUAN
        return float(np.ceil(yuan / self.coin - WHOLE) * self.coin) if self.coin else yuan

    def measure(self) -> None:
        """Find between what the mean of each cone lies in every plan that costs no more than the best."""
        program = self.part.program
        money = {column: cost for column, cost in enumerate(program.costs) if cost}
        for held in self.part.held:
            ends = []
            for sign in (1.0, -1.0):
                nothing = [0.0] * len(program.costs)
                aim = Program(nothing, program.lower, program.upper, program.whole, list(program.rows))
                aim.costs[held.mean] = sign
                aim.row(-np.inf, self.cost / YUAN, money)
                answer = aim.solve(relaxed=True, seconds=self.effort.seconds)
                self.work += answer.work
                ends.append(sign * answer.bound - sign * OUTWARDS if np.isfinite(answer.bound) else np.nan)
            if not np.isnan(ends).any() and 0 < ends[0] <= ends[1]:
                self.ranges[held.cone.key] = (ends[0], ends[1])

    def cut(self, columns: Floats) -> int:
        """Add the chords that a solution is below; return how many."""
        added = 0
        for held, sizes in zip(self.part.held, self.sizes, strict=True):
            if held.cone.key in self.ranges:
                low, high = self.ranges[held.cone.key]
                added += sum(
                    chord(self.part.program, held, place, size, columns, low, high)
                    for place, size in enumerate(sizes)
                    if size
                )
        return added

    def relaxed(self) -> Answer:
        """Return the relaxed optimum within the columns' bounds as they are, cut until it keeps cones and chords."""
        for _ in range(CUTS):
            answer = self.part.program.solve(relaxed=True, seconds=self.effort.seconds)
            self.spent, self.work = self.spent + 1, self.work + answer.work
            if answer.values is None:
                break
            over, chords = self.part.broken(answer.values), self.cut(answer.values)
            if over <= LOOSE and not chords:
                break
        return answer

    def try_for(self, columns: Floats) -> None:
        """Take what rounding a solution comes to, where it is cheaper than the best."""
        units = draft(self.part, columns)
        if units is not None and self.part.problem.cost(units) < self.cost - WHOLE:
            self.best, self.cost = units, self.part.problem.cost(units)

    def prove(self, bound: float) -> float:
        """Return the bound after programs in whole columns, as many nodes as the effort has for a part of this size.

        With the chords in place these often prove at once what branches by hand can't: that nothing lies between two
        sums that units can come to.
        """
        nodes, rough = self.effort.nodes_of(len(self.part.program.costs)), self.effort.rough
        while nodes > 0 and self.cost - bound > rough * self.cost and not self.effort.over:
            answer = self.part.program.solve(relaxed=False, gap=rough / 2, nodes=nodes, seconds=self.effort.seconds)
            self.work, nodes = self.work + answer.work, nodes - max(answer.nodes, 1)
            if answer.infeasible:
                return self.cost  # what is cheaper than the best is in no program
            bound = max(bound, self.bound(answer))
            if answer.values is None:
                break
            self.try_for(answer.values)
            over, chords = self.part.broken(answer.values), self.cut(answer.values)
            if over <= LOOSE and not chords:
                break
        return bound

    def split(self, columns: Floats) -> int | None:
        """Return the column nearest below a whole number; None where all are whole."""
        parts = [(float(columns[column] - np.floor(columns[column] + WHOLE)), -column) for column in self.counted]
        most, column = max(parts, default=(0.0, 0))
        return -column if most > WHOLE else None


def branch(part: Part, best: Floats, cost: float, bound: float, effort: Effort, near: float) -> Found:
    """Return the cheapest plan of a part and its bound: down from what promises most, as far as the effort goes, or
    until they are as `near` as a part of the cost."""
    search = Branching(part, effort, best, cost)
    search.measure()
    program, closed, number = part.program, float("inf"), 0
    waiting: list[tuple[float, int, Fixed]] = [(bound, number, ())]
    while waiting and search.spent < effort.branches and not effort.over:
        least, _, fixed = heapq.heappop(waiting)
        if least >= search.cost * (1 - near):
            closed = min(closed, least)
            continue
        while True:
            program.fix(fixed)
            answer = search.relaxed()
            if answer.infeasible:
                break
            least = max(least, search.bound(answer))
            if answer.values is None or least >= search.cost * (1 - near):
                closed = min(closed, least)
                break
            search.try_for(answer.values)
            column = search.split(answer.values)
            if column is None or search.spent >= effort.branches:
                closed = min(closed, least)
                break
            below, number = float(np.floor(answer.values[column] + WHOLE)), number + 1
            low, high = _within(program, fixed, column)
            heapq.heappush(waiting, (least, number, (*fixed, (column, low, below))))
            fixed = (*fixed, (column, below + 1, high))
    program.fix(())
    ends = [closed, search.cost, *(entry[0] for entry in waiting[:1])]
    bound = search.prove(max(bound, min(ends)))
    return Found(search.best, search.cost, bound, work=search.work, stopped=effort.over)


def _within(program: Program, fixed: Fixed, column: int) -> tuple[float, float]:
    """Return the bounds of a column after those that are fixed, the last of which counts."""
    for at, low, high in reversed(fixed):
        if at == column:
            return low, high
    return program.lower[column], program.upper[column]
