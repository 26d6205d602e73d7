"""Improvement: changes apart from noise, the pace, and when a limit is reached at that pace."""

from dataclasses import dataclass

from analysis import ids
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import Counted, Moved, Retested, Singles, counted, moved, retested, singles, uncompared
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.facts.rates import OwnRate, change_interval, own_rate, rates
from analysis.tell.facts.record import Predecessor, Record, predecessors, record
from analysis.tell.findings import Finding
from analysis.tell.language import wording

#: Largest changes that are told one by one.
LARGEST = 3


@dataclass(frozen=True)
class Rounds:
    """Subjects and grades with a level in two rounds of the monitoring, by what became of it."""

    total: int
    up: int
    down: int
    same: int


def _rounds(again: list[Retested]) -> Rounds:
    steps = [
        (one.now_level.value or 0.0) - one.level for one in again if one.now_level is not None and one.level is not None
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
    found = []
    for _, now in rates(case):
        if now is None or now.low is None or now.high is None:
            continue
        for year in reversed(case.years[:-1]):
            past = case.at(year).get(now.finding.id)
            before = own_rate(past) if past else None
            if before and before.low is not None and before.high is not None:
                low, high = change_interval(before.value, before.low, before.high, now.value, now.low, now.high)
                found.append(OwnChange(now, year, before.value, low, high, low > 0 or high < 0))
                break
    return found


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on improvement says, against the year `before`.

    Coefficients that fell by `moved` (`better`), rose by that (`worse`), or did neither (`same`); `uncompared` are
    not decided in one of the years. With those that crossed their limit
    and the `largest` of the others; paces that reach the limit within `horizon` years (`reached`), do not
    (`stuck`), or do not fall (`rising`); `gaps` are years without statistics.
    """

    whole: Finding | None
    before: int | None
    better: list[Moved]
    worse: list[Moved]
    same: list[Moved]
    uncompared: int
    singles: Singles | None
    moved: float
    gaps: list[int]
    counted: list[Counted]
    uncounted: list[Counted]
    crossed: list[Moved]
    largest: list[Moved]
    reached: list[Pace]
    stuck: list[Pace]
    rising: list[Pace]
    horizon: int
    rule: bool
    retested: list[Retested]
    rounds: Rounds
    own: list[OwnChange]
    quality: str
    record: Record
    predecessors: list[Predecessor]


def facts(case: Case) -> Facts:
    """Return what the chapter on improvement says."""
    changes = moved(case)
    pace = [one for one in paces(case) if one.finding.verdict == Verdict.NOT_MET and one.pace is not None]
    again = retested(case)
    real = [one for one in changes if one.changed]
    crossed = [one for one in real if one.crossed]
    return Facts(
        whole=case.now.whole("resources"),
        before=case.before,
        better=[one for one in real if one.difference < 0],
        worse=[one for one in real if one.difference > 0],
        same=[one for one in changes if not one.changed],
        uncompared=uncompared(case),
        singles=singles(case),
        moved=wording.emphasis()["moved"],
        gaps=[year for year in range(case.years[0], case.year) if year not in case.years],
        counted=[one for one in counted(case) if one.comparable],
        uncounted=[one for one in counted(case) if one.schools_before and not one.comparable],
        crossed=crossed,
        largest=[one for one in real if not one.crossed][:LARGEST],
        reached=sorted((one for one in pace if one.reached), key=lambda one: (one.reached or 0, one.finding.id)),
        stuck=[one for one in pace if not one.reached and (one.pace or 0.0) < 0],
        rising=[one for one in pace if (one.pace or 0.0) >= 0],
        horizon=wording.emphasis()["horizon"],
        rule=case.standard.school_rule is not None,
        retested=[one for one in again if one.failing][:LARGEST],
        rounds=_rounds(again),
        own=own_changes(case),
        quality=ids.whole(Field.QUALITY),
        record=record(case),
        predecessors=predecessors(case),
    )
