"""What the school rule demands of each row, and which cells hang together because of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.least_cost.model import Cell, Cone, Problem
from analysis.statistics.arrays import Bools


class Choice(NamedTuple):
    """A row in which so many of some cells must reach their floor, whichever; `optional`: or the row need not meet the
    rule at all."""

    row: int
    cells: tuple[Cell, ...]
    least: int
    optional: bool


@dataclass(frozen=True, eq=False)
class Demand:
    """What rows must reach: `floor` cells their floor, `near` cells its part, the rest by choice."""

    problem: Problem

    @cached_property
    def contested(self) -> Bools:
        """Return which ruled cells do not reach their floor, or may fall below it."""
        problem = self.problem
        cells = problem.ruled & ~problem.met(problem.base, problem.floor)
        for step in problem.steps:
            for cell, slope in step.effects:
                if slope < 0:
                    cells[cell] = problem.ruled[cell]
        return np.asarray(cells)

    @cached_property
    def optional(self) -> frozenset[str]:
        """Return the stages of which not every row must meet the rule."""
        rows = [row.stage for row in self.problem.rows]
        asked = self.problem.asked
        return frozenset(stage for stage in set(rows) if asked.get(stage, rows.count(stage)) < rows.count(stage))

    @cached_property
    def choices(self) -> dict[int, Choice]:
        """Return the rows in which there is something to choose."""
        choices = {}
        for number, row in enumerate(self.problem.rows):
            cells = tuple(Cell(number, int(place)) for place in np.flatnonzero(self.contested[number]))
            fixed = int((self.problem.ruled[number] & ~self.contested[number]).sum() + self.problem.lacking[number])
            least = min(max(self.problem.must - fixed, 0), len(cells))
            optional = row.stage in self.optional
            if cells and (optional or 0 < least < len(cells)):
                choices[number] = Choice(number, cells, least, optional)
        return choices

    @cached_property
    def fixed(self) -> dict[Cell, bool]:
        """Return the contested cells of all other rows: whether each must reach its floor, or the part of it."""
        cells = {}
        for number in range(len(self.problem.rows)):
            if number in self.choices:
                continue
            places = np.flatnonzero(self.contested[number])
            met = int((self.problem.ruled[number] & ~self.contested[number]).sum() + self.problem.lacking[number])
            for place in places:
                cells[Cell(number, int(place))] = met < self.problem.must
        return cells

    def parts(self, cones: tuple[Cone, ...]) -> list[tuple[Cell, ...]]:
        """Return the cells that hang together, apart from all others, where these cones may bind; those alone of which
        something is demanded. Each part, and the parts, in the order of rows."""
        problem = self.problem
        above: dict[Cell, Cell] = {}

        def top(cell: Cell) -> Cell:
            while (over := above.setdefault(cell, cell)) != cell:
                above[cell] = above[over]
                cell = over
            return cell

        def join(cells: list[Cell]) -> None:
            for cell in cells[1:]:
                first, other = sorted((top(cells[0]), top(cell)))
                above[other] = first

        for step in problem.steps:
            join([cell for cell, _ in step.effects])
        for choice in self.choices.values():
            join(list(choice.cells))
        for stage in self.optional:
            join(
                [
                    cell
                    for choice in self.choices.values()
                    for cell in choice.cells
                    if problem.rows[choice.row].stage == stage
                ]
            )
        for cone in cones:
            join([Cell(int(row), cone.indicator) for row in cone.rows])
        for pool in problem.pools:
            join([problem.steps[number].effects[0][0] for number in (*pool.plus, *pool.minus)])
        asked = {Cell(int(row), int(place)) for row, place in zip(*np.nonzero(self.contested), strict=True)}
        asked |= {Cell(int(row), cone.indicator) for cone in cones for row in cone.rows}
        parts: dict[Cell, list[Cell]] = {}
        for cell in sorted(set(above) | asked):
            parts.setdefault(top(cell), []).append(cell)
        return [tuple(cells) for _, cells in sorted(parts.items()) if asked & set(cells)]
