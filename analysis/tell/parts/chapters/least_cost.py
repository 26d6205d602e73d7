"""What it takes to meet the standard: the least, with the proof that nothing cheaper does."""

import math
from dataclasses import dataclass
from typing import Any

from analysis import ids
from analysis.least_cost import Plan
from analysis.least_cost.output import paragraph
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import least, left_alone
from analysis.tell.parts.figures.least_cost import Turn, turn

#: Shares are told in tenths of a per cent; what may still be saved is rounded up.
TENTHS = 1000


@dataclass(frozen=True)
class Lowered:
    """A coefficient that is over its limit today, and what the plan brings it to."""

    stage: str
    indicator: str
    id: str
    before: float
    after: float
    limit: float


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on the plan of least cost says; `plan` is None where there is nothing to say.

    `whole` is the id of the finding on the resources; `schools` and `over` are what is not met today: schools, and
    coefficients. `left` is how many values a plan leaves between 85 % and their floor without doing anything there.
    `spare` is the part of the cost that is not proven to be needed, `lacking` says why there is no plan, `turn` from
    where on more only raises the figure's coefficient.
    """

    plan: Plan | None
    bare: Plan | None
    every: Plan | None
    whole: str
    schools: int
    over: int
    lowered: list[Lowered]
    left: int
    lacking: str
    spare: float
    turn: Turn | None


def facts(case: Case) -> Facts:
    """Return what the chapter says."""
    plan_found = least(case)
    if plan_found is None:
        return _nothing()
    plan = plan_found.plan
    names = {code: case.school(code) for code in case.rows["school"].unique().to_list()}
    return Facts(
        plan=plan,
        bare=plan_found.bare,
        every=plan_found.every,
        whole=ids.whole(Field.RESOURCES),
        schools=len({f.school for f in case.now.where(kind=Kind.SCHOOL_RULE) if f.verdict == Verdict.NOT_MET}),
        over=sum(f.verdict == Verdict.NOT_MET for f in case.now.where(kind=Kind.CV)),
        lowered=list(_lowered(plan)),
        left=len(left_alone(plan)),
        spare=0.0 if plan.gap is None else math.ceil(plan.gap * TENTHS) / TENTHS,
        lacking="" if plan.shortfall is None else paragraph(plan, names, case.lang, public=case.public),
        turn=None if case.public else turn(case, plan_found),
    )


def _nothing() -> Facts:
    return Facts(
        plan=None,
        bare=None,
        every=None,
        whole="",
        schools=0,
        over=0,
        lowered=[],
        left=0,
        lacking="",
        spare=0.0,
        turn=None,
    )


def _lowered(plan: Plan) -> list[Lowered]:
    rows: list[Any] = [row for row in plan.coefficients if row["after"] is not None and row["before"] is not None]
    return [
        Lowered(
            row["stage"],
            row["indicator"],
            ids.finding(Field.RESOURCES.value, ids.cv(row["indicator"]), row["stage"]),
            row["before"],
            row["after"],
            row["limit"],
        )
        for row in rows
        if row["before"] > row["limit"]
    ]
