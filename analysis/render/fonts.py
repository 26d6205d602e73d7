"""The fonts that every page carries, cut to its characters."""

import base64
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache

from analysis import brand, plaintext
from analysis.errors import listed, message

#: Families as a page calls them: a reader's own font of the name must not stand in.
FAMILIES = {"Junheng Sans": "sans", "Junheng Serif": "serif"}


def subset(family: str, text: str) -> bytes:
    """Return an OpenType font of `family` with just the characters of `text` and ASCII."""
    return brand.subset(getattr(brand.brand(), FAMILIES[family]), text)


@cache
def _known() -> frozenset[int]:
    """Return the characters that one of the families has: where the one lacks it, the other stands in."""
    return frozenset(code for name in FAMILIES.values() for code in brand.characters(getattr(brand.brand(), name)))


def strange(text: str) -> tuple[str, ...]:
    """Return the characters of a text that no family has, each once.

    >>> strange("第一𠮷小学")
    ('𠮷',)
    """
    return tuple(sorted(letter for letter in set(text) if ord(letter) not in _known() and letter not in "\t\r\n"))


def lacking(text: str) -> tuple[str, ...]:
    r"""Return what of them shows: no mark or space.

    >>> lacking("第一𠮷\u0f71小学")
    ('𠮷',)
    """
    return tuple(letter for letter in strange(text) if unicodedata.category(letter)[0] not in "CZM")


def tell_lacking(letters: Sequence[str]) -> None:
    """Say in one line which characters can't be printed, where there are such."""
    if letters:
        named = listed(map(plaintext.named, letters))
        sys.stderr.write(message("fonts_lack", characters=named, number=len(letters)) + "\n")


def style_sheet(text: str) -> str:
    """Return the CSS that brings both families, cut to the characters of `text`, inside the page."""
    rules = []
    for family in FAMILIES:
        data = base64.b64encode(brand.packed(subset(family, text))).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{family}";font-weight:400;src:url(data:font/woff;base64,{data})format("woff")}}'
        )
    return "\n".join(rules)
