"""A part of a problem as a program: what its rows must reach, what is chosen in each, and its cones.

What stops a search is its work (programs and nodes), so that the same county gets the same plan each time; seconds are
for emergencies.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from analysis.least_cost.cones import Held, cut, excess, hold
from analysis.least_cost.demand import Demand
from analysis.least_cost.highs import Program, taken
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
#: Part of a unit by which one more may be missed and does not count.
HARDLY = 1e-6
#: Seconds on the wall that a second of this process may last.
WAITING = 5.0


@dataclass(frozen=True)
class Effort:
    """What a search may spend on each part: relaxed programs, programs in whole units, nodes of all of these together.

    `branches` are the programs that a part with cones and many whole columns may be branched into; where these proved
    less than `rough`, as many nodes of programs in whole columns follow as `nodes_of` says.

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
    branches: int = 150
    after: int = 200
    small: int = 200
    until: float = float("inf")

    def nodes_of(self, columns: int) -> int:
        """Return the nodes that follow the branches of a program of so many columns: `after`, and of a large one the
        root alone; none of one still larger, whose root alone takes half a minute."""
        return self.after if columns <= self.small else int(columns <= 2 * self.small)

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

    def _lacking(self, cell: Cell, bar: Floats) -> float:
        """Return what a cell lacks of a bar, in parts of its floor: whole units of it where it is raised by these
        alone, so that a program with parts of them is nearer to one without."""
        lacking = float(bar[cell] - self.problem.base[cell])
        steps = [(self.problem.steps[number], slope) for number, slope in self.problem.by_cell.get(cell, ())]
        sizes = {slope for _, slope in steps}
        if lacking > 0 and len(sizes) == 1 and all(step.whole for step, _ in steps):
            (size,) = sizes
            lacking = float(np.ceil(lacking / size - HARDLY)) * size
        return lacking / float(self.problem.floor[cell])

    def _floors(self) -> None:
        problem = self.problem
        for cell, floor in self.demand.fixed.items():
            if cell in self.cells:
                bar = problem.floor if floor else problem.near
                self.program.row(self._lacking(cell, bar), np.inf, self._terms(cell))
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
            least, most = self._lacking(cell, problem.near), self._lacking(cell, problem.floor)
            terms = self._terms(cell)
            chosen = self.program.column(0.0, 0.0, 1.0, whole=True)
            self.chosen[cell] = chosen
            count[chosen] = 1.0
            more = {chosen: least - most}
            if meets is None:
                self.program.row(least, np.inf, terms | more)
            else:
                base = min(-float(problem.base[cell] / problem.floor[cell]), 0.0)
                self.program.row(base, np.inf, terms | more | {meets: base - least})
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
