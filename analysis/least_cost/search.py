"""The search: parts that hang together, each a program whose cones are cut until what it finds is true.

A cone is looked at only where a cheaper plan without it would break it. What stops a search is its work (programs and
nodes), so that the same county gets the same plan each time; seconds are for emergencies.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from analysis.least_cost.cones import Held, cut, excess, hold
from analysis.least_cost.demand import Demand
from analysis.least_cost.highs import Program, taken
from analysis.least_cost.mend import Draft, finish, whole
from analysis.least_cost.model import Cell, Cone, Problem
from analysis.statistics.arrays import Floats

#: Costs are counted in this many yuan.
YUAN = 1e4
#: A unit that costs less is as good as continuous.
COARSE = 10.0
#: How far a relaxed program may break a cone before it is solved in whole units.
LOOSE = 1e-7
#: How far a program in whole units may break a cone and count as true.
TRUE = 1e-9
#: Seconds on the wall that a second of this process may last.
WAITING = 5.0


@dataclass(frozen=True)
class Effort:
    """What a search may spend on each part: relaxed programs, programs in whole units, nodes of all of these together.

    It ends below `gap`, a part that takes more than `work` iterations below `rough`, one of more than `many` whole
    columns below half of that without a search, where rounding comes to it. `until` is the processor time of
    this process at which an emergency stops it: on a machine that does other things too, a second of it lasts longer.
    """

    gap: float = 1e-4
    rough: float = 2e-3
    relaxed: int = 60
    programs: int = 12
    nodes: int = 60
    many: int = 100
    work: int = 4000
    until: float = float("inf")

    @property
    def seconds(self) -> float:
        """Return the seconds, by the clock on the wall, that a program may take."""
        return max(WAITING * (self.until - time.process_time()), 0.01)

    @property
    def over(self) -> bool:
        """Return whether the emergency is there."""
        return time.process_time() > self.until


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to: units of each step (None: no plan is known), cost and bound in yuan, whether nothing can
    do it; the work that it took, and whether an emergency stopped it."""

    units: Floats | None
    cost: float
    bound: float
    infeasible: bool = False
    work: int = 0
    stopped: bool = False


@dataclass(eq=False)
class Part:
    """A program over some cells of a problem: its columns by step, what is chosen in each row, its cones."""

    problem: Problem
    demand: Demand
    cells: frozenset[Cell]
    cones: tuple[Cone, ...]
    program: Program = field(default_factory=Program)

    def __post_init__(self) -> None:
        self.columns: dict[int, tuple[int, float]] = {}
        self.chosen: dict[Cell, int] = {}
        self.rows: dict[int, int] = {}
        self._steps()
        self._pools()
        self._floors()
        self.held: list[Held] = [hold(self.program, self.problem, cone, self.columns) for cone in self.cones]
        for held in self.held:
            cut(self.program, held, held.start)
            cut(self.program, held, np.full(len(held.start), float((held.weights * held.start).sum())))

    def _steps(self) -> None:
        for number, step in enumerate(self.problem.steps):
            if step.effects[0][0] not in self.cells:
                continue
            counted = step.whole or (not self.cones and step.cost >= COARSE)
            scale = 1.0 if counted else step.scale
            column = self.program.column(step.cost * scale / YUAN, 0.0, step.most / scale, counted)
            self.columns[number] = (column, scale)

    def _pools(self) -> None:
        for pool in self.problem.pools:
            terms = {self.columns[step][0]: self.columns[step][1] for step in pool.plus if step in self.columns}
            terms |= {self.columns[step][0]: -self.columns[step][1] for step in pool.minus if step in self.columns}
            if terms:
                self.program.row(0.0 if pool.balance else -np.inf, 0.0 if pool.balance else pool.most, terms)

    def _terms(self, cell: Cell) -> dict[int, float]:
        """Return what changes a cell's amount, in parts of its floor."""
        bar = float(self.problem.floor[cell])
        steps = [(step, slope) for step, slope in self.problem.by_cell.get(cell, ()) if step in self.columns]
        return {self.columns[step][0]: slope * self.columns[step][1] / bar for step, slope in steps}

    def _floors(self) -> None:
        problem = self.problem
        for cell, floor in self.demand.fixed.items():
            if cell in self.cells:
                bar = problem.floor[cell] if floor else problem.near[cell]
                self.program.row(
                    float(bar - problem.base[cell]) / float(problem.floor[cell]), np.inf, self._terms(cell)
                )
        stages: dict[str, dict[int, float]] = {}
        for row, choice in self.demand.choices.items():
            if choice.cells[0] not in self.cells:
                continue
            if choice.optional:
                self.rows[row] = self.program.column(0.0, 0.0, 1.0, whole=True)
                stages.setdefault(problem.rows[row].stage, {})[self.rows[row]] = 1.0
            self._choice(row)
        for stage, columns in stages.items():
            sure = sum(r.stage == stage for r in problem.rows) - len(columns)
            self.program.row(problem.asked[stage] - sure, np.inf, columns)

    def _choice(self, row: int) -> None:
        problem, choice = self.problem, self.demand.choices[row]
        meets = self.rows.get(row)
        count: dict[int, float] = {} if meets is None else {meets: -float(choice.least)}
        for cell in choice.cells:
            bar, near, base = (float(each[cell]) for each in (problem.floor, problem.near, problem.base))
            terms = self._terms(cell)
            chosen = self.program.column(0.0, 0.0, 1.0, whole=True)
            self.chosen[cell] = chosen
            count[chosen] = 1.0
            more = {chosen: -(bar - near) / bar}
            if meets is None:
                self.program.row((near - base) / bar, np.inf, terms | more)
            else:
                self.program.row(min(-base / bar, 0.0), np.inf, terms | more | {meets: -near / bar})
                self.program.row(-np.inf, 0.0, {chosen: 1.0, meets: -1.0})
        self.program.row(0.0 if meets is not None else choice.least, np.inf, count)

    def bars(self, columns: Floats) -> dict[Cell, float]:
        """Return what each cell must reach by the choices of a solution: where they are parts, by the largest."""
        problem = self.problem
        bars = {
            cell: float(problem.floor[cell] if floor else problem.near[cell])
            for cell, floor in self.demand.fixed.items()
            if cell in self.cells
        }
        for row, choice in self.demand.choices.items():
            if choice.cells[0] not in self.cells:
                continue
            meets = self.rows.get(row)
            if meets is not None and not taken(columns[meets]):
                continue
            first = sorted(choice.cells, key=lambda cell: (-columns[self.chosen[cell]], cell))
            for place, cell in enumerate(first):
                bars[cell] = float(problem.floor[cell] if place < choice.least else problem.near[cell])
        return bars

    def units(self, columns: Floats) -> Floats:
        """Return the units of each step of a solution."""
        units = np.zeros(len(self.problem.steps))
        for step, (column, scale) in self.columns.items():
            units[step] = columns[column] * scale
        return units

    def broken(self, columns: Floats) -> float:
        """Cut every cone that a solution breaks; return by what part the worst of them is."""
        worst = 0.0
        for held in self.held:
            values = held.values(columns)
            over = excess(values, held.weights, held.cone.limit)
            if over > TRUE:
                worst = max(worst, over)
                cut(self.program, held, values, columns[list(held.squares)])
        return worst


def _draft(part: Part, columns: Floats) -> Floats | None:
    """Return whole units that keep all promises, near what a program found; None where none are."""
    problem = part.problem
    units = whole(problem, part.units(columns))
    inside = {cell.indicator for cell in part.cells}
    cones = tuple(
        cone
        for cone in problem.cones
        if cone in part.cones or (cone.indicator in inside and problem.within(problem.amounts(units), cone))
    )
    draft = Draft(problem, part.bars(columns), units, tuple(part.columns), cones)
    return draft.units if finish(draft) else None


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
    best = None if relaxed.values is None else _draft(part, relaxed.values)
    cost, bound = np.inf if best is None else part.problem.cost(best), relaxed.bound
    many = sum(part.program.whole) > effort.many
    if cost - bound <= (effort.rough / 2 if many else effort.gap) * cost:
        return Found(best, cost, min(bound, cost), work=work)
    for _ in range(effort.programs if any(part.program.whole) else 1):
        answer = part.program.solve(relaxed=False, gap=gap / 2, nodes=nodes, seconds=effort.seconds)
        work, nodes = work + answer.work, nodes - answer.nodes
        if answer.infeasible:
            return Found(None, np.inf, np.inf, infeasible=True, work=work)
        bound = max(bound, answer.bound * YUAN)
        if answer.values is None:
            break
        units = _draft(part, answer.values)
        if units is not None and part.problem.cost(units) < cost - 1e-6:
            best, cost = units, part.problem.cost(units)
        if effort.over:
            return Found(best, cost, min(bound, cost), work=work, stopped=True)
        true = part.broken(answer.values) <= TRUE
        if cost - bound <= effort.gap * cost or nodes <= 0 or (true and gap == effort.gap):
            break
        if work > effort.work and cost - bound <= effort.rough * cost:
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
