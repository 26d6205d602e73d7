"""Who answers for an obstacle until when, as people filled it into the ledger, and when its next test is."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.facts.obstacle_kinds import COMBINED
from analysis.tell.facts.obstacles import Obstacle, obstacles
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class Duty:
    """An obstacle with what its lines of the ledger say: offices, the latest year due, measures; empty where nobody
    filled them in. `tested` is the year of the next national test of a subject, None where there is none."""

    obstacle: Obstacle
    holders: tuple[str, ...]
    due: int | None
    measures: tuple[str, ...]
    tested: int | None


def findings_of(obstacle: Obstacle) -> Iterator[Finding]:
    """Yield the findings that an obstacle is made of, what decides it first."""
    beside = None if obstacle.kind in COMBINED else obstacle.finding
    for finding in (obstacle.cv, obstacle.level, obstacle.rate, beside):
        if finding is not None and finding.verdict == Verdict.NOT_MET:
            yield finding
    yield from obstacle.schools
    yield from (shortfall.finding for shortfall in obstacle.breaking)


def next_round(case: Case, subject: str | None) -> int | None:
    """Return the first year after the report's in which the national monitoring tests a subject."""
    monitoring = case.standard.monitoring
    if monitoring is None or subject not in monitoring.subjects:
        return None
    rounds = monitoring.rounds
    first = rounds.start + monitoring.subjects[subject].round_year - 1
    return first + -(-max(case.year + 1 - first, 0) // rounds.years) * rounds.years


@once
def duties(case: Case) -> list[Duty]:
    """Return every obstacle of a report, in its order, with who answers for it."""
    lines = {line["id"]: line for line in ledger_of(case).lines.iter_rows(named=True)}
    duty_list = []
    for obstacle in obstacles(case):
        own = [lines[finding.id] for finding in findings_of(obstacle) if finding.id in lines]
        holders, measures = (dict.fromkeys(line[name] for line in own if line[name]) for name in ("holder", "measure"))
        due = max((int(line["due"]) for line in own if line["due"]), default=None)
        again = next_round(case, obstacle.finding.subject)
        duty_list.append(Duty(obstacle, tuple(holders), due, tuple(measures), again))
    return duty_list
