"""Quality: levels and rates of the national monitoring, and the county's items."""

from dataclasses import dataclass

from analysis.judge.against_rows import CONTRADICTS
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.rates import highest, rates
from analysis.tell.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the section on quality says: levels and national rates by verdict, quality items by verdict.

    `rate_met` has the highest first, `top_rates` all that share it; `untested` are levels without a result, by the
    reason; `has_owns`: the county has tests of its own.
    """

    whole: Finding | None
    low: list[Finding]
    high: list[Finding]
    judged: list[Finding]
    rate_met: list[Finding]
    top_rates: list[Finding]
    assumed: bool
    untested: list[tuple[str, list[Finding]]]
    unmet_items: list[Finding]
    met_items: list[Finding]
    absent_items: list[Finding]
    contradicted: list[Finding]
    has_table: bool
    has_owns: bool


def facts(case: Case) -> Facts:
    """Return what the section on quality says."""
    levels = [finding for finding in case.now.where(kind=Kind.LEVEL) if finding.subject]
    national = [finding for finding in case.now.where(kind=Kind.RATE) if finding.subject]
    items = [
        finding for finding in case.now.where(field=Field.QUALITY, school=None) if finding.item in case.standard.items
    ]
    met = [finding for finding in national if finding.verdict == Verdict.MET and finding.value is not None]
    return Facts(
        whole=case.now.whole(Field.QUALITY),
        low=[finding for finding in levels if finding.verdict == Verdict.NOT_MET],
        high=[finding for finding in national if finding.verdict == Verdict.NOT_MET],
        judged=[finding for finding in levels if finding.verdict == Verdict.MET],
        rate_met=sorted(met, key=lambda finding: (-(finding.value or 0), finding.id)),
        top_rates=highest(met),
        assumed=bool(case.standard.monitoring and case.standard.monitoring.assumed and any(levels)),
        untested=_by_reason(levels),
        unmet_items=[item for item in items if item.verdict == Verdict.NOT_MET],
        met_items=[item for item in items if item.verdict == Verdict.MET],
        absent_items=[item for item in items if item.verdict == Verdict.NO_DATA],
        contradicted=[item for item in items if item.reason in CONTRADICTS.values()],
        has_table=bool(rates(case)),
        has_owns=any(own for _, own in rates(case)),
    )


def _by_reason(levels: list[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return the levels without a result under each reason for that."""
    reasons: dict[str, list[Finding]] = {}
    for finding in levels:
        if finding.verdict == Verdict.NO_DATA and finding.reason:
            reasons.setdefault(finding.reason, []).append(finding)
    return list(reasons.items())
