"""What only the XML of an XLSX workbook says: merges, formulas without value, errors, what is hidden, formats."""

from xml.parsers import expat

from lxml import etree

from analysis.errors import DataError
from analysis.read import cellxml, formats, respell
from analysis.read.facts import Package, check_cells
from analysis.read.parts import Parts, readable, relations, root_of
from analysis.read.respell import Book, Part

_BOOK = "xl/workbook.xml"


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook, or a stray cell stands far."""
    parts = Parts(content, file)
    book = read_book(parts)
    with readable(file):
        styles = _formats(parts, book)
    found = {}
    usual = respell.is_usual(parts, book)
    for sheet in book.sheets:
        part = parts.read(sheet.path)
        try:
            told = cellxml.facts(respell.decoded(part), styles)
        except (expat.ExpatError, ValueError, OverflowError) as fault:
            raise DataError("file_broken", file=file, reason=type(fault).__name__) from fault
        check_cells(told.rows, told.columns, file, sheet.name)
        told.visible = sheet.visible
        found[sheet.name] = told
        usual = usual and respell.is_plain(part)
    return Package(found, content if usual else respell.usual(parts, book))


def read_book(parts: Parts) -> Book:
    """Return where a workbook's parts stand; DataError where it has no book."""
    known = relations(parts, "")
    path = next((one.part for one in known.values() if one.kind == "officeDocument"), _BOOK)
    if path not in parts:
        raise DataError("file_broken", file=parts.file, reason=path)
    with readable(parts.file):
        root = root_of(parts.read(path))
    targets = relations(parts, path)
    sheets = []
    for one in root.iter("{*}sheet"):
        identity = next((value for name, value in one.attrib.items() if etree.QName(name).localname == "id"), "")
        target = targets.get(identity)
        if target and target.kind == "worksheet" and target.part in parts:
            visible = one.get("state", "visible") == "visible"
            sheets.append(Part(one.get("name", ""), visible, target.part))
    places = {one.kind: one.part for one in targets.values() if one.part in parts}
    properties = next(root.iter("{*}workbookPr"), None)
    old_days = properties is not None and properties.get("date1904") in ("1", "true")
    targets_plain = all(one.plain for one in targets.values())
    return Book(path, tuple(sheets), places.get("styles", ""), places.get("sharedStrings", ""), old_days, targets_plain)


def _formats(parts: Parts, book: Book) -> dict[int, formats.Format]:
    """Return the number formats that are not plain by the number of the cell style that has them."""
    if not book.styles:
        return {}
    root = root_of(parts.read(book.styles))
    codes = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in root.iter("{*}numFmt")}
    found = {}
    for group in root.iter("{*}cellXfs"):
        for number, style in enumerate(group.iterchildren("{*}xf")):
            told = int(style.get("numFmtId", 0))
            code = codes.get(told) or formats.BUILT_IN.get(told)
            if code and not formats.parse(code).plain:
                found[number] = formats.parse(code)
    return found
