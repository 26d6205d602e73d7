"""The plan: which of its own targets are met, what is due next, and where its text contradicts itself."""

from typing import Any

from analysis import ids, standards
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.pace import ahead_of
from analysis.tell.facts.plan_targets import Milestone, planned
from analysis.tell.findings import Finding


def facts(case: Case) -> dict[str, Any]:
    """Return what the chapter on the plan says; `plan` is None where no plan was given."""
    held = planned(case)
    if held is None:
        return {"plan": None}
    standard, dated = held.plan.standard, held.milestones()
    targets = held.targets()

    def of(verdict: str) -> list[Finding]:
        return [one for one in targets if one.verdict == verdict]

    framework = standards.load(held.plan.framework)
    return {
        "plan": standard,
        "whole": held.case.finding(ids.whole(Field.PLAN)),
        "overall": case.finding(ids.OVERALL),
        "document": case.standard.document,
        "targets": targets,
        "counts": [(verdict, len(of(verdict))) for verdict in _ORDER if of(verdict)],
        "unmet": of(Verdict.NOT_MET),
        "absent": of(Verdict.NO_DATA),
        "unset": of(Verdict.TARGET_NOT_SET),
        "floors": held.floors(),
        "coming": _next(dated),
        "ahead": ahead_of(held.case, dated),
        "dated": bool(dated),
        "holders": {name: one.text(case.lang) for name, one in standard.duty_holders.items()},
        "phases": [one for one in standard.phases if one not in framework.phases],
        "calendar": [one for one in standard.calendar if one not in framework.calendar],
        "steps": standard.steps if standard.steps != framework.steps else (),
        "notes": [one.text.text(case.lang) for one in standard.notes if one not in framework.notes],
    }


#: The order in which the opening counts the verdicts.
_ORDER = tuple(Verdict)


def _next(rows: list[Milestone]) -> list[Milestone]:
    """Return the milestones of the next year that has some."""
    coming = [one for one in rows if one.coming]
    first = min((one.day.year for one in coming), default=None)
    return [one for one in coming if one.day.year == first]
