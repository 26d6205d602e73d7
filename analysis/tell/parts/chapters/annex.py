"""The annex: what its tables hold."""

from dataclasses import dataclass

from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the annex says: stages with tables, whether the overview has anything to show."""

    stages: list[str]
    overview: bool


def facts(case: Case) -> Facts:
    """Return which stages have tables, and whether the overview has anything to show."""
    return Facts(
        stages=case.stage_ids,
        overview=any(
            finding.value is not None and case.may_show(finding.school, finding.stage)
            for finding in case.now.where(kind=Kind.FLOOR, verdict=Verdict.NOT_MET)
        ),
    )
