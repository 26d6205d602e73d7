"""What a reader of a DOCX meets: paragraphs in their styles, tables with their tints, drawings with their texts."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from analysis.render.reference import W

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(frozen=True)
class Drawing:
    """One drawing: its text for those who can't see it, and its size (EMU)."""

    described: str
    size: tuple[str, str]


@dataclass(frozen=True)
class Told:
    """Style and text of each paragraph, columns and tints of each table, and the drawings, all in their order."""

    paragraphs: list[tuple[str, str]]
    tables: list[tuple[list[str], list[str]]]
    drawings: list[Drawing]


def tree(path: Path) -> Any:
    """Return the document's XML."""
    return etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))


def told(path: Path) -> Told:
    """Return what a reader of the DOCX meets."""
    document = tree(path)
    return Told(
        [_paragraph(one) for one in document.iter(_w("p"))],
        [
            (
                [one.get(_w("w")) for one in table.find(_w("tblGrid"))],
                [one.get(_w("fill")) for one in table.iter(_w("shd"))],
            )
            for table in document.iter(_w("tbl"))
        ],
        [_drawing(one) for one in document.iter(_w("drawing"))],
    )


def doubled(path: Path) -> list[str]:
    """Return the kinds of properties that hold one of their children twice, which the schema forbids."""
    properties = ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr")
    found = []
    for one in tree(path).iter(*map(_w, properties)):
        names = [child.tag for child in one if child.tag not in (_w("headerReference"), _w("footerReference"))]
        found += [one.tag] if len(names) > len(set(names)) else []
    return found


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _paragraph(one: Any) -> tuple[str, str]:
    style = one.find(f"{_w('pPr')}/{_w('pStyle')}")
    return "" if style is None else style.get(_w("val")), "".join(one.itertext(_w("t"), _w("tab")))


def _drawing(one: Any) -> Drawing:
    about, size = one.find(f".//{DRAWING}docPr"), one.find(f".//{DRAWING}extent")
    return Drawing(about.get("descr", ""), (size.get("cx"), size.get("cy")))
