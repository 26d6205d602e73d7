"""Data: what the report rests on, what was corrected or set aside and why."""

from dataclasses import dataclass

from analysis import ids
from analysis.standards.monitoring import Monitoring
from analysis.tables import Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.cells_otherwise_read import Aside, Mended, mended_cells, rows_aside
from analysis.tell.facts.coverage import Coverage, corrected, coverage
from analysis.tell.facts.unsure_practices import Hanging, hanging
from analysis.tell.facts.visits import visits
from analysis.tell.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on data says.

    `c` is what the statistics cover, `corrections` the cells changed by entries, `aside` the rows set aside;
    `verified` and `differing` count values of a field check; `judges_rates`: the standard limits difference rates;
    `hangs`: what is not sure, and without which verdicts would be others.
    """

    c: Coverage
    overall: Finding | None
    verified: int
    differing: int
    corrections: list[Mended]
    aside: list[Aside]
    monitoring: Monitoring | None
    judges_rates: bool
    hangs: list[Hanging]


def monitored(case: Case) -> Monitoring | None:
    """Return how the standard reads the national monitoring, where the county has results of it."""
    known = any(finding.data_year for finding in case.now.where(kind=Kind.LEVEL))
    return case.standard.monitoring if known else None


def facts(case: Case) -> Facts:
    """Return what the chapter on data says."""
    return Facts(
        c=coverage(case),
        overall=case.finding(ids.OVERALL),
        verified=visits(case).height,
        differing=visits(case).filter("differs").height,
        corrections=mended_cells(case, corrected()),
        aside=rows_aside(case),
        monitoring=monitored(case),
        judges_rates=case.standard.monitoring is not None,
        hangs=hanging(case),
    )
