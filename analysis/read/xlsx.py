"""What only the XML of an XLSX workbook says: merges, formulas without value, errors, what is hidden, formats."""

from xml.parsers import expat

from lxml import etree

from analysis.errors import DataError, message
from analysis.read import cellxml, formats, respell, runs
from analysis.read.facts import Package, Source, check_cells
from analysis.read.parts import Parts, readable, relations, root_of
from analysis.read.respell import Book, Part

_BOOK = "xl/workbook.xml"


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook, or a stray cell stands far."""
    parts = Parts(content, file)
    book = read_book(parts)
    with readable(file):
        styles, looks = _styles(parts, book)
        shared = runs.shared(respell.decoded(parts.read(book.strings))) if book.strings else {}
    sheets = {}
    usual = respell.is_usual(parts, book)
    for sheet in book.sheets:
        part = parts.read(sheet.path)
        try:
            decoded = respell.decoded(part)
            facts = cellxml.facts(decoded, styles, looks)
        except (expat.ExpatError, LookupError, ValueError, OverflowError) as fault:
            raise DataError("file_broken", file=file, reason=message("damage_xml")) from fault
        check_cells(facts.rows, facts.columns, file, sheet.name)
        facts.visible = sheet.visible
        facts.source = Source(decoded, shared)
        sheets[sheet.name] = facts
        usual = usual and respell.is_plain(part)
    return Package(sheets, content if usual else respell.usual(parts, book))


def respelled(content: bytes, file: str) -> bytes:
    """Return a workbook in the usual spelling: for a reader of values that stumbled over its own."""
    parts = Parts(content, file)
    return respell.usual(parts, read_book(parts))


def read_book(parts: Parts) -> Book:
    """Return where a workbook's parts stand; DataError where it has no book."""
    known = relations(parts, "")
    path = next((relation.part for relation in known.values() if relation.kind == "officeDocument"), _BOOK)
    if path not in parts:
        raise DataError("file_broken", file=parts.file, reason=message("damage_part", part=path))
    with readable(parts.file):
        root = root_of(parts.read(path))
    targets = relations(parts, path)
    sheets = []
    for element in root.iter("{*}sheet"):
        identity = next((value for name, value in element.attrib.items() if etree.QName(name).localname == "id"), "")
        target = targets.get(identity)
        if target and target.kind == "worksheet" and target.part in parts:
            visible = element.get("state", "visible") == "visible"
            sheets.append(Part(element.get("name", ""), visible, target.part))
    places = {target.kind: target.part for target in targets.values() if target.part in parts}
    properties = next(root.iter("{*}workbookPr"), None)
    old_days = properties is not None and properties.get("date1904") in ("1", "true")
    targets_plain = all(target.plain for target in targets.values())
    return Book(path, tuple(sheets), places.get("styles", ""), places.get("sharedStrings", ""), old_days, targets_plain)


def _styles(parts: Parts, book: Book) -> tuple[dict[int, formats.Format], dict[int, runs.Look]]:
    """Return the number formats and the looks that are not plain by the number of the cell style that has them."""
    if not book.styles:
        return {}, {}
    root = root_of(parts.read(book.styles))
    codes = {int(element.get("numFmtId", 0)): element.get("formatCode", "") for element in root.iter("{*}numFmt")}
    fonts = [runs.look_of(font) for group in root.iter("{*}fonts") for font in group.iterchildren("{*}font")]
    shapes, looks = {}, {}
    for group in root.iter("{*}cellXfs"):
        for number, style in enumerate(group.iterchildren("{*}xf")):
            format_id, font = int(style.get("numFmtId", 0)), int(style.get("fontId", 0))
            code = codes.get(format_id) or formats.BUILT_IN.get(format_id)
            if code and not formats.parse(code).plain:
                shapes[number] = formats.parse(code)
            if font < len(fonts) and fonts[font]:
                looks[number] = fonts[font]
    return shapes, looks
