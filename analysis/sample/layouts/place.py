"""Place columns on a page: titles above, a header of one to three rows, rows with sections and totals, notes below."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.sample.layouts.columns import Heads
from analysis.sample.layouts.page import Content, Head, Page, Value
from analysis.sample.layouts.words import words

Features = frozenset[str]


@dataclass(frozen=True)
class _Frame:
    """What placing goes by: the columns, the first of them, whether cells can be merged, the features, the luck."""

    heads: Heads
    left: int
    merging: bool
    features: Features
    rng: random.Random

    @property
    def depth(self) -> int:
        return max(len(head.path) for head in self.heads)


def place(page: Page, heads: Heads, features: Features, rng: random.Random, year: int, text: bool) -> int:
    """Place a table and all that stands above and below it; return the first row below it."""
    left = rng.randint(1, 2) if "left_blank" in features else 0
    frame = _Frame(heads, left, not text and rng.random() < 0.7, features, rng)
    row = rng.randint(1, 3) if "blank_before" in features else 0
    for name, texts in (("title", "titles"), ("line", "lines")):
        if name in features:
            page.put(row, left, rng.choice(words()[texts]).format(year=year))
            if frame.merging and len(heads) > 1:
                page.merges.append((row, left, row, left + len(heads) - 1))
            row += 1
    if "unit_title" in features:
        units_known = {word for base in ("元", "平方米") for word, *_ in words()["units"][base]}
        units = sorted({head.unit for head in heads if head.unit in units_known})
        if units:
            page.put(row, left, rng.choice(words()["unit_titles"]).format("、".join(units)))
            row += 1
    page.header = row
    row = header(page, frame, row)
    if "unit_row" in features:
        page.line(row, left, [_unit_of(head) for head in heads])
        row += 1
    if "numbering" in features:
        page.line(row, left, _numbering(heads, rng))
        row += 1
    return _rows(page, frame, row)


def _unit_of(head: Head) -> Content:
    return head.unit if head.unit != "%" and head.state != "told" and head.unit else None


def _numbering(heads: Heads, rng: random.Random) -> list[Content]:
    numbering = words()["numbering"]
    shape = rng.choice(numbering["brackets"])
    letters = iter(numbering["words"])
    row: list[Content] = []
    number = 0
    for place, _ in enumerate(heads):
        letter = next(letters, None) if place < 3 else None
        number += letter is None
        row.append(letter if letter else shape.format(number) if shape != "{}" else number)
    return row


def header(page: Page, frame: _Frame, top: int) -> int:
    """Write the header's rows and merge what belongs together; return the row below."""
    depth = frame.depth
    for level in range(depth):
        for place, head in enumerate(frame.heads):
            if level >= len(head.path):
                continue
            begins = place == 0 or frame.heads[place - 1].path[: level + 1] != head.path[: level + 1]
            leaf = level == len(head.path) - 1
            if begins or leaf or "repeated_groups" in frame.features:
                page.put(top + level, frame.left + place, head.path[level])
    if frame.merging:
        _merge_header(page, frame, top)
    return top + depth


def _merge_header(page: Page, frame: _Frame, top: int) -> None:
    heads, depth = frame.heads, frame.depth
    for place, head in enumerate(heads):
        if head.path and len(head.path) < depth:
            column = frame.left + place
            page.merges.append((top + len(head.path) - 1, column, top + depth - 1, column))
    if "repeated_groups" in frame.features:
        return
    for level in range(depth - 1):
        place = 0
        while place < len(heads):
            end = place
            path = heads[place].path[: level + 1]
            while (
                len(heads[place].path) > level + 1 and end + 1 < len(heads) and heads[end + 1].path[: level + 1] == path
            ):
                end += 1
            if end > place and all(len(head.path) > level + 1 for head in heads[place : end + 1]):
                page.merges.append((top + level, frame.left + place, top + level, frame.left + end))
            place = end + 1


def _rows(page: Page, frame: _Frame, row: int) -> int:
    heads, rng, features = frame.heads, frame.rng, frame.features
    height = len(heads[0].cells)
    cuts = sorted(rng.sample(range(height), min(2, height)))
    for number in range(height):
        if "sections" in features and number in (0, *cuts[1:]):
            page.put(row, frame.left, rng.choice(words()["sections"]))
            row += 1
        write_row(page, heads, number, row, frame.left)
        row += 1
        if number + 1 in cuts:
            if "subtotals" in features:
                row = _total(page, frame, row, rng.choice(words()["subtotals"]), None)
            row += "blank_row" in features
            if "header_again" in features:
                row = header(page, frame, row)
    if "total" in features:
        row = _total(page, frame, row, rng.choice(words()["totals"]), height)
    if "notes" in features:
        for note in rng.sample(words()["notes"], rng.randint(1, 3)):
            page.put(row, frame.left, note)
            row += 1
    for offset, head in enumerate(heads):
        if head.hidden:
            page.hidden_columns.add(frame.left + offset)
    return row


def _total(page: Page, frame: _Frame, row: int, text: str, height: int | None) -> int:
    """Write a total: sums of numbers (of the whole table where its height is given)."""
    page.put(row, frame.left, text)
    for offset, head in enumerate(frame.heads[1:], start=1):
        values = [cell.value for cell in head.cells]
        numbers = [value for value in values if isinstance(value, int | float)]
        if height and not head.unused and numbers and not isinstance(values[0], str) and head.unit != "%":
            page.put(row, frame.left + offset, round(sum(numbers), 6))
    return row + 1


def write_row(page: Page, heads: Sequence[Head], number: int, row: int, left: int, block: int = 0) -> None:
    """Write one row of cells, and note what each of them is, in which table of the page."""
    for offset, head in enumerate(heads):
        cell, column = head.cells[number], left + offset
        if cell.value is not None:
            page.cells[row, column] = cell
        if head.field:
            state = head.state if cell.value is not None else "right"
            page.values.append(Value(row, column, head.field, head.truth[number], state, head.why, block))
        elif head.unused and cell.value is not None:
            page.unused.add((row, column))
