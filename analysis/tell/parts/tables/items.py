"""The items of government and quality: what was asked, what was reported, the verdict and the evidence."""

import polars as pl

from analysis.judge import frames
from analysis.judge.against_rows import FROM
from analysis.tables import DECIDED
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, text, verdict
from analysis.tell.parts.tables.computed import target, value
from analysis.tell.speech.filters import spoken

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("item"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("verdict"),
    Column("reason"),
]


def beside_target(case: Case, finding: Finding) -> list[str]:
    """Return what is told beside an item's target, and decides nothing, in force by the end of the year."""
    texts = case.standard.items[finding.item].beside
    return [text.text.text(case.lang) for text in texts if text.since <= frames.day_of(case.year)]


def field_table(case: Case, field: str) -> Table | None:
    """Return one row per item of a field in the standard's order."""
    by_item = {finding.item: finding for finding in case.now.where(field=field) if finding.school is None}
    rows: list[dict[str, Value]] = []
    for id, item in case.standard.items.items():
        finding = by_item.get(id)
        if item.field != field or finding is None:
            continue
        answered = finding.target is None
        rows.append(
            {
                "number": count(item.number, case),
                "item": text(case.here(item.label.text(case.lang))),
                "value": text(blank(case)) if answered else value(finding, case),
                "target": text(blank(case)) if answered else target(finding, case),
                "verdict": verdict(finding, case),
                "reason": text(_reason(case, finding, item.kind)),
            }
        )
    for row in rows:
        for key in ("value", "target"):
            if isinstance(row[key].value, str):
                row[key] = Value(None, row[key].cell)
    return make(case, f"items_{field}", COLUMNS, rows, name="items", field=field)


def _reason(case: Case, finding: Finding, kind: str) -> str:
    """Return the reason in words, what rows or counts come to beside what is reported, the schools that a computed item
    names or the evidence that the county gave."""
    said = case.word("reasons", finding.reason) if finding.reason else ""
    evidence = finding.evidence or ""
    if kind == "computed":
        schools = [case.school(code) for code in evidence.split(";") if code]
        evidence = case.word("lists", "between").join(schools)
    beside = ""
    # Where nothing is reported the value is what rows or counts come to: it is not said twice.
    if finding.computed is not None and not (finding.reason in FROM.values() and finding.value == finding.computed):
        beside = case.word("labels", f"by_{finding.computed_by}").format(
            value=numbers.computed(finding, case.standard, case.lang)
        )
    figures = beside_target(case, finding)
    assumed = case.word("labels", "assumed") if finding.verdict in DECIDED and spoken(case).assumed(finding) else ""
    return case.word("lists", "clauses").join(part for part in (said, beside, *figures, evidence, assumed) if part)
