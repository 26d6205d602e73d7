"""Small counties drawn for the tests of the plan, and a second solver for them."""

from dataclasses import replace
from itertools import product
from typing import Any

import clarabel
import numpy as np
from scipy import sparse

from analysis import standards
from analysis.clean import Records
from analysis.least_cost.costs import Costs, examples
from analysis.least_cost.model import Cell, Problem
from analysis.standards import Standard
from tests.judge import given

#: Floors of junior schools per pupil, 教督〔2017〕6号; those of primary schools are in tests.judge.given.
JUNIOR = {
    "advanced_degree_teachers": 5.3 / 100,
    "backbone_teachers": 1 / 100,
    "pe_arts_teachers": 0.9 / 100,
    "teaching_area": 5.8,
    "sports_area": 10.2,
    "equipment_value": 2500.0,
    "multimedia_rooms": 2.4 / 100,
}
STANDARD: Standard = standards.load("national-2017")


def continuous() -> Costs:
    """Return the example prices, with nothing that comes whole."""
    usual = examples()
    return replace(usual, entries=tuple(replace(entry, whole=False) for entry in usual.entries))


def drawn(seed: int, combined: bool) -> Records:
    """Return the records of a county of three to six schools whose amounts lie around their floors."""
    rng = np.random.default_rng(seed)
    rows = [_school(rng, f"{number:03d}", "primary") for number in range(int(rng.integers(2, 4)))]
    if combined:
        rows += [_school(rng, f"{100 + number}", "nine_year") for number in range(int(rng.integers(1, 3)))]
    rows.append(_school(rng, "200", "junior"))
    return given.records(*rows)


def _school(rng: np.random.Generator, code: str, kind: str) -> dict[str, Any]:
    pupils = {"primary": int(rng.integers(20000, 90000)), "junior": int(rng.integers(20000, 90000))}
    if kind != "nine_year":
        pupils = {kind: pupils[kind]}
    floors = {"primary": given.FLOORS, "junior": JUNIOR}
    amounts: dict[str, float] = {}
    for name in given.FLOORS:
        ratio = float(rng.choice([1.1, 1.6, 2.5])) if rng.random() < 0.7 else float(rng.uniform(0.5, 1.0))
        amounts[name] = sum(number * floors[stage][name] for stage, number in pupils.items()) * ratio
    for name in (*given.COUNTED, "multimedia_rooms"):
        amounts[name] = round(amounts[name])
    row = {f"pupils_{stage}": number for stage, number in pupils.items()}
    whole = {"pupils_primary": None} | row | amounts
    return given.school(code, school_type=kind) | whole


def enumerated(problem: Problem) -> float:
    """Return the least cost over all sets of choices, each solved by Clarabel.

    For problems without whole steps and pools, all rows of which must meet the rule.
    """
    best = np.inf
    for spared in product(*_choices(problem)):
        bars = {cell: problem.floor[cell] for cell in _cells(problem)}
        bars |= {cell: problem.near[cell] for cells in spared for cell in cells}
        best = min(best, conic(problem, bars))
    return float(best)


def _cells(problem: Problem) -> list[Cell]:
    return [Cell(int(row), int(place)) for row, place in zip(*np.nonzero(problem.ruled), strict=True)]


def _choices(problem: Problem) -> list[list[tuple[Cell, ...]]]:
    """Return, row by row, which cell may stay at its part: only those that fall short matter."""
    short = problem.ruled & ~problem.met(problem.base, problem.floor)
    lists: list[list[tuple[Cell, ...]]] = []
    for row in range(len(problem.rows)):
        cells = [Cell(row, int(place)) for place in np.flatnonzero(short[row])]
        lists.append([(cell,) for cell in cells] or [()])
    return lists


def conic(problem: Problem, bars: dict[Cell, float]) -> float:
    """Return the least cost in yuan of reaching some bars and all cones, by an interior-point solver; inf: none.

    Clarabel minimises q u with A u + s = b, s in a product of cones: here s >= 0 for bars and bounds, and for each
    coefficient (sqrt((1 + L^2) / sum P) sum x, x_i / sqrt(P_i)) in a second-order cone.
    """
    steps = problem.steps
    scale = np.array([step.scale for step in steps])
    rows: list[np.ndarray] = []
    right: list[float] = []

    def slopes(cell: Cell) -> np.ndarray:
        line = np.zeros(len(steps))
        for step, slope in problem.by_cell.get(cell, ()):
            line[step] += slope * scale[step]
        return line

    for cell, bar in bars.items():
        rows.append(-slopes(cell) / bar)
        right.append(float(problem.base[cell] - bar) / bar)
    for number, step in enumerate(steps):
        unit = np.zeros(len(steps))
        unit[number] = 1.0
        rows.append(-unit)
        right.append(0.0)
        if np.isfinite(step.most):
            rows.append(unit)
            right.append(step.most / scale[number])
    cones: list[Any] = [clarabel.NonnegativeConeT(len(rows))]
    for cone in problem.cones:
        cells = [Cell(int(row), cone.indicator) for row in cone.rows]
        pupils = problem.pupils[cone.rows]
        size = float(problem.base[cone.rows, cone.indicator].sum()) / np.sqrt(pupils.sum()) or 1.0
        lines = np.array([slopes(cell) for cell in cells])
        first = np.sqrt((1 + cone.limit**2) / pupils.sum()) / size
        rows.append(-first * lines.sum(axis=0))
        right.append(first * float(problem.base[cone.rows, cone.indicator].sum()))
        for line, cell, enrolment in zip(lines, cells, pupils, strict=True):
            rows.append(-line / np.sqrt(enrolment) / size)
            right.append(float(problem.base[cell]) / np.sqrt(enrolment) / size)
        cones.append(clarabel.SecondOrderConeT(len(cells) + 1))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    nothing = sparse.csc_matrix((len(steps), len(steps)))
    matrix = sparse.csc_matrix(np.array(rows))
    solver = clarabel.DefaultSolver(nothing, problem.costs * scale / 1e4, matrix, np.array(right), cones, settings)
    solution = solver.solve()
    if "Solved" not in str(solution.status):
        return float("inf")
    return float(solution.obj_val) * 1e4
