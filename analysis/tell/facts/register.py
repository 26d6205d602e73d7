"""The evidence register: for each item its document with number, page and holder, and what of these is missing."""

import re
from dataclasses import dataclass
from typing import Any

from analysis.judge import evidence
from analysis.judge.evidence import HAVE, NOT_ASKED
from analysis.tell.case.case import Case
from analysis.tell.case.setting import SourceFile, once
from analysis.tell.findings import Finding

#: The number of a document, as offices write it: 青溪县政发〔2024〕21号, and with the brackets that stand for these.
_NUMBER = re.compile(r"[\u4e00-\u9fff]*[〔\[［（(]\d{4}[〕\]］）)]\s*(?:第)?\d+\s*号")
#: A page or pages: 第11页, 第3至5页, 第3—5页, p. 11.
_PAGE = re.compile(r"第?\s*(\d+(?:\s*[至到—–~-]\s*\d+)?)\s*页|\bpp?\.\s*(\d+(?:\s*[–-]\s*\d+)?)")
REPORTED = "reported"


@dataclass(frozen=True)
class Paper:
    """One item's evidence: `file`, `sheet`, `row`, `rows` are where its data lie, `missing` the ids of what is not yet
    there (document, number, page, holder; data; registered)."""

    finding: Finding
    basis: str
    state: str
    document: str
    number: str
    page: str
    holder: str
    file: str
    sheet: str
    row: int | None
    rows: int
    missing: tuple[str, ...]

    @property
    def lacks(self) -> bool:
        """Whether there is nothing yet that shows the item."""
        return "document" in self.missing or "data" in self.missing


def number_of(text: str) -> str:
    """Return the number of a document that a text names, "" for none."""
    match = _NUMBER.search(text)
    return match[0] if match else ""


def page_of(text: str) -> str:
    """Return the page that a text names, "" for none."""
    match = _PAGE.search(text)
    return (match[1] or match[2]) if match else ""


@once
def register_of(case: Case) -> list[Paper]:
    """Return one entry per item of the standard, in the order of the findings.

    What people filled in goes before what the data say. The holder of what a county reports is that of the plan (the
    standard) where nobody is named; of computed items it is who published the file.
    """
    sources = {file.file: file for file in case.source_files}
    by_id = {row["id"]: row for row in case.papers.iter_rows(named=True)}
    listed = evidence.listed(case.findings, case.records, case.standard, case.year)
    return [_paper(case, row, by_id.get(row["id"], {}), sources) for row in listed.iter_rows(named=True)]


def lost(case: Case) -> list[str]:
    """Return the ids of what people filled in that match no item."""
    known = {paper.finding.id for paper in register_of(case)}
    return [id for id in case.papers["id"] if id not in known]


def _paper(case: Case, row: dict[str, Any], own: dict[str, str], sources: dict[str, SourceFile]) -> Paper:
    finding = case.now.get(row["id"])
    assert finding is not None
    files = [sources[name] for name in row["file"].split("; ") if name in sources]
    reported = row["basis"] == REPORTED
    titles = row["document"] if reported else "; ".join(file.title for file in files if file.title)
    holder = _holder(case, finding) if reported else "; ".join(dict.fromkeys(file.publisher for file in files))
    said = {
        "document": own.get("document") or titles,
        "number": own.get("number") or number_of(own.get("document") or titles),
        "page": own.get("page") or page_of(titles),
        "holder": own.get("holder") or holder,
    }
    missing = tuple(name for name, text in said.items() if not text) if reported else ()
    if not reported:
        missing = () if row["state"] == HAVE else ("data",)
        missing += ("registered",) if row["state"] == HAVE and not said["document"] else ()
    return Paper(
        finding=finding,
        basis=row["basis"],
        state=row["state"] if row["state"] == NOT_ASKED or not said["document"] else HAVE,
        missing=() if row["state"] == NOT_ASKED else missing,
        **said,
        file=row["file"],
        sheet=row["sheet"],
        row=row["row"],
        rows=row["rows"],
    )


def _holder(case: Case, finding: Finding) -> str:
    duties = (case.laid.standard if case.laid else case.standard).duty_holders
    holder = duties.get(finding.item) or duties.get(finding.indicator)
    return holder.text(case.lang) if holder else ""
