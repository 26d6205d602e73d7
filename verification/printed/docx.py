"""A DOCX report as blocks, by python-docx."""

from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from verification.printed.blocks import Block, Document, tidy


def read(path: Path) -> Document:
    """Return the blocks of a document's body, with the alternative texts of its pictures."""
    document = Document(path.name)
    book = docx.Document(str(path))
    caption = ""
    for element in book.element.body.iterchildren():
        if element.tag == qn("w:tbl"):
            _table(document, Table(element, book), caption)
        elif element.tag == qn("w:p"):
            paragraph = Paragraph(element, book)
            caption = _paragraph(document, paragraph)
        elif element.tag == qn("w:sdt"):
            for inner in element.iter(qn("w:p")):
                document.add("contents", tidy(Paragraph(inner, book).text))
    _contents(document)
    return document


def _contents(document: Document) -> None:
    """Tell the entries of the contents from paragraphs: they have the text of a heading."""
    blocks = [one for one in document.blocks if isinstance(one, Block)]
    headings = {one.text for one in blocks if one.kind in ("h2", "h3")}
    for block in blocks:
        if block.kind == "p" and block.text in headings:
            block.kind = "contents"


def _paragraph(document: Document, paragraph: Paragraph) -> str:
    """Add a paragraph; return its text where it may be the caption of what follows."""
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    text = tidy(_text(paragraph))
    level = {"Heading 1": "h2", "Heading 2": "h3", "Title": "h1"}.get(style, "p")
    if text and "caption" not in style.lower():
        document.add(level, text)
    elif text and not text.startswith(("表", "Table")):
        document.add("figcaption", text)
    for picture in paragraph._p.iter(qn("wp:docPr")):
        document.add("alt", tidy(picture.get("descr") or ""))
    return text if "caption" in style.lower() else ""


def _text(paragraph: Paragraph) -> str:
    """Return the text with that of links and fields, tabs as blanks."""
    parts = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if any(one.tag == qn("w:txbxContent") for one in node.iterancestors()):
            continue
        parts.append(node.text or "" if node.tag == qn("w:t") else " ")
    return "".join(parts)


def _table(document: Document, table: Table, caption: str) -> None:
    rows: list[list[object]] = [[tidy(cell.text) for cell in row.cells] for row in table.rows]
    if rows and caption:
        document.table(caption, [str(one) for one in rows[0]], rows[1:])
        return
    for row in rows:
        for cell in row:
            document.add("p", str(cell))
