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
    held = planned(case)
    if held is None:
        return None
    said = held.case
    rows: list[dict[str, Value]] = []
    for one in held.milestones():
        finding = one.finding
        shown = finding is not None and finding.value is not None and finding.verdict != Verdict.NO_DATA.value
        shown |= one.floors is not None and tells(one.floors)
        when = case.year if one.coming else one.day.year
        dash = number(None, blank(case))
        word = said.word("verdicts", one.verdict) if one.verdict else blank(case)
        verdict = Value(one.verdict, Cell(word, verdict=one.verdict))
        rows.append(
            {
                "year": number(one.day.year, str(one.day.year)),
                "item": text(said.label(one.item, short=True)),
                "scope": text(said.word("stages", one.stage) if one.stage else blank(case)),
                "target": text(aim(said, finding) if finding else blank(case)),
                "reached_in": number(when, str(when)) if shown else dash,
                "value": _value(said, one),
                "verdict": verdict,
            }
        )
    return make(
        said,
        "milestones",
        COLUMNS,
        rows,
        title=held.plan.standard.title.text(case.lang),
        floors=any(one.floors for one in held.milestones()),
    )


def _value(case: Case, one: Milestone) -> Value:
    if one.floors:
        return reached(case, one.floors)
    return known(one.finding, case) if one.finding and not one.coming else _plain(case, one.finding)


def _plain(case: Case, finding: Finding | None) -> Value:
    """Return a value that no target judges yet."""
    if finding is None or finding.value is None:
        return number(None, blank(case))
    return number(finding.value, numbers.of(finding, finding.value, case.standard, case.lang, judged=False))
