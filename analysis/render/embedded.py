"""The embedded engine: the pandoc and the Typst that come as Python packages, no other program, no network."""

import importlib.metadata
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.project import root

from . import docx, html, pandoc, pdf
from .document import Document, escape, read
from .grids import to_typst
from .grids.grid import Grid, take
from .meta import CAPTIONS, Meta, words_of

#: Filters that make of a joined notebook what Quarto would; in this order.
COMMON = ("safe", "front", "tables", "labels", "callouts", "crossref", "headings")
#: Filters for paper, after the common ones.
PAPER = ("contents", "widths", "style", "exact")


class Embedded:
    """HTML by pandoc, PDF by pandoc and Typst, DOCX by pandoc and a finishing step; the formats side by side."""

    name = "embedded"

    @property
    def version(self) -> str:
        """Versions of both programs."""
        return f"pandoc {pandoc.version()}, typst {importlib.metadata.version('typst')}"

    def render(self, notebook: Path | NotebookNode, targets: dict[str, Path], meta: Meta) -> None:
        """Write `targets` from the executed `notebook`. Raises DataError where a document can't be made."""
        document = read(notebook)
        with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(len(MAKERS)) as pool:
            folder = Path(scratch)
            document.write_figures(folder)
            work = begun(document, meta, folder)
            making = {name: pool.submit(MAKERS[name], work) for name in targets}
            contents = {name: future.result() for name, future in making.items()}
        for name, path in targets.items():
            path.write_bytes(contents[name])


def _metadata(meta: Meta) -> dict[str, Any]:
    words = words_of(meta.lang)
    return {
        "title": escape(meta.title),
        "subtitle": escape(meta.subtitle),
        "lang": words["pandoc_lang"],
        "brief": meta.brief,
        "page-mark": escape(meta.mark),
        "words": {key: words[key] for key in CAPTIONS},
    }


@dataclass(frozen=True)
class _Work:
    """What all formats are made from: the notebook parsed once (pandoc's JSON), its figures in `folder`, its tables."""

    document: Document
    meta: Meta
    folder: Path
    parsed: str
    grids: dict[str, Grid]


def begun(document: Document, meta: Meta, folder: Path) -> _Work:
    """Return what all formats of a document are made from; its figures lie in `folder`."""
    text, grids = take(document.text)
    parsed = pandoc.convert(text, pandoc.MARKDOWN, "json", _metadata(meta), pandoc.filters(*COMMON), folder)
    return _Work(document, meta, folder, parsed, grids)


def _html(work: _Work) -> bytes:
    arguments = ["--mathml", "--section-divs", "--shift-heading-level-by=1", "--wrap=none", "--toc", "--toc-depth=3"]
    arguments.append(f"--template={html.parts_template()}")
    parts = pandoc.convert(work.parsed, "json", "html5", {}, arguments, work.folder)
    return html.page(parts, work.document, work.meta, work.grids).encode("utf-8")


def _pdf(work: _Work) -> bytes:
    arguments = ["--wrap=none", *pandoc.filters(*PAPER)]
    body = pandoc.convert(work.parsed, "json", "typst-smart", {}, arguments, work.folder)
    return pdf.write(to_typst.define(body, work.grids), work.meta, work.folder)


def _docx(work: _Work) -> bytes:
    path = work.folder / "report.docx"
    reference = root() / "reports" / "reference.docx"
    arguments = [f"--output={path}", f"--reference-doc={reference}", *pandoc.filters(*PAPER)]
    pandoc.convert(work.parsed, "json", "docx", {}, arguments, work.folder)
    return docx.finish(path.read_bytes(), work.meta, work.grids)


MAKERS: dict[str, Callable[[_Work], bytes]] = {"html": _html, "pdf": _pdf, "docx": _docx}
