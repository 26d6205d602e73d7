"""Tags of a page, found by a parser and replaced; all else stays as it was written, byte by byte."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate


class Located(HTMLParser):
    """A parser that knows where in the page it is: `place` is an index of its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._lines = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]

    @property
    def place(self) -> int:
        """Where what is parsed now begins."""
        line, column = self.getpos()
        return self._lines[line - 1] + column


@dataclass(frozen=True)
class Tag:
    """A start tag as it is written, and its attributes."""

    text: str
    attributes: Mapping[str, str]


class _StartTags(Located):
    """Cuts a page into pieces, its start tags of some names replaced."""

    def __init__(self, page: str, changes: Mapping[str, Callable[[Tag], str]]) -> None:
        super().__init__(page)
        self._page, self._changes, self._last = page, changes, 0
        self.pieces: list[str] = []
        self.feed(page)
        self.close()
        self.pieces.append(page[self._last :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Replace a tag that is asked for."""
        if tag in self._changes:
            text = self.get_starttag_text() or ""
            new = self._changes[tag](Tag(text, {name: value or "" for name, value in attrs}))
            self.pieces += [self._page[self._last : self.place], new]
            self._last = self.place + len(text)


def replaced(page: str, changes: Mapping[str, Callable[[Tag], str]]) -> str:
    """Return the page with what `changes` makes of each start tag of a name.

    >>> replaced("<p><b>a < b</b></p>", {"b": lambda tag: "<i>"})
    '<p><i>a < b</b></p>'
    """
    return "".join(_StartTags(page, changes).pieces)
