"""What a county reports and its own rows or counts refute, as causes of `junheng check`."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from analysis import standards
from analysis.clean import Records
from analysis.errors import language
from analysis.judge import all_items
from analysis.judge.against_rows import COUNTED
from analysis.judge.counts import REPORTED
from analysis.read.fields import tables
from analysis.standards import Standard
from analysis.tell.documents.check.causes import Cause, word
from analysis.tell.documents.check.notices import Notice
from analysis.tell.findings import Finding, Findings
from analysis.tell.language import numbers

#: An item, and the year of its figure.
ItemYear = tuple[str, int]


def causes(records: Records, plan: str = "") -> list[Cause]:
    """Return a cause for each item and year that rows or counts refute, by whatever standard asks for the item.

    By `plan`, where one is named, then by the national frameworks. Of the other plans nobody knows which is the
    county's: their own items are looked at where the county reports them, and told where every plan that has the item
    finds the same.
    """
    if records.government.is_empty():
        return []
    reported = set(records.government["item"])
    by_item: dict[ItemYear, Cause] = {}
    for standard in _applying(plan):
        by_item = _by(records, standard, set(standard.items)) | by_item
    settled = {item for standard in _applying(plan) for item in standard.items}
    of_plans = {
        standard.id: _by(records, standard, own)
        for standard in _plans()
        if (own := (set(standard.items) & reported) - settled)
    }
    for name, refuted in of_plans.items():
        for place, cause in refuted.items():
            others = [other for other in _plans() if other.id in of_plans and place[0] in other.items]
            if all(place in of_plans[other.id] for other in others if other.id != name):
                by_item.setdefault(place, cause)
    return list(by_item.values())


def _applying(plan: str) -> Iterator[Standard]:
    """Yield the standards that hold for a county whatever its plan, that plan first."""
    if plan:
        yield standards.plan(plan).standard
    yield from (standards.load(name) for name in standards.names() if name.startswith("national-"))


@cache
def _plans() -> tuple[Standard, ...]:
    return tuple(standards.load(name) for name in standards.names() if name.startswith("plan-"))


def _by(records: Records, standard: Standard, names: set[str]) -> dict[ItemYear, Cause]:
    """Return the causes of some items by one standard, by item and year."""
    asked = standard.model_copy(update={"items": {name: standard.items[name] for name in names}})
    refuted = {}
    for finding in Findings(all_items.refuted(records, asked)):
        rows = records.government.filter(item=finding.item, year=finding.year)
        place = next(rows.iter_rows(named=True), None) or _of_counts(records, finding, standard)
        label = standards.label(standard, finding.item, language())
        said = word(
            _sentence(finding, typed=not rows.is_empty()),
            item=label,
            year=finding.year,
            reported=_reported(finding, place, standard),
            computed="" if finding.computed is None else numbers.computed(finding, standard, language()),
        )
        notice = _notice(finding, place, label, said)
        cause = Cause("refuted", "warning", (notice,), sentence=said, remedy=word("do_refuted"))
        refuted[finding.item, finding.year] = cause
    return refuted


def _sentence(finding: Finding, *, typed: bool) -> str:
    if not typed:
        return "counted_otherwise"
    if finding.computed is None:
        return "refuted_nobody"
    return "refuted_by_counts" if finding.computed_by == COUNTED else "refuted"


def _of_counts(records: Records, finding: Finding, standard: Standard) -> dict[str, Any]:
    """Return the row of the first of the counts that stand for an item which is not reported itself."""
    says = standard.items[finding.item].counts or {}
    rows = records.government.filter(item=says["of"][0], year=finding.year)
    return rows.row(0, named=True) | {"value": finding.value, "answer": None}


def _reported(finding: Finding, place: dict[str, Any], standard: Standard) -> str:
    if place["value"] is None and place["answer"] is not None:
        return str(tables()[REPORTED].columns["answer"].choices[place["answer"]][0])
    value = place["value"] if place["value"] is not None else finding.value
    return "" if value is None else numbers.of(finding, value, standard, language())


def _notice(finding: Finding, place: dict[str, Any], label: str, sentence: str) -> Notice:
    return Notice(
        rule=finding.reason or "",
        severity="warning",
        kind="row",
        year=finding.year,
        table=REPORTED,
        file=place["file"] or "",
        sheet=place["sheet"] or "",
        row=place["row"],
        place="",
        columns=("answer" if place["value"] is None else "value",),
        unused=0,
        school="",
        name=label,
        sentence=sentence,
        line="",
    )
