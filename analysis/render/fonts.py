"""The fonts that every page carries, cut to its characters."""

import base64
from functools import cache

import uharfbuzz

from analysis.brand import brand, font_file

#: Families as a page calls them: a reader's own font of the name must not stand in.
FAMILIES = {"Junheng Sans": "sans", "Junheng Serif": "serif"}


@cache
def _face(family: str) -> uharfbuzz.Face:
    path = font_file(getattr(brand(), FAMILIES[family]))
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def subset(family: str, text: str) -> bytes:
    """Return an OpenType font of `family` with just the characters of `text` and ASCII."""
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(character) for character in text} | set(range(0x20, 0x7F)))
    return bytes(uharfbuzz.subset(_face(family), wanted).blob.data)


def style_sheet(text: str) -> str:
    """Return the CSS that brings both families, cut to the characters of `text`, inside the page."""
    rules = []
    for family in FAMILIES:
        data = base64.b64encode(subset(family, text)).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{family}";font-weight:400;src:url(data:font/otf;base64,{data})format("opentype")}}'
        )
    return "\n".join(rules)
