"""The plan's own targets: what it asks, where it says so, what is reached, the verdict, who answers for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from analysis.standards.load import own
from analysis.tables import Verdict
from analysis.tell.facts.plan_targets import Floors, Milestone
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

COLUMNS = [
    Column("item"),
    Column("scope"),
    Column("article"),
    Column("target"),
    Column("value", pl.Float64, number=True),
    Column("verdict"),
    Column("holder"),
]


def table(report: "Report") -> Table | None:
    """Return one row per target that the plan's own file names; None without a plan."""
    held = report.planned
    if held is None:
        return None
    said, standard = held.report, held.plan.standard
    articles = _articles(report.plan or "")
    holders = {name: one.text(report.lang) for name, one in standard.duty_holders.items()}
    due = {(one.item, one.stage): one for one in reversed(held.milestones()) if one.coming}
    rows: list[dict[str, Value]] = []
    targets: list[Finding | Floors] = [*held.targets(), *held.floors()]
    for one in targets:
        finding = one.finding if isinstance(one, Floors) else one
        rows.append(
            {
                "item": text(said.label(finding.item, short=True)),
                "scope": text(scope(said, finding)),
                "article": text(articles.get(finding.item) or blank(report)),
                "target": text(_asked(said, finding, due.get((finding.item, finding.stage)))),
                "value": _reached(said, one) if isinstance(one, Floors) else known(one, said),
                "verdict": _verdict(said, one) if isinstance(one, Floors) else verdict(one, said),
                "holder": text(holders.get(finding.item) or holders.get(finding.indicator) or blank(report)),
            }
        )
    columns = COLUMNS if any(name in holders for name in held.plan.items) else COLUMNS[:-1]
    return make(said, "plan", columns, rows, title=standard.title.text(report.lang), floors=bool(held.floors()))


def scope(report: "Report", finding: Finding) -> str:
    """Return the stage, or the grade and subject, that a target is about; the mark of an empty cell for the county."""
    if finding.subject:
        subject = report.word("subjects", finding.subject)
        grade = report.word("grades", str(finding.grade))
        return f"{subject}, {grade}" if report.lang == "en" else f"{grade}{subject}"
    return report.word("stages", finding.stage) if finding.stage else blank(report)


def aim(report: "Report", finding: Finding) -> str:
    """Return a target in words: 不低于70%."""
    sense = numbers.sense_of(finding, report.standard)
    if finding.target is None or sense is None:
        return blank(report)
    unit = report.word("measures", numbers.unit_of(finding, report.standard))
    between = " " if report.lang == "en" else ""
    said = numbers.target(finding, report.standard, report.lang)
    return f"{report.word('senses', sense.value)}{between}{said}{unit}"


def known(finding: Finding, report: "Report") -> Value:
    """Return a finding's value; the mark of an empty cell where it rests on a part of the data and says nothing."""
    open_share = finding.item == "schools" and finding.verdict == Verdict.TARGET_NOT_SET.value
    if finding.verdict == Verdict.NO_DATA.value or open_share:
        return number(None, blank(report))
    return value(finding, report)


def _asked(report: "Report", finding: Finding, due: Milestone | None) -> str:
    """Return the target, with its year where it is to come."""
    if finding.verdict != Verdict.NOT_IN_FORCE.value or due is None:
        return aim(report, finding)
    said = aim(report, replace(finding, target=due.value))
    return report.word("cells", "due_in").format(aim=said, year=due.day.year)


def _reached(report: "Report", floors: Floors) -> Value:
    if floors.verdict:
        return number(None, blank(report))
    said = report.word("cells", "schools_at_floor").format(
        met=numbers.whole(floors.met), schools=numbers.whole(floors.schools)
    )
    return number(None, said)


def _verdict(report: "Report", floors: Floors) -> Value:
    if not floors.verdict:
        return text(blank(report))
    return Value(floors.verdict, Cell(report.word("verdicts", floors.verdict), verdict=floors.verdict))


def _articles(plan: str) -> dict[str, str]:
    """Return where the plan's own text speaks of each item; what it takes over from its framework is not there."""
    given = own(plan)
    found = {name: str(one.get("article") or "") for name, one in (given.get("items") or {}).items()}
    rule = given.get("school_rule") or {}
    found["schools"] = str((rule.get("schools") or {}).get("article") or rule.get("article") or "")
    found["three_years"] = str((given.get("certificate") or {}).get("article") or "")
    found["cv_composite"] = str((given.get("composite") or {}).get("article") or "")
    found["recognition"] = str(((given.get("recognition") or {}).get("target") or {}).get("article") or "")
    for name, one in (given.get("indicators") or {}).items():
        found |= {f"{kind}_{name}": str(one.get("article") or "") for kind in ("floor", "cv")}
    monitoring = given.get("monitoring") or {}
    return found | {name: str((monitoring.get(name) or {}).get("article") or "") for name in ("level", "rate")}
