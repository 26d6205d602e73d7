"""The national difference rate and the county's own test, side by side."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.tell.findings import Finding

if TYPE_CHECKING:
    from analysis.tell.report import Report


@dataclass(frozen=True)
class OwnRate:
    """The rate of a county's own test with its 95 % interval and the confidence that it is below the limit."""

    finding: Finding
    value: float
    low: float | None
    high: float | None
    p_below: float | None
    schools: int
    pupils: int
    eta2: float | None
    anova: float | None


def own_rate(finding: Finding) -> OwnRate | None:
    """Return what the evidence of a finding `rate_own` holds; None where the test gave no rate."""
    if finding.value is None:
        return None
    told = finding.told
    return OwnRate(
        finding,
        finding.value,
        told.get("ci_low"),
        told.get("ci_high"),
        told.get("p_below"),
        int(told.get("schools") or 0),
        int(told.get("pupils") or 0),
        told.get("eta2"),
        told.get("anova"),
    )


def rates(report: "Report") -> list[tuple[Finding | None, OwnRate | None]]:
    """Return national finding and own test per subject and grade, in the order of the standard's subjects."""
    national: dict[tuple[str | None, int | None], Finding] = {
        (one.subject, one.grade): one for one in report.now.where(item="rate") if one.subject
    }
    own = {(one.subject, one.grade): own_rate(one) for one in report.now.where(item="rate_own")}
    order = list(report.standard.monitoring.subjects) if report.standard.monitoring else []
    keys: list[tuple[str | None, int | None]] = sorted(
        national.keys() | own.keys(),
        key=lambda key: (order.index(key[0]) if key[0] in order else len(order), -(key[1] or 0)),
    )
    return [(national.get(key), own.get(key)) for key in keys]
