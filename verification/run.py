"""A report's folder, read a second time: every document in it against the raw statistics."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verification.checked import annex, figures, order, others, regions
from verification.checked.asked import Asked
from verification.checked.kinds import Record
from verification.checked.paged import Paged
from verification.checked.results import Results
from verification.checked.sentences import Reader
from verification.checked.shown import Shown
from verification.checked.tables import Tables
from verification.printed import docx, html, pdf, xlsx
from verification.printed.blocks import Block, Document, Grid
from verification.printed.pdf import Pages
from verification.words import Words
from verification.worked.case import Case, case
from verification.worked.least_cost import Planned
from verification.worked.region import region

#: What a report's folder may hold, in the order in which it is read.
DOCUMENTS = ("results.json", "annex.xlsx", "report.html", "report.pdf", "report.docx")


class NoReportError(ValueError):
    """A folder without a report that can be read a second time."""


@dataclass(frozen=True)
class Told:
    """What was found: the documents that were read, and the record of their numbers."""

    documents: tuple[str, ...]
    record: Record


def said(folder: Path, asked: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return what a folder's results.json says, else what is `asked` for in its words.

    Raises NoReportError where there is neither, or where it is of no county and no region.
    """
    path = folder / "results.json"
    if not path.is_file():
        if asked is None:
            raise NoReportError(f"{folder} has no results.json")
        return asked
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise NoReportError(f"{path} can't be read: {fault}") from fault
    if not isinstance(told, dict) or "findings" not in told or (told.get("county") or told.get("region")) is None:
        raise NoReportError(f"{path} is of no county")
    return told


def opened(folder: Path, raw: Path, standards: Path, asked: Mapping[str, Any] | None = None) -> Case:
    """Return the case that a report's results.json says it is of, or `asked`. Raises NoReportError as `said` does."""
    told = said(folder, asked)
    words = (told["standard"], told["lang"], told["audience"], told.get("plan") or "")
    of = case(raw, standards, str(told["county"]), told["year"], *words)
    of.foretold = told.get("forecast") or {}
    of.told_from = str(told.get("date") or "")
    return of


def verify(folder: Path, raw: Path, standards: Path, asked: Mapping[str, Any] | None = None) -> Told:
    """Read a report's folder a second time, of a county or of a region.

    Raises NoReportError as `said` does, and where nothing is to be read.
    """
    words = said(folder, asked)
    if "region" in words:
        record = Record()
        told = Told(regions.check(folder, region(raw, standards, words), record), record)
    else:
        told = check(folder, opened(folder, raw, standards, asked))
    if not told.documents:
        raise NoReportError(f"{folder} has no document to read")
    return told


def check(folder: Path, of: Case, only: str = "", pages: Callable[[Path], Pages] = pdf.read) -> Told:
    """Read a report's folder a second time, against a case that is worked out already.

    `only` names the one document to look at; `pages` reads the text of a PDF.
    """
    record = Record()
    of.plans = _plans(folder / "results.json", of)
    found = tuple(name for name in DOCUMENTS if (folder / name).is_file() and only in ("", name))
    if "results.json" in found:
        results = record.opened(lambda path: Results(of, path, record), folder / "results.json")
        if results is not None:
            results.check()
    shown = Shown(of)
    if "annex.xlsx" in found:
        book = record.opened(xlsx.read, folder / "annex.xlsx")
        if book is not None:
            annex.check(of, book, Tables(shown, record, whole=True), record)
    sentences = Reader(of, Words(of), record)
    of_plan = Reader(of.laid, Words(of.laid), record) if of.laid else sentences
    read, labels = _reader(sentences, of_plan, shown, record), figures.Labels(shown, sentences, record)
    page = record.opened(html.read, folder / "report.html") if (folder / "report.html").is_file() else None
    wanted = order.references(folder / "report.html", Record()) if page is not None else []
    if page is not None and "report.html" in found:
        _document(page, of.lang, read, record)
        _figures(page, labels)
        order.references(folder / "report.html", record)
        order.contents(folder / "report.html", record)
    if "report.pdf" in found:
        if page is None:
            record.bad("report.pdf", "report.pdf", "no report.html beside it to be read by")
        else:
            printed = record.opened(pages, folder / "report.pdf")
            if printed is not None:
                Paged(printed, record).check(page, read, labels.read)
    if "report.docx" in found:
        document = record.opened(docx.read, folder / "report.docx")
        if document is not None:
            _document(document, of.lang, read, record)
        if document is not None and page is not None:
            order.same_references(document, of.lang, wanted, record)
    beside = others.check(folder, of, shown, record) if not only else []
    return Told((*found, *beside), record)


def _plans(path: Path, of: Case) -> dict[str, Planned]:
    """Return the plans of least cost that results.json tells."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["least_cost"] or {}
        return {name: Planned(one, of.now, of.standard) for name, one in said.items() if one is not None}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # what is wrong with the file is told where it is read


def _reader(sentences: Reader, of_plan: Reader, shown: Shown, record: Record) -> Callable[[str, Block | Grid], None]:
    """Return what explains one block of a document; those of the chapter on a plan are read by the plan's words."""
    chapter = str(shown.standard.words["fields"]["plan"][shown.lang])
    tables, asked = Tables(shown, record), Asked(sentences, record)

    def read(document: str, block: Block | Grid) -> None:
        if isinstance(block, Grid):
            if not asked.check(document, block) and not tables.check(document, block):
                record.bad(document, block.place, block.caption or "a table")
        else:
            (of_plan if block.heading.endswith(chapter) else sentences).read(document, block)

    return read


def _document(document: Document, lang: str, read: Callable[[str, Block | Grid], None], record: Record) -> None:
    for block in document.blocks:
        if isinstance(block, Grid) or not block.kind.startswith("label"):
            read(document.name, block)
    order.check(document, lang, record)


def _figures(document: Document, labels: figures.Labels) -> None:
    """Read the labels of each figure together."""
    for blocks in document.figures().values():
        labels.read(document.name, blocks)
