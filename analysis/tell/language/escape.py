"""The only two doors through which text of the data enters a report: into Markdown, and into an HTML table."""

import html
import re

from analysis.plaintext import harmless

_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_SYMBOL = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return `text` on one line, in the order in which it stands: runs of white space and controls are one space."""
    return harmless(_SPACE.sub(" ", text)).strip()


def markdown(text: str) -> str:
    r"""Return `text` so that Pandoc's Markdown prints it as it stands: every ASCII symbol is escaped.

    >>> markdown("第*一*小学`{=typst}")
    '第\\*一\\*小学\\`\\{\\=typst\\}'
    """
    return _SYMBOL.sub(r"\\\1", plain(text))


def cell(text: str) -> str:
    """Return `text` for a cell of an HTML table in a fenced raw block: no tag, no attribute, no end of fence."""
    return html.escape(plain(text)).replace("`", "&#96;")
