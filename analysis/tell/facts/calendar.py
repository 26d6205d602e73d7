"""The calendar of a framework and a plan: what is due in the twelve months after a day, and what comes next after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import polars as pl

from analysis import standards
from analysis.standards.milestones import of_standard
from analysis.standards.model import Deadline, Phase, Standard
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.facts.plan_targets import articles, planned
from analysis.tell.facts.reference_day import as_of, next_year
from analysis.tell.findings import Finding


class What(StrEnum):
    """What falls on a day: something to hand in, a part of the plan's time that begins or ends, a target that comes
    into force."""

    DEADLINE = "deadline"
    BEGINS = "begins"
    ENDS = "ends"
    TARGET = "target"


@dataclass(frozen=True)
class Day:
    """One entry: `document` and `article` say where it stands, `sure` how well that is known.

    A deadline or phase has its `label`; a target its `item` and `stage`, and the finding beside it with the target to
    come (None where the year has none).
    """

    day: date
    what: What
    document: str
    article: str
    label: str = ""
    sure: str = "sure"
    item: str = ""
    stage: str | None = None
    finding: Finding | None = None


@dataclass(frozen=True)
class Calendar:
    """The entries from `since` (not included) to `until`, by day; `later` are those of the first day after that."""

    since: date
    until: date
    days: tuple[Day, ...]
    later: tuple[Day, ...]

    @property
    def next(self) -> tuple[Day, ...]:
        """Return what is due first."""
        every = (*self.days, *self.later)
        return tuple(day for day in every if day.day == every[0].day) if every else ()


@once
def calendar_of(case: Case) -> Calendar:
    """Return the calendar of a report from the day that it is told from on."""
    since = as_of(case)
    until = next_year(since)
    days = sorted(_days(case, since, until), key=lambda day: (day.day, list(What).index(day.what)))
    later = [day for day in days if day.day > until]
    return Calendar(
        since,
        until,
        tuple(day for day in days if day.day <= until),
        tuple(day for day in later if day.day == later[0].day),
    )


def _days(case: Case, since: date, until: date) -> Iterator[Day]:
    planned_case = planned(case)
    known = [(case.standard, case.standard.document)]
    if planned_case is not None:
        framework = standards.load(planned_case.plan.framework)
        plan = planned_case.plan.standard
        known = [(framework, framework.document), (_own(plan, framework), plan.document)]
    for standard, document in known:
        for deadline in standard.calendar:
            yield from _every_year(case, deadline, document, since, until)
        for phase in standard.phases:
            yield from _phase(case, phase, document, since)
    yield from _targets(case, since)


def _own(plan: Standard, framework: Standard) -> Standard:
    """Return a plan with the deadlines and phases alone that its framework does not have."""
    return plan.model_copy(
        update={
            "calendar": tuple(date for date in plan.calendar if date not in framework.calendar),
            "phases": tuple(phase for phase in plan.phases if phase not in framework.phases),
        }
    )


def _every_year(case: Case, due: Deadline, document: str, since: date, until: date) -> Iterator[Day]:
    for year in range(since.year, until.year + 1):
        # A last day of February, in years that have one less.
        day = date(year, due.month, min(due.day, _longest(year, due.month)))
        if since < day <= until:
            yield Day(
                day,
                What.DEADLINE,
                due.document or document,
                due.article,
                case.here(due.label.text(case.lang)),
                due.sure,
            )


def _longest(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).day


def _phase(case: Case, phase: Phase, document: str, since: date) -> Iterator[Day]:
    label = case.here(phase.label.text(case.lang))
    if phase.since > since:
        yield Day(phase.since, What.BEGINS, document, "", label)
    if phase.until > since:
        yield Day(phase.until, What.ENDS, document, "", label)


def _targets(case: Case, since: date) -> Iterator[Day]:
    """Yield the values that come into force after a day: those of the plan, else of the framework."""
    plan = planned(case)
    standard = plan.plan.standard if plan else case.standard
    table = of_standard(standard).filter((pl.col("from") > since) & (pl.col("state") == "set"))
    table = table.filter(pl.col("item").is_in(list(plan.plan.items))) if plan else table
    places = articles(case.plan or "") if plan else {}
    rows = case.now.plan if plan else list(case.now)
    for item, stage, day, value in table.select("item", "stage", "from", "value").iter_rows():
        mine = [row for row in rows if row.item == item and (stage is None or row.stage == stage)]
        aimed = replace(mine[0], target=value) if mine and value is not None else None
        yield Day(day, What.TARGET, standard.document, places.get(item, ""), item=item, stage=stage, finding=aimed)
