"""Digits with a look of their own: raised, lowered and struck-out ones are no digits of a cell's number.

They are written so that text alone tells them: 1234 with a raised 1 becomes 1234¹, a 9 that is struck out 9̶.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analysis.read.parts import root_of

#: Follows each sign that is struck out, and draws a line through it.
STROKE = "\u0336"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FALSE = ("0", "false")
#: What stands in a part of a workbook where some text may be raised, lowered or struck out, however it is spelled.
_TRACES = (b"vertAlign", b"strike")
_DECLARED = 200


@dataclass(frozen=True)
class Look:
    """How a text stands in its cell: above (1) or below (-1) its line, struck out or not."""

    height: int = 0
    struck: bool = False

    def __bool__(self) -> bool:
        """Tell whether it is other than usual."""
        return bool(self.height or self.struck)

    def draw(self, text: str) -> str:
        """Return a text as it looks."""
        if self.height:
            text = text.translate(_RAISED if self.height > 0 else _LOWERED)
        return "".join(sign if sign.isspace() else sign + STROKE for sign in text) if self.struck else text


USUAL = Look()
#: The parts of a cell's text, each with its look, None where it has that of the cell.
Runs = list[tuple[str, Look | None]]


def drawn(runs: Runs, look: Look = USUAL) -> str:
    """Return the text of a cell of this look as it is seen."""
    return "".join((look if own is None else own).draw(text) for text, own in runs)


def may_differ(part: bytes) -> bool:
    """Tell whether some text of a part may be raised, lowered or struck out; always where it is UTF-16."""
    return b"\0" in part[:_DECLARED] or any(trace in part for trace in _TRACES)


def look_of(font: Any) -> Look:
    """Return the look that a font of OOXML gives."""
    height = next((element.get("val", "") for element in font.iterchildren("{*}vertAlign")), "")
    struck = any(element.get("val") not in _FALSE for element in font.iterchildren("{*}strike"))
    return Look({"superscript": 1, "subscript": -1}.get(height, 0), struck)


def runs_of(text: Any) -> Runs:
    """Return the runs of a shared or inline string of OOXML, without what says how it is pronounced."""
    runs: Runs = []
    for element in text.iterchildren("{*}t", "{*}r"):
        if element.tag.endswith("}t") or element.tag == "t":
            runs.append((element.text or "", None))
            continue
        font = next(element.iterchildren("{*}rPr"), None)
        said = "".join(part.text or "" for part in element.iterchildren("{*}t"))
        runs.append((said, None if font is None else look_of(font)))
    return runs


def shared(part: bytes) -> dict[int, Runs]:
    """Return the shared strings that are raised, lowered or struck out in part, by their number."""
    if not may_differ(part):
        return {}
    every = root_of(part).iterchildren("{*}si")
    return {number: runs for number, text in enumerate(every) if differs(runs := runs_of(text))}


def differs(runs: Iterable[tuple[str, Look | None]]) -> bool:
    """Tell whether a run has a look of its own that is not the usual one."""
    return any(bool(own) for _, own in runs)
