"""What a reader of a DOCX meets: paragraphs in their styles, tables with their tints, drawings with their texts."""

import re
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


#: The children of properties in the order of ECMA-376, as far as reports have them.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl cnfStyle rPr"
    " sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike noProof snapToGrid vanish webHidden color spacing w"
    " kern position sz szCs highlight u effect bdr shd vertAlign rtl cs em lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing"
    " tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
}


def misplaced(path: Path) -> list[str]:
    """Return the properties whose children don't stand in the order that the schema asks, or that it does not know."""
    found = []
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if re.fullmatch(r"word/[a-z]+\d*\.xml", name)]
        for document in (etree.fromstring(parts.read(name)) for name in names):
            for kind, order in ORDER.items():
                places = {_w(name): place for place, name in enumerate(order.split())}
                for one in document.iter(_w(kind)):
                    told = [places.get(child.tag, -1) for child in one if isinstance(child.tag, str)]
                    found += [kind] if -1 in told or told != sorted(set(told)) else []
    return found


@dataclass(frozen=True)
class Shape:
    """A table: the widths of its grid, the cells of each row, whether its first row is repeated as head, and whether
    its first column leads."""

    grid: list[int]
    cells: list[int]
    repeats: bool
    leads: bool


def shapes(path: Path) -> list[Shape]:
    """Return the shapes of all tables."""
    return [_shape(table) for table in tree(path).iter(_w("tbl"))]


def _shape(table: Any) -> Shape:
    rows = table.findall(_w("tr"))
    spans = [
        sum(int(span.get(_w("val"))) if (span := cell.find(f"{_w('tcPr')}/{_w('gridSpan')}")) is not None else 1
            for cell in row.findall(_w("tc")))
        for row in rows
    ]  # fmt: skip
    look = table.find(f"{_w('tblPr')}/{_w('tblLook')}")
    leads = look is not None and look.get(_w("firstColumn")) == "1" and int(look.get(_w("val")), 16) & 0x80 > 0
    grid = [int(column.get(_w("w"))) for column in table.find(_w("tblGrid"))]
    return Shape(grid, spans, rows[0].find(f"{_w('trPr')}/{_w('tblHeader')}") is not None, leads)


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _paragraph(one: Any) -> tuple[str, str]:
    style = one.find(f"{_w('pPr')}/{_w('pStyle')}")
    return "" if style is None else style.get(_w("val")), "".join(one.itertext(_w("t"), _w("tab")))


def _drawing(one: Any) -> Drawing:
    about, size = one.find(f".//{DRAWING}docPr"), one.find(f".//{DRAWING}extent")
    return Drawing(about.get("descr", ""), (size.get("cx"), size.get("cy")))
