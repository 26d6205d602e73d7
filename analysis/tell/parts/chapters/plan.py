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
    `for_schools`: it sets floors, of which `floors` are judged school by school, no target of the county; in
    `short_floors` some school lies below. `phases`, `calendar`, `steps` and `notes` are those that the framework does
    not have.
    """

    plan: Standard
    whole: Finding | None
    overall: Finding | None
    document: str
    other: str
    targets: list[Finding]
    for_schools: bool
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
    plan = planned(case)
    if plan is None:
        return NoPlan()
    standard, dated = plan.plan.standard, plan.milestones()
    targets = plan.targets()

    def of(verdict: str) -> list[Finding]:
        return [target for target in targets if target.verdict == verdict]

    floors = plan.floors()
    judged = [floor for floor in floors if not floor.verdict]
    framework = standards.load(plan.plan.framework)
    return Facts(
        plan=standard,
        whole=plan.case.finding(ids.whole(Field.PLAN)),
        overall=case.finding(ids.OVERALL),
        document=case.standard.document,
        other="" if framework.id == case.standard.id else framework.document,
        targets=targets,
        for_schools=bool(floors),
        floors=len(judged),
        short_floors=sorted(
            (finding for finding in judged if finding.met < finding.schools),
            key=lambda finding: finding.met / finding.schools,
        ),
        counts=[(verdict, len(of(verdict))) for verdict in standards.verdicts() if of(verdict)],
        unmet=[Unmet(finding, tally(plan.case, finding)) for finding in of(Verdict.NOT_MET)],
        absent=of(Verdict.NO_DATA),
        contradicted=[target for target in targets if target.reason in CONTRADICTS.values()],
        unset=of(Verdict.TARGET_NOT_SET),
        coming=_next(dated),
        ahead=ahead_of(plan.case, dated),
        dated=bool(dated),
        holders={name: holder.text(case.lang) for name, holder in standard.duty_holders.items()},
        phases=[phase for phase in standard.phases if phase not in framework.phases],
        calendar=[date for date in standard.calendar if date not in framework.calendar],
        steps=standard.steps if standard.steps != framework.steps else (),
        notes=[note.text.text(case.lang) for note in standard.notes if note not in framework.notes],
    )


def _next(rows: list[Milestone]) -> list[Milestone]:
    """Return the milestones of the next year that has some."""
    coming = [row for row in rows if row.coming]
    first = min((milestone.day.year for milestone in coming), default=None)
    return [milestone for milestone in coming if milestone.day.year == first]
