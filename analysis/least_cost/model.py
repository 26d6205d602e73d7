"""The problem in numbers: schools by stage, what their amounts must reach, and the steps that raise them.

A cell is one indicator of one school and stage (a row). With amount x, enrolment P and limit L of a stage's schools,
'coefficient <= L' is

    sum(x_i^2 / P_i) * sum(P_i) <= (1 + L^2) * sum(x_i)^2

which is a convex cone, for sum(x_i) is never negative. Floors are linear; which indicator of a school may stay at the
part that its rule asks of the rest is a choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.judge import rounding
from analysis.standards import Sense
from analysis.statistics.arrays import Bools, Floats, Ints

#: No part of a cone is nearer to its limit than this: below it, rounding in binary decides.
SLACK = 1e-11
#: Parts of a unit below which a sum of units is none.
NOTHING = 1e-6


class Cell(NamedTuple):
    """One indicator (its place among the problem's) of one row."""

    row: int
    indicator: int


@dataclass(frozen=True)
class Row:
    """One school and stage in scope; `pupils` is above 0."""

    school: str
    stage: str
    pupils: float
    township: str = ""
    area: str = ""


@dataclass(frozen=True)
class Step:
    """Something that can be done in a school: each unit costs `cost` yuan and changes the amount of `effects`.

    `stage` is "" where the whole school has it; `lifts` are the indicators that it counts for, the first of which it is
    meant for; `columns` what changes in the school's row of statistics, and `sign` in which direction. `whole` steps
    are taken in whole units by the search too; all are in the plan. At most `most` units can be had. What leaves a
    school (`sign` -1) is no cost of its own; a move whose `start` is named does both, and `left` are the columns of
    that school.
    """

    kind: str
    school: str
    stage: str
    lifts: tuple[str, ...]
    effects: tuple[tuple[Cell, float], ...]
    columns: tuple[str, ...]
    cost: float
    whole: bool
    scale: float = 1.0
    most: float = np.inf
    sign: int = 1
    start: str = ""
    left: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str, int, str]:
        """Return what tells a step from all others of a county, and the order in which they stand."""
        return (self.school, self.stage, self.lifts[0], self.kind, self.sign, self.start)

    @property
    def moves(self) -> bool:
        """Return whether it takes someone from one school to another: no school can have it by itself."""
        return self.sign < 0 or bool(self.start)


@dataclass(frozen=True)
class Pool:
    """Steps that share something: units of `plus` less those of `minus` are at most `most` (a `balance`: exactly 0)."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    most: float
    balance: bool = False


@dataclass(frozen=True)
class Cone:
    """A coefficient that has a limit: the rows that count, of one stage and indicator."""

    stage: str
    indicator: int
    limit: float
    rows: Ints

    @property
    def key(self) -> tuple[str, int]:
        """Return the stage and the place of the indicator."""
        return (self.stage, self.indicator)


@dataclass(frozen=True, eq=False)
class Problem:
    """What a county has, what it must reach, and what can be done.

    `base` (rows x indicators) are amounts, NaN where missing; `floor` and `near` what these must reach, NaN where no
    floor is in force; `counts` which indicators the school rule counts, `must` how many of them a school must meet.
    `asked` is the least number of rows of a stage that must meet the rule.
    """

    rows: tuple[Row, ...]
    indicators: tuple[str, ...]
    per: Floats
    base: Floats
    floor: Floats
    near: Floats
    counts: Bools
    must: int
    cones: tuple[Cone, ...]
    steps: tuple[Step, ...]
    pools: tuple[Pool, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def pupils(self) -> Floats:
        """Return the enrolment of each row."""
        return np.array([row.pupils for row in self.rows], dtype=np.float64)

    @cached_property
    def by_cell(self) -> dict[Cell, list[tuple[int, float]]]:
        """Return which steps change each cell, and by how much a unit does."""
        lists: dict[Cell, list[tuple[int, float]]] = {}
        for number, step in enumerate(self.steps):
            for cell, slope in step.effects:
                lists.setdefault(cell, []).append((number, slope))
        return lists

    @cached_property
    def costs(self) -> Floats:
        """Return what a unit of each step costs, in yuan."""
        return np.array([step.cost for step in self.steps], dtype=np.float64)

    @cached_property
    def cone_of(self) -> dict[tuple[str, int], Cone]:
        """Return the cones by stage and place of the indicator."""
        return {cone.key: cone for cone in self.cones}

    @cached_property
    def ruled(self) -> Bools:
        """Return which cells the school rule looks at: counted, with a floor and an amount."""
        return np.asarray(self.counts[None, :] & ~np.isnan(self.floor) & ~np.isnan(self.base))

    @cached_property
    def lacking(self) -> Ints:
        """Return how many counted amounts of each row are missing: met in the best case."""
        return np.asarray((self.counts[None, :] & ~np.isnan(self.floor) & np.isnan(self.base)).sum(axis=1))

    def amounts(self, units: Floats) -> Floats:
        """Return the amounts (rows x indicators) after so many units of each step."""
        reached = self.base.copy()
        for number in np.flatnonzero(units):
            for cell, slope in self.steps[number].effects:
                reached[cell] += slope * units[number]
        return reached

    def reaches(self, amount: float, cell: Cell, bar: Floats) -> bool:
        """Return whether an amount of a cell reaches a bar, as the judge compares them: per pupil, rounded."""
        per, pupils = float(self.per[cell.indicator]), self.rows[cell.row].pupils
        return rounding.holds(amount / pupils * per, float(bar[cell]) / pupils * per, Sense.AT_LEAST)

    def met(self, amounts: Floats, bar: Floats) -> Bools:
        """Return which ruled cells reach a bar."""
        cells = np.zeros(self.base.shape, dtype=bool)
        for row, indicator in zip(*np.nonzero(self.ruled), strict=True):
            cell = Cell(int(row), int(indicator))
            gap = (amounts[cell] - bar[cell]) / bar[cell] if bar[cell] else amounts[cell]
            cells[cell] = gap > SLACK or (gap > -SLACK and self.reaches(float(amounts[cell]), cell, bar))
        return cells

    def kept(self, amounts: Floats) -> Bools:
        """Return which rows meet the school rule, missing amounts counted as met."""
        if not self.must:
            return np.ones(len(self.rows), dtype=bool)
        near = self.met(amounts, self.near) | ~self.ruled
        enough = self.met(amounts, self.floor).sum(axis=1) + self.lacking >= self.must
        return np.asarray(near.all(axis=1) & enough)

    def coefficient(self, amounts: Floats, cone: Cone) -> float:
        """Return the coefficient of a cone's rows; inf where their mean is 0."""
        x, p = amounts[cone.rows, cone.indicator], self.pupils[cone.rows]
        mean = x.sum() / p.sum()
        if mean <= 0:
            return float("inf")
        apart = x / p - mean
        return float(np.sqrt((p * apart**2).sum() / p.sum()) / mean)

    def within(self, amounts: Floats, cone: Cone) -> bool:
        """Return whether a coefficient is within its limit, as the judge compares them."""
        value = self.coefficient(amounts, cone)
        return bool(np.isfinite(value)) and rounding.holds(value, cone.limit, Sense.AT_MOST)

    def over(self, amounts: Floats) -> list[Cone]:
        """Return the cones whose coefficient is above its limit."""
        return [cone for cone in self.cones if not self.within(amounts, cone)]

    def satisfied(self, amounts: Floats) -> bool:
        """Return whether every row meets its rule and every coefficient its limit; of rows, as many as are asked."""
        kept, stages = self.kept(amounts), [row.stage for row in self.rows]
        enough = all(
            sum(bool(ok) for ok, stage in zip(kept, stages, strict=True) if stage == each)
            >= self.asked.get(each, stages.count(each))
            for each in set(stages)
        )
        return enough and not self.over(amounts)

    def shared(self, units: Floats) -> bool:
        """Return whether steps take no more of what they share than there is, and as many arrive as leave."""
        for pool in self.pools:
            used = float(units[list(pool.plus)].sum() - units[list(pool.minus)].sum())
            if used > pool.most + NOTHING or (pool.balance and used < -NOTHING):
                return False
        return True

    def cost(self, units: Floats) -> float:
        """Return what so many units cost, in yuan."""
        return float(units @ self.costs)
