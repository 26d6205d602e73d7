"""Colours and fonts of _brand.yml, as figures use them."""

import base64
import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.project import root
from analysis.sources import parse_yaml


@dataclass(frozen=True)
class Brand:
    """Colours by name (#RRGGBB) and the two font families; `check_page` has the greys of what `junheng check` shows."""

    colours: dict[str, str]
    check_page: dict[str, str]
    sans: str
    serif: str

    def colour(self, verdict: str) -> str:
        """Return the colour in which a verdict is drawn or written."""
        return self.colours[_COLOUR_OF.get(verdict, "muted")]

    def rgba(self, verdict: str, alpha: float) -> tuple[float, float, float, float]:
        """Return the colour of a verdict as red, green, blue and opacity, each 0 to 1."""
        text = self.colour(verdict)
        return int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255, alpha

    def tint(self, verdict: str) -> str:
        """Return the colour behind a cell with this verdict."""
        return self.colours[_TINT_OF.get(verdict, "faint")]


#: Attributes of a drawing that say where something lies, and numbers in them with more digits than that needs.
_PLACES = {"d", "points", "x", "y", "transform"}
#: Tables of a font that only set text by itself, and never a line whose letters have their places.
_UNDRAWN = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")
_LONG = re.compile(r"\d+\.\d{3,}")
_COLOUR_OF = {"met": "blue", "not_met": "vermilion", "undecidable": "ochre"}
_TINT_OF = {"met": "blue-tint", "not_met": "vermilion-tint", "undecidable": "ochre-tint"}


@cache
def brand(path: Path | None = None) -> Brand:
    """Read _brand.yml at the project's root (or `path`); raises KeyError where a colour or family is missing."""
    loaded: dict[str, Any] = parse_yaml((path or root() / "_brand.yml").read_text(encoding="utf-8"))
    fonts = loaded["typography"]
    greys = loaded["defaults"]["junheng"]["check"]
    return Brand(loaded["color"]["palette"], greys, fonts["headings"]["family"], fonts["base"]["family"])


def font_file(family: str) -> Path:
    """Return the font file of a family of _brand.yml, the same bytes on every machine; DataError without one."""
    return font_folder() / _fonts()[family]["file"]


@cache
def font_folder() -> Path:
    """Return the folder that holds the font files: of a Python package, else reports/fonts where people laid them.

    Raises DataError where a file is in neither, or is another than reports/fonts/fonts.yml says.
    """
    files = [font["file"] for font in _fonts().values()]
    packaged = _packaged()
    if packaged is not None and all((packaged / file).is_file() for file in files):
        return packaged
    folder = _laid()
    for font in _fonts().values():
        file = folder / font["file"]
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != font["sha256"]:
            raise DataError("font_missing", file=font["file"], folder=folder, version=font["version"])
    return folder


def _laid() -> Path:
    return root() / "reports" / "fonts"


@cache
def _fonts() -> dict[str, dict[str, str]]:
    declared: dict[str, dict[str, str]] = parse_yaml((_laid() / "fonts.yml").read_text(encoding="utf-8"))
    return declared


def _packaged() -> Path | None:
    """Return the folder of the package that brings the fonts, None where it is not installed."""
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return None
    return Path(pylopdf_fonts_zh_cn.__file__).parent


@cache
def register() -> str:
    """Make the figures' font known to matplotlib, ahead of any system font of that name; return its family."""
    from matplotlib import font_manager

    family = brand().sans
    file = os.fspath(font_file(family))
    manager = font_manager.fontManager
    manager.ttflist = [entry for entry in manager.ttflist if entry.name != family]
    manager.addfont(file)
    return family


def subset(family: str, text: str) -> bytes:
    """Return an OpenType font of a family of _brand.yml with just the characters of `text` and ASCII."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(character) for character in text} | set(range(0x20, 0x7F)))
    return bytes(uharfbuzz.subset(_face(family), wanted).blob.data)


@cache
def _face(family: str) -> Any:
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(os.fspath(font_file(family))))


def packed(font: bytes) -> bytes:
    """Return a font as WOFF: the same letters in a sixth less of bytes."""
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(font), recalcTimestamp=False, lazy=True) as opened:
        opened.flavor, written = "woff", io.BytesIO()
        opened.save(written)
    return written.getvalue()


def drawn_letters(family: str, letters: str) -> bytes:
    """Return a packed font of a family with just these letters, and of them just what a drawing needs that has placed
    each line of text by the widths of its letters: no kerning, no other forms, no names."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, letters))
    wanted.layout_feature_tag_set.clear()
    wanted.name_id_set.clear()
    wanted.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _UNDRAWN)
    return packed(bytes(uharfbuzz.subset(_face(family), wanted).blob.data))


def characters(family: str) -> frozenset[int]:
    """Return the characters that a family has."""
    return frozenset(_face(family).unicodes)


def with_font(figure: str) -> str:
    """Return a figure (SVG) that brings the letters of its text along: as an image it sees no font of its page.

    It is one line, for a notebook keeps text line by line.
    """
    from lxml import etree

    family, drawn = brand().sans, etree.fromstring(figure.encode(), etree.XMLParser(remove_blank_text=True))
    letters = "".join(letter for text in drawn.iter("{*}text") for letter in text.itertext())
    data = base64.b64encode(drawn_letters(family, letters)).decode("ascii")
    style = etree.Element(etree.QName(drawn, "style"))
    style.text = f'@font-face{{font-family:"{family}";src:url(data:font/woff;base64,{data})format("woff")}}'
    drawn.insert(0, style)
    for element in drawn.iter():
        _round(element)
        if declared := element.get("style"):
            element.set("style", declared.replace(": ", ":").replace("; ", ";"))
    svg: bytes = etree.tostring(drawn.getroottree(), xml_declaration=True, encoding="utf-8", standalone=False)
    return svg.decode()


def _round(element: Any) -> None:
    """Give the places of a drawing to a hundredth of a point, finer than any paper or screen."""
    for name in _PLACES.intersection(element.attrib):
        attribute = element.get(name)
        if name != "transform" or attribute.startswith("translate"):
            element.set(name, _LONG.sub(_hundredths, attribute))


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


@contextmanager
def drawing() -> Iterator[Brand]:
    """Draw inside: our fonts and lines, nothing in the file that differs from run to run.

    What a figure says is text in it (`with_font` brings the letters), so that it can be found, copied and looked at.
    Raises DataError where a character has no glyph: a box in place of a school's name must not go to print.
    """
    import warnings

    import matplotlib as mpl

    b = brand()
    style: Any = {
        "font.family": register(),
        "font.size": 8.5,
        "axes.unicode_minus": False,
        "axes.edgecolor": b.colours["line"],
        "axes.labelcolor": b.colours["ink"],
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "text.color": b.colours["ink"],
        "xtick.color": b.colours["muted"],
        "ytick.color": b.colours["muted"],
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "svg.fonttype": "none",
        "svg.hashsalt": "junheng",
        "path.simplify": True,
    }
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from")
        try:
            yield b
        except UserWarning as fault:
            raise DataError("figure_glyph", glyph=str(fault)) from fault
