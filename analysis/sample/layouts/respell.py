"""The same workbook in another spelling of its XML, as other programs and the strict standard write it."""

import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    _MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    _RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
}
_SPELLINGS = ("strict", "prefix", "single_quotes", "attribute_order", "without_places", "inline", "moved", "spaced")


@dataclass(frozen=True)
class Spelling:
    """How the XML is written: the ways of _SPELLINGS that are taken, and luck for the order of attributes."""

    ways: frozenset[str]
    rng: random.Random


def drawn(rng: random.Random) -> Spelling:
    """Return a spelling that differs from the usual one in one way or several."""
    return Spelling(frozenset(rng.sample(_SPELLINGS, rng.randint(1, 4))), rng)


def respell(path: Path, spelling: Spelling) -> None:
    """Write the workbook again in this spelling."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = _shared(parts)
    respelled: dict[str, bytes] = {}
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            respelled[name] = content
            continue
        root = etree.fromstring(content)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _sheet(root, texts, spelling.ways)
        if name == "xl/workbook.xml" and "strict" in spelling.ways:
            root.set("conformance", "strict")
        respelled[_moved(name, spelling.ways)] = _written(root, name, spelling)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in respelled.items():
            archive.writestr(name, content)


def _moved(name: str, ways: frozenset[str]) -> str:
    """Return another place for a sheet's part; what points there is changed by `_pointing`."""
    return name.replace("xl/worksheets/sheet", "xl/blatt/tabelle") if "moved" in ways else name


def _shared(parts: dict[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    root = etree.fromstring(parts["xl/sharedStrings.xml"])
    return ["".join(child.itertext()) for child in root]


def _sheet(root: Any, texts: list[str], ways: frozenset[str]) -> None:
    data = root.find(f"{{{_MAIN}}}sheetData")
    if "inline" in ways:
        for cell in data.iter(f"{{{_MAIN}}}c"):
            if cell.get("t") == "s":
                text = texts[int(cell[0].text)]
                cell.remove(cell[0])
                cell.set("t", "inlineStr")
                inside = etree.SubElement(etree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
                inside.text = text
                inside.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    if "without_places" in ways:
        _without_places(data)


def _without_places(data: Any) -> None:
    """Leave out where rows and cells stand: what comes next stands next, so that gaps are filled with empty ones."""
    rows = {int(row.get("r")): row for row in data}
    for number in range(1, max(rows, default=0) + 1):
        data.append(rows.get(number, etree.Element(f"{{{_MAIN}}}row")))
    for row in data:
        place = 0
        for cell in list(row):
            column = _column(cell.attrib.pop("r"))
            while place < column:
                row.insert(row.index(cell), etree.Element(f"{{{_MAIN}}}c"))
                place += 1
            place += 1
        row.attrib.pop("r", None)
        row.attrib.pop("spans", None)


def _column(place: str) -> int:
    number = 0
    for letter in place:
        if letter.isalpha():
            number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _written(root: Any, name: str, spelling: Spelling) -> bytes:
    """Return a part as text: its namespaces, prefixes, quotes and the order of attributes as the spelling has them."""
    ways = spelling.ways
    quote = "'" if "single_quotes" in ways else '"'
    spaces: dict[str, str] = {}
    main = name.startswith("xl/") and not name.endswith(".rels")
    prefix = "x" if "prefix" in ways and main and etree.QName(root).namespace == _MAIN else ""

    def of_space(space: str | None, own: str) -> str:
        if not space:
            return ""
        if space == "http://www.w3.org/XML/1998/namespace":
            return "xml:"
        if space not in spaces:
            spaces[space] = own if len(spaces) == 0 else f"n{len(spaces)}"
        return f"{spaces[space]}:" if spaces[space] else ""

    body = "".join(_element(root, of_space, prefix, quote, spelling))
    declared = "".join(
        f" xmlns{':' if short else ''}{short}={quote}{_space(space, ways)}{quote}" for space, short in spaces.items()
    )
    at = min(body.index(mark, 1) for mark in (" ", ">", "/") if mark in body[1:])
    head = f"<?xml version={quote}1.0{quote} encoding={quote}UTF-8{quote} standalone={quote}yes{quote}?>\n"
    return (head + body[:at] + declared + body[at:]).encode()


def _space(space: str, ways: frozenset[str]) -> str:
    return _STRICT.get(space, space) if "strict" in ways else space


def _element(
    node: Any, of_space: Callable[[str | None, str], str], prefix: str, quote: str, spelling: Spelling
) -> list[str]:
    if not isinstance(node.tag, str):
        return []
    ways = spelling.ways
    called = etree.QName(node)
    tag = of_space(called.namespace, prefix) + called.localname
    attributes = []
    for key, value in node.attrib.items():
        name = etree.QName(key)
        attributes.append((of_space(name.namespace, "r") + name.localname, _pointing(name.localname, value, ways)))
    if "attribute_order" in ways:
        spelling.rng.shuffle(attributes)
    gap = "\n  " if "spaced" in ways else " "
    written = "".join(f"{gap}{key}={quote}{escape(value, _ENTITIES)}{quote}" for key, value in attributes)
    text = escape(node.text or "")
    inside = [part for child in node for part in _element(child, of_space, prefix, quote, spelling)]
    if not text and not inside:
        return [f"<{tag}{written}{' ' if 'spaced' in ways else ''}/>"]
    return [f"<{tag}{written}>", text, *inside, f"</{tag}>"]


_ENTITIES = {'"': "&quot;", "'": "&apos;", "\n": "&#10;"}


def _pointing(name: str, value: str, ways: frozenset[str]) -> str:
    """Return an attribute's value where it names a namespace of relations or a part that moved."""
    if name == "Type" and "strict" in ways:
        value = value.replace(_RELATIONS, _STRICT[_RELATIONS])
    if name in ("Target", "PartName") and "moved" in ways:
        value = value.replace("worksheets/sheet", "blatt/tabelle")
    return value
