"""PDF by Typst: A4 in the manner of official documents, fonts embedded, tagged, the same bytes for the same report."""

import json
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import typst

from analysis.errors import DataError
from analysis.project import root
from analysis.tell.brand import brand

from . import fonts
from .meta import Meta, words_of

HEAD = '#import "style.typ": *\n#show: report\n'


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts.folder()])


def write(body: str, meta: Meta, folder: Path) -> bytes:
    """Set `body` (Typst markup, figures beside it in `folder`) and return the PDF.

    What comes from outside the body travels as JSON, so no title or name is ever markup. Raises DataError with Typst's
    own words where it fails.
    """
    source = folder / "report.typ"
    source.write_text(HEAD + body, encoding="utf-8")
    (folder / "style.typ").write_text(style(), encoding="utf-8")
    day = date.fromisoformat(meta.date)
    words = words_of(meta.lang)
    inputs = {
        "palette": json.dumps(brand().colours),
        "words": json.dumps({key: words[key] for key in ("contents", "page")}),
        "meta": json.dumps(
            {
                "title": meta.title,
                "subtitle": meta.subtitle,
                "office": meta.office,
                "keywords": meta.keywords,
                "date": [day.year, day.month, day.day],
                "header": meta.header,
                "mark": meta.mark,
                "lang": meta.lang,
                "region": words["region"],
            }
        ),
    }
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        compiler = typst.Compiler(source, root=folder, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
        made = compiler.compile(format="pdf", timestamp=stamp)
    except typst.TypstError as fault:
        reason = re.sub(r"\s+", " ", str(fault))[:400]
        raise DataError("engine_failed", engine="typst", format="pdf", reason=reason) from fault
    assert isinstance(made, bytes)
    return made


def style() -> str:
    """Return the Typst style of every report."""
    return (root() / "reports" / "typst" / "style.typ").read_text(encoding="utf-8")
