"""What pandoc leaves undone in a DOCX: shaded cells, repeated heads, column widths, header, contents, fixed bytes."""

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from types import MappingProxyType
from typing import Any

from lxml import etree

from analysis.brand import brand

from . import zips
from .grids import to_docx
from .grids.grid import Grid, check_all
from .meta import Meta, words_of
from .reference import R, W, style_id

#: Paragraph style of a cell -> the tint of its cell.
TINTS = {style_id(to_docx.STYLES[verdict]): tint for verdict, tint in to_docx.TINTS.items()}
#: The style of our tables, and that which pandoc gives a paragraph in a cell.
REPORT_TABLE, COMPACT = "ReportTable", "Compact"
#: Paragraph style of a heading that the contents list -> its level.
LEVELS = {"Heading1": 1, "Heading2": 2}
#: The bit of a table's look that says its first column leads.
FIRST_COLUMN = 0x0080
#: What the contents filter leaves where the contents belong.
CONTENTS = "<!--contents-->"
#: What they leave before a table: the size of its type, or which grid it stands for.
_MARK = re.compile(r"(table|grid) ([\d.]+)")


def finish(data: bytes, meta: Meta, grids: Mapping[str, Grid] = MappingProxyType({})) -> bytes:
    """Return the DOCX with everything set that pandoc can't set, and `grids` in their places; always the same bytes.

    Raises DataError where a grid has no place in it.
    """
    parts = zips.read(data)
    words = words_of(meta.lang)
    tree = etree.fromstring(parts["word/document.xml"])
    marked = [(table, _marked(table)) for table in tree.iter(_w("tbl"))]
    check_all(grids, (about for _, (kind, about) in marked if kind == "grid"), "docx")
    for table, (kind, about) in marked:
        if kind == "grid":
            _fill(table, grids[about])
        else:
            _table(table, float(about or 0))
        _lead(table)
    _contents(tree, words["contents"])
    parts["word/document.xml"] = bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
    texts = {"header": (meta.header, meta.mark), "footer": tuple(words["page"])}
    for name in list(parts):
        match = re.fullmatch(r"word/(header|footer)\d+\.xml", name)
        if match:
            parts[name] = _filled(parts[name], texts[match[1]])
    parts["docProps/core.xml"] = _properties(meta)
    return zips.write(parts)


@cache
def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _add(parent: Any, tag: str, /, **attributes: str) -> Any:
    """Append an element: made in its place, it costs a third of one that is made apart."""
    return etree.SubElement(parent, _w(tag), {_w(key): value for key, value in attributes.items()})


def _put_first(parent: Any, tag: str, /, **attributes: str) -> Any:
    added = _add(parent, tag, **attributes)
    if len(parent) > 1:
        parent.insert(0, added)
    return added


def _child(parent: Any, name: str) -> Any:
    child = next(parent.iterchildren(_w(name)), None)
    return _put_first(parent, name) if child is None else child


def _marked(table: Any) -> tuple[str, str]:
    """Take out the comment that the filters left before a table; return its kind and what it tells, "" for none."""
    before = table.getprevious()
    while before is not None and isinstance(before.tag, str) and before.tag != _w("tbl"):
        before = before.getprevious()
    match = _MARK.match(before.text) if before is not None and not isinstance(before.tag, str) else None
    if match is None:
        return "", ""
    before.getparent().remove(before)
    return match[1], match[2]


def _fill(table: Any, grid: Grid) -> None:
    """Put the rows of a grid into the table of one cell that stands in its place."""
    for old in (table.find(_w("tblGrid")), *table.findall(_w("tr"))):
        table.remove(old)
    widths, rows = to_docx.rows(grid)
    columns = _add(table, "tblGrid")
    for width in widths:
        _add(columns, "gridCol", w=str(width))
    table.extend(rows)
    _set_width(table, sum(widths))


def _lead(table: Any) -> None:
    """Mark the first column of a table with heads as what its rows are about, for those who have it read to them."""
    look = table.find(f"{_w('tblPr')}/{_w('tblLook')}")
    if look is not None and next(table.iter(_w("tblHeader")), None) is not None:
        look.set(_w("firstColumn"), "1")
        look.set(_w("val"), f"{int(look.get(_w('val'), '0'), 16) | FIRST_COLUMN:04X}")


def _table(table: Any, size: float) -> None:
    rows = table.findall(_w("tr"))
    style_of_table = next((style.get(_w("val")) for style in table.iterfind(f"{_w('tblPr')}/{_w('tblStyle')}")), "")
    for row in rows:
        properties = _child(row, "trPr")
        if style_of_table == REPORT_TABLE:
            _dress(row, properties)
        if next(properties.iterchildren(_w("cantSplit")), None) is None:
            _put_first(properties, "cantSplit")
        for cell in row.iterchildren(_w("tc")):
            style = next(cell.iter(_w("pStyle")), None)
            tint = TINTS.get(style.get(_w("val"), "") if style is not None else "")
            if tint:
                colour = brand().colours[tint][1:]
                _add(_child(cell, "tcPr"), "shd", val="clear", color="auto", fill=colour)
            if size:
                _shrink(cell, size)
    if rows and _is_head(rows[0]):
        properties = _child(rows[0], "trPr")
        if properties.find(_w("tblHeader")) is None:
            _add(properties, "tblHeader")
    _fix_widths(table)


def _dress(row: Any, properties: Any) -> None:
    """Give the paragraphs of cells that have no style of a verdict that of a head or of a plain cell."""
    head = properties.find(_w("tblHeader")) is not None
    style = style_id("Cell Head" if head else "Cell Plain")
    for paragraph in row.iterfind(f"{_w('tc')}/{_w('p')}"):
        named = next(paragraph.iter(_w("pStyle")), None)
        if named is None:
            _put_first(_child(paragraph, "pPr"), "pStyle", val=style)
        elif named.get(_w("val")) == COMPACT:
            named.set(_w("val"), style)


def _is_head(row: Any) -> bool:
    return any(style.get(_w("val")) == style_id("Cell Head") for style in row.iter(_w("pStyle")))


def _shrink(cell: Any, size: float) -> None:
    value = {_w("val"): str(round(size * 2))}
    for run in cell.iter(_w("r")):
        properties = _child(run, "rPr")
        for name in ("sz", "szCs"):
            etree.SubElement(properties, _w(name), value)


def _fix_widths(table: Any) -> None:
    grid = table.find(_w("tblGrid"))
    if grid is None:
        return
    columns = [int(column.get(_w("w"), "0")) for column in grid]
    widths = to_docx.widths(columns)
    for column, width in zip(grid, widths, strict=True):
        column.set(_w("w"), str(width))
    _set_width(table, sum(widths))
    for row in table.findall(_w("tr")):
        for cell, width in zip(row.iterchildren(_w("tc")), widths, strict=False):
            of_cell = _child(cell, "tcPr")
            for old in list(of_cell.iterchildren(_w("tcW"))):
                of_cell.remove(old)
            _put_first(of_cell, "tcW", w=str(width), type="dxa")


def _set_width(table: Any, width: int) -> None:
    properties = _child(table, "tblPr")
    for name in ("tblW", "tblLayout", "jc"):
        for old in properties.findall(_w(name)):
            properties.remove(old)
    _add(properties, "tblW", w=str(width), type="dxa")
    _add(properties, "jc", val="center")
    _add(properties, "tblLayout", type="fixed")
    order = (
        "tblStyle",
        "tblpPr",
        "tblOverlap",
        "tblW",
        "jc",
        "tblInd",
        "tblBorders",
        "tblLayout",
        "tblCellMar",
        "tblLook",
    )
    known = {_w(name): place for place, name in enumerate(order)}
    properties[:] = sorted(properties, key=lambda child: known.get(child.tag, 99))


def _contents(tree: Any, title: str) -> None:
    for mark in [node for node in tree.iter(etree.Comment) if node.text == CONTENTS[4:-3]]:
        parent = mark.getparent()
        place = parent.index(mark)
        parent.remove(mark)
        styles = [(style, LEVELS.get(style.get(_w("val"), ""))) for style in tree.iter(_w("pStyle"))]
        headings = [(style.getparent().getparent(), level) for style, level in styles if level]
        for offset, paragraph in enumerate(_contents_paragraphs(headings, title)):
            parent.insert(place + offset, paragraph)


def _contents_paragraphs(headings: list[tuple[Any, int]], title: str) -> list[Any]:
    """A contents field that is filled already; the office program renews page numbers when the field is updated."""
    head = _parse(
        f'<w:p><w:pPr><w:pStyle w:val="{style_id("TOC Heading")}"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
    )
    lines = []
    for number, (heading, level) in enumerate(headings, 1):
        name = f"_Toc{number:06d}"
        _bookmark(heading, name, 90000 + number)
        text = "".join(node.text or "" for node in heading.iter(_w("t")))
        style = f"TOC{level}"
        line = _parse(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:hyperlink w:anchor="{name}"><w:r><w:t></w:t></w:r>'
            f'<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> PAGEREF {name} \\h </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t></w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            "</w:hyperlink></w:p>"
        )
        line.find(f".//{_w('t')}").text = text
        lines.append(line)
    if lines:
        begin = [
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>',
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>',
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        ]
        for place, run in enumerate(begin):
            lines[0].insert(1 + place, _parse(run))
        lines[-1].append(_parse('<w:r><w:fldChar w:fldCharType="end"/></w:r>'))
    return [head, *lines, _parse('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')]


def _bookmark(heading: Any, name: str, number: int) -> None:
    heading.insert(1, _add(heading, "bookmarkStart", id=str(number), name=name))
    _add(heading, "bookmarkEnd", id=str(number))


def _parse(text: str) -> Any:
    return deepcopy(etree.fromstring(f'<x xmlns:w="{W}" xmlns:r="{R}">{text}</x>')[0])


def _filled(part: bytes, ends: tuple[str, ...]) -> bytes:
    """Put the first and the last text of a header or footer; what stands between (a page number) stays."""
    tree = etree.fromstring(part)
    nodes = list(tree.iter(_w("t")))
    nodes[0].text, nodes[-1].text = ends[0], ends[-1]
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _properties(meta: Meta) -> bytes:
    names = {
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    tree = etree.Element(f"{{{names['cp']}}}coreProperties", nsmap=names)
    values = {
        "dc:title": meta.title,
        "dc:subject": meta.subtitle,
        "dc:creator": meta.office,
        "cp:keywords": ", ".join(meta.keywords),
        "dc:language": words_of(meta.lang)["page_lang"],
    }
    for key, value in values.items():
        prefix, name = key.split(":")
        etree.SubElement(tree, f"{{{names[prefix]}}}{name}").text = value
    for name in ("created", "modified"):
        stamp = etree.SubElement(tree, f"{{{names['dcterms']}}}{name}")
        stamp.set(f"{{{names['xsi']}}}type", "dcterms:W3CDTF")
        stamp.text = f"{meta.date}T00:00:00Z"
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
