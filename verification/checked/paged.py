"""A PDF against the page in the same folder: its text must be the page's, block by block, and in that order.

Each block that is found is then read as the page's own is, so that its numbers are worked out for the PDF too. What
stands in no block must be a page's number, an entry of the contents, or the head of a table that goes on.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from verification.checked.kinds import Kind, Record
from verification.checked.sentences import TOKEN
from verification.printed.blocks import Block, Document, Grid, whole
from verification.printed.pdf import Pages

#: Lines at the head and foot of each page that are not the text's own.
HEAD, FOOT = 1, 1
_CONTENTS = re.compile(r"(?P<heading>.+?)(?:\s*\.){3,}\W*(?P<page>\d+)")
#: How far a figure or table may float from where the page has it, in letters.
FLOAT = 6000


@dataclass
class Paged:
    """The text of a PDF, and which of its letters are accounted for."""

    pages: Pages
    record: Record
    text: str = ""
    page_of: list[int] = field(default_factory=list)
    taken: list[bool] = field(default_factory=list)
    at: int = 0

    def check(
        self,
        page: Document,
        read: Callable[[str, Block | Grid], None],
        read_figure: Callable[[str, list[Block]], None],
    ) -> None:
        """Hold the text against the blocks of a page; `read` explains the numbers of a block that is found, and
        `read_figure` those of a figure's labels."""
        self.text, self.page_of = self.pages.stream(HEAD, FOOT)
        self.taken = [False] * len(self.text)
        self._numbers()
        entries = self._entries(page)
        found: dict[str, int] = {}
        figures = page.figures()
        for block in page.blocks:
            if isinstance(block, Grid):
                self._grid(block, read)
            elif block.kind.startswith("label"):
                labels = figures.pop(block.kind, [])
                if labels and self._take("".join(one.text for one in labels), block.kind) is not None:
                    read_figure(self.pages.name, labels)
            elif block.kind != "alt":
                start = self._take(block.text, block.place)
                if start is not None:
                    read(self.pages.name, block)
                    self._listed(block.number, start)
                    if block.kind in ("h2", "h3"):
                        found[whole(block.text)] = self.page_of[start]
        self._contents(entries, found)
        self._rest()

    def _numbers(self) -> None:
        """Hold the number at the foot of every page."""
        for number, lines in enumerate(self.pages.lines, 1):
            foot = TOKEN.findall(lines[-1]) if lines else []
            if foot == [str(number)]:
                self.record.good(self.pages.name, Kind.FORM)
            else:
                self.record.bad(self.pages.name, f"foot of page {number}", lines[-1] if lines else "", str(number))

    def _find(self, wanted: str) -> int | None:
        start = self.at
        while (start := self.text.find(wanted, start)) >= 0:
            if not self.taken[start]:
                return start
            start += 1
        start = max(self.at - FLOAT, 0)
        while 0 <= (start := self.text.find(wanted, start)) < self.at:
            if not self.taken[start]:
                return start
            start += 1
        return None

    def _take(self, text: str, place: str, apart: str = "") -> int | None:
        """Account for a block's text where it stands next; return where, None where it stands nowhere. `apart` is the
        same text of cells that each stand on a line of their own, where a sign after a word is no hyphen."""
        wanted = whole(text)
        wanted = apart if apart and self._find(wanted) is None else wanted
        start = self._find(wanted)
        if start is None or (len(wanted) < 40 and start > self.at + FLOAT):
            self.record.bad(self.pages.name, place, self._instead(wanted), text[:160])
            return None
        self.taken[start : start + len(wanted)] = [True] * len(wanted)
        self.at = max(self.at, start + len(wanted)) if start >= self.at else self.at
        return start

    def _listed(self, number: int, start: int) -> None:
        """Account for the number that a list gives a paragraph."""
        said = f"{number}."
        if number and self.text[:start].endswith(said):
            self.taken[start - len(said) : start] = [True] * len(said)
            self.record.good(self.pages.name, Kind.FORM)

    def _instead(self, wanted: str) -> str:
        """Return what stands where a text should: from where its beginning stands on."""
        for many in range(min(len(wanted), 40), 3, -4):
            start = self.text.find(wanted[:many], self.at)
            if start >= 0:
                same = next((i for i, (a, b) in enumerate(zip(wanted, self.text[start:], strict=False)) if a != b), 0)
                return self.text[max(start + same - 12, start) : start + same + 30]
        return "(missing)"

    def _grid(self, grid: Grid, read: Callable[[str, Block | Grid], None]) -> None:
        found = self._take(grid.caption, grid.place) is not None
        head = whole("".join(grid.headings))
        first = self._take(head, f"{grid.place}, headings")
        for number, row in enumerate(grid.rows, 1):
            if self._parted([whole(str(cell)) for cell in row], head):
                continue
            text = "".join(str(cell) for cell in row)
            cells = "".join(whole(str(cell)) for cell in row)
            found = self._take(text, f"{grid.place}, row {number}", cells) is not None and found
        start = first if first is not None else len(self.text)
        while 0 <= (start := self.text.find(head, start)) < self.at:  # a table that goes on has its headings again
            self.taken[start : start + len(head)] = [True] * len(head)
            start += len(head)
        if found and first is not None:
            read(self.pages.name, grid)

    def _parted(self, cells: list[str], head: str) -> bool:
        """Account for a row that a page ends in: the beginnings of its cells, the headings again, then their rests."""
        if self.text.startswith(whole("".join(cells)), self.at):
            return False
        at, rests, spans = self.at, [], []
        for cell in cells:
            same = next((i for i, letter in enumerate(cell) if self.text[at + i : at + i + 1] != letter), len(cell))
            spans.append((at, at + same))
            rests.append(cell[same:])
            at += same
        if at == self.at or not self.text.startswith(head, at):
            return False
        at += len(head)
        if not self.text.startswith("".join(rests), at):
            return False
        spans.append((at, at + len("".join(rests))))
        for start, end in spans:
            self.taken[start:end] = [True] * (end - start)
        self.at = spans[-1][1]
        return True

    def _entries(self, page: Document) -> list[tuple[str, int, int]]:
        """Account for the entries of the contents; return the heading of each, the page named, and how many numbers."""
        headings = {whole(one.text) for one in page.blocks if isinstance(one, Block) and one.kind in ("h2", "h3")}
        entries = []
        for line in (line for lines in self.pages.lines for line in lines):
            one = _CONTENTS.fullmatch(line.strip())
            if one is None or whole(one["heading"]) not in headings:
                continue
            start, many = self.text.find(whole(line)), len(whole(line))
            self.taken[start : start + many] = [True] * many
            entries.append((whole(one["heading"]), int(one["page"]), 1 + bool(TOKEN.search(one["heading"]))))
        return entries

    def _contents(self, entries: list[tuple[str, int, int]], found: dict[str, int]) -> None:
        """Hold the pages that the contents name against those on which headings stand."""
        for heading, page, many in entries:
            if found.get(heading) == page:
                self.record.good(self.pages.name, Kind.FORM, many)
            else:
                self.record.bad(self.pages.name, f"contents: {heading}", page, found.get(heading, "no page"))

    def _rest(self) -> None:
        """Tell of each number that stands in no block."""
        starts = [0]
        for at in range(1, len(self.page_of)):
            if self.page_of[at] != self.page_of[at - 1]:
                starts.append(at)
        for token in TOKEN.finditer(self.text):
            if not all(self.taken[token.start() : token.end()]):
                page = bisect_right(starts, token.start())
                around = self.text[max(token.start() - 12, 0) : token.end() + 12]
                self.record.bad(self.pages.name, f"page {page}", f"{token[0]} in “{around}”")
