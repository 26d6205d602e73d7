"""The national difference rate and the county's own test, side by side."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from analysis.judge.rounding import exact
from analysis.statistics import planning, variance
from analysis.tables import Kind, Stage, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class OwnRate:
    """The rate of a county's own test with its 95 % interval and the confidence that it is below the limit.

    The interval is the wider one that bears schools far from all others where the verdict hangs on these.
    `eta2_bias` is how far eta squared is expected to lie from the rate with so many schools and pupils, `at_end` the
    part of pupils who have the greatest score, or the least.
    """

    finding: Finding
    value: float
    low: float | None
    high: float | None
    p_below: float | None
    schools: int
    pupils: int
    eta2: float | None
    anova: float | None
    eta2_bias: float
    at_end: float
    more_schools: int | None
    more_pupils: int | None


def own_rate(finding: Finding) -> OwnRate | None:
    """Return what the evidence of a finding `rate_own` holds; None where the test gave no rate."""
    if finding.value is None:
        return None
    detail = finding.details
    return OwnRate(
        finding,
        finding.value,
        detail.get("ci_low"),
        detail.get("ci_high"),
        detail.get("p_below"),
        int(detail.get("schools") or 0),
        int(detail.get("pupils") or 0),
        detail.get("eta2"),
        detail.get("anova"),
        _eta2_bias(finding, detail),
        detail.get("at_end") or 0.0,
        *_needed(finding, detail),
    )


def _eta2_bias(finding: Finding, detail: dict[str, Any]) -> float:
    """Return how far eta squared is expected to lie from the rate with so many schools and pupils."""
    bias = variance.eta2_bias(detail.get("schools") or np.nan, detail.get("pupils") or np.nan, finding.value or 0.0)
    return float(np.nan_to_num(bias[0]))


def _needed(finding: Finding, detail: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return how many more schools, or pupils in the same schools, would decide what the interval leaves open.

    Neither does where scores are crowded at an end: that takes another test.
    """
    open_ = finding.verdict == Verdict.UNDECIDABLE and finding.reason != "scores_crowded"
    if not open_ or finding.target is None or detail.get("usual_low") is None:
        return None, None
    rate, low, high = (np.array([float(x)]) for x in (finding.value or 0.0, detail["usual_low"], detail["usual_high"]))
    schools, pupils = (np.array([float(detail[name])]) for name in ("schools", "pupils"))
    safe = np.array([float(detail.get("p_safe") or np.nan)])
    planned = planning.needed(schools, pupils, rate, low, high, limit=finding.target, p_safe=safe)
    more = [int(each[0]) if np.isfinite(each[0]) else None for each in (planned.schools, planned.pupils)]
    return more[0], more[1]


def change_interval(
    before: float, before_low: float, before_high: float, now: float, low: float, high: float
) -> tuple[float, float]:
    """Return the 95 % interval of the change of a rate, from both rates and the ends of their intervals."""
    then, after = (_estimate(*ends) for ends in ((before, before_low, before_high), (now, low, high)))
    change = variance.rate_change(then, after)
    return float(change.low[0]), float(change.high[0])


def _estimate(rate: float, low: float, high: float) -> variance.Estimates:
    unknown, known = np.array([np.nan]), {"icc": rate, "ci_low": low, "ci_high": high}
    columns = {
        each.name: np.array([known[each.name]]) if each.name in known else unknown
        for each in fields(variance.Estimates)
    }
    return variance.Estimates(**columns | {"groups": np.zeros(1, dtype=np.int64), "note": np.array([""])})


@dataclass(frozen=True)
class Decides:
    """What would decide an open own test: more of the county's schools, more pupils, or nothing within the county.

    `there_are` are the schools of the stage in scope, `untested` those of them that were not tested.
    """

    own: OwnRate
    schools: int | None
    pupils: int | None
    there_are: int
    untested: int

    @property
    def all_tested(self) -> bool:
        """Return whether no school of the stage in scope is left to be tested."""
        return self.untested == 0


def decides(case: Case, own: OwnRate) -> Decides:
    """Return what would decide `own`: no more schools than the county has of that stage, nor pupils than of a grade."""
    grades = case.standard.grades
    stage = Stage.PRIMARY if (own.finding.grade or 0) in grades[Stage.PRIMARY] else Stage.JUNIOR
    rows = case.rows.filter(stage=stage.value, in_scope=True)
    schools = set(rows["school"].to_list())
    there_are, pupils = len(schools), float(rows["pupils"].sum() or 0) / len(grades[stage])
    asked = {"subject": own.finding.subject, "grade": own.finding.grade, "year": own.finding.data_year or case.year}
    untested = len(schools - set(case.records.scores.filter(**asked)["school"].to_list()))
    schools_do = own.more_schools is not None and own.more_schools <= untested
    pupils_do = own.more_pupils is not None and own.pupils + own.more_pupils <= pupils
    return Decides(
        own, own.more_schools if schools_do else None, own.more_pupils if pupils_do else None, there_are, untested
    )


def highest(findings: list[Finding]) -> list[Finding]:
    """Return the findings with the highest value, all of those that share it."""
    known = [finding for finding in findings if finding.value is not None]
    most = max((exact(finding.value or 0.0) for finding in known), default=None)
    return sorted((finding for finding in known if exact(finding.value or 0.0) == most), key=lambda finding: finding.id)


@once
def rates(case: Case) -> list[tuple[Finding | None, OwnRate | None]]:
    """Return national finding and own test per subject and grade, in the order of the standard's subjects."""
    national: dict[tuple[str | None, int | None], Finding] = {
        (finding.subject, finding.grade): finding for finding in case.now.where(kind=Kind.RATE) if finding.subject
    }
    own = {(finding.subject, finding.grade): own_rate(finding) for finding in case.now.where(kind=Kind.RATE_OWN)}
    order = list(case.standard.monitoring.subjects) if case.standard.monitoring else []
    keys: list[tuple[str | None, int | None]] = sorted(
        national.keys() | own.keys(),
        key=lambda key: (order.index(key[0]) if key[0] in order else len(order), -(key[1] or 0)),
    )
    return [(national.get(key), own.get(key)) for key in keys]
