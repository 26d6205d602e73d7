"""The least-cost plan of a county: searched for, made whole, judged again, and told action by action."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from analysis.clean import Records
from analysis.judge import rounding
from analysis.least_cost import budget, judged_again
from analysis.least_cost.actions import Action, actions_of
from analysis.least_cost.costs import Costs, examples
from analysis.least_cost.greedy import greedy
from analysis.least_cost.lacking import limits_lacking
from analysis.least_cost.model import Problem
from analysis.least_cost.moves import Distances, most_a_year, with_moves
from analysis.least_cost.objective import Goal, Status, Wish
from analysis.least_cost.reading import Ground, Limits, Reading, ground_of, problem_of
from analysis.least_cost.search_cache import searched
from analysis.least_cost.subproblem import Effort, Found
from analysis.least_cost.within_budget import reach
from analysis.least_cost.years import asked_by, calendar
from analysis.standards import Standard
from analysis.statistics.arrays import Floats
from analysis.tables import Stage

#: Below this part of the cost, and so many yuan, the gap is none that a printed figure shows.
PROVEN, UNSEEN = 1e-4, 500.0
#: Yuan below which cost and bound differ by binary noise alone.
NOISE = 1e-2
#: Years looked ahead, to tell from when a sum is there.
MOST_YEARS = 30
STAGES = [stage.value for stage in Stage]


@dataclass(frozen=True, eq=False)
class Plan:
    """What comes of a wish. `units` are those of each step of the problem (None: there is no plan).

    `gap` is (cost - bound) / cost. `rules` are what two rules of thumb cost: every floor (naive), and with what the
    school rule allows (None: they come to nothing). `money` says what sums bring how many schools to the rule.
    """

    county: str
    year: int
    standard: str
    wish: Wish
    status: Status
    cost: float | None
    bound: float | None
    units: Floats | None
    reading: Reading
    actions: tuple[Action, ...]
    coefficients: tuple[Mapping[str, Any], ...]
    left: tuple[Mapping[str, Any], ...]
    money: tuple[Mapping[str, Any], ...]
    rules: tuple[float | None, float | None]
    shortfall: Mapping[str, Any] | None = None
    reached: Mapping[str, Any] | None = None
    work: int = 0
    stopped: bool = False
    costs: Costs = field(default_factory=examples)

    @property
    def gap(self) -> float | None:
        """Return the part of the cost that is not proven to be needed."""
        if self.cost is None or self.bound is None:
            return None
        return max(self.cost - self.bound, 0.0) / self.cost if self.cost else 0.0

    @property
    def schools(self) -> int:
        """Return in how many schools something is to be done."""
        return len({action.school for action in self.actions})


def plan_of(
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    wish: Wish | None = None,
    costs: Costs | None = None,
    limits: Limits | None = None,
    folder: Path | None = None,
    distances: Distances | None = None,
    ground: Ground | None = None,
) -> Plan:
    """Return the cheapest plan by which a county meets the resources of a standard, judged again by the ordinary judge.

    What a search comes to is kept in `folder`, where there is one; `ground` is that of the same records, standard,
    year, costs and limits, where several wishes are asked. Raises RequestError for a standard that is not judged
    indicator by indicator, BrokenPromiseError where the judge does not confirm what the plan promises.
    """
    wished, prices, known = wish or Wish(), costs or examples(), limits or Limits()
    reading = problem_of(ground or ground_of(records, standard, year, prices, known), wished)
    moving = most_a_year(records, year, wished.transfers)
    if wished.transfers:
        spans = max((wished.by or year + 1) - year, 1)
        reading = replace(reading, problem=with_moves(reading.problem, moving * spans, prices, distances))
    effort = Effort(until=time.process_time() + wished.seconds)
    maker = _Maker(records, standard, county, reading, wished, prices, effort, folder, moving)
    return maker.least() if wished.goal is Goal.COST else maker.most()


def status_of(answer: Found, gap: float) -> Status:
    """Return how far what a search found is proven to be the cheapest; a part `gap` of the cost may be open."""
    if answer.units is None:
        return Status.INFEASIBLE
    if not answer.units.any():
        return Status.NOTHING_TO_DO
    missing = (answer.cost - answer.bound) / answer.cost if answer.cost else 0.0
    if missing <= PROVEN and answer.cost - answer.bound <= UNSEEN:
        return Status.OPTIMAL
    return Status.WITHIN_GAP if missing <= gap else Status.FEASIBLE


@dataclass(frozen=True, eq=False)
class _Maker:
    """Everything that a plan is made from."""

    records: Records
    standard: Standard
    county: str
    reading: Reading
    wish: Wish
    costs: Costs
    effort: Effort
    folder: Path | None
    moving: float

    @property
    def problem(self) -> Problem:
        return self.reading.problem

    def least(self) -> Plan:
        """Return the plan of least cost, or what stands in its way."""
        problem = self.problem
        if problem.kept(problem.base).all() and not problem.over(problem.base):
            return self._plan(Found(np.zeros(len(problem.steps)), 0.0, 0.0), (0.0, 0.0))
        answer = searched(problem, self.effort, self.folder)
        by_hand = [None if answer.infeasible else greedy(problem, by_rule) for by_rule in (False, True)]
        rules = tuple(None if units is None else problem.cost(units) for units in by_hand)
        for units in by_hand:
            if units is not None and (answer.units is None or problem.cost(units) < answer.cost):
                bound = answer.bound if np.isfinite(answer.bound) else 0.0
                answer = replace(answer, units=units, cost=problem.cost(units), bound=bound)
        if answer.units is None:
            short, units = limits_lacking(problem, self.effort)
            if units is None:
                return self._plan(answer, (None, None), shortfall=short)
            answer = replace(answer, units=units, cost=problem.cost(units), bound=0.0)
        needs, floors = budget.needs_of(problem, self.effort)
        if self.wish.budget and answer.cost > sum(self.wish.budget):
            return self._beyond_budget(answer, needs, floors)
        return self._in_time(answer, (rules[0], rules[1]), needs)

    def most(self) -> Plan:
        """Return the plan that brings the most schools, or pupils, to the rule within the budget."""
        problem = self.problem
        needs, answer = budget.needs_of(problem, self.effort)
        money = sum(self.wish.budget)
        got = reach(problem, needs, answer, money, self.wish.goal, self.effort)
        cost = problem.cost(got.units)
        kept = problem.kept(problem.base)
        open_schools = {problem.rows[row].school for row in np.flatnonzero(~kept)}
        of = {row.school for row in problem.rows}
        reached = {
            "schools": len(got.schools),
            "pupils": int(sum(row.pupils for row in problem.rows if row.school in got.schools)),
            "of": len(of),
            "before": len(of - open_schools),
            "budget": money,
            "proven": got.proven,
        }
        chosen = Found(got.units, cost, cost if got.proven else 0.0, work=answer.work)
        return self._plan(chosen, (None, None), needs=needs, reached=reached, schools=got.schools)

    def _in_time(self, answer: Found, rules: tuple[float | None, float | None], needs: list[budget.Need]) -> Plan:
        """Return the plan with its years; where the years between leave none, what is missing."""
        if self.wish.by is None:
            return self._plan(answer, rules, needs=needs)
        years = list(range(self.reading.year + 1, self.wish.by + 1))
        assert answer.units is not None
        budgets = dict(enumerate(self.wish.budget, start=years[0])) if len(self.wish.budget) > 1 else {}
        milestones = asked_by(self.standard, self.problem, years)
        when = calendar(self.problem, answer.units, years, milestones, budgets, self.moving, self.effort.seconds)
        if when.year_of is None:
            missing = self._first_lacking(answer.units, years, milestones, budgets, needs)
            return self._plan(replace(answer, units=None), rules, needs=needs, shortfall=missing)
        return self._plan(answer, rules, needs=needs, year_of=when.year_of)

    def _first_lacking(
        self,
        units: Floats,
        years: list[int],
        milestones: Mapping[tuple[int, str], int],
        budgets: Mapping[int, float],
        needs: list[budget.Need],
    ) -> dict[str, Any]:
        """Return the first milestone that its years' budgets do not reach, and what more they would need to have."""
        cost_of = {need.school: need.cost for need in needs}
        kept = self.problem.kept(self.problem.base)
        for (year, stage), asked in sorted(milestones.items()):
            rows = [n for n, row in enumerate(self.problem.rows) if row.stage == stage]
            open_ = sorted(cost_of[self.problem.rows[n].school] for n in rows if not kept[n])
            lacking = asked - sum(bool(kept[n]) for n in rows)
            money = sum(budgets.get(y, 0.0) for y in years if y <= year)
            if budgets and lacking > 0 and sum(open_[:lacking]) > money:
                needed = sum(open_[:lacking])
                return {
                    "kind": "milestone",
                    "year": year,
                    "stage": stage,
                    "schools": lacking,
                    "needed": needed,
                    "budget": money,
                    "missing": needed - money,
                    "feasible_from": _from_when(needed, years, budgets),
                }
        cost, money = self.problem.cost(units), sum(budgets.get(y, 0.0) for y in years)
        short = {"needed": cost, "budget": money, "missing": max(cost - money, 0.0)}
        if not budgets or not short["missing"]:
            return {"kind": "years", **short, "feasible_from": None}
        return {"kind": "yearly_budget", "by": years[-1], **short, "feasible_from": _from_when(cost, years, budgets)}

    def _beyond_budget(self, answer: Found, needs: list[budget.Need], floors: Found) -> Plan:
        """Return what a budget lacks that is below the least cost, and what it reaches."""
        money = sum(self.wish.budget)
        within = reach(self.problem, needs, floors, money, Goal.SCHOOLS, self.effort).schools
        years = list(range(self.reading.year + 1, self.reading.year + 1 + len(self.wish.budget)))
        shortfall = {
            "kind": "budget",
            "needed": answer.cost,
            "at_least": answer.bound,
            "budget": money,
            "missing": answer.cost - money,
            "schools": len(within),
            "of": len({row.school for row in self.problem.rows}),
            "feasible_from": _from_when(answer.cost, years, dict(zip(years, self.wish.budget, strict=True)))
            if len(years) > 1
            else None,
        }
        return self._plan(replace(answer, units=None), (None, None), needs=needs, shortfall=shortfall)

    def _plan(
        self,
        answer: Found,
        rules: tuple[float | None, float | None],
        needs: list[budget.Need] | None = None,
        year_of: Mapping[str, int] | None = None,
        shortfall: Mapping[str, Any] | None = None,
        reached: Mapping[str, Any] | None = None,
        schools: Collection[str] | None = None,
    ) -> Plan:
        problem, units = self.problem, answer.units
        if units is not None and abs(answer.cost - answer.bound) < NOISE:
            answer = replace(answer, bound=answer.cost)
        status = status_of(answer, self.wish.gap)
        if units is not None and units.any():
            if not problem.shared(units):
                raise judged_again.BrokenPromiseError("shared")
            laid = judged_again.changed(self.records, problem, units, self.reading.year)
            judged_again.check(judged_again.judged_again(laid, self.standard, self.county, self.reading), schools)
        years = {n: (year_of or {}).get(step.school) for n, step in enumerate(problem.steps)}
        actions = () if units is None else actions_of(problem, units, self.standard, self.wish.reserve, years)
        return Plan(
            county=self.county,
            year=self.reading.year,
            standard=self.standard.id,
            wish=self.wish,
            status=status,
            cost=answer.cost if units is not None else None,
            bound=answer.bound if units is not None or np.isfinite(answer.bound) else None,
            units=units,
            reading=self.reading,
            actions=tuple(actions),
            coefficients=tuple(coefficients(problem, units, self.wish.reserve)),
            left=tuple(left_at_part(problem, units, self.wish.reserve)),
            money=tuple(budget.curve(needs or [])),
            rules=rules,
            shortfall=shortfall,
            reached=reached,
            work=answer.work,
            stopped=answer.stopped or self.effort.over,
            costs=self.costs,
        )


def _from_when(needed: float, years: list[int], budgets: Mapping[int, float]) -> int | None:
    """Return the first year by which budgets come to a sum, each later year having what the last of them has."""
    total, last = 0.0, 0.0
    for year in range(years[0], years[0] + MOST_YEARS):
        last = budgets.get(year, last)
        total += last
        if total >= needed:
            return year
    return None


def coefficients(problem: Problem, units: Floats | None, reserve: float) -> list[dict[str, Any]]:
    """Return each coefficient with a limit before and after a plan."""
    reached = problem.amounts(units) if units is not None else None
    rows = []
    for cone in problem.cones:
        before = problem.coefficient(problem.base, cone)
        after = None if reached is None else problem.coefficient(reached, cone)
        rows.append(
            {
                "stage": cone.stage,
                "indicator": problem.indicators[cone.indicator],
                "before": before if np.isfinite(before) else None,
                "after": after if after is not None and np.isfinite(after) else None,
                "limit": rounding.exact(cone.limit * (1 + reserve)),
            }
        )
    return sorted(rows, key=lambda row: (STAGES.index(row["stage"]), problem.indicators.index(row["indicator"])))


def left_at_part(problem: Problem, units: Floats | None, reserve: float) -> list[dict[str, Any]]:
    """Return what a plan leaves between the part of a floor that the school rule asks of the rest, and the floor."""
    reached = problem.amounts(units) if units is not None else problem.base
    bare = problem.floor / (1 + reserve)
    rows = []
    for number, place in zip(*np.nonzero(problem.ruled & ~problem.met(reached, bare)), strict=True):
        row, per = problem.rows[number], float(problem.per[place])
        rows.append(
            {
                "school": row.school,
                "stage": row.stage,
                "indicator": problem.indicators[place],
                "value": float(reached[number, place]) / row.pupils * per,
                "floor": rounding.exact(float(bare[number, place]) / row.pupils * per),
            }
        )
    return rows


def solver() -> str:
    """Return the name of the solver and its version."""
    return f"HiGHS {version('highspy')}"
