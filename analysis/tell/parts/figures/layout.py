"""Where points and labels go: pure arithmetic, the same on every run."""

import math
import re
from collections.abc import Sequence

#: The smallest type of a figure: seven points on paper, where figures are drawn by a twelfth smaller than they are.
SMALL = 7.7
#: Width of a character in units of the type size: CJK and full-width forms are square, Latin about half of that.
SQUARE, NARROW = 1.0, 0.56


def text_width(text: str, size: float) -> float:
    """Return the approximate width of `text` set in `size` points, in points."""
    return size * sum(SQUARE if ord(letter) > 0x2E7F else NARROW for letter in text)


def wrapped(text: str, size: float, room: float) -> str:
    """Return `text` on two lines where one line of type of `size` points would be wider than `room` points.

    It breaks at the space nearest to the middle, else in the middle.
    """
    if text_width(text, size) <= room:
        return text
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    middle = len(text) / 2
    if spaces:
        place = min(spaces, key=lambda line: abs(line - middle))
        return f"{text[:place]}\n{text[place + 1 :]}"
    half = math.ceil(middle)
    return f"{text[:half]}\n{text[half:]}"


def folded(text: str, size: float, room: float) -> str:
    """Return `text` on as many lines as it takes, broken at spaces and after hyphens, where a line would be wider than
    `room` points; a word that is wider stays whole.

    >>> folded("higher-degree teachers", 8, 50)
    'higher-\\ndegree\\nteachers'
    """
    lines = [""]
    for word in re.findall(r"[^ -]+-?|-| ", text):
        if text_width((lines[-1] + word).rstrip(), size) > room and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return "\n".join(lines)


def swarm(x: Sequence[float], radius: Sequence[float], *, room: float) -> list[float]:
    """Return a height for each point so that circles at `x` do not overlap, as near to 0 as they can be.

    All lengths in points (1/72 inch); heights stay within `room` of 0, where a crowd may then overlap. Points are
    placed from left to right, each at the smallest free height, above before below, so equal input gives equal output.
    """
    order = sorted(range(len(x)), key=lambda i: (x[i], -radius[i], i))
    heights = [0.0] * len(x)
    placed: list[int] = []
    for i in order:
        near = [j for j in placed if abs(x[i] - x[j]) < radius[i] + radius[j]]
        heights[i] = _free_height(x[i], radius[i], [(x[j], heights[j], radius[j]) for j in near], room)
        placed.append(i)
    return heights


def _free_height(x: float, radius: float, others: list[tuple[float, float, float]], room: float) -> float:
    candidates = {0.0}
    for ox, oy, other in others:
        reach = math.sqrt(max((radius + other) ** 2 - (x - ox) ** 2, 0.0))
        candidates |= {oy + reach, oy - reach}
    limit = max(room - radius, 0.0)
    ordered = sorted((c for c in candidates if abs(c) <= limit), key=lambda c: (round(abs(c), 6), -c))
    for height in ordered:
        if all(math.hypot(x - ox, height - oy) >= radius + other - 1e-6 for ox, oy, other in others):
            return height
    # No free place: the crowd overlaps, spread over the room by a fixed sequence.
    return limit * ((len(others) * 0.618034) % 1.0 * 2 - 1)


def flags(x: Sequence[float], widths: Sequence[float], high: float, gap: float) -> list[tuple[int, bool]]:
    """Return for each label its row (0 nearest to the points) and whether it hangs left of its pole, not right.

    Labels are flags: a pole goes down from the point at `x` (ascending), the text of `widths` starts at the pole. From
    right to left each takes the first row where it ends before what is there, so no pole crosses a text.
    """
    starts: list[float] = []  # left end of what each row holds so far
    placed: list[tuple[int, bool]] = []
    for left, width in reversed(list(zip(x, widths, strict=True))):
        flipped = left + width > high
        end = left if flipped else left + width
        row = next((r for r, start in enumerate(starts) if end + gap <= start), len(starts))
        start = left - width if flipped else left
        if row == len(starts):
            starts.append(start)
        else:
            starts[row] = start
        for above in range(row):
            starts[above] = min(starts[above], left)
        placed.append((row, flipped))
    return placed[::-1]


def runs(years: Sequence[int]) -> list[list[int]]:
    """Split ascending years into runs without a gap, so that a line is never drawn over a missing year.

    >>> runs([2019, 2020, 2022])
    [[2019, 2020], [2022]]
    """
    year_runs: list[list[int]] = []
    for year in years:
        if year_runs and year == year_runs[-1][-1] + 1:
            year_runs[-1].append(year)
        else:
            year_runs.append([year])
    return year_runs
