"""What a plan laid over a framework asks and what has come of it: targets, floors of schools, dated targets, paces."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from verification.plans import Milestone, Plan
from verification.rules import NOT_IN_FORCE
from verification.worked.case import Case
from verification.worked.finding import DECIDED, Finding, joined
from verification.worked.trend import Pace, pace


@dataclass(frozen=True)
class Floors:
    """A floor that a plan asks of each school of a stage: `finding` of the first, how many of all reach it.

    `verdict` is set where no school can be judged, and all for one reason.
    """

    finding: Finding
    met: int
    schools: int
    verdict: str

    @property
    def told(self) -> bool:
        """Whether the schools that reach it can be counted."""
        return not self.verdict or (self.verdict == NOT_IN_FORCE and self.finding.margin is not None)


@dataclass(frozen=True)
class Reached:
    """A dated target with what was reached by its day, or this year where that is to come.

    `finding` has the target of then; None where there are several, or no data.
    """

    due: Milestone
    coming: bool
    finding: Finding | None
    floors: Floors | None
    verdict: str


@dataclass(frozen=True)
class Ahead:
    """A target to come that is not reached: the yearly change that it needs, and the pace so far."""

    reached: Reached
    finding: Finding
    needed: Fraction
    pace: Pace
    up: bool


def plan(laid: Case) -> Plan:
    """Return the plan by which a case is told. Raises LookupError where it is told by none."""
    if laid.plan_over is None or not laid.by_plan:
        raise LookupError("no plan")
    return laid.plan_over


def targets(laid: Case, year: int = 0) -> list[Finding]:
    """Return the findings that count for a plan in a year, that of the report where none is given."""
    found = laid.at(year or laid.year).findings.values()
    return [one for one in found if not one.school and one.item not in ("all", "school_rule")]


def floors(laid: Case, year: int = 0) -> list[Floors]:
    """Return what a plan asks of each school, by indicator and stage."""
    held: dict[tuple[str, str], list[Finding]] = {}
    for one in laid.at(year or laid.year).findings.values():
        if one.item.startswith("floor_"):
            held.setdefault((one.item, one.stage), []).append(one)
    return [_floors(found) for found in held.values()]


def _floors(found: list[Finding]) -> Floors:
    verdicts = {one.verdict for one in found}
    alike = next(iter(verdicts)) if len(verdicts) == 1 else ""
    early = alike == NOT_IN_FORCE
    met = sum((one.margin is not None and one.margin >= 0) if early else one.verdict == "met" for one in found)
    return Floors(found[0], met, len(found), "" if alike in DECIDED else alike)


def milestones(laid: Case) -> list[Reached]:
    """Return the dated targets of a plan with what was reached, by their days."""
    return [_reached(laid, due) for due in plan(laid).milestones]


def _reached(laid: Case, due: Milestone) -> Reached:
    coming = due.day.year > laid.year
    year = laid.year if coming else due.day.year
    if due.item.startswith("floor_"):
        here = [one for one in floors(laid, year) if (one.finding.item, one.finding.stage) == (due.item, due.stage)]
        if here:
            verdict = NOT_IN_FORCE if coming else here[0].verdict
            return Reached(due, coming, _aimed(here[0].finding, due), here[0], verdict)
    found = laid.at(year).findings.values() if year in laid.years else ()
    rows = [one for one in found if (one.item, one.stage) == (due.item, due.stage) and not one.school]
    verdict = joined(one.verdict for one in rows) if rows else "no_data"
    finding = _aimed(rows[0], due) if len(rows) == 1 else None
    return Reached(due, coming, finding, None, NOT_IN_FORCE if coming else verdict)


def _aimed(one: Finding, due: Milestone) -> Finding:
    return Finding(**{**one.__dict__, "target": due.value})


def ahead(laid: Case) -> Iterator[Ahead]:
    """Yield the targets to come that have a figure and are not reached."""
    for one in milestones(laid):
        now = one.finding
        if not one.coming or one.floors or now is None or now.value is None or now.target is None or not now.sense:
            continue
        series = {
            year: found.value
            for year in laid.years
            if (found := laid.at(year).findings.get(now.id)) is not None and found.value is not None
        }
        up = now.sense in ("at_least", "above")
        last = max(series)
        gap = now.target - series[last]
        if (gap <= 0) if up else (gap >= 0):
            continue
        turned = {year: -value if up else value for year, value in series.items()}
        paced = pace(turned, -now.target if up else now.target, laid.year)
        yield Ahead(one, now, gap / (one.due.day.year - last), paced, up)
