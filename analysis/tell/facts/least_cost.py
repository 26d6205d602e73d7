"""The least that must be done so that the resources meet the standard: found once a case."""

from dataclasses import dataclass

from analysis.clean import Records
from analysis.errors import DataError
from analysis.least_cost import Costs, Ground, Limits, Plan, Wish, costs_of, examples, ground_of, limits_of, plan_of
from analysis.least_cost.model import Problem
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once

#: An emergency stops a search of a report after so many seconds of processor time; its plan is then not printed.
SECONDS = 300.0


@dataclass(frozen=True)
class Least:
    """The plan with the usual reserve, the bare one, and the one by which every school meets every indicator.

    `bare` and `every` are None where there is nothing to do with the reserve.
    """

    plan: Plan
    bare: Plan | None
    every: Plan | None

    @property
    def problem(self) -> Problem:
        """Return what the plan was found for."""
        return self.plan.reading.problem


@once
def least(case: Case) -> Least | None:
    """Return what a case needs at least; None where that is not asked.

    That is so where the standard judges coefficients together, or nothing is known of schools, and to the public where
    a school is hidden: sums of what schools need tell of that one too.
    """
    standard = case.standard
    if standard.composite is not None or standard.school_rule is None or case.rows.filter("in_scope").is_empty():
        return None
    if case.public and any(case.hides(stage, case.year) for stage in case.stage_ids):
        return None
    costs, limits = _own(case.records, case.year)
    ground = ground_of(case.records, standard, case.year, costs, limits)
    plan = _plan(case, costs, limits, ground, Wish(seconds=SECONDS))
    if not plan.actions:
        return Least(plan, None, None)
    bare, every = (
        _plan(case, costs, limits, ground, Wish(reserve=0.0, every=all_, seconds=SECONDS)) for all_ in (False, True)
    )
    return Least(plan, bare, every)


def _own(records: Records, year: int) -> tuple[Costs, Limits]:
    """Return an office's own prices and limits; the examples where a table of theirs can't be used."""
    try:
        return costs_of(records, year), limits_of(records, year)
    except DataError:
        return examples(), Limits()


def _plan(case: Case, costs: Costs, limits: Limits, ground: Ground, wish: Wish) -> Plan:
    records, standard = case.records, case.standard
    return plan_of(records, standard, case.county, case.year, wish, costs, limits, case.kept, ground=ground)


def left_alone(plan: Plan) -> list[tuple[str, str, str]]:
    """Return school, stage and indicator of what stays below its floor and is not touched."""
    done = {(action.school, action.stage, action.indicator) for action in plan.actions}
    left = [(row["school"], row["stage"], row["indicator"]) for row in plan.left]
    return [key for key in left if key not in done]
