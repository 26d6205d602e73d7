"""What a county reports and its own rows refute, as causes of `junheng check`."""

from typing import Any

from analysis import standards
from analysis.clean import Records
from analysis.errors import language
from analysis.judge import items
from analysis.judge.against_rows import CONTRADICTS, REPORTED
from analysis.read.fields import tables
from analysis.standards import Standard
from analysis.tell.documents.check.causes import Cause, word
from analysis.tell.documents.check.notices import Notice
from analysis.tell.findings import Finding, Findings
from analysis.tell.language import numbers

#: The framework whose items are looked at: a plan's own are told by its report.
STANDARD = "national-2017"


def causes(records: Records) -> list[Cause]:
    """Return a cause for each item and year that the rows of schools refute."""
    standard = standards.load(STANDARD)
    if records.government.is_empty() or records.schools.is_empty():
        return []
    refuted = []
    for finding in Findings(items.refuted(records, standard)):
        label = standards.label(standard, finding.item, language())
        place = records.government.filter(item=finding.item, year=finding.year).row(0, named=True)
        computed = "" if finding.computed is None else numbers.computed(finding, standard, language())
        said = word(
            "refuted" if computed else "refuted_nobody",
            item=label,
            year=finding.year,
            reported=_reported(finding, place, standard),
            computed=computed,
        )
        notice = _notice(finding.year, place, label, said)
        refuted.append(Cause("refuted", "warning", (notice,), sentence=said, remedy=word("do_refuted")))
    return refuted


def _reported(finding: Finding, place: dict[str, Any], standard: Standard) -> str:
    if place["value"] is None:
        return str(tables()[REPORTED].columns["answer"].choices[place["answer"]][0])
    return numbers.of(finding, place["value"], standard, language())


def _notice(year: int, place: dict[str, Any], label: str, sentence: str) -> Notice:
    return Notice(
        rule=CONTRADICTS,
        severity="warning",
        kind="row",
        year=year,
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
