"""PDF by Typst: A4 in the manner of official documents, fonts embedded, tagged, the same bytes for the same report."""

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

import pikepdf
import typst

from analysis import files
from analysis.brand import font_folder
from analysis.errors import DataError
from analysis.project import root

from . import fonts
from .meta import Meta

#: PDF/A-2a, to be kept in an archive, and PDF/UA-1, to be read by those who hear or feel what is printed.
STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
#: What a report is set with, laid beside it as in the project.
PARTS = ("_brand.yml", "reports/words.yml", "reports/typst/style.typ")
HEAD = """#import "/reports/typst/style.typ": *
#let day = json(bytes(sys.inputs.date))
#show: report.with(
  title: sys.inputs.title, subtitle: sys.inputs.subtitle, office: sys.inputs.office,
  keywords: json(bytes(sys.inputs.keywords)), date: datetime(year: day.at(0), month: day.at(1), day: day.at(2)),
  header: sys.inputs.header, mark: sys.inputs.mark, lang: sys.inputs.lang, absent: json(bytes(sys.inputs.absent)),
)
"""
#: Codes that the standards refuse though they print nothing.
REFUSED = dict.fromkeys((0x0, 0xFEFF, 0xFFFE))


@cache
def fonts_of() -> typst.Fonts:
    """Return our fonts and those that Typst brings, read once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[font_folder()])


def write(body: str, meta: Meta, folder: Path) -> bytes:
    """Set `body` (Typst markup, figures beside it in `folder`) and return the PDF.

    What comes from outside the body travels as JSON, so no title or name is ever markup. A character that no font has
    is set as 〓, for the standards refuse a box, and named in a line. Raises DataError with Typst's own words where it
    fails, and where it takes longer than bounds.yml allows.
    """
    for name in PARTS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((root() / name).read_bytes())
    source = folder / "report.typ"
    source.write_text(HEAD + body.translate(REFUSED), encoding="utf-8")
    printed = "".join((body, meta.title, meta.subtitle, meta.header, meta.mark)).translate(REFUSED)
    absent = [letter for letter in fonts.strange(printed) if not _prints(letter)]
    fonts.tell_lacking(absent)
    day = date.fromisoformat(meta.date)
    inputs = {
        "title": meta.title,
        "subtitle": meta.subtitle,
        "office": meta.office,
        "keywords": json.dumps(meta.keywords),
        "date": json.dumps([day.year, day.month, day.day]),
        "header": meta.header,
        "mark": meta.mark,
        "lang": meta.lang,
        "absent": json.dumps(absent),
    }
    inputs = {name: text.translate(REFUSED) for name, text in inputs.items()}
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)

    def compiled() -> Any:
        compiler = typst.Compiler(
            source, root=folder, font_paths=fonts_of(), ignore_system_fonts=True, sys_inputs=inputs
        )
        return compiler.compile(format="pdf", timestamp=stamp, pdf_standards=list(STANDARDS))

    try:
        content = _within(files.bounds().renderer_seconds, compiled)
    except typst.TypstError as fault:
        reason = re.sub(r"\s+", " ", str(fault))[:400]
        raise DataError("engine_failed", engine="typst", format="pdf", reason=reason) from fault
    assert isinstance(content, bytes)
    return packed(content)


def packed(content: bytes) -> bytes:
    """Return a PDF whose objects are packed together: Typst writes thousands of tags one by one, half of the bytes."""
    written = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        opened.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,  # what the metadata say of the standards stays as Typst wrote it
        )
    return written.getvalue()


@cache
def _prints(letter: str) -> bool:
    """Return whether one of the fonts at hand has a character, those that Typst brings among them."""
    source = f'#set document(title: "-")\n#"a{letter}"'.encode()
    try:
        compiler = typst.Compiler(source, font_paths=fonts_of(), ignore_system_fonts=True)
        compiler.compile(format="pdf", timestamp=datetime(2000, 1, 1, tzinfo=UTC), pdf_standards=list(STANDARDS))
    except typst.TypstError:
        return False
    return True


def _within(seconds: float, work: Callable[[], Any]) -> Any:
    """Return what `work` gives; DataError where that takes longer: it is left behind, and ends with the process."""
    outcome: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((work(), None))
        except BaseException as fault:  # noqa: BLE001 - a panic of Typst is no Exception; it is raised again below
            outcome.put((None, fault))

    threading.Thread(target=run, name="typst", daemon=True).start()
    try:
        content, fault = outcome.get(timeout=seconds)
    except Empty:
        raise DataError("engine_slow", engine="typst", format="pdf", seconds=seconds) from None
    if fault is not None:
        raise fault
    return content
