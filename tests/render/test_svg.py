"""A figure as part of its page: the drawing alone, its ids its own, its words the page's, nothing that could run."""

import pytest
from lxml import etree

from analysis.brand import brand
from analysis.render.svg import inline

HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"'
FONT = f"font-family: '{brand().sans}'; fill: #123456"
DRAWN = f"""<?xml version="1.0"?><!DOCTYPE svg><svg {HEAD}>
  <!-- drawn --><metadata>when</metadata><title>t</title><style>* {{ fill: red }}</style>
  <defs><clipPath id="p1"><rect width="9" height="9"/></clipPath><path id="m1" d="M 0 0"/></defs>
  <g id="patch_1" clip-path="url(#p1)"><use xlink:href="#m1" style="stroke: url(#p1)"/></g>
  <text style="{FONT}">甲&lt;乙&amp;丙</text>
</svg>"""


def test_what_it_shows_stays_and_what_tells_of_it_goes() -> None:
    text = inline(DRAWN.encode(), "fig-a", '说明"<b>')
    assert text is not None
    drawn = etree.fromstring(text)
    tags = [etree.QName(element).localname for element in drawn.iter()]
    assert tags == ["svg", "defs", "clipPath", "rect", "path", "g", "use", "text"]
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", '说明"<b>')
    assert "".join(drawn.itertext()) == "甲<乙&丙"
    assert brand().sans not in text
    assert "font-family: 'Junheng Sans'; fill: #123456" in text


def test_ids_are_its_own_and_those_that_nothing_points_to_are_gone() -> None:
    first, second = (inline(DRAWN.encode(), name, "") for name in ("fig-a", "fig-b"))
    assert first is not None
    assert second is not None
    ids = [element.get("id") for text in (first, second) for element in etree.fromstring(text).iter()]
    assert sorted(filter(None, ids)) == ["fig-a-m1", "fig-a-p1", "fig-b-m1", "fig-b-p1"]
    assert 'clip-path="url(#fig-a-p1)"' in first
    assert 'href="#fig-a-m1"' in first
    assert "stroke: url(#fig-a-p1)" in first


@pytest.mark.parametrize(
    "part",
    [
        "<script>1</script>",
        "<foreignObject/>",
        '<image href="a.png"/>',
        '<a xlink:href="#x"><text>x</text></a>',
        '<g onload="1"/>',
        '<g ONCLICK="1"/>',
        '<use xlink:href="http://a/b#c"/>',
        '<use href="data:image/svg+xml,x"/>',
        '<g style="fill: url(http://a/b)"/>',
        '<g style="fill: url( #p1 )"/>',
        '<h:div xmlns:h="http://www.w3.org/1999/xhtml"/>',
        "<g>",
        "&e;",
    ],
)
def test_what_is_more_than_a_drawing_stays_an_image(part: str) -> None:
    assert inline(f"<svg {HEAD}>{part}</svg>".encode(), "fig-a", "") is None


def test_a_drawing_alone_is_taken() -> None:
    assert inline(f"<svg {HEAD}><g/></svg>".encode(), "fig-a", "") is not None
