"""The text of a PDF, page by page, in the order in which it was set."""

from dataclasses import dataclass
from pathlib import Path

import pypdf

from verification.printed.blocks import whole


@dataclass(frozen=True)
class Pages:
    """Lines of each page."""

    name: str
    lines: tuple[tuple[str, ...], ...]

    def stream(self, start: int, end: int) -> tuple[str, list[int]]:
        """Return the text of all pages without blanks and hyphens, and the page (from 1) that each letter stands on.

        `start` lines at the head and `end` at the foot of each page are left out.
        """
        text, page_of = "", []
        for number, lines in enumerate(self.lines, 1):
            own = whole("".join(lines[start : len(lines) - end]))
            text += own
            page_of += [number] * len(own)
        return text, page_of


def read(path: Path) -> Pages:
    """Return the lines of every page."""
    pages = pypdf.PdfReader(path).pages
    return Pages(path.name, tuple(tuple(page.extract_text().splitlines()) for page in pages))
