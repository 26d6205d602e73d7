"""What stands around a table: other tables below and beside it, other sheets, files in encodings of other countries."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from analysis.sample.layouts.columns import Heads
from analysis.sample.layouts.page import Content, Page
from analysis.sample.layouts.place import place, write_row
from analysis.sample.layouts.words import words


@dataclass(frozen=True)
class Beside:
    """Something added to a page: the tables its columns may be of (the page's own where none is told), and how."""

    add: Callable[[Page, Heads, random.Random, int], None]
    tables: tuple[str, ...] = ()


def _second(page: Page, heads: Heads, top: int, left: int, why: str) -> None:
    """Write another table with a header of its own; its values are read right or told."""
    block = 1 + max((value.block for value in page.values), default=0)
    depth = max(len(head.path) for head in heads)
    for level in range(depth):
        for offset, head in enumerate(heads):
            if level < len(head.path) and (level == len(head.path) - 1 or not _goes_on(heads, offset, level)):
                page.put(top + level, left + offset, head.path[level])
    for number in range(len(heads[0].cells)):
        write_row(page, heads, number, top + depth + number, left, block=block)
    for row in range(top + depth, top + depth + len(heads[0].cells)):
        for column in range(left, left + len(heads)):
            page.turned("either", why, row=row, column=column)


def _goes_on(heads: Heads, offset: int, level: int) -> bool:
    return offset > 0 and heads[offset - 1].path[: level + 1] == heads[offset].path[: level + 1]


def _gap(page: Page, rng: random.Random) -> int:
    """Return the row at which something below begins, perhaps under a title of its own."""
    row = page.bottom + rng.randint(1, 2)
    if rng.random() < 0.4:
        page.put(row, 0, rng.choice(("表二", "附：民办学校", "二、其他情况")))
        row += 1
    return row


def below_same(page: Page, heads: Heads, rng: random.Random, bottom: int) -> None:
    """Print more schools below, under a header of their own."""
    _second(page, heads, _gap(page, rng), 0, "below_same")


def below_other(page: Page, heads: Heads, rng: random.Random, bottom: int) -> None:
    """Print a table of something else below."""
    if rng.random() < 0.5:
        row = _gap(page, rng)
        before = len(page.values)
        _second(page, heads, row, 0, "below_other")
        _foreign_to(page, before)
    else:
        _small(page, rng.choice(words()["others"]), _gap(page, rng), 0)


def _foreign_to(page: Page, before: int) -> None:
    """Make of the values since then what the file's table has no use for."""
    for value in page.values[before:]:
        if (value.row, value.column) in page.cells:
            page.unused.add((value.row, value.column))
    del page.values[before:]


def _small(page: Page, lines: list[list[Content]], top: int, left: int) -> None:
    for offset, line in enumerate(lines):
        page.line(top + offset, left, line)
        if offset:
            page.unused |= {(top + offset, left + at) for at in range(len(line))}


def beside_same(page: Page, heads: Heads, rng: random.Random, bottom: int) -> None:
    """Print more schools on the right of the table."""
    _second(page, heads, page.header, page.right + 1, "beside_same")


def beside_other(page: Page, heads: Heads, rng: random.Random, bottom: int) -> None:
    """Print something else on the right: a legend, a small table."""
    _small(page, rng.choice([words()["legend"], *words()["others"]]), page.header, page.right + 1)


ON_PAGE = {
    "below_same": Beside(below_same),
    "below_other": Beside(below_other, ("classes", "rooms")),
    "beside_same": Beside(beside_same),
    "beside_other": Beside(beside_other),
}
Sheet = Callable[[list[Page], Heads, random.Random, int], None]


def hidden_sheet(pages: list[Page], heads: Heads, rng: random.Random, year: int) -> None:
    """Keep an older table on a sheet that is hidden, before or after the one that is shown."""
    page = Page("旧表", hidden=True)
    if heads:
        place(page, heads, frozenset(), rng, year - 1, text=True)
        page.unused = set(page.cells)
        page.values.clear()
    else:
        page.put(0, 0, "旧数据")
    pages.insert(rng.choice((0, len(pages))), page)


def second_sheet(pages: list[Page], heads: Heads, rng: random.Random, year: int) -> None:
    """Go on with other schools on a second sheet."""
    if heads:
        page = Page("续表")
        place(page, heads, frozenset({"title"}), rng, year, text=True)
        pages.append(page)


def cover_sheet(pages: list[Page], heads: Heads, rng: random.Random, year: int) -> None:
    """Put a sheet of words before all others."""
    page = Page("填表说明")
    for row, text in enumerate(words()["covers"]):
        page.put(row, 0, text)
    pages.insert(0, page)


SHEETS: dict[str, Sheet] = {"second_sheet": second_sheet, "hidden_sheet": hidden_sheet, "cover_sheet": cover_sheet}


def foreign(rng: random.Random) -> tuple[list[Page], str]:
    """Return a page in the language of another place, and the encoding it is written in."""
    encoding = rng.choice(list(words()["foreign"]))
    heads = words()["foreign"][encoding]
    page = Page("")
    page.line(0, 0, heads)
    for row in range(1, rng.randint(3, 8)):
        page.line(row, 0, [f"999001{row:04}", f"{heads[1]} {row}", heads[2]])
    return [page], encoding
