"""What changed since the last year with data.

A coefficient of all schools has no sampling error: it changed when it moved.
"""

from dataclasses import dataclass

from analysis import ids
from analysis.judge.rounding import exact
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.facts.movers import Cause, cause
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording


@dataclass(frozen=True)
class Moved:
    """A coefficient in two years, `difference` = now - before; `changed`: by `moved` (emphasis.yml) or more.

    `cause` is None where it did not change, or may not be told.
    """

    stage: str
    indicator: str
    now: Finding
    before: Finding
    difference: float
    changed: bool
    cause: Cause | None

    @property
    def crossed(self) -> bool:
        """Whether the verdict is another one now."""
        return self.now.verdict != self.before.verdict


@dataclass(frozen=True)
class Counted:
    """Schools of a stage that meet the school rule, and those of which that is not known, in two years."""

    stage: str
    finding: Finding
    met: int
    schools: int
    unknown: int
    met_before: int
    schools_before: int
    unknown_before: int

    @property
    def unmet(self) -> int:
        """Return how many schools do not meet the rule this year."""
        return self.schools - self.met - self.unknown

    @property
    def comparable(self) -> bool:
        """Whether every school of both years is judged: only then is a change of the number one of the schools."""
        return self.schools_before > 0 and self.unknown == self.unknown_before == 0


@dataclass(frozen=True)
class Retested:
    """A subject and grade whose result counts this year, with level and rate of the round before."""

    now: Finding
    year_before: int
    now_level: Finding | None
    now_rate: Finding | None
    level: float | None
    rate: float | None

    @property
    def same_rate(self) -> bool:
        """Whether the two rates read alike."""
        both = self.rate is not None and self.now_rate is not None and self.now_rate.value is not None
        return both and numbers.ratio(self.rate or 0.0) == numbers.ratio((self.now_rate and self.now_rate.value) or 0.0)

    @property
    def told_apart(self) -> bool:
        """Whether level or rate read otherwise than the round before."""
        levels = self.level is not None and self.now_level is not None and self.level != self.now_level.value
        return levels or (self.rate is not None and not self.same_rate)

    @property
    def failing(self) -> bool:
        """Whether level or rate is not met now."""
        return any(
            finding is not None and finding.verdict == Verdict.NOT_MET for finding in (self.now_level, self.now_rate)
        )


@once
def moved(case: Case) -> list[Moved]:
    """Return every coefficient that two years have, the largest movement first."""
    if case.before is None:
        return []
    threshold = wording.emphasis()["moved"]
    moved_findings = []
    for now in case.now.where(kind=Kind.CV):
        before = case.at(case.before).get(now.id)
        if before is None or now.value is None or before.value is None or not now.stage:
            continue
        if now.verdict not in DECIDED or before.verdict not in DECIDED:
            continue
        difference = now.value - before.value
        changed = exact(abs(difference)) >= threshold
        why = cause(case, now.stage, now.indicator, difference) if changed else None
        moved_findings.append(Moved(now.stage, now.indicator, now, before, difference, changed, why))
    return sorted(moved_findings, key=lambda move: (-abs(move.difference), move.now.id))


def only_composite(case: Case) -> bool:
    """Return whether the composite coefficient is judged and no single one."""
    return case.standard.composite is not None and not any(row.indicator for row in case.now.where(kind=Kind.CV))


@dataclass(frozen=True)
class Singles:
    """Coefficients that a standard does not judge one by one: how many two years have, and how many of them changed."""

    all: int
    changed: int


@once
def singles(case: Case) -> Singles | None:
    """Return what became of the single coefficients where only their mean is judged; None elsewhere."""
    before = case.before
    compared = moved(case)
    if before is None or not compared or not only_composite(case):
        return None
    pairs = [
        [case.measured.stage(year, stage, indicator, "cv") for year in (case.year, before)]
        for stage in case.stage_ids
        for indicator in case.standard.indicators
    ]
    known = [abs(now - then) for now, then in pairs if now is not None and then is not None]
    return (
        Singles(len(known), sum(exact(finding) >= wording.emphasis()["moved"] for finding in known)) if known else None
    )


def uncompared(case: Case) -> int:
    """Return how many coefficients of this year or the one before are not decided in both."""
    if case.before is None:
        return 0
    every = {
        finding.id
        for year in (case.year, case.before)
        for finding in case.at(year).where(kind=Kind.CV)
        if finding.stage and finding.verdict in {*DECIDED, Verdict.NO_DATA, Verdict.UNDECIDABLE}
    }
    return len(every) - len(moved(case))


def counted(case: Case) -> list[Counted]:
    """Return per stage how many schools meet the rule, this year and in the last year with data; no stage of which
    nothing is judged."""
    counted_stages = []
    for stage in case.stage_ids:
        finding = case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOLS, stage))
        if finding is None:
            continue
        now = case.now.where(kind=Kind.SCHOOL_RULE, stage=stage)
        if now and all(row.verdict in ids.UNASKED for row in now):
            continue
        before = case.at(case.before).where(kind=Kind.SCHOOL_RULE, stage=stage) if case.before else []
        met, met_before = (sum(row.verdict == Verdict.MET for row in rows) for rows in (now, before))
        unknown, unknown_before = (sum(row.verdict not in DECIDED for row in rows) for rows in (now, before))
        counted_stages.append(Counted(stage, finding, met, len(now), unknown, met_before, len(before), unknown_before))
    return counted_stages


def retested(case: Case) -> list[Retested]:
    """Return subjects and grades that count and that an earlier round tested too, what is not met first."""
    tests = []
    results = case.records.monitoring
    cells = {
        (finding.subject, finding.grade): finding
        for finding in case.now
        if finding.item in {"level", "rate"} and finding.data_year
    }
    for (subject, grade), now in cells.items():
        assert now.data_year
        earlier = results.filter(
            (results["subject"] == subject) & (results["grade"] == grade) & (results["year"] < now.data_year)
        ).sort("year")
        if earlier.is_empty():
            continue
        last = earlier.row(-1, named=True)
        level, rate = (_counting(case, item, subject, grade) for item in ("level", "rate"))
        old_level = float(last["level"]) if level and last["level"] is not None else None
        old_rate = float(last["rate"]) if rate and last["rate"] is not None else None
        if old_level is None and old_rate is None:
            continue
        tests.append(Retested(now, int(last["year"]), level, rate, old_level, old_rate))
    return sorted(tests, key=lambda test: (not test.failing, -(test.now.data_year or 0), test.now.id))


def _counting(case: Case, item: str, subject: str | None, grade: int | None) -> Finding | None:
    finding = case.finding(ids.finding(Field.QUALITY, item, subject, grade))
    return finding if finding and finding.value is not None and finding.verdict in DECIDED else None
