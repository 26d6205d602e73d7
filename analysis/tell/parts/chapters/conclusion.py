"""The first page: the verdict and its reason, what changed, what matters most, what the reader can rely on."""

from dataclasses import dataclass

from analysis import ids
from analysis.judge.rounding import exact
from analysis.tables import FIELDS, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import Counted, Moved, Retested, Singles, counted, moved, retested, singles, uncompared
from analysis.tell.facts.coverage import Coverage, coverage
from analysis.tell.facts.obstacles import Obstacle, drivers, excess, leading, obstacles, shortfalls
from analysis.tell.facts.plan_summary import PlanTold, plan_told
from analysis.tell.facts.rates import highest
from analysis.tell.facts.record import Predecessor, Record, predecessors, record
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class FieldCard:
    """One field at a glance: its findings that are met, not met, without data (`lacking`), open; `value` is that of
    recognition."""

    finding: Finding
    total: int
    met: int
    unmet: int
    absent: int
    open: int
    lacking: tuple[Finding, ...]
    schools: tuple[Counted, ...]
    cvs: tuple[Finding, ...]
    value: Finding | None


@dataclass(frozen=True)
class Risk:
    """Something that is met, but near its limit: kind cv, school or rate."""

    kind: str
    finding: Finding
    schools: tuple[str, ...] = ()


def judged(case: Case, field: str | None = None) -> list[Finding]:
    """Return the findings that make the verdict: not a single school's, not beside it; those left out are left out."""
    return [
        one
        for one in case.now
        if (field is None or one.field == field) and ids.judged(one.item, one.field, one.school, one.verdict)
    ]


def _cards(case: Case) -> list[FieldCard]:
    found = []
    for field in FIELDS:
        whole = case.now.whole(field)
        rows = judged(case, field)
        if whole is None or not rows:
            continue
        cvs = tuple(one for one in rows if one.kind == Kind.CV)
        recognition = next((one for one in rows if one.kind == Kind.RECOGNITION and one.value is not None), None)
        found.append(
            FieldCard(
                finding=whole,
                total=len(rows),
                met=sum(one.verdict == Verdict.MET for one in rows),
                unmet=sum(one.verdict == Verdict.NOT_MET for one in rows),
                absent=sum(one.verdict == Verdict.NO_DATA for one in rows),
                open=sum(one.verdict == Verdict.UNDECIDABLE for one in rows),
                lacking=tuple(one for one in rows if one.verdict == Verdict.NO_DATA),
                schools=tuple(counted(case)) if field == "resources" else (),
                cvs=cvs,
                value=recognition,
            )
        )
    return found


def _telling(changes: list[Moved]) -> list[Moved]:
    """Return the changes that a first page tells first: those of a verdict or over a limit, else the largest."""
    real = [one for one in changes if one.changed]
    return [one for one in real if one.crossed or one.now.verdict == Verdict.NOT_MET] or real


def risks(case: Case, most: int) -> list[Risk]:
    """Return what is met but lies within `near` (emphasis.yml) of its limit, nearest first."""
    near = wording.emphasis()["near"]
    found: list[tuple[float, Risk]] = []
    for one in case.now:
        if one.verdict != Verdict.MET or one.margin is None or not one.target or one.value is None:
            continue
        part = exact(one.margin / one.target)
        if part > near:
            continue
        if one.kind == Kind.CV and one.indicator and one.stage:
            who = tuple(each.school for each in leading(drivers(case, one.stage, one.indicator)))
            found.append((part, Risk("cv", one, who)))
        elif one.kind == Kind.RATE:
            found.append((part, Risk("rate", one)))
    allowed = case.standard.school_rule.rest_part if case.standard.school_rule else 1.0
    for short in shortfalls(case):
        if short.allowed and short.part < allowed + near:
            found.append((short.part - allowed, Risk("school", short.finding, (short.school,))))
    return [risk for _, risk in sorted(found, key=lambda pair: (pair[0], pair[1].finding.id))][:most]


@dataclass(frozen=True)
class Sums:
    """What is not met, counted by kind, where there is too much to name: each list with the farthest beyond first."""

    schools: tuple[Counted, ...]
    cvs: tuple[Finding, ...]
    levels: tuple[Finding, ...]
    rates: tuple[Finding, ...]
    items: tuple[Finding, ...]
    entry: tuple[Finding, ...]
    vetoes: tuple[Finding, ...]
    recognition: Finding | None


def _sums(case: Case) -> Sums:
    unmet = sorted(
        (one for one in judged(case) if one.verdict == Verdict.NOT_MET), key=lambda one: (-excess(one), one.id)
    )
    entry = [one for one in case.now.where(field="entry", verdict=Verdict.NOT_MET, school=None) if one.kind != Kind.ALL]
    return Sums(
        schools=tuple(one for one in counted(case) if one.finding.verdict == Verdict.NOT_MET),
        cvs=tuple(one for one in unmet if one.kind == Kind.CV and one.indicator),
        levels=tuple(one for one in unmet if one.kind == Kind.LEVEL),
        rates=tuple(one for one in unmet if one.kind == Kind.RATE),
        items=tuple(one for one in unmet if one.item in case.standard.items),
        entry=tuple(one for one in entry if not case.standard.veto(one.item)),
        vetoes=tuple(one for one in entry if case.standard.veto(one.item)),
        recognition=next((one for one in unmet if one.kind == Kind.RECOGNITION), None),
    )


def most_important(found: list[Obstacle], most: int) -> list[Obstacle]:
    """Return the heaviest matters, of different kinds first: three subjects of one test say less than three matters."""
    kinds: set[str] = set()
    first: list[Obstacle] = []
    for one in found:
        if one.kind not in kinds:
            kinds.add(one.kind)
            first.append(one)
    rest = [one for one in found if one not in first]
    taken = [*first, *rest][:most]
    return [one for one in found if one in taken]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the first page says.

    `deciding` names all that keeps the county from its verdict where it is little, `sums` counts it where it is much.
    `absent` and `open` are those of `fields` with items without data or not decidable. `counted`, `changes`, `still`
    and `retested` are told of the year `before`, out of `judged_changes`. `things` matter most; where nothing does,
    `risks`, else `nearest` and `top_rates`. `aside`: rows that are set aside; `gaps`: levels without a result.
    """

    overall: Finding
    aim: str
    record: Record
    acceptance: int | None
    predecessors: list[Predecessor]
    rule: bool
    total: int
    met: int
    unmet: int
    deciding: list[Obstacle]
    sums: Sums | None
    nearest: Finding | None
    top_rates: list[Finding]
    absent: list[FieldCard]
    open: list[FieldCard]
    fields: list[FieldCard]
    before: int | None
    counted: list[Counted]
    uncounted: list[Counted]
    changes: list[Moved]
    judged_changes: list[Moved]
    uncompared: int
    singles: Singles | None
    still: list[Moved]
    retested: list[Retested]
    things: list[Obstacle]
    risks: list[Risk]
    aside: list[Finding]
    plan: PlanTold | None
    coverage: Coverage
    gaps: list[Finding]


def facts(case: Case) -> Facts:
    """Return what the conclusion says."""
    rule = wording.emphasis()
    overall = case.finding(ids.OVERALL)
    assert overall is not None
    rows = judged(case)
    changes = moved(case)
    cvs = [one for one in rows if one.kind == Kind.CV and one.indicator and one.value is not None and one.target]
    rates = [one for one in rows if one.kind == Kind.RATE and one.verdict == Verdict.MET]
    fields = _cards(case)
    few = len(obstacles(case)) <= rule["deciding"]
    most = rule["changes"] if few else 1  # where much is not met, the page has room for one of a kind
    return Facts(
        overall=overall,
        aim=wording.aim(case.standard, case.lang),
        record=record(case),
        acceptance=case.acceptance if case.standard.id in rule["acceptance"] else None,
        predecessors=predecessors(case),
        rule=case.standard.school_rule is not None,
        total=len(rows),
        met=sum(one.verdict == Verdict.MET for one in rows),
        unmet=sum(one.verdict == Verdict.NOT_MET for one in rows),
        deciding=obstacles(case) if few else [],
        sums=None if few else _sums(case),
        nearest=max(cvs, key=lambda one: ((one.value or 0) / (one.target or 1), one.id)) if cvs else None,
        top_rates=highest(rates),
        absent=[one for one in fields if one.absent],
        open=[one for one in fields if one.open],
        fields=fields,
        before=case.before,
        counted=[one for one in counted(case) if one.comparable],
        uncounted=[one for one in counted(case) if one.schools_before and not one.comparable],
        changes=_telling(changes)[:most],
        judged_changes=changes,
        uncompared=uncompared(case),
        singles=singles(case),
        still=[one for one in changes if not one.changed and one.now.verdict == Verdict.NOT_MET][:most],
        retested=[one for one in retested(case) if one.failing][:most],
        things=most_important(obstacles(case), rule["things"]),
        risks=[] if obstacles(case) else risks(case, rule["things"]),
        aside=[
            one for one in rows if one.kind == Kind.ROWS_SET_ASIDE and one.verdict == Verdict.NO_DATA and one.reason
        ],
        plan=plan_told(case),
        coverage=coverage(case),
        gaps=[
            one
            for one in rows
            if one.kind == Kind.LEVEL and one.verdict == Verdict.NO_DATA and one.subject and one.reason
        ],
    )
