"""From what a program finds to a plan in whole units that keeps every promise, and is no larger than it need be.

A program sees cones through their tangents, and tolerates a millionth; a plan does neither.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.least_cost.model import Cell, Cone, Problem
from analysis.statistics.arrays import Floats

#: Raises, before a cone is given up.
PATIENCE = 2000
#: Part of a cone's limit within which sums of doubles are not trusted: the exact test decides.
NEAR = 1e-12


@dataclass(eq=False)
class Draft:
    """Units of each step as they are changed, with the amounts and the sums of the cones that go with them.

    `bars` are what amounts must reach, by cell.
    """

    problem: Problem
    bars: dict[Cell, float]
    units: Floats
    steps: tuple[int, ...]
    cones: tuple[Cone, ...]
    amounts: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.amounts = self.problem.amounts(self.units)
        self._pupils = self.problem.pupils
        self._of: dict[Cell, list[int]] = {}
        self._sums = np.zeros(len(self.cones))
        self._squares = np.zeros(len(self.cones))
        self._totals = np.array([self._pupils[cone.rows].sum() for cone in self.cones])
        for number, cone in enumerate(self.cones):
            for row in cone.rows:
                self._of.setdefault(Cell(int(row), cone.indicator), []).append(number)
            x = self.amounts[cone.rows, cone.indicator]
            self._sums[number] = x.sum()
            self._squares[number] = (x**2 / self._pupils[cone.rows]).sum()

    def add(self, step: int, units: float) -> None:
        """Take so many more units of a step (fewer, where negative)."""
        self.units[step] += units
        for cell, slope in self.problem.steps[step].effects:
            before = self.amounts[cell]
            after = before + slope * units
            self.amounts[cell] = after
            for number in self._of.get(cell, ()):
                self._sums[number] += after - before
                self._squares[number] += (after**2 - before**2) / self._pupils[cell.row]

    def excess(self, number: int) -> float:
        """Return sum(x^2/P) sum(P) - (1 + L^2) sum(x)^2 of a cone, in parts of the latter: at most 0 inside it."""
        allowed = (1 + self.cones[number].limit ** 2) * self._sums[number] ** 2
        return float(self._squares[number] * self._totals[number] / allowed - 1) if allowed > 0 else float("inf")

    def room(self, step: int) -> float:
        """Return how many more units of a step there can be."""
        if self.problem.steps[step].start:
            return 0.0
        left = self.problem.steps[step].most - self.units[step]
        for pool in self.problem.pools:
            if step in pool.plus or step in pool.minus:
                if pool.balance:
                    return 0.0
                used = self.units[list(pool.plus)].sum() - self.units[list(pool.minus)].sum()
                left = min(left, pool.most - used) if step in pool.plus else left
        return float(max(left, 0.0))

    def touched(self, step: int) -> set[int]:
        """Return the cones that a step changes."""
        return {number for cell, _ in self.problem.steps[step].effects for number in self._of.get(cell, ())}

    def sound(self, step: int) -> bool:
        """Return whether all that a step touches is as it must be."""
        for cell, _ in self.problem.steps[step].effects:
            if cell in self.bars and not self.reaches(cell):
                return False
        return all(self.excess(number) <= -NEAR for number in self.touched(step))

    def reaches(self, cell: Cell) -> bool:
        """Return whether an amount reaches its bar, as the judge compares them."""
        bar, amount = self.bars[cell], float(self.amounts[cell])
        if amount > bar * (1 + 1e-9):
            return True
        if amount < bar * (1 - 1e-9):
            return False
        return self.problem.reaches(amount, cell, np.full(self.amounts.shape, bar))

    def price(self, step: int, cell: Cell) -> float:
        """Return what it costs to raise a cell's amount by 1 by a step; inf where the step does not."""
        slope = sum(slope for at, slope in self.problem.steps[step].effects if at == cell)
        return self.problem.steps[step].cost / slope if slope > 0 else np.inf


def whole(problem: Problem, units: Floats) -> Floats:
    """Return units as a plan has them: whole, never more than there can be."""
    rounded = np.where(
        [step.whole for step in problem.steps], np.round(units), np.ceil(units - 1e-7 * np.maximum(1, units))
    )
    return np.asarray(np.clip(rounded, 0, [step.most for step in problem.steps]), dtype=np.float64)


def finish(draft: Draft) -> bool:
    """Raise a draft until it reaches its bars and lies in its cones, then take off what it can do without.

    Return whether that was possible.
    """
    for _ in range(3):
        if not (to_bars(draft) and _into_cones(draft)):
            return False
        if all(draft.reaches(cell) for cell in draft.bars):
            _slim(draft)
            return _exact(draft)
    return False


def _exact(draft: Draft) -> bool:
    inside = all(draft.problem.within(draft.amounts, cone) for cone in draft.cones)
    return inside and all(draft.reaches(cell) for cell in draft.bars)


def to_bars(draft: Draft) -> bool:
    """Raise amounts that fall short, each by its cheapest step; return whether all reach their bars."""
    for cell in sorted(draft.bars):
        for _ in range(20):
            if draft.reaches(cell):
                break
            ways = [
                (draft.price(step, cell), step)
                for step, slope in draft.problem.by_cell.get(cell, ())
                if slope > 0 and draft.problem.steps[step].sign > 0 and draft.room(step) >= 1
            ]
            if not ways:
                return False
            step = min(ways)[1]
            slope = draft.problem.steps[step].cost / draft.price(step, cell)
            wanted = max(np.ceil((draft.bars[cell] - draft.amounts[cell]) / slope - 1e-9), 1.0)
            draft.add(step, min(wanted, np.floor(draft.room(step))))
        else:
            return False
    return True


def _into_cones(draft: Draft) -> bool:
    """Raise where a yuan brings a cone most, until all cones hold."""
    costs = draft.problem.costs
    for _ in range(PATIENCE):
        worst = max(range(len(draft.cones)), key=draft.excess, default=None)
        if worst is None or draft.excess(worst) <= -NEAR:
            return True
        cone, total = draft.cones[worst], draft._totals[worst]
        x = draft.amounts[:, cone.indicator]
        pull = 2 * (x * total / draft._pupils - (1 + cone.limit**2) * draft._sums[worst])
        inside = set(cone.rows.tolist())
        best, chosen = 0.0, None
        for step in draft.steps:
            if draft.problem.steps[step].sign < 0:
                continue
            falls = sum(
                pull[cell.row] * slope
                for cell, slope in draft.problem.steps[step].effects
                if cell.indicator == cone.indicator and cell.row in inside
            )
            gain = -falls / costs[step]
            if gain > best * (1 + 1e-12) and draft.room(step) >= 1:
                best, chosen = gain, step
        if chosen is None:
            return False
        excess = draft._squares[worst] * total - (1 + cone.limit**2) * draft._sums[worst] ** 2
        wanted = np.ceil(excess / (best * costs[chosen])) if not draft.problem.steps[chosen].whole else 1.0
        scale = draft.problem.steps[chosen].scale
        draft.add(chosen, float(np.clip(wanted, 1, min(np.floor(draft.room(chosen)), max(scale, 1)))))
    return False


def _slim(draft: Draft) -> None:
    """Take off, dearest first, what is not needed."""
    problem = draft.problem
    pooled = {step for pool in problem.pools if pool.balance for step in (*pool.plus, *pool.minus)}
    order = sorted((step for step in draft.steps if draft.units[step] > 0), key=lambda s: (-problem.costs[s], s))
    for step in order:
        if step in pooled:
            continue
        least, most = 0.0, float(draft.units[step])  # of what may be taken off: sure, and sure that it may not
        if _without(draft, step, most):
            continue
        while most - least > 1:
            middle = np.floor((least + most) / 2)
            if _without(draft, step, middle - least):
                least = middle
            else:
                most = middle


def _without(draft: Draft, step: int, units: float) -> bool:
    """Take off units of a step where everything still holds; return whether it did."""
    if units < 1:
        return False
    draft.add(step, -units)
    if draft.sound(step):
        return True
    draft.add(step, units)
    return False
