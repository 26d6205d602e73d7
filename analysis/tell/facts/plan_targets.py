"""A plan's own targets as a report tells them: beside the verdict of the framework, never instead of it."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from analysis import ids, judge
from analysis.measure import COMPOSITE
from analysis.standards import Plan
from analysis.standards.load import own
from analysis.standards.milestones import milestones
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class Floors:
    """What a plan asks of each school in one indicator and stage: how many of the schools in scope reach it, or reach
    what is to come.

    `finding` is that of the first school; `verdict` is set where no school can be judged, and all for one reason.
    """

    finding: Finding
    met: int
    schools: int
    verdict: str


@dataclass(frozen=True)
class Milestone:
    """One dated target: `finding` is what was reached by then (this year's where the day is to come), its target the
    milestone's; None where a level or a rate has one finding per subject, or the year has no data. A floor has one per
    school, and `floors` says how many reach it."""

    item: str
    stage: str | None
    day: date
    value: float | None
    coming: bool
    finding: Finding | None
    verdict: str
    floors: Floors | None = None


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan laid over its framework: `case` is told by the plan's standard."""

    plan: Plan
    case: Case

    def targets(self) -> list[Finding]:
        """Return the findings that count for the plan, in the order of its framework."""
        beside = (Kind.ALL, Kind.SCHOOL_RULE)
        return [finding for finding in self.case.now.plan if finding.school is None and finding.kind not in beside]

    def floors(self) -> list[Floors]:
        """Return what the plan asks of each school, per indicator and stage."""
        by_floor: dict[tuple[str, str | None], list[Finding]] = {}
        for finding in self.case.now.plan:
            if finding.kind == Kind.FLOOR:
                by_floor.setdefault((finding.item, finding.stage), []).append(finding)
        return [_floors(rows) for rows in by_floor.values()]

    def milestones(self) -> list[Milestone]:
        """Return the plan's dated targets in the order of their days; those that hold from its first day are none."""
        table = milestones(self.plan).filter(pl.col("from") > self.plan.standard.since)
        columns = ("item", "stage", "from", "value")
        return [_milestone(self.case, *row) for row in table.select(columns).iter_rows()]


def _floors(rows: list[Finding]) -> Floors:
    verdicts = {row.verdict for row in rows}
    alike = verdicts.pop() if len(verdicts) == 1 else ""
    early = alike == Verdict.NOT_IN_FORCE.value
    met = sum(
        (row.margin or 0.0) >= 0 and row.margin is not None if early else row.verdict == Verdict.MET.value
        for row in rows
    )
    judged = alike in {"", Verdict.MET.value, Verdict.NOT_MET.value}
    return Floors(rows[0], met, len(rows), "" if judged else alike)


def _milestone(case: Case, item: str, stage: str | None, day: date, value: float | None) -> Milestone:
    coming = day.year > case.year
    findings = [
        finding
        for finding in case.at(case.year if coming else day.year).plan
        if (finding.item, finding.stage) == (item, stage)
    ]
    if findings and findings[0].kind == Kind.FLOOR:
        floors = _floors(findings)
        said = Verdict.NOT_IN_FORCE.value if coming else floors.verdict
        return Milestone(item, stage, day, value, coming, replace(floors.finding, target=value), said, floors)
    rows = [finding for finding in findings if finding.school is None]
    verdict = judge.combine([row.verdict for row in rows]).value if rows else Verdict.NO_DATA.value
    return Milestone(
        item,
        stage,
        day,
        value,
        coming,
        replace(rows[0], target=value) if len(rows) == 1 else None,
        Verdict.NOT_IN_FORCE.value if coming else verdict,
    )


@once
def planned(case: Case) -> Planned | None:
    """Return the plan of a report, spoken of by its own standard; None without a plan."""
    return Planned(case.laid, case.by(case.laid.standard)) if case.laid else None


def articles(plan: str) -> dict[str, str]:
    """Return where the plan's own text speaks of each item; what it takes over from its framework is not there."""
    entries = own(plan)
    articles = {name: str(item.get("article") or "") for name, item in (entries.get("items") or {}).items()}
    rule = entries.get("school_rule") or {}
    articles["schools"] = str((rule.get("schools") or {}).get("article") or rule.get("article") or "")
    articles["three_years"] = str((entries.get("certificate") or {}).get("article") or "")
    articles[ids.cv(COMPOSITE)] = str((entries.get("composite") or {}).get("article") or "")
    articles["recognition"] = str(((entries.get("recognition") or {}).get("target") or {}).get("article") or "")
    for name, indicator in (entries.get("indicators") or {}).items():
        articles |= {make(name): str(indicator.get("article") or "") for make in (ids.floor, ids.cv)}
    monitoring = entries.get("monitoring") or {}
    return articles | {name: str((monitoring.get(name) or {}).get("article") or "") for name in ("level", "rate")}
