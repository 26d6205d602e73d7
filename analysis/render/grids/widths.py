"""Column widths for paper; by the same rule reports/filters/widths.lua measures the tables that Pandoc keeps.

A number never breaks, Chinese may break anywhere; so each column needs the width of its longest unbreakable run, wants
the width of its longest cell, and what is left goes to those that want more. Widths are in em of the table's type,
which shrinks by steps until every column's need fits.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .grid import Grid

PADDING = 1.3
SIZES = (9, 8.5, 8, 7.5, 7, 6.5)
#: Points: the text width of A4 with the margins of official documents.
MEASURE = 442
HEAD_LINES = 3
#: Heads and cells no wider than this stay on one line.
HEAD, BODY = 4.0, 11.0
#: Where there is room, no cell has more lines than this, or its column is so many em wide.
LINES, ENOUGH = 3, 8.0
#: Width of a letter that is no Chinese one; a run that is longer than LONGEST may break.
NARROW, LONGEST = 0.56, 14.0
#: How much wider than it needs a table may be set.
STRETCH = 1.5
_BREAKS = re.compile(r"[^\x00-\x7f]| ")


@dataclass(frozen=True)
class Layout:
    """Size of the type in points, and the parts of the measure that the columns take."""

    size: float
    parts: tuple[float, ...]


def layout(grid: Grid) -> Layout:
    """Return how a table is set on paper."""
    hard, soft, even, wants = _needs(grid)
    size, needs = next(((size, soft) for size in SIZES if _sum(soft) <= MEASURE / size), (SIZES[-1], hard))
    room = MEASURE / size
    needs = even if _sum(even) <= room else needs
    asked = max(_sum(wants) - _sum(needs), 0)
    part = min(max(room - _sum(needs), 0) / asked, 1) if asked > 0 else 0
    widths = [need + PADDING + max(want - need, 0) * part for need, want in zip(needs, wants, strict=True)]
    # A table that is not full stretches, at most by half; one that is over-full is squeezed into the measure.
    scale = min(room / sum(widths), STRETCH)
    return Layout(size, tuple(math.floor(width * scale / room * 1000) / 1000 for width in widths))


def _needs(grid: Grid) -> tuple[list[float], ...]:
    """What must fit; what should, so that heads break well and short cells not at all; that no cell becomes a column of
    its own beside empty room; everything on one line."""
    hard, soft, even, wants = [], [], [], []
    for head, *cells in zip(grid.heads, *grid.rows, strict=True):
        whole, run = _runs(head.text)
        unbroken = min(whole, HEAD)
        longest, least = max(1, run), max(1, run, unbroken)
        wanted, level = max(least, whole / HEAD_LINES), least
        for cell in cells:
            whole, run = _runs(cell.text)
            longest = max(longest, run)
            least = max(least, run, whole if whole <= BODY else run)
            level = max(level, least, min(whole / LINES, ENOUGH))
            wanted = max(wanted, level, whole)
        hard.append(longest)
        soft.append(least)
        even.append(level)
        wants.append(wanted)
    return hard, soft, even, wants


@lru_cache(maxsize=4096)
def _runs(text: str) -> tuple[float, float]:
    """Return the width of a text in em, and of its longest run that can't break."""
    if not _BREAKS.search(text):
        whole = len(text) * NARROW
        return whole, min(whole, LONGEST)
    whole = longest = run = 0.0
    for letter in text:
        wide = letter >= "\u2e80"
        whole += 1 if wide else NARROW
        run = 0 if wide or letter == " " else run + NARROW
        longest = max(longest, run, 2 if wide else 0)
    return whole, min(longest, LONGEST)


def _sum(widths: Sequence[float]) -> float:
    return sum(width + PADDING for width in widths)
