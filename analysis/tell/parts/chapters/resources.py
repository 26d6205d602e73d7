"""Resources: per stage the schools that miss the rule, by how much, and the coefficients with what drives them."""

from dataclasses import dataclass

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacles import LIST, Driver, Shortfall, drivers, leading, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.figures.schools import weighing
from analysis.tell.parts.figures.trends import has_trends


@dataclass(frozen=True)
class Failing:
    """A school that misses the rule, with the indicators below their floors."""

    school: str
    rule: Finding
    gaps: tuple[Shortfall, ...]


@dataclass(frozen=True)
class Over:
    """A coefficient above its limit and the schools that drive it."""

    finding: Finding
    drivers: tuple[Driver, ...]


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
class StageTold:
    """One stage: `failing` as many as are named, `more` counts the others; `one` is the only school, if so.

    `undecided` schools lack data; of those that are `open` a value is set aside.
    """

    stage: str
    id: str
    total: int
    met: int
    failing: tuple[Failing, ...]
    more: int
    unmet: int
    allowed: tuple[Shortfall, ...]
    undecided: tuple[str, ...]
    open: tuple[str, ...]
    cvs: tuple[Finding, ...]
    over: tuple[Over, ...]
    highest: Finding | None
    one: tuple[str, ...]
    partial: tuple[Partial, ...]
    composite: Finding | None
    parts: tuple[Part, ...]


def _stage(case: Case, stage: str) -> StageTold:
    named = wording.emphasis()["named"]
    rules = case.now.where(kind=Kind.SCHOOL_RULE, stage=stage)
    short = shortfalls(case, stage)
    failing = [
        Failing(one.school or "", one, tuple(gap for gap in short if gap.school == one.school))
        for one in rules
        if one.verdict == Verdict.NOT_MET and case.may_show(one.school, stage)
    ]
    unmet = sum(one.verdict == Verdict.NOT_MET for one in rules)
    failing.sort(key=lambda one: (one.rule.value or 0, one.gaps[0].part if one.gaps else 1.0, one.school))
    cvs = [one for one in case.now.where(kind=Kind.CV, stage=stage) if one.indicator]
    within = [one for one in cvs if one.verdict == Verdict.MET]
    schools = case.rows.filter(stage=stage, in_scope=True)["school"].to_list()
    return StageTold(
        stage=stage,
        id=ids.finding(Field.RESOURCES, Kind.SCHOOLS, stage),
        total=len(schools),
        met=sum(one.verdict == Verdict.MET for one in rules),
        failing=tuple(failing[:named]),
        more=unmet - len(failing[:named]),
        unmet=unmet,
        allowed=tuple(one for one in short if one.allowed and case.may_show(one.school, stage)),
        undecided=tuple(
            one.school or "" for one in rules if one.verdict not in {Verdict.MET, Verdict.NOT_MET, Verdict.UNDECIDABLE}
        ),
        open=tuple(one.school or "" for one in rules if one.verdict == Verdict.UNDECIDABLE),
        cvs=tuple(one for one in cvs if one.verdict in DECIDED),
        over=tuple(
            Over(one, leading(drivers(case, stage, one.indicator)))
            for one in sorted(cvs, key=lambda one: one.margin or 0.0)
            if one.verdict == Verdict.NOT_MET
        ),
        highest=max(within, key=lambda one: ((one.value or 0) / (one.target or 1), one.id)) if within else None,
        one=tuple(schools) if len(schools) == 1 else (),
        composite=case.finding(ids.finding(Field.RESOURCES, ids.cv(COMPOSITE), stage)),
        parts=_parts(case, stage) if not cvs else (),
        partial=tuple(
            Partial(one.indicator, tuple((one.evidence or "").split(LIST)), one.reason != "missing_amounts", one)
            for one in cvs
            if one.reason in {"missing_amounts", "values_agree", "values_set_aside"} and one.evidence
        ),
    )


def _parts(case: Case, stage: str) -> tuple[Part, ...]:
    """Return the coefficients of a stage, highest first."""
    known = ((one, case.measured.stage(case.year, stage, one, "cv")) for one in case.standard.indicators)
    found = [Part(one, cv) for one, cv in known if cv is not None]
    return tuple(sorted(found, key=lambda one: (-one.cv, one.indicator)))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on resources says, stage by stage.

    `weighing` tells how schools weigh, `most` how many are named.
    """

    whole: Finding | None
    stages: list[StageTold]
    weighing: str | None
    has_trends: bool
    most: int


def facts(case: Case) -> Facts:
    """Return what the chapter on resources says."""
    return Facts(
        whole=case.now.whole("resources"),
        stages=[_stage(case, stage) for stage in case.stage_ids],
        weighing=weighing(case) if any(one.value is not None for one in case.now.where(kind=Kind.FLOOR)) else None,
        has_trends=has_trends(case),
        most=wording.emphasis()["listed"]["coefficients"],
    )
