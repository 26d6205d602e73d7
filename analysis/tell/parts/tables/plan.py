"""The plan's own targets: what it asks, where it says so, what is reached, the verdict, who answers for it."""

from dataclasses import replace

import polars as pl

from analysis.judge import rounding
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import Setting
from analysis.tell.facts.plan_targets import Floors, Milestone, articles, planned
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text, verdict
from analysis.tell.parts.tables.computed import value
from analysis.tell.speech.filters import spoken

COLUMNS = [
    Column("item"),
    Column("scope"),
    Column("article"),
    Column("target"),
    Column("value", pl.Float64, number=True),
    Column("verdict"),
    Column("holder"),
]


def table(case: Case) -> Table | None:
    """Return one row per target that the plan's own file names; None without a plan."""
    plan = planned(case)
    if plan is None:
        return None
    said, standard = plan.case, plan.plan.standard
    places = articles(case.plan or "")
    holders = {name: holder.text(case.lang) for name, holder in standard.duty_holders.items()}
    due = {
        (milestone.item, milestone.stage): milestone for milestone in reversed(plan.milestones()) if milestone.coming
    }
    rows: list[dict[str, Value]] = []
    targets: list[Finding | Floors] = [*plan.targets(), *plan.floors()]
    for target in targets:
        finding = target.finding if isinstance(target, Floors) else target
        rows.append(
            {
                "item": text(said.label(finding.item, short=True)),
                "scope": text(scope(said, finding)),
                "article": text(_place(said, finding, places.get(finding.item) or blank(case))),
                "target": text(_asked(said, finding, due.get((finding.item, finding.stage)))),
                "value": reached(said, target) if isinstance(target, Floors) else known(target, said),
                "verdict": _verdict(said, target) if isinstance(target, Floors) else verdict(target, said),
                "holder": text(holders.get(finding.item) or holders.get(finding.indicator) or blank(case)),
            }
        )
    columns = COLUMNS if any(name in holders for name in plan.plan.items) else COLUMNS[:-1]
    return make(said, "plan", columns, rows, title=standard.title.text(case.lang), floors=bool(plan.floors()))


def _place(case: Case, finding: Finding, article: str) -> str:
    """Return where the text speaks of a target, marked where what it asks is our reading."""
    marked = case.word("labels", "reading").format(name=article)
    return marked if spoken(case).assumed(finding) else article


def scope(case: Setting, finding: Finding) -> str:
    """Return the stage, or the grade and subject, that a target is about; the mark of an empty cell for the county."""
    if finding.subject:
        subject = case.word("subjects", finding.subject)
        grade = case.word("grades", str(finding.grade))
        return f"{subject}, {grade}" if case.lang == "en" else f"{grade}{subject}"
    return case.word("stages", finding.stage) if finding.stage else blank(case)


def aim(case: Setting, finding: Finding) -> str:
    """Return a target in words: 不低于70%; of one that counts schools, what it asks of each."""
    sense = numbers.sense_of(finding, case.standard)
    if finding.target is None or sense is None:
        return blank(case)
    unit = case.word("measures", numbers.unit_of(finding, case.standard))
    between = " " if case.lang == "en" else ""
    said = numbers.target(finding, case.standard, case.lang)
    words = f"{case.word('senses', sense.value)}{between}{said}{unit}"
    each = str(spoken(case).asks(finding))
    if not each:
        return words
    every = rounding.exact(finding.target) == 1
    return case.word("cells", "every_school" if every else "part_of_schools").format(aim=words, each=each)


def known(finding: Finding, case: Case) -> Value:
    """Return a finding's value; the mark of an empty cell where it rests on a part of the data and says nothing."""
    open_share = finding.kind == Kind.SCHOOLS and finding.verdict == Verdict.TARGET_NOT_SET.value
    if finding.verdict == Verdict.NO_DATA.value or open_share:
        return number(None, blank(case))
    return value(finding, case)


def _asked(case: Case, finding: Finding, due: Milestone | None) -> str:
    """Return the target, with its year where it is to come."""
    if finding.verdict != Verdict.NOT_IN_FORCE.value or due is None:
        return aim(case, finding)
    said = aim(case, replace(finding, target=due.value))
    return case.word("cells", "due_in").format(aim=said, year=due.day.year)


def tells(floors: Floors) -> bool:
    """Return whether the schools at a floor can be counted: where they are judged, or would be by what is to come."""
    early = floors.verdict == Verdict.NOT_IN_FORCE.value and floors.finding.margin is not None
    return early or not floors.verdict


def reached(case: Case, floors: Floors) -> Value:
    """Return how many schools reach a floor; the mark of an empty cell where they can't be counted."""
    if not tells(floors):
        return number(None, blank(case))
    said = case.word("cells", "schools_at_floor").format(
        met=numbers.whole(floors.met), schools=numbers.whole(floors.schools)
    )
    return number(None, said)


def _verdict(case: Case, floors: Floors) -> Value:
    if not floors.verdict:
        return text(blank(case))
    return Value(floors.verdict, Cell(case.word("verdicts", floors.verdict), verdict=floors.verdict))
