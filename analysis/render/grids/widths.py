"""Column widths for paper; by the same rule reports/filters/widths.lua measures the tables that Pandoc keeps.

A number never breaks, Chinese may break anywhere, a word after a hyphen; so each column needs the width of its longest
unbreakable run, wants the width of its longest cell, and what is left goes to those that want more. Widths are in em of
the table's type, which shrinks by steps until every column's need fits, and further where many lines are saved.
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
#: What people fill in by hand, a column without a text, is so wide.
HAND = 5.5
#: Width of a letter that is no Chinese one; a run that is longer than LONGEST may break.
NARROW, LONGEST = 0.56, 14.0
#: How much wider than it needs a table may be set.
STRETCH = 1.5
#: How many times its fewest lines a table may have for the sake of a larger type; how many lines the room between two
#: rows comes to; by what part of a line a text may be wider than a line.
TALLER, BETWEEN, NEAR = 1.15, 0.7, 0.02
#: Points: the height of the text; a line, in em.
PAGE, LEADING = 638, 1.35
#: A smaller type than that is for what does not fit, not to save lines; the smallest is for what fits in no other.
SMALL = 7.5
_BREAKS = re.compile(r"[^\x00-\x7f]|[ -]")


@dataclass(frozen=True)
class Layout:
    """Size of the type in points, and the parts of the measure that the columns take."""

    size: float
    parts: tuple[float, ...]


def layout(grid: Grid) -> Layout:
    """Return how a table is set on paper: the largest type in which it has hardly more lines than in another, one that
    is longer than a page as short as it can be."""
    even, soft, hard, wants = _needs(grid)
    texts = [[_runs(cell.text)[0] for cell in row] for row in grid.rows]
    fits = _sum(soft) <= MEASURE / SMALL
    tried = [
        (_lines(texts, widths), size, widths)
        for size in SIZES
        if size >= SMALL or (not fits and size > SIZES[-1])
        for needs in ((even, soft) if fits else (even, soft, hard))
        if _sum(needs) <= MEASURE / size
        for widths in [_spread(needs, wants, MEASURE / size)]
    ]
    if not tried:
        return _layout(SIZES[-1], _spread(hard, wants, MEASURE / SIZES[-1]))
    fewest = min(lines for lines, _, _ in tried)
    best = min((one for one in tried if one[0] <= fewest * TALLER), key=lambda one: (-one[1], one[0]))
    if best[0] * best[1] * LEADING > PAGE:
        best = min(tried, key=lambda one: (one[0] * one[1], -one[1]))
    return _layout(*best[1:])


def _spread(needs: Sequence[float], wants: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns with what they need; what is left goes to those that want more."""
    asked = max(_sum(wants) - _sum(needs), 0)
    part = min(max(room - _sum(needs), 0) / asked, 1) if asked > 0 else 0
    return [need + PADDING + max(want - need, 0) * part for need, want in zip(needs, wants, strict=True)]


def _lines(texts: Sequence[Sequence[float]], widths: Sequence[float]) -> float:
    """Return about how many lines the rows take, with the room between them."""
    columns = [max(width - PADDING, 1.0) for width in widths]
    return sum(
        BETWEEN + max(max(math.ceil(text / width - NEAR), 1) for text, width in zip(row, columns, strict=True))
        for row in texts
    )


def _layout(size: float, widths: Sequence[float]) -> Layout:
    """A table that is not full stretches, at most by half; one that is over-full is squeezed into the measure."""
    room = MEASURE / size
    scale = min(room / sum(widths), STRETCH)
    return Layout(size, tuple(math.floor(width * scale / room * 1000) / 1000 for width in widths))


def _needs(grid: Grid) -> tuple[list[float], ...]:
    """That no cell becomes a column of its own beside empty room; what should fit, so that heads break well and short
    cells not at all; what must, and short heads whole; everything on one line."""
    hard, soft, even, wants = [], [], [], []
    for head, *cells in zip(grid.heads, *grid.rows, strict=True):
        whole, run = _runs(head.text)
        unbroken = HAND if all(not cell.text for cell in cells) else min(whole, HEAD)
        longest = least = max(1, run, unbroken)
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
    return even, soft, hard, wants


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
        run = 0 if letter == "-" else run
    return whole, min(longest, LONGEST)


def _sum(widths: Sequence[float]) -> float:
    return sum(width + PADDING for width in widths)
