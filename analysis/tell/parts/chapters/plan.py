"""The plan: which of its own targets are met, what is due next, and where its text contradicts itself."""

from dataclasses import dataclass

from analysis import ids, standards
from analysis.judge.against_rows import CONTRADICTS
from analysis.standards import Standard
from analysis.standards.basis import Label
from analysis.standards.model import Deadline, Phase
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.pace import Ahead, ahead_of
from analysis.tell.facts.plan_targets import Floors, Milestone, planned
from analysis.tell.facts.tally import Tally, tally
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class Unmet:
    """A target that is not met, with what it counts where it is computed school by school."""

    finding: Finding
    tally: Tally | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on a plan says: its targets in force by verdict, those coming next, those ahead of their time.

    `other` is the document that the plan builds on, where it is not that of the report (`document`).
    `floors` are judged school by school, no target of the county; in `short_floors` some school lies below. `phases`,
    `calendar`, `steps` and `notes` are those that the framework does not have.
    """

    plan: Standard
    whole: Finding | None
    overall: Finding | None
    document: str
    other: str
    targets: list[Finding]
    floors: int
    short_floors: list[Floors]
    counts: list[tuple[Verdict, int]]
    unmet: list[Unmet]
    absent: list[Finding]
    contradicted: list[Finding]
    unset: list[Finding]
    coming: list[Milestone]
    ahead: list[Ahead]
    dated: bool
    holders: dict[str, str]
    phases: list[Phase]
    calendar: list[Deadline]
    steps: tuple[Label, ...]
    notes: list[str]


@dataclass(frozen=True)
class NoPlan:
    """No plan was given: the chapter is empty."""

    plan: None = None


def facts(case: Case) -> Facts | NoPlan:
    """Return what the chapter on the plan says; `plan` is None where no plan was given."""
    held = planned(case)
    if held is None:
        return NoPlan()
    standard, dated = held.plan.standard, held.milestones()
    targets = held.targets()

    def of(verdict: str) -> list[Finding]:
        return [one for one in targets if one.verdict == verdict]

    judged = [one for one in held.floors() if not one.verdict]
    framework = standards.load(held.plan.framework)
    return Facts(
        plan=standard,
        whole=held.case.finding(ids.whole(Field.PLAN)),
        overall=case.finding(ids.OVERALL),
        document=case.standard.document,
        other="" if framework.id == case.standard.id else framework.document,
        targets=targets,
        floors=len(judged),
        short_floors=sorted((one for one in judged if one.met < one.schools), key=lambda one: one.met / one.schools),
        counts=[(verdict, len(of(verdict))) for verdict in _ORDER if of(verdict)],
        unmet=[Unmet(one, tally(held.case, one)) for one in of(Verdict.NOT_MET)],
        absent=of(Verdict.NO_DATA),
        contradicted=[one for one in targets if one.reason == CONTRADICTS],
        unset=of(Verdict.TARGET_NOT_SET),
        coming=_next(dated),
        ahead=ahead_of(held.case, dated),
        dated=bool(dated),
        holders={name: one.text(case.lang) for name, one in standard.duty_holders.items()},
        phases=[one for one in standard.phases if one not in framework.phases],
        calendar=[one for one in standard.calendar if one not in framework.calendar],
        steps=standard.steps if standard.steps != framework.steps else (),
        notes=[one.text.text(case.lang) for one in standard.notes if one not in framework.notes],
    )


#: The order in which the opening counts the verdicts.
_ORDER = tuple(Verdict)


def _next(rows: list[Milestone]) -> list[Milestone]:
    """Return the milestones of the next year that has some."""
    coming = [one for one in rows if one.coming]
    first = min((one.day.year for one in coming), default=None)
    return [one for one in coming if one.day.year == first]
