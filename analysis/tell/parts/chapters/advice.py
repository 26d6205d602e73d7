"""What is asked of the county: one line for each problem."""

from dataclasses import dataclass

from analysis import ids
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacles import obstacles
from analysis.tell.findings import Finding
from analysis.tell.parts.chapters.conclusion import risks


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Whether there is a table of problems, or at least something near its limit."""

    overall: Finding | None
    has_table: bool
    risks: bool


def facts(case: Case) -> Facts:
    """Return what the chapter on advice says."""
    return Facts(overall=case.finding(ids.OVERALL), has_table=bool(obstacles(case)), risks=bool(risks(case, 1)))
