"""Improvement: changes apart from noise, the pace, and when a limit is reached at that pace."""

from dataclasses import dataclass

from analysis import ids
from analysis.tables import Field, Verdict
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
from analysis.tell.facts.ledger import Ledger, ledger_of
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.facts.rates import OwnRate, change_interval, own_rate, rates
from analysis.tell.facts.verdict_history import Predecessor, Record, predecessors, record
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.figures.trends import has_trends


@dataclass(frozen=True)
class Rounds:
    """Subjects and grades with a level in two rounds of the monitoring, by what became of it."""

    total: int
    up: int
    down: int
    same: int


def _rounds(again: list[Retested]) -> Rounds:
    steps = [
        (test.now_level.value or 0.0) - test.level
        for test in again
        if test.now_level is not None and test.level is not None
    ]
    return Rounds(len(steps), sum(s > 0 for s in steps), sum(s < 0 for s in steps), sum(s == 0 for s in steps))


@dataclass(frozen=True)
class OwnChange:
    """The rate of the county's own test in two years, and the change with its 95 % interval; `changed`: it leaves 0."""

    now: OwnRate
    year_before: int
    before: float
    low: float
    high: float
    changed: bool


def own_changes(case: Case) -> list[OwnChange]:
    """Return the changes of own tests since the last year that tested the same subject and grade."""
    changes = []
    for _, now in rates(case):
        if now is None or now.low is None or now.high is None:
            continue
        for year in reversed(case.years[:-1]):
            past = case.at(year).get(now.finding.id)
            before = own_rate(past) if past else None
            if before and before.low is not None and before.high is not None:
                low, high = change_interval(before.value, before.low, before.high, now.value, now.low, now.high)
                changes.append(OwnChange(now, year, before.value, low, high, low > 0 or high < 0))
                break
    return changes


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on improvement says, against the year `before`.

    Coefficients that fell by `moved` (`better`), rose by that (`worse`), or did neither (`same`); `uncompared` are
    not decided in one of the years, `composite`: single ones are not judged. With those that crossed their limit
    and the `largest` of the others; paces that reach the limit within `horizon` years (`reached`), do not
    (`stuck`), or do not fall (`rising`), with those of them whose fall of the last year is told; `gaps` are years
    without statistics.
    """

    whole: Finding | None
    overall: str
    ledger: Ledger
    has_trends: bool
    before: int | None
    better: list[Moved]
    worse: list[Moved]
    same: list[Moved]
    uncompared: int
    singles: Singles | None
    composite: bool
    moved: float
    gaps: list[int]
    counted: list[Counted]
    uncounted: list[Counted]
    crossed: list[Moved]
    largest: list[Moved]
    reached: list[Pace]
    stuck: list[Pace]
    stuck_lately: list[Pace]
    rising: list[Pace]
    rising_lately: list[Pace]
    horizon: int
    rule: bool
    retested: list[Retested]
    rounds: Rounds
    own_changed: list[OwnChange]
    own_unchanged: list[OwnChange]
    quality: str
    record: Record
    predecessors: list[Predecessor]


def lately(lines: list[Pace]) -> list[Pace]:
    """Return those that fell in the last year, where there are few enough to tell of it."""
    few = len(lines) <= wording.emphasis()["listed"]["lately"]
    return [line for line in lines if line.recent] if few else []


def facts(case: Case) -> Facts:
    """Return what the chapter on improvement says."""
    changes = moved(case)
    pace = [
        pace_line
        for pace_line in paces(case)
        if pace_line.finding.verdict == Verdict.NOT_MET and pace_line.pace is not None
    ]
    again = retested(case)
    real = [change for change in changes if change.changed]
    crossed = [change for change in real if change.crossed]
    stuck = [line for line in pace if not line.reached and (line.pace or 0.0) < 0]
    rising = [line for line in pace if (line.pace or 0.0) >= 0]
    own, most = own_changes(case), wording.emphasis()["listed"]["changes"]
    return Facts(
        whole=case.now.whole(Field.RESOURCES),
        overall=ids.OVERALL,
        ledger=ledger_of(case),
        has_trends=has_trends(case),
        before=case.before,
        better=[change for change in real if change.difference < 0],
        worse=[change for change in real if change.difference > 0],
        same=[change for change in changes if not change.changed],
        uncompared=uncompared(case),
        singles=singles(case),
        composite=only_composite(case),
        moved=wording.emphasis()["moved"],
        gaps=[year for year in range(case.years[0], case.year) if year not in case.years],
        counted=[stage for stage in counted(case) if stage.comparable],
        uncounted=[stage for stage in counted(case) if stage.schools_before and not stage.comparable],
        crossed=crossed,
        largest=[change for change in real if not change.crossed][:most],
        reached=sorted((line for line in pace if line.reached), key=lambda line: (line.reached or 0, line.finding.id)),
        stuck=stuck,
        stuck_lately=lately(stuck),
        rising=rising,
        rising_lately=lately(rising),
        horizon=wording.emphasis()["horizon"],
        rule=case.standard.school_rule is not None,
        retested=[test for test in again if test.failing][:most],
        rounds=_rounds(again),
        own_changed=[change for change in own if change.changed],
        own_unchanged=[change for change in own if not change.changed],
        quality=ids.whole(Field.QUALITY),
        record=record(case),
        predecessors=predecessors(case),
    )
