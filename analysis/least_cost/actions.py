"""What a plan does, action by action: where, how much, for how much, from what to what, and why there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import ids
from analysis.judge import rounding
from analysis.least_cost.demand import Demand
from analysis.least_cost.model import Cell, Problem, Step
from analysis.standards import Standard
from analysis.statistics.arrays import Floats
from analysis.tables import Field


@dataclass(frozen=True)
class Action:
    """One thing to do in a school.

    `amount` is in `unit` (m2, yuan, rooms, persons), of the whole school where the indicator is reported so, of which
    `part` (0 to 1) counts for `stage`. `before`, `after`, `floor` and `bar` are in the indicator's own unit, per pupil
    or per hundred; `bar` is what this plan has it reach. `start` is the school that a teacher leaves. `reason`: floor,
    rest_part, coefficient, or same_hire (the persons of another action, who count here too and cost nothing more).
    `price` is the yuan of a unit.
    """

    school: str
    stage: str
    indicator: str
    kind: str
    start: str | None
    amount: float
    unit: str
    year: int | None
    cost: float
    before: float
    after: float
    floor: float | None
    bar: float | None
    part: float
    reason: str
    finding: str
    price: float
    place: int

    def row(self) -> dict[str, Any]:
        """Return the action as JSON and tables have it."""
        return {
            "school": self.school,
            "stage": self.stage,
            "indicator": self.indicator,
            "kind": self.kind,
            "from": self.start,
            "amount": self.amount,
            "unit": self.unit,
            "year": self.year,
            "cost": self.cost,
            "before": self.before,
            "after": self.after,
            "floor": self.floor,
            "reason": self.reason,
            "finding": self.finding,
            "bar": self.bar,
            "part": self.part,
            "price": self.price,
        }


#: What an amount is counted in, by the unit of its indicator.
UNITS = {
    "persons_per_hundred": "persons",
    "rooms_per_hundred": "rooms",
    "square_metres_per_pupil": "m2",
    "yuan_per_pupil": "yuan",
}


def actions_of(
    problem: Problem, units: Floats, standard: Standard, reserve: float, years: Mapping[int, int | None]
) -> list[Action]:
    """Return the actions of a plan in the order of schools and indicators; `years` says when each step is done."""
    reached = problem.amounts(units)
    demand = Demand(problem)
    origins = _origins(problem, units)
    actions = []
    for number in np.flatnonzero(units):
        step = problem.steps[number]
        if step.sign < 0:
            continue
        for place, name in enumerate(step.lifts):
            indicator = problem.indicators.index(name)
            effects = [(cell, slope) for cell, slope in step.effects if cell.indicator == indicator and slope > 0]
            if not effects:
                continue
            cell, slope = max(effects, key=lambda each: (_shortfall(problem, each[0]), -each[0].row))
            for start, amount in origins.get(int(number), [(step.start or None, float(units[number]))]):
                known = _Known(step, cell, place > 0, start, amount, years.get(int(number)), int(number))
                actions.append(_action(problem, demand, standard, reserve, reached, known, slope))
    return sorted(
        actions, key=lambda a: (a.school, a.stage, problem.indicators.index(a.indicator), a.kind, a.start or "")
    )


@dataclass(frozen=True)
class _Known:
    step: Step
    cell: Cell
    along: bool
    start: str | None
    amount: float
    year: int | None
    place: int


def _action(
    problem: Problem, demand: Demand, standard: Standard, reserve: float, reached: Floats, known: _Known, slope: float
) -> Action:
    step, cell = known.step, known.cell
    name = problem.indicators[cell.indicator]
    row, per = problem.rows[cell.row], float(problem.per[cell.indicator])
    ruled = bool(problem.ruled[cell])
    reason = _reason(problem, demand, reached, cell)
    bar = {"floor": problem.floor, "rest_part": problem.near}.get(reason)
    finding = (
        ids.finding(Field.RESOURCES.value, ids.cv(name), row.stage)
        if reason == "coefficient"
        else ids.finding(Field.RESOURCES.value, ids.floor(name), row.stage, row.school)
    )

    def value(amount: float) -> float:
        return float(amount / row.pupils * per)

    return Action(
        school=step.school,
        stage=row.stage,
        indicator=name,
        kind=step.kind,
        start=known.start,
        amount=known.amount,
        unit=UNITS[standard.indicators[name].unit],
        year=known.year,
        cost=0.0 if known.along else step.cost * known.amount,
        before=value(max(float(problem.base[cell]), 0.0)),
        after=value(float(reached[cell])),
        floor=rounding.exact(value(float(problem.floor[cell])) / (1 + reserve)) if ruled else None,
        bar=rounding.exact(value(float(bar[cell]))) if bar is not None else None,
        part=slope,
        reason="same_hire" if known.along else reason,
        finding=finding,
        price=0.0 if known.along else step.cost,
        place=known.place,
    )


def _shortfall(problem: Problem, cell: Cell) -> float:
    if not problem.ruled[cell]:
        return 0.0
    return float((problem.floor[cell] - problem.base[cell]) / problem.floor[cell])


def _reason(problem: Problem, demand: Demand, reached: Floats, cell: Cell) -> str:
    """Return what makes an action necessary: the floor, the part of it, or what is beyond both, a coefficient."""
    if not demand.contested[cell]:
        return "coefficient"
    if problem.reaches(float(reached[cell]), cell, problem.floor):
        floor, near = float(problem.floor[cell]), float(problem.near[cell])
        spare = float(reached[cell]) - floor
        steps = [slope for _, slope in problem.by_cell.get(cell, ())]
        return "floor" if spare < max([*steps, 1e-9 * floor]) or near >= floor else "coefficient"
    spare = float(reached[cell] - problem.near[cell])
    slopes = [slope for _, slope in problem.by_cell.get(cell, ())]
    return "rest_part" if spare < max([*slopes, 0.0]) + 1e-9 else "coefficient"


def _origins(problem: Problem, units: Floats) -> dict[int, list[tuple[str | None, float]]]:
    """Return which schools those who move to a school leave: the first that have some, in the order of schools."""
    origins: dict[int, list[tuple[str | None, float]]] = {}
    for pool in problem.pools:
        if not pool.balance:
            continue
        leaving = {step: float(units[step]) for step in pool.minus if units[step] > 0}
        for step in pool.plus:
            wanted = float(units[step])
            for origin, left in leaving.items():
                moved = min(wanted, left)
                if moved > 0:
                    origins.setdefault(step, []).append((problem.steps[origin].school, moved))
                    leaving[origin] = left - moved
                    wanted -= moved
    return origins
