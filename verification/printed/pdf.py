"""The text of a PDF, page by page, in the order in which it was set."""

import re
from dataclasses import dataclass
from pathlib import Path

import pypdf

from verification.printed.blocks import whole

_HYPHEN = re.compile(r"[A-Za-z][-\u00ad\u2010]\Z")


@dataclass(frozen=True)
class Pages:
    """Lines of each page."""

    name: str
    lines: tuple[tuple[str, ...], ...]

    def stream(self, start: int, end: int) -> tuple[str, list[int]]:
        """Return the text of all pages without blanks and hyphens, and the page (from 1) that each letter stands on.

        `start` lines at the head and `end` at the foot of each page are left out.
        """
        text = ""
        page_of: list[int] = []
        for number, lines in enumerate(self.lines, 1):
            for line in lines[start : len(lines) - end]:
                own = whole(line)
                if _HYPHEN.search(text) and own[:1].isalnum():  # a word that goes on over the line, or the page
                    text, page_of = text[:-1], page_of[:-1]
                text += own
                page_of += [number] * len(own)
        return text, page_of


def read(path: Path) -> Pages:
    """Return the lines of every page."""
    pages = pypdf.PdfReader(path).pages
    return Pages(path.name, tuple(tuple(page.extract_text().splitlines()) for page in pages))
