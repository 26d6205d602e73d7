"""A workbook in the usual spelling: the same parts under the usual names, as UTF-8, with neither comments nor CDATA.

The reader of values stumbles over legal spellings that are rare: UTF-16, a target such as ./sheet1.xml, a workbook
under another name, a comment within a cell. What may be one of them is written anew by a parser before it is read.
"""

import io
import zipfile
from dataclasses import dataclass

from lxml import etree

from analysis.read.parts import Parts, readable, root_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_USUAL = ("xl/workbook.xml", ("", "xl/styles.xml"), ("", "xl/sharedStrings.xml"))
_DECLARED = 200


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook: its name, whether it is shown, and where its XML stands."""

    name: str
    visible: bool
    path: str


@dataclass(frozen=True)
class Book:
    """The parts of a workbook that hold its sheets, styles and shared strings; empty where there are none.

    `plain_targets` tells whether all parts are named without detours (./, .., a backslash).
    """

    path: str
    sheets: tuple[Part, ...]
    styles: str
    strings: str
    date_1904: bool
    plain_targets: bool


def is_plain(part: bytes) -> bool:
    """Tell whether the XML of a part is UTF-8 without comments, CDATA, definitions or references to characters."""
    head = part[:_DECLARED].lower()
    if b"\0" in head or (b"encoding" in head.split(b"?>")[0] and b"utf-8" not in head.split(b"?>")[0]):
        return False
    # A single byte is found many times faster than one after "<", which stands everywhere.
    return not (
        (b"!" in part and b"<!" in part)
        or (b"#" in part and b"&#" in part)
        or (part.find(b"?", _DECLARED) >= 0 and part.find(b"<?", _DECLARED) >= 0)
    )


def decoded(part: bytes) -> bytes:
    """Return a part in an encoding that every parser knows: as it is, or as UTF-8 where it declares another."""
    head = part[:_DECLARED].lower().split(b"?>")[0]
    if b"\0" in head or b"encoding" not in head or b'"utf-8"' in head or b"'utf-8'" in head:
        return part
    return _plain(part)


def is_usual(parts: Parts, book: Book) -> bool:
    """Tell whether a workbook's parts stand where every reader looks, and those beside its sheets are plain."""
    path, styles, strings = _USUAL
    if not (book.plain_targets and book.path == path and book.styles in styles and book.strings in strings):
        return False
    beside = [place for place in (book.path, book.styles, book.strings) if place]
    every = [*beside, *(sheet.path for sheet in book.sheets)]
    return all(parts.stands(place) for place in every) and all(is_plain(parts.read(place)) for place in beside)


def usual(parts: Parts, book: Book) -> bytes:
    """Return the workbook with nothing but its sheets, styles and shared strings, in the usual spelling."""
    written = io.BytesIO()
    with readable(parts.file), zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", _types(len(book.sheets)))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _book(book))
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number, _ in enumerate(book.sheets, 1)]
        for (_, target), sheet in zip(targets, book.sheets, strict=True):
            archive.writestr(f"xl/{target}", _plain(parts.read(sheet.path), trimmed=True))
        for kind, place in (("styles", book.styles), ("sharedStrings", book.strings)):
            if place:
                targets.append((kind, f"{kind}.xml"))
                archive.writestr(f"xl/{kind}.xml", _plain(parts.read(place)))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(targets))
    return written.getvalue()


def _plain(part: bytes, trimmed: bool = False) -> bytes:
    """Return a part in the usual spelling, `trimmed` without the space around values of cells that are no text."""
    root = root_of(part)
    for cell in root.iter("{*}c") if trimmed else ():
        for value in cell.iterchildren("{*}v") if cell.get("t") != "str" else ():
            value.text = (value.text or "").strip()
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def _book(book: Book) -> bytes:
    root = etree.Element(f"{{{_MAIN}}}workbook", nsmap={None: _MAIN, "r": _OFFICE})
    etree.SubElement(root, f"{{{_MAIN}}}workbookPr", {"date1904": "1"} if book.date_1904 else {})
    sheets = etree.SubElement(root, f"{{{_MAIN}}}sheets")
    for number, sheet in enumerate(book.sheets, 1):
        attributes = {"name": sheet.name, "sheetId": str(number), f"{{{_OFFICE}}}id": f"rId{number}"}
        etree.SubElement(sheets, f"{{{_MAIN}}}sheet", attributes)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def _relations(targets: list[tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})
    for number, (kind, target) in enumerate(targets, 1):
        attributes = {"Id": f"rId{number}", "Type": f"{_OFFICE}/{kind}", "Target": target}
        etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", attributes)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def _types(sheets: int) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    for ending, kind in kinds.items():
        etree.SubElement(root, f"{{{_TYPES}}}Default", {"Extension": ending, "ContentType": kind})
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    names = {"/xl/workbook.xml": "sheet.main+xml"}
    names |= {f"/xl/worksheets/sheet{number}.xml": "worksheet+xml" for number in range(1, sheets + 1)}
    for name, kind in names.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", {"PartName": name, "ContentType": main + kind})
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))
