"""The plan's milestones: what was to be reached by when, and what is reached."""

import polars as pl

from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.plan_targets import Milestone, planned
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text
from analysis.tell.parts.tables.plan import aim, known, reached, tells

COLUMNS = [
    Column("year", pl.Int64, number=True),
    Column("item"),
    Column("scope"),
    Column("target"),
    Column("reached_in", pl.Int64, number=True),
    Column("value", pl.Float64, number=True),
    Column("verdict"),
]


def table(case: Case) -> Table | None:
    """Return one row per dated target of the plan; None without a plan, or where it has no dates."""
    plan = planned(case)
    if plan is None:
        return None
    said = plan.case
    rows: list[dict[str, Value]] = []
    for milestone in plan.milestones():
        finding = milestone.finding
        shown = finding is not None and finding.value is not None and finding.verdict != Verdict.NO_DATA.value
        shown |= milestone.floors is not None and tells(milestone.floors)
        when = case.year if milestone.coming else milestone.day.year
        dash = number(None, blank(case))
        word = said.word("verdicts", milestone.verdict) if milestone.verdict else blank(case)
        verdict = Value(milestone.verdict, Cell(word, verdict=milestone.verdict))
        rows.append(
            {
                "year": number(milestone.day.year, str(milestone.day.year)),
                "item": text(said.label(milestone.item, short=True)),
                "scope": text(said.word("stages", milestone.stage) if milestone.stage else blank(case)),
                "target": text(aim(said, finding) if finding else blank(case)),
                "reached_in": number(when, str(when)) if shown else dash,
                "value": _value(said, milestone),
                "verdict": verdict,
            }
        )
    return make(
        said,
        "milestones",
        COLUMNS,
        rows,
        title=plan.plan.standard.title.text(case.lang),
        floors=any(milestone.floors for milestone in plan.milestones()),
    )


def _value(case: Case, milestone: Milestone) -> Value:
    if milestone.floors:
        return reached(case, milestone.floors)
    return (
        known(milestone.finding, case)
        if milestone.finding and not milestone.coming
        else _plain(case, milestone.finding)
    )


def _plain(case: Case, finding: Finding | None) -> Value:
    """Return a value that no target judges yet."""
    if finding is None or finding.value is None:
        return number(None, blank(case))
    return number(finding.value, numbers.of(finding, finding.value, case.standard, case.lang, judged=False))
