"""The standard's items year by year beside a plan: which were attained, and in which years the plan sets a target."""

from collections.abc import Iterator

import polars as pl

from analysis import ids, judge
from analysis.measure import COMPOSITE
from analysis.standards import Standard, rules
from analysis.standards.milestones import milestones
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.plan_targets import planned
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, count, make, text

COLUMNS = [Column("number", pl.Int64, number=True), Column("item"), Column("target")]
#: The items of the national monitoring, the last of the field quality, which stand in no list of items.
MONITORED = ("level", "rate")


def table(case: Case) -> Table | None:
    """Return one row per indicator and numbered item of the standard; None without a plan."""
    plan = planned(case)
    if plan is None:
        return None
    set_targets = milestones(plan.plan).filter(state="set")
    later = pl.col("from") > plan.plan.standard.since
    always = set(set_targets.filter(~later)["item"])
    named = {item: set_targets.filter(later, item=item)["from"].dt.year().to_list() for item in sorted(plan.plan.items)}
    last = max((year for years in named.values() for year in years), default=case.year)
    years = range(max(plan.plan.standard.since.year, min(case.years)), max(last, case.year) + 1)
    findings = {year: list(case.at(year)) for year in case.years}
    rows: list[dict[str, Value]] = []
    for label, items in _parts(case):
        asking = [*items, *_at_floor(plan.plan.standard, items)]
        due = sorted({year for item in asking for year in named.get(item, [])})
        row = {"number": count(len(rows) + 1, case), "item": text(label)}
        throughout = not due and any(item in always for item in items)
        row["target"] = text(_due(case, due, throughout))
        for year in years:
            if year > case.year:
                row[str(year)] = text(
                    case.word("cells", "target_due" if throughout or (due and due[0] <= year) else "target_open")
                )
            else:
                row[str(year)] = _attained(case, findings.get(year, []), items)
        rows.append(row)
    columns = [*COLUMNS, *(Column(str(year), label=str(year)) for year in years)]
    return make(
        case,
        "yearly",
        columns,
        rows,
        title=plan.plan.standard.title.text(case.lang),
        document=case.standard.document,
        must_meet=_fewer(case.standard),
    )


def _parts(case: Case) -> Iterator[tuple[str, list[str]]]:
    """Yield what a row is called and the items that make it: an indicator's floors and coefficient, the parts of one
    number."""
    standard = case.standard
    for name, indicator in standard.indicators.items():
        if indicator.counts and (indicator.floor or indicator.cv):
            yield indicator.label.text(case.lang), [ids.floor(name), ids.cv(name)]
    if standard.composite:
        yield case.label(ids.cv(COMPOSITE)), [ids.cv(COMPOSITE)]
    clauses = case.word("lists", "clauses")
    for field in ("resources", "government", "quality"):
        numbers: dict[int, list[str]] = {}
        for name, item in standard.items.items():
            if item.field == field:
                numbers.setdefault(item.number, []).append(name)
        for _, items in sorted(numbers.items()):
            yield clauses.join(case.label(item) for item in items), items
    if standard.monitoring:
        yield clauses.join(case.label(subject) for subject in MONITORED), list(MONITORED)
    if standard.recognition and standard.recognition.target:
        yield case.label("recognition"), ["recognition"]


def _fewer(standard: Standard) -> int | None:
    """Return how many indicators a school must meet, where that is not all of them."""
    rule, counting = (
        standard.school_rule,
        sum(indicator.counts and indicator.floor is not None for indicator in standard.indicators.values()),
    )
    return rule.must_meet if rule and rule.must_meet < counting else None


def _at_floor(standard: Standard, items: list[str]) -> list[str]:
    """Return the items of a plan that ask how many schools reach a floor which is among `items`."""
    asked = {name: item.parameters["indicator"] for name, item in standard.items.items() if item.rule == rules.AT_FLOOR}
    return [name for name, indicator in asked.items() if ids.floor(str(indicator)) in items]


def _due(case: Case, years: list[int], throughout: bool) -> str:
    """Return the years in which the plan sets targets of its own."""
    if not years:
        return case.word("cells", "target_throughout" if throughout else "target_open")
    between = case.word("lists", "between")
    return case.word("cells", "target_in").format(years=between.join(str(year) for year in years))


def _attained(case: Case, findings: list[Finding], items: list[str]) -> Value:
    """Return whether all that a row asks was attained in a year: every school at its floor, every coefficient, part."""
    verdicts = [finding.verdict for finding in findings if finding.item in items]
    verdict = judge.combine(verdicts).value if verdicts else Verdict.NO_DATA.value
    if verdicts and verdict == Verdict.NOT_APPLICABLE and Verdict.NOT_IN_FORCE.value in verdicts:
        verdict = Verdict.NOT_IN_FORCE.value
    return Value(verdict, Cell(case.word("verdicts", verdict), verdict=verdict))
