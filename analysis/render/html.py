"""One self-contained HTML page: no request leaves it, its fonts are inside, it reads without script."""

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import lxml.html
from lxml import etree

from analysis.brand import brand
from analysis.project import root

from . import fonts, svg, tags
from .document import FIGURES, Document, Figure
from .grids import to_html
from .grids.grid import Grid
from .meta import Meta, words_of

#: Words that the script shows.
SCRIPT_WORDS = ("filter", "filter_hint", "shown", "sort", "failing_only")
_SVG = "data:image/svg+xml;base64,"
CONTENTS_END = "<!--contents end-->"


def parts_template() -> Path:
    """Return the pandoc template that gives contents and body, apart."""
    return _folder() / "parts.html"


def page(parts: str, document: Document, meta: Meta, grids: dict[str, Grid]) -> str:
    """Return the whole page around pandoc's `parts`, with the figures of `document` and its tables inside."""
    figures = {f"{FIGURES}/{figure.name}": figure for figure in document.figures}
    drawn: dict[str, str] = {}

    def image(tag: tags.Tag) -> str:
        figure = figures.get(tag.attributes.get("src", ""))
        if figure is None:
            return tag.text
        mark = f"<!--figure {len(drawn)}-->"
        drawn[mark] = _drawn(tag, figure)
        return mark

    # Tables and drawings are long: they come in when all else is parsed.
    body = to_html.fill(tags.replaced(parts, {"img": image, "th": _head}), grids)
    contents, _, body = body.partition(CONTENTS_END)
    for mark, drawing in drawn.items():
        body = body.replace(mark, drawing)
    return compose(contents, body, meta)


def _head(tag: tags.Tag) -> str:
    """Return a head of a column, which says so."""
    key, value = to_html.HEAD
    return tag.text if key in tag.attributes else tag.text.replace("<th", f'<th {key}="{value}"', 1)


def from_quarto(page: str, meta: Meta) -> str:
    """Return our page with the contents and the body of a page that Quarto made."""
    body = lxml.html.fromstring(page).find("body")
    contents = body.find(".//nav[@id='TOC']")
    listed = "" if contents is None else "".join(_markup(node) for node in contents if node.tag == "ul")
    for number, image in enumerate(body.findall(".//img"), start=1):
        if (source := image.get("src", "")).startswith(_SVG):
            data = base64.b64decode(source.removeprefix(_SVG))
            drawn = svg.inline(data, f"drawing-{number}", image.get("alt", ""))
            if drawn:
                image.getparent().replace(image, _with_tail(etree.fromstring(drawn), image.tail))
    for name in ("script", "header", "nav"):
        for node in body.findall(f"./{name}"):
            body.remove(node)
    return compose(listed, tags.replaced("".join(_markup(node) for node in body), {"th": _head}), meta)


def _with_tail(element: Any, tail: str | None) -> Any:
    element.tail = tail
    return element


def _markup(node: Any) -> str:
    return str(lxml.html.tostring(node, encoding="unicode"))


def compose(contents: str, body: str, meta: Meta, script: str = "report.js", styles: tuple[str, ...] = ()) -> str:
    """Return a page with `contents` (a nested list, may be empty) and `body`, both HTML that is already safe."""
    words = words_of(meta.lang)
    about: dict[str, Any] = {"meta": meta, "words": words, "contents": contents.strip(), "body": body}
    about["script"] = (_folder() / script).read_text(encoding="utf-8")
    about["script_words"] = json.dumps({key: words[key] for key in SCRIPT_WORDS}, ensure_ascii=False).replace(
        "<", "\\u003c"
    )
    template = _templates().get_template("page.html.j2")
    shown = template.render(**about, styles="")
    sheets = [fonts.style_sheet(_letters(shown)), _palette()]
    sheets.append(f"@page {{ @top-right {{ content: {_css_string(meta.mark)} }} }}" if meta.mark else "")
    sheets += [(_folder() / name).read_text(encoding="utf-8") for name in ("report.css", *styles)]
    return template.render(**about, styles="\n".join(sheets))


def _folder() -> Path:
    return root() / "reports" / "html"


def part(name: str, **facts: Any) -> str:
    """Return a template of reports/html filled with `facts`; what they hold is escaped."""
    return _templates().get_template(name).render(**facts)


def prepare() -> None:
    """Read the page's template and the fonts, so that processes forked from this one have them."""
    _templates().get_template("page.html.j2")
    fonts.style_sheet("")


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(_folder())
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def _palette() -> str:
    return ":root{" + "".join(f"--brand-{name}:{value};" for name, value in brand().colours.items()) + "}"


def _css_string(text: str) -> str:
    """Return `text` as a string of CSS, which neither a quote nor a tag can end."""
    return (
        '"'
        + "".join(letter if letter.isalnum() or letter in " ·，," else f"\\{ord(letter):x} " for letter in text)
        + '"'
    )


def _letters(text: str) -> str:
    return "".join(sorted(set(re.sub(r"data:[\w/+-]+;base64,[A-Za-z0-9+/=]+", "", text))))


def _drawn(tag: tags.Tag, figure: Figure) -> str:
    """Return what shows a figure in place of the image that pandoc wrote."""
    data = base64.b64encode(figure.svg).decode("ascii")
    image = tag.text.replace(f'"{FIGURES}/{figure.name}"', f'"{_SVG}{data}"')
    return svg.inline(figure.svg, figure.name, tag.attributes.get("alt", "")) or image
