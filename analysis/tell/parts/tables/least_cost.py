"""What the plan of least cost does, school by school: how much, from what to what, for how much, and why there."""

import polars as pl

from analysis.least_cost.actions import Action
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import least
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

COLUMNS = [
    Column("school"),
    Column("stage"),
    Column("action"),
    Column("before", pl.Float64, number=True),
    Column("after", pl.Float64, number=True),
    Column("floor", pl.Float64, number=True),
    Column("cost", pl.Float64, number=True),
    Column("why"),
]
#: Yuan in which costs are told, and their decimals.
WAN, PLACES = 1e4, 2


def table(case: Case) -> Table | None:
    """Return one row per action, dearest school first; None to the public, and where there is no plan."""
    plan_found = least(case)
    if case.public or plan_found is None or plan_found.plan.stopped or not plan_found.plan.actions:
        return None
    spent: dict[str, float] = {}
    for action in plan_found.plan.actions:
        spent[action.school] = spent.get(action.school, 0.0) + action.cost
    actions = sorted(plan_found.plan.actions, key=lambda action: (-spent[action.school], action.school))
    part = case.standard.school_rule.rest_part if case.standard.school_rule else 1.0
    return make(
        case,
        "least_cost",
        COLUMNS,
        [_row(case, action, part) for action in actions],
        reserve=plan_found.plan.wish.reserve,
        example=plan_found.plan.costs.example,
    )


def _row(case: Case, action: Action, part: float) -> dict[str, Value]:
    return {
        "school": text(case.school(action.school)),
        "stage": text(case.word("stages", action.stage)),
        "action": text(_said(case, action)),
        "before": _shown(case, action, action.before),
        "after": _shown(case, action, action.after),
        "floor": _shown(case, action, action.floor),
        "cost": number(action.cost / WAN, numbers.decimal(action.cost / WAN, PLACES)),
        "why": text(_why(case, action, part)),
    }


def _shown(case: Case, action: Action, value: float | None) -> Value:
    if value is None:
        return number(None, blank(case))
    return number(value, numbers.decimal(value, case.standard.indicators[action.indicator].decimals))


def _said(case: Case, action: Action) -> str:
    what = numbers.missing(action.amount) + case.counted(action.indicator)
    said = case.word("ways", action.kind).format(what=what)
    return said if action.start is None else said + case.word("ways", "start").format(school=case.school(action.start))


def _why(case: Case, action: Action, part: float) -> str:
    return case.word("whys", action.reason).format(part=numbers.part(part))
