"""A figure as part of its page: its words can be found and copied there, and are drawn with the page's font."""

import re
from typing import Any

from lxml import etree

from analysis.brand import brand

from .fonts import FAMILIES

_SPACE, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
#: What a drawing is made of. Anything else (a script, a page within) stays shut up in an image.
_ELEMENTS = {"svg", "g", "defs", "path", "use", "clipPath", "text", "tspan", "rect", "line", "polyline", "polygon"}
_ELEMENTS |= {"circle", "ellipse", "linearGradient", "radialGradient", "stop"}
#: What tells of a drawing beside what it shows: the page has a caption, a description and fonts of its own.
_ABOUT = ("metadata", "title", "desc", "style")
_USED = re.compile(r"url\(#([^)]+)\)")
#: What matplotlib says in a style sheet of its own, which on a page would be that of all that is on it.
_LINES = "stroke-linejoin:round;stroke-linecap:butt"
#: The page's font for what the drawing's own is cut from.
_OWN = next(family for family, base in FAMILIES.items() if base == "sans")


def inline(figure: bytes, name: str, said: str) -> str | None:
    """Return a drawing as an element of a page, described by `said`; ids in it begin with `name`.

    None where it holds anything but a drawing, or points elsewhere: then it must stay an image, in which nothing runs.
    """
    try:
        drawn = etree.fromstring(figure)
    except etree.XMLSyntaxError:
        return None
    for element in list(drawn.iter(*(f"{_SPACE}{tag}" for tag in _ABOUT))):
        element.getparent().remove(element)
    etree.strip_tags(drawn, etree.Comment, etree.ProcessingInstruction)
    elements = list(drawn.iter())
    if not all(_is_drawing(element) for element in elements):
        return None
    used = {id for element in elements for id in _used(element)}
    for element in elements:
        _rename(element, used, name)
    drawn.attrib.update({"role": "img", "aria-label": said, "style": _LINES})
    etree.cleanup_namespaces(drawn)
    text: str = etree.tostring(drawn, encoding="unicode", with_tail=False)
    return re.sub(r">\s+<", "><", text)


def _is_drawing(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag.removeprefix(_SPACE) not in _ELEMENTS:
        return False
    return all(
        not etree.QName(name).localname.lower().startswith("on")
        and (etree.QName(name).localname != "href" or value.startswith("#"))
        and "url(" not in _USED.sub("", value)
        for name, value in element.attrib.items()
    )


def _used(element: Any) -> list[str]:
    """Return the ids that an element points to."""
    pointed = [id for value in element.attrib.values() for id in _USED.findall(value)]
    return pointed + [value[1:] for name, value in element.attrib.items() if etree.QName(name).localname == "href"]


def _rename(element: Any, used: set[str], name: str) -> None:
    """Drop an id that nothing points to; let the others begin with `name`, here and where they are pointed to."""
    id = element.attrib.pop("id", None)
    if id in used:
        element.set("id", f"{name}-{id}")
    for attribute, value in element.attrib.items():
        if etree.QName(attribute).localname == "href":
            element.set(attribute, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(attribute, _USED.sub(rf"url(#{name}-\1)", value))
    if style := element.get("style"):
        element.set("style", style.replace(brand().sans, _OWN))
