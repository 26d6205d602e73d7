"""Coefficients inside a linear program: every cone is cut by tangents, school by school.

With weights p_i = P_i / sum(P), values v_i per pupil and mean m = sum(p_i v_i), the cone is
sum(p_i v_i^2) <= (1 + L^2) m^2. It is taken apart: t_i >= v_i^2 / m for every school, sum(p_i t_i) <= (1 + L^2) m. Each
t_i has tangents of its own,

    t_i >= 2 r v_i - r^2 m        at r = v_i / m,

which hold at every point, so that what the program finds is never above the true optimum. One tangent of the whole cone
says so little that no proof comes of it.
"""

from dataclasses import dataclass

import numpy as np

from analysis.least_cost.highs import Program
from analysis.least_cost.model import Cell, Cone, Problem
from analysis.statistics.arrays import Floats

#: A tangent is added where it cuts off more than this, in parts of a cone's mean.
DEEP = 1e-9


@dataclass(frozen=True, eq=False)
class Held:
    """A cone in a program: columns of m and of each t.

    `terms` are what changes each school's value per pupil, in parts of a usual one; `start` what it is without them.
    """

    cone: Cone
    weights: Floats
    start: Floats
    terms: tuple[dict[int, float], ...]
    mean: int
    squares: tuple[int, ...]

    def values(self, columns: Floats) -> Floats:
        """Return each school's value per pupil at a solution."""
        changes = [sum(slope * float(columns[at]) for at, slope in term.items()) for term in self.terms]
        return np.asarray(self.start + np.array(changes), dtype=np.float64)


def hold(program: Program, problem: Problem, cone: Cone, columns: dict[int, tuple[int, float]]) -> Held:
    """Put a cone into a program and return it; `columns` maps steps to their column and the units it counts in."""
    pupils = problem.pupils[cone.rows]
    values = problem.base[cone.rows, cone.indicator] / pupils
    mean = float((values * pupils).sum() / pupils.sum())
    bars = problem.floor[cone.rows, cone.indicator] / pupils
    usual = float(np.nanmax(bars)) if not np.isnan(bars).all() else 1.0
    scale = mean if mean > 0 else usual
    terms = []
    for row, enrolment in zip(cone.rows, pupils, strict=True):
        steps = problem.by_cell.get(Cell(int(row), cone.indicator), [])
        terms.append(
            {columns[step][0]: slope * columns[step][1] / enrolment / scale for step, slope in steps if step in columns}
        )
    weights, start = pupils / pupils.sum(), values / scale
    centre = program.column(0.0)
    squares = tuple(program.column(0.0) for _ in terms)
    sums: dict[int, float] = {centre: 1.0}
    for weight, term in zip(weights, terms, strict=True):
        for column, slope in term.items():
            sums[column] = sums.get(column, 0.0) - float(weight) * slope
    level = float((weights * start).sum())
    program.row(level, level, sums)
    program.row(
        -np.inf,
        0.0,
        {column: float(weight) for column, weight in zip(squares, weights, strict=True)}
        | {centre: -(1 + cone.limit**2)},
    )
    return Held(cone, weights, start, tuple(terms), centre, squares)


def excess(values: Floats, weights: Floats, limit: float) -> float:
    """Return by what part of its limit sum(p v^2) exceeds (1 + L^2) m^2; at most 0 inside the cone."""
    mean = float((weights * values).sum())
    return float((weights * values**2).sum() / ((1 + limit**2) * mean**2) - 1) if mean > 0 else float("inf")


def cut(program: Program, held: Held, values: Floats, tangents: Floats | None = None) -> int:
    """Add each school's tangent at `values` where it cuts deeper than `tangents`, what t is now; return how many."""
    mean = float((held.weights * values).sum())
    if mean <= 0:
        return 0
    added = 0
    for place, (value, column) in enumerate(zip(values, held.squares, strict=True)):
        ratio = float(value) / mean
        if tangents is not None and tangents[place] >= float(value) * ratio - DEEP:
            continue
        terms = {held.mean: ratio**2, column: 1.0}
        for each, slope in held.terms[place].items():
            terms[each] = terms.get(each, 0.0) - 2 * ratio * slope
        program.row(2 * ratio * float(held.start[place]), np.inf, terms)
        added += 1
    return added
