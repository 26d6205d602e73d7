"""Resources: per stage the schools that miss the rule, by how much, and the coefficients with what drives them."""

from dataclasses import dataclass

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.facts.obstacles import LIST, Shortfall, obstacles, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.figures.schools import drawn


@dataclass(frozen=True)
class Partial:
    """A coefficient that schools are left out of, which have no amount or (`aside`) none that can be used."""

    indicator: str
    schools: tuple[str, ...]
    aside: bool
    finding: Finding


@dataclass(frozen=True)
class Part:
    """A coefficient that is measured but not judged by itself."""

    indicator: str
    cv: float


@dataclass(frozen=True)
class StageFacts:
    """One stage: `met` of `total` schools meet the rule; `over` are coefficients above their limit, `only` the single
    school, if so.

    `undecided` schools lack data; of those that are `open` a value is set aside.
    """

    stage: str
    id: str
    total: int
    met: int
    allowed: tuple[Shortfall, ...]
    undecided: tuple[str, ...]
    open: tuple[str, ...]
    cvs: tuple[Finding, ...]
    over: tuple[Finding, ...]
    highest: Finding | None
    only: tuple[str, ...]
    partial: tuple[Partial, ...]
    composite: Finding | None
    parts: tuple[Part, ...]


def _stage(case: Case, stage: str) -> StageFacts:
    rules = case.now.where(kind=Kind.SCHOOL_RULE, stage=stage)
    short = shortfalls(case, stage)
    cvs = [finding for finding in case.now.where(kind=Kind.CV, stage=stage) if finding.indicator]
    within = [cv for cv in cvs if cv.verdict == Verdict.MET]
    schools = case.rows.filter(stage=stage, in_scope=True)["school"].to_list()
    return StageFacts(
        stage=stage,
        id=ids.finding(Field.RESOURCES, Kind.SCHOOLS, stage),
        total=len(schools),
        met=sum(rule.verdict == Verdict.MET for rule in rules),
        allowed=tuple(shortfall for shortfall in short if shortfall.allowed and case.may_show(shortfall.school, stage)),
        undecided=tuple(
            rule.school or ""
            for rule in rules
            if rule.verdict not in {Verdict.MET, Verdict.NOT_MET, Verdict.UNDECIDABLE}
        ),
        open=tuple(rule.school or "" for rule in rules if rule.verdict == Verdict.UNDECIDABLE),
        cvs=tuple(cv for cv in cvs if cv.verdict in DECIDED),
        over=tuple(cv for cv in sorted(cvs, key=lambda cv: cv.margin or 0.0) if cv.verdict == Verdict.NOT_MET),
        highest=max(within, key=lambda cv: ((cv.value or 0) / (cv.target or 1), cv.id)) if within else None,
        only=tuple(schools) if len(schools) == 1 else (),
        composite=case.finding(ids.finding(Field.RESOURCES, ids.cv(COMPOSITE), stage)),
        parts=_parts(case, stage) if not cvs else (),
        partial=tuple(
            Partial(cv.indicator, tuple((cv.evidence or "").split(LIST)), cv.reason != "missing_amounts", cv)
            for cv in cvs
            if cv.reason in {"missing_amounts", "values_agree", "values_set_aside"} and cv.evidence
        ),
    )


def _parts(case: Case, stage: str) -> tuple[Part, ...]:
    """Return the coefficients of a stage, highest first."""
    known = (
        (indicator, case.measured.stage(case.year, stage, indicator, "cv")) for indicator in case.standard.indicators
    )
    parts = [Part(indicator, cv) for indicator, cv in known if cv is not None]
    return tuple(sorted(parts, key=lambda part: (-part.cv, part.indicator)))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on resources says, stage by stage; of no stage where nothing of the field is judged.

    `weighing` is the indicator that weighs most, None where no figure shows the schools' values of it, `weighed_unmet`
    whether it is an obstacle; `most` how many are named.
    """

    whole: Finding | None
    stages: list[StageFacts]
    weighing: str | None
    weighed_unmet: bool
    has_table: bool
    most: int


def facts(case: Case) -> Facts:
    """Return what the chapter on resources says."""
    whole = case.now.whole(Field.RESOURCES)
    judged = whole is not None and whole.verdict not in ids.UNASKED
    return Facts(
        whole=whole,
        stages=[_stage(case, stage) for stage in case.stage_ids] if judged else [],
        weighing=drawn(case),
        weighed_unmet=any(obstacle.kind is ObstacleKind.INDICATOR for obstacle in obstacles(case)),
        has_table=bool(case.stage_ids),
        most=wording.emphasis()["listed"]["coefficients"],
    )
