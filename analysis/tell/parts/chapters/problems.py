"""Problems and the ledger: what is not met, heaviest first, with what is missing in countable things."""

from dataclasses import dataclass

from analysis import ids
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacles import Obstacle, Shortfall, failing, obstacles, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class Total:
    """What all schools that miss the rule lack of one indicator."""

    indicator: str
    id: str
    missing: int
    schools: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on problems says.

    `allowed` are shortfalls within what the rule allows, `most` how many are named; `has_failing`: some school that
    misses its rule is shown; `unshown`: none is, though some do.
    """

    overall: Finding | None
    matters: list[Obstacle]
    most: int
    allowed: list[Shortfall]
    has_failing: bool
    unshown: bool
    totals: list[Total]


def facts(case: Case) -> Facts:
    """Return what the chapter on problems says."""
    below = shortfalls(case)
    short = [shortfall for shortfall in below if shortfall.breaks]
    totals = []
    for indicator in case.standard.indicators:
        here = [shortfall for shortfall in short if shortfall.finding.indicator == indicator]
        if here:
            names = {shortfall.school for shortfall in here}
            totals.append(
                Total(indicator, here[0].finding.id, sum(shortfall.missing for shortfall in here), len(names))
            )
    return Facts(
        overall=case.finding(ids.OVERALL),
        matters=obstacles(case),
        most=wording.emphasis()["listed"]["problems"],
        allowed=[
            shortfall
            for shortfall in below
            if shortfall.allowed and case.may_show(shortfall.school, shortfall.finding.stage)
        ],
        has_failing=bool(failing(case)),
        unshown=not failing(case) and bool(case.now.where(kind=Kind.SCHOOL_RULE, verdict=Verdict.NOT_MET)),
        totals=totals if len(short) > 1 else [],
    )
