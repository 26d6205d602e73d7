"""The annex on coefficients: which tables it has."""

from dataclasses import dataclass

from analysis.tell.case.case import Case
from analysis.tell.facts.pace import compared
from analysis.tell.parts.figures.trends import has_trends


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Whether there are coefficients, a year before, and years to compare."""

    has_table: bool
    before: int | None
    has_improvement: bool


def facts(case: Case) -> Facts:
    """Return which tables of coefficients there are."""
    return Facts(has_table=has_trends(case), before=case.before, has_improvement=bool(compared(case)))
