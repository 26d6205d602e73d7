"""One linear or integer program, solved by HiGHS: the same answer each time, and a bound that is proven.

highspy is imported here alone, and when something is solved.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.statistics.arrays import Floats

#: HiGHS draws with this seed, on one thread: its work, and so its answer, is the same each time.
SEED = 1


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of solving: values of the columns (None: no solution is known), the bound, whether it is the optimum
    (`whole`); iterations and nodes that it took."""

    values: Floats | None
    bound: float
    infeasible: bool
    whole: bool
    work: int
    nodes: int


def taken(value: float) -> bool:
    """Return whether a choice is taken: a solver gives 0 and 1 nearly; a part of one counts as what it is nearer to."""
    return value > 0.5


@dataclass
class Program:
    """Minimise costs over columns within rows; rows may be added after solving, columns not.

    Columns and rows are numbered in the order in which they are added. Bounds may be infinite.
    """

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, tuple[int, ...], tuple[float, ...]]] = field(default_factory=list)
    _solver: Any = None
    _passed: int = 0
    _fixed: dict[int, tuple[float, float]] = field(default_factory=dict)

    def column(self, cost: float, lower: float = 0.0, upper: float = np.inf, whole: bool = False) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, lower: float, upper: float, terms: dict[int, float]) -> None:
        """Add a row: lower <= sum of terms <= upper."""
        self.rows.append((lower, upper, tuple(terms), tuple(terms.values())))

    def fix(self, fixed: tuple[tuple[int, float, float], ...]) -> None:
        """Hold columns within bounds of their own (column, lower, upper; the last counts), and no others."""
        bounds = {column: (lower, upper) for column, lower, upper in fixed}
        solver = self._opened()
        for column in self._fixed.keys() - bounds.keys():
            solver.changeColBounds(column, self.lower[column], self.upper[column])
        for column, (lower, upper) in bounds.items():
            if self._fixed.get(column) != (lower, upper):
                solver.changeColBounds(column, lower, upper)
        self._fixed = bounds

    def solve(self, relaxed: bool, gap: float = 0.0, nodes: int = 0, seconds: float = np.inf) -> Answer:
        """Return the optimum; `relaxed`: whole columns may be parts. `gap`, `nodes` and `seconds` stop a search."""
        import highspy

        solver = self._opened()
        solver.setOptionValue("solve_relaxation", relaxed)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_max_nodes", nodes or 2**31 - 1)
        solver.setOptionValue("time_limit", float(seconds))
        solver.run()
        status, information = solver.getModelStatus(), solver.getInfo()
        states = highspy.HighsModelStatus
        infeasible = status in (states.kInfeasible, states.kUnboundedOrInfeasible)
        whole = status == states.kOptimal
        integer = any(self.whole) and not relaxed
        bound = information.mip_dual_bound if integer else information.objective_function_value
        solved = information.primal_solution_status == 2
        if not whole and not integer:
            bound, solved = -np.inf, False
        return Answer(
            np.array(solver.getSolution().col_value) if solved else None,
            float(bound),
            infeasible,
            whole,
            max(int(information.simplex_iteration_count), 0),
            max(int(information.mip_node_count), 0),
        )

    def _opened(self) -> Any:
        """Return the solver with all rows so far."""
        import highspy

        if self._solver is None:
            solver = highspy.Highs()
            settings = {"output_flag": False, "threads": 1, "random_seed": SEED, "parallel": "off"}
            for name, value in (settings | {"mip_feasibility_tolerance": 1e-7}).items():
                solver.setOptionValue(name, value)
            count = len(self.costs)
            solver.addVars(count, np.array(self.lower), np.array(self.upper))
            places = np.arange(count, dtype=np.int32)
            solver.changeColsCost(count, places, np.array(self.costs))
            kinds = [
                highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in self.whole
            ]
            solver.changeColsIntegrality(count, places, np.array([int(kind) for kind in kinds], dtype=np.uint8))
            self._solver = solver
        for lower, upper, columns, terms in self.rows[self._passed :]:
            self._solver.addRow(
                lower, upper, len(columns), np.array(columns, dtype=np.int32), np.array(terms, dtype=np.float64)
            )
        self._passed = len(self.rows)
        return self._solver
