"""What the plan of least cost does, as a report prints it: action by action where there are few, else summed up by
what is done. The workbook has the actions one by one.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from analysis.least_cost.actions import Action
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import least
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import least_cost
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text
from analysis.tell.parts.tables.least_cost import PLACES, WAN

COLUMNS = [
    Column("stage"),
    Column("action"),
    Column("schools", pl.Float64, number=True),
    Column("most"),
    Column("cost", pl.Float64, number=True),
]
#: Why an action costs nothing: its persons are those of another.
SAME_HIRE = "same_hire"


def table(case: Case) -> Table | None:
    """Return the actions where they are few enough to be listed, else a row for each thing that is done in a stage,
    dearest first, and what all comes to; None where the full table is.
    """
    one_by_one = least_cost.table(case)
    if one_by_one is None or not summed(case):
        return one_by_one
    plan = _actions(case)
    groups: dict[tuple[str, str, str, bool], list[Action]] = {}
    for action in plan:
        key = (action.stage, action.indicator, action.kind, action.reason == SAME_HIRE)
        groups.setdefault(key, []).append(action)
    dearest = sorted(groups.items(), key=lambda pair: (-_cost(pair[1]), pair[0]))
    rows = [_row(case, actions) for _, actions in dearest]
    found = least(case)
    assert found is not None
    return make(
        case,
        "least_cost",
        COLUMNS,
        [*rows, _total(case, plan)],
        name="least_cost_sums",
        reserve=found.plan.wish.reserve,
        example=found.plan.costs.example,
    )


def summed(case: Case) -> bool:
    """Return whether a report sums up what the plan does, because there is too much to be listed."""
    return len(_actions(case)) > int(wording.emphasis()["listed"]["actions"])


def _actions(case: Case) -> Sequence[Action]:
    found = least(case)
    return found.plan.actions if found else ()


def _row(case: Case, actions: Sequence[Action]) -> dict[str, Value]:
    """Return what is done to one indicator in one way: how much in all, in how many schools, where most."""
    first = actions[0]
    amount = sum(action.amount for action in actions)
    said = case.word("ways", first.kind).format(what=numbers.missing(amount) + case.counted(first.indicator))
    if first.reason == SAME_HIRE:
        said = case.word("labels", "with_unit").format(name=said, unit=case.word("whys", SAME_HIRE))
    most = sorted(actions, key=lambda action: (-action.amount, action.school))[
        : int(wording.emphasis()["listed"]["places"])
    ]
    return {
        "stage": text(case.word("stages", first.stage)),
        "action": text(said),
        "schools": count(_schools(actions), case),
        "most": text(case.word("lists", "between").join(case.school(action.school) for action in most)),
        **_spent(actions),
    }


def _total(case: Case, actions: Sequence[Action]) -> dict[str, Value]:
    return {
        "stage": text(case.word("cells", "total")),
        "action": text(blank(case)),
        "schools": count(_schools(actions), case),
        "most": text(blank(case)),
        **_spent(actions),
    }


def _spent(actions: Iterable[Action]) -> dict[str, Value]:
    cost = _cost(actions) / WAN
    return {"cost": number(cost, numbers.decimal(cost, PLACES))}


def _cost(actions: Iterable[Action]) -> float:
    return sum(action.cost for action in actions)


def _schools(actions: Iterable[Action]) -> int:
    return len({action.school for action in actions})
