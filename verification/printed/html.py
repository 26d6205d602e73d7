"""An HTML report as blocks; its figures are SVG with their words as text."""

import base64
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from verification.printed.blocks import Block, Document, bare, tidy

_SVG = "{http://www.w3.org/2000/svg}"
_TEXTS = {"p", "li", "figcaption", "h1", "h2", "h3", "h4"}


def read(path: Path) -> Document:
    """Return the blocks of a page."""
    document = Document(path.name)
    main = html.fromstring(path.read_text(encoding="utf-8")).xpath("//main")[0]
    for element in main.iter():
        if not isinstance(element.tag, str) or any(one.tag == "nav" for one in element.iterancestors()):
            continue
        if "field" in (element.get("class") or "").split():
            document.add("p", tidy("".join(one.text_content() for one in element.xpath("./p"))))
        elif element.tag == "table":
            _table(document, element)
        elif element.tag in _TEXTS and not any(one.tag == "table" for one in element.iterancestors()):
            _block(document, element)
        elif element.tag in ("img", "svg"):
            _figure(document, element)
    return document


def _block(document: Document, element: html.HtmlElement) -> None:
    if element.tag == "li" and element.xpath("./p"):
        return
    if "field" in (element.getparent().get("class") or "").split():
        return
    text, marks = _marked(element)
    document.add("p" if element.tag == "li" else element.tag, text, marks, _number(element))


def _number(element: html.HtmlElement) -> int:
    """Return the place of a paragraph in a numbered list, 0 outside of one."""
    item = element if element.tag == "li" else element.getparent()
    if item.tag != "li" or item.getparent().tag != "ol" or (element.getprevious() is not None and element.tag != "li"):
        return 0
    return int(item.getparent().get("start", "1")) + len(list(item.itersiblings(preceding=True)))


def _marked(element: html.HtmlElement) -> tuple[str, list[tuple[int, int, str, str]]]:
    """Return the text of an element, and where its marked numbers stand in it."""
    parts: list[tuple[str, str, str]] = []

    def walk(one: html.HtmlElement, finding: str, kind: str) -> None:
        if one.tag == "span" and one.get("class") == "n":
            finding, kind = one.get("data-f", ""), one.get("data-k", "value")
        parts.append((one.text or "", finding, kind))
        for child in one:
            if isinstance(child.tag, str) and child.tag not in ("p", "ul", "ol", "table"):
                walk(child, finding, kind)
            parts.append((child.tail or "", finding, kind))

    walk(element, "", "")
    whole, marks = "", []
    for text, finding, kind in parts:
        start = len(whole)
        whole += text
        if finding and text.strip():
            marks.append((start, len(whole), finding, kind))
    text = tidy(whole)
    # Where a mark stands in the tidied text follows from how many letters go before it.
    at = [position for position, letter in enumerate(text) if letter.strip()]
    moved = []
    for start, end, finding, kind in marks:
        first, count = len(bare(whole[:start])), len(bare(whole[start:end]))
        moved.append((at[first], at[first + count - 1] + 1, finding, kind))
    return text, moved


def _table(document: Document, table: html.HtmlElement) -> None:
    caption = tidy("".join(table.xpath("./caption//text()")))
    headings = [tidy(one.text_content()) for one in table.xpath("./thead/tr/th")]
    rows: list[list[object]] = [[tidy(cell.text_content()) for cell in row] for row in table.xpath("./tbody/tr")]
    document.table(caption, headings, rows)


def _figure(document: Document, figure: html.HtmlElement) -> None:
    """Read a drawing that is part of the page, or one in an image."""
    said = figure.get("aria-label" if figure.tag == "svg" else "alt", "")
    document.add("alt", tidy(said))
    name = next((one.get("id") for one in figure.iterancestors() if (one.get("id") or "").startswith("fig-")), "")
    for label in figure.iter("text") if figure.tag == "svg" else _texts(figure.get("src", "")):
        text = tidy("".join(label.itertext()))
        place = (document.chapter, document.heading, document.part)
        at = (float(label.get("x", "0")), float(label.get("y", "0")))
        document.blocks.append(Block(f"label {name}", text, *place, at=at))


def _texts(source: str) -> list[html.HtmlElement]:
    kind, _, data = source.partition(",")
    if "svg" not in kind:
        return []
    drawn = base64.b64decode(data) if "base64" in kind else unquote(data).encode()
    return list(etree.fromstring(drawn).iter(f"{_SVG}text"))
