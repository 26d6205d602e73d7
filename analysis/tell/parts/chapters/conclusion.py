"""The first page: the verdict and its reason, what changed, what matters most, what the reader can rely on."""

from collections import Counter
from dataclasses import dataclass

from analysis import ids
from analysis.judge.rounding import exact
from analysis.tables import FIELDS, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import (
    Counted,
    Moved,
    Retested,
    Singles,
    counted,
    moved,
    only_composite,
    retested,
    singles,
    uncompared,
)
from analysis.tell.facts.coverage import Coverage, coverage
from analysis.tell.facts.duty import Duty, duties, next_round
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.facts.obstacles import Obstacle, drivers, excess, leading, obstacles, shortfalls
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.facts.plan_summary import PlanSummary, plan_summary
from analysis.tell.facts.rates import highest
from analysis.tell.facts.unsure_practices import Hanging, hanging
from analysis.tell.facts.verdict_history import Predecessor, Record, predecessors, record
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class FieldCard:
    """One field at a glance: its findings that are met, not met, without data (`lacking`), open, without a target
    (`unset`); `value` is that of recognition."""

    finding: Finding
    total: int
    met: int
    unmet: int
    absent: int
    open: int
    unset: int
    lacking: tuple[Finding, ...]
    schools: tuple[Counted, ...]
    cvs: tuple[Finding, ...]
    cvs_met: int
    value: Finding | None


@dataclass(frozen=True)
class Risk:
    """Something that is met, but near its limit: kind cv, school or rate.

    `schools` make most of a coefficient's difference, none where none do; `tested` is the year of a rate's next test.
    """

    kind: str
    finding: Finding
    schools: tuple[str, ...] = ()
    tested: int | None = None


@dataclass(frozen=True)
class Moves:
    """How many coefficients fell, rose, or did neither since the year before."""

    better: int
    worse: int
    same: int


def moves(changes: list[Moved]) -> Moves:
    """Return how many of the coefficients that two years have moved, and where."""
    real = [change for change in changes if change.changed]
    better = sum(change.difference < 0 for change in real)
    return Moves(better, len(real) - better, len(changes) - len(real))


def judged(case: Case, field: str | None = None) -> list[Finding]:
    """Return the findings that make the verdict: not a single school's, not beside it; those left out are left out."""
    return [
        finding
        for finding in case.now
        if (field is None or finding.field == field)
        and ids.judged(finding.item, finding.field, finding.school, finding.verdict)
    ]


def cards(case: Case) -> list[FieldCard]:
    """Return the fields that are judged, at a glance."""
    field_cards = []
    for field in FIELDS:
        whole = case.now.whole(field)
        rows = judged(case, field)
        if whole is None or not rows:
            continue
        cvs = tuple(row for row in rows if row.kind == Kind.CV)
        recognition = next((row for row in rows if row.kind == Kind.RECOGNITION and row.value is not None), None)
        field_cards.append(
            FieldCard(
                finding=whole,
                total=len(rows),
                met=sum(row.verdict == Verdict.MET for row in rows),
                unmet=sum(row.verdict == Verdict.NOT_MET for row in rows),
                absent=sum(row.verdict == Verdict.NO_DATA for row in rows),
                open=sum(row.verdict == Verdict.UNDECIDABLE for row in rows),
                unset=sum(row.verdict == Verdict.TARGET_NOT_SET for row in rows),
                lacking=tuple(row for row in rows if row.verdict == Verdict.NO_DATA),
                schools=tuple(counted(case)) if field == Field.RESOURCES else (),
                cvs=cvs,
                cvs_met=sum(cv.verdict == Verdict.MET for cv in cvs),
                value=recognition,
            )
        )
    return field_cards


def risks(case: Case, most: int) -> list[Risk]:
    """Return what is met but lies within `near` (emphasis.yml) of its limit, nearest first."""
    near = wording.emphasis()["near"]
    risk_parts: list[tuple[float, Risk]] = []
    for finding in case.now:
        if finding.verdict != Verdict.MET or finding.margin is None or not finding.target or finding.value is None:
            continue
        part = exact(finding.margin / finding.target)
        if part > near:
            continue
        if finding.kind == Kind.CV and finding.indicator and finding.stage:
            first = leading(drivers(case, finding.stage, finding.indicator))
            most_of_it = sum(each.share for each in first) >= wording.emphasis()["drivers"]["part"]
            who = tuple(each.school for each in first) if most_of_it else ()
            risk_parts.append((part, Risk("cv", finding, who)))
        elif finding.kind == Kind.RATE:
            risk_parts.append((part, Risk("rate", finding, tested=next_round(case, finding.subject))))
    allowed = case.standard.school_rule.rest_part if case.standard.school_rule else 1.0
    for short in shortfalls(case):
        if short.allowed and short.part < allowed + near:
            risk_parts.append((short.part - allowed, Risk("school", short.finding, (short.school,))))
    return [risk for _, risk in sorted(risk_parts, key=lambda pair: (pair[0], pair[1].finding.id))][:most]


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
        (finding for finding in judged(case) if finding.verdict == Verdict.NOT_MET),
        key=lambda finding: (-excess(finding), finding.id),
    )
    unfulfilled = case.now.where(field=Field.ENTRY, verdict=Verdict.NOT_MET, school=None)
    entry = [finding for finding in unfulfilled if finding.kind != Kind.ALL]
    return Sums(
        schools=tuple(stage for stage in counted(case) if stage.finding.verdict == Verdict.NOT_MET),
        cvs=tuple(finding for finding in unmet if finding.kind == Kind.CV and finding.indicator),
        levels=tuple(finding for finding in unmet if finding.kind == Kind.LEVEL),
        rates=tuple(finding for finding in unmet if finding.kind == Kind.RATE),
        items=tuple(finding for finding in unmet if finding.item in case.standard.items),
        entry=tuple(finding for finding in entry if not case.standard.veto(finding.item)),
        vetoes=tuple(finding for finding in entry if case.standard.veto(finding.item)),
        recognition=next((finding for finding in unmet if finding.kind == Kind.RECOGNITION), None),
    )


def most_important(ranked: list[Obstacle], most: int) -> list[Obstacle]:
    """Return the heaviest matters, of different kinds first: three subjects of one test say less than three matters."""
    kinds: set[ObstacleKind] = set()
    first: list[Obstacle] = []
    for obstacle in ranked:
        if obstacle.kind not in kinds:
            kinds.add(obstacle.kind)
            first.append(obstacle)
    rest = [obstacle for obstacle in ranked if obstacle not in first]
    taken = [*first, *rest][:most]
    return [obstacle for obstacle in ranked if obstacle in taken]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the first page says.

    `deciding` names all that keeps the county from its verdict where it is little, `sums` counts it where it is much.
    `lacking`, `undecided` and `unset` count items without data, not decidable, without a target; `absent` are the
    `fields` with some of the first. `counted` and `moves`, out of `judged_changes` (`composite`: of these alone), are
    told of the year `before`, with what became of coefficients over their limit (`moved_over`), that came within it
    (`moved_within`), or reach it first at their pace (`soonest`), and of rounds of the monitoring that read otherwise
    (`retested`; `rates_moved`: some rate does). `things` matter most; where nothing does, `risks`, else `nearest` and
    `top_rates`. `gaps`: levels without a result; `hangs`: what is not sure and decides the whole.
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
    undecided: int
    lacking: int
    unset: int
    deciding: list[Obstacle]
    sums: Sums | None
    nearest: Finding | None
    top_rates: list[Finding]
    absent: list[FieldCard]
    fields: list[FieldCard]
    before: int | None
    counted: list[Counted]
    uncounted: list[Counted]
    moves: Moves
    moved_over: list[Moved]
    moved_within: list[Moved]
    judged_changes: list[Moved]
    uncompared: int
    singles: Singles | None
    composite: bool
    soonest: Pace | None
    retested: list[Retested]
    rates_moved: bool
    things: list[Duty]
    risks: list[Risk]
    plan: PlanSummary | None
    coverage: Coverage
    gaps: list[Finding]
    hangs: list[Hanging]


def facts(case: Case) -> Facts:
    """Return what the conclusion says."""
    rule = wording.emphasis()
    overall = case.finding(ids.OVERALL)
    assert overall is not None
    rows = judged(case)
    changes = moved(case)
    cvs = [row for row in rows if row.kind == Kind.CV and row.indicator and row.value is not None and row.target]
    rates = [row for row in rows if row.kind == Kind.RATE and row.verdict == Verdict.MET]
    fields = cards(case)
    few = len(obstacles(case)) <= rule["deciding"]
    most = rule["changes"] if few else 1  # where much is not met, the page has room for one of a kind
    again = [test for test in retested(case) if test.failing and test.told_apart][:most]
    over = [change for change in changes if change.changed and change.now.verdict == Verdict.NOT_MET]
    by_verdict = Counter(row.verdict for row in rows)
    return Facts(
        overall=overall,
        aim=wording.aim(case.standard, case.lang),
        record=record(case),
        acceptance=case.planned_acceptance,
        predecessors=predecessors(case),
        rule=case.standard.school_rule is not None,
        total=len(rows),
        met=by_verdict[Verdict.MET],
        unmet=by_verdict[Verdict.NOT_MET],
        undecided=by_verdict[Verdict.UNDECIDABLE],
        lacking=by_verdict[Verdict.NO_DATA],
        unset=by_verdict[Verdict.TARGET_NOT_SET],
        deciding=obstacles(case) if few else [],
        sums=None if few else _sums(case),
        nearest=max(cvs, key=lambda obstacle: ((obstacle.value or 0) / (obstacle.target or 1), obstacle.id))
        if cvs
        else None,
        top_rates=highest(rates),
        absent=[field for field in fields if field.absent],
        fields=fields,
        before=case.before,
        counted=[stage for stage in counted(case) if stage.comparable],
        uncounted=[stage for stage in counted(case) if stage.schools_before and not stage.comparable],
        moves=moves(changes),
        moved_over=over[:most],
        moved_within=[change for change in changes if change.crossed and change.now.verdict == Verdict.MET][:most],
        judged_changes=changes,
        uncompared=uncompared(case),
        singles=singles(case),
        composite=only_composite(case),
        soonest=_soonest(case) if few else None,
        retested=again,
        rates_moved=any(test.rate is not None and not test.same_rate for test in again),
        things=_things(case, rule["things"]),
        risks=[] if obstacles(case) else risks(case, rule["things"]),
        plan=plan_summary(case),
        coverage=coverage(case),
        gaps=[
            row
            for row in rows
            if row.kind == Kind.LEVEL and row.verdict == Verdict.NO_DATA and row.subject and row.reason
        ],
        hangs=[hung for hung in hanging(case) if hung.decides],
    )


def _things(case: Case, most: int) -> list[Duty]:
    chosen = most_important(obstacles(case), most)
    return [duty for duty in duties(case) if duty.obstacle in chosen]


def _soonest(case: Case) -> Pace | None:
    """Return the coefficient over its limit that reaches it first at its pace, where one does."""
    reaching = [line for line in paces(case) if line.finding.verdict == Verdict.NOT_MET and line.reached]
    return min(reaching, key=lambda line: (line.reached or 0, line.finding.id), default=None)
