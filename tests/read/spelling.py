"""One workbook in many legal spellings: each takes the parts of an archive and returns them otherwise spelled."""

import io
import re
import zipfile
from collections.abc import Callable

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET = "xl/worksheets/sheet1.xml"
Archive = dict[str, bytes]


def unpacked(content: bytes) -> Archive:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Archive) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def _each(parts: Archive, change: Callable[[bytes], bytes], *names: str) -> Archive:
    mine = names or tuple(name for name in parts if name.startswith("xl/") and "theme" not in name)
    return {name: change(part) if name in mine else part for name, part in parts.items()}


def _prefixed(part: bytes) -> bytes:
    root = etree.fromstring(part)
    space = etree.QName(root).namespace
    fresh = etree.Element(root.tag, root.attrib, nsmap={"x": space, **{k: v for k, v in root.nsmap.items() if k}})
    fresh.extend(list(root))
    etree.cleanup_namespaces(fresh)
    return bytes(etree.tostring(fresh, xml_declaration=True, encoding="UTF-8", standalone=True))


def _encoded(encoding: str, declared: str) -> Callable[[bytes], bytes]:
    return lambda part: part.decode().replace("UTF-8", declared, 1).encode(encoding)


def _renamed(parts: Archive, before: str, after: str) -> Archive:
    return {name.replace(before, after): part.replace(before.encode(), after.encode()) for name, part in parts.items()}


def _reordered(part: bytes) -> bytes:
    return re.sub(rb'<c r="([A-Z]+\d+)"([^>]*?)(/?)>', rb'<c\2 r="\1"\3>', part)


def _commented(part: bytes) -> bytes:
    return re.sub(rb"<v>([^<]+)</v>", rb"<!--seen--><v><![CDATA[\1]]></v>", part)


def _strict(parts: Archive) -> Archive:
    spaces = [(MAIN, STRICT), (OFFICE, STRICT_OFFICE)]
    for old, new in spaces:
        parts = {name: part.replace(old.encode(), new.encode()) for name, part in parts.items()}
    return parts


SPELLINGS: dict[str, Callable[[Archive], Archive]] = {
    "strict": _strict,
    "prefixed": lambda parts: _each(parts, _prefixed),
    "strict and prefixed": lambda parts: _each(_strict(parts), _prefixed),
    "prefixed relations": lambda parts: _each(parts, _prefixed, "xl/_rels/workbook.xml.rels", "_rels/.rels"),
    "single quotes": lambda parts: _each(parts, lambda part: part.replace(b'"', b"'")),
    "attributes in another order": lambda parts: _each(parts, _reordered, SHEET),
    "spaces around =": lambda parts: _each(parts, lambda part: part.replace(b't="', b't\n = "'), SHEET),
    "rows without r": lambda parts: _each(parts, lambda part: re.sub(rb'<row r="\d+"', b"<row", part), SHEET),
    "references to characters": lambda parts: _each(parts, lambda part: part.replace(b't="s"', b't="&#115;"'), SHEET),
    "comments and CDATA": lambda parts: _each(parts, _commented, SHEET),
    "mark of UTF-8": lambda parts: _each(parts, lambda part: b"\xef\xbb\xbf" + part),
    "UTF-16": lambda parts: _each(parts, _encoded("utf-16", "UTF-16")),
    "GB18030": lambda parts: _each(parts, _encoded("gb18030", "GB18030"), "xl/sharedStrings.xml", "xl/workbook.xml"),
    "absolute targets": lambda parts: _each(
        parts, lambda part: part.replace(b'Target="', b'Target="/xl/'), "xl/_rels/workbook.xml.rels"
    ),
    "targets with a dot": lambda parts: _each(
        parts, lambda part: part.replace(b'Target="w', b'Target="./w'), "xl/_rels/workbook.xml.rels"
    ),
    "backslashes": lambda parts: {name.replace("/", "\\"): part for name, part in parts.items()},
    "capitals": lambda parts: {name.replace("xl/", "XL/").replace("sheet", "Sheet"): p for name, p in parts.items()},
    "another workbook part": lambda parts: _renamed(parts, "workbook.xml", "book.xml"),
    "another folder": lambda parts: _renamed(parts, "xl/", "office/"),
    "other names": lambda parts: {
        name.replace("sheet1", "tab 1").replace("sharedStrings", "s").replace("styles", "look"): part.replace(
            b"sheet1.xml", b"tab%201.xml"
        )
        .replace(b"sharedStrings.xml", b"s.xml")
        .replace(b"styles.xml", b"look.xml")
        for name, part in parts.items()
    },
}
