"""Tables of plain text taken out of a document: Pandoc gets one cell in the place of each, for caption and number.

A table with cells that span or hold markup stays in the document, where the filters read and dress it.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.errors import DataError

#: A fenced table with one row of heads, and one of its cells: text alone, a class, what is told of it in `data-`.
_FENCED = re.compile(
    r"^```\{=html\}\n<table(?: class=\"([\w -]*)\")?>\s*<caption>([^<]*)</caption>\s*"
    r"<thead>\s*<tr>(.*?)</tr>\s*</thead>\s*<tbody>(.*?)</tbody>\s*</table>\n```$",
    re.DOTALL | re.MULTILINE,
)
_CELL = re.compile(r"<(t[hd])((?: (?:class|scope|data-[\w-]+)=\"[^\"]*\")*)>([^<]*)</\1>")
_CLASSES = re.compile(r" class=\"([^\"]*)\"")
#: Verdicts that a cell may bear as its class.
VERDICTS = ("met", "not-met", "undecidable", "no-data")


@dataclass(frozen=True)
class Cell:
    """A cell as it was written: `attributes` and `markup` are HTML, safe as the table was."""

    attributes: str
    markup: str

    @cached_property
    def text(self) -> str:
        """The text as it is read."""
        return re.sub(r"[ \t\r\n]+", " ", html.unescape(self.markup)).strip(" ")

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes of the cell."""
        named = _CLASSES.search(self.attributes)
        return tuple(named[1].split()) if named else ()

    @property
    def number(self) -> bool:
        """Whether the cell holds a number."""
        return "num" in self.classes

    @property
    def verdict(self) -> str:
        """The verdict on what the cell shows, "" for none."""
        return next((name for name in self.classes if name in VERDICTS), "")


@dataclass(frozen=True)
class Grid:
    """Heads and rows of one table; `numeric` tells which columns hold numbers, and are set to the right."""

    id: str
    caption: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]


def take(text: str) -> tuple[str, dict[str, Grid]]:
    """Return a document's text with a table of one cell in the place of each plain one, and those by their id."""
    grids: dict[str, Grid] = {}

    def placed(found: re.Match[str]) -> str:
        kind, caption, heads, rows = found.groups(default="")
        grid = _grid(str(len(grids)), caption, heads, rows)
        if grid is None:
            return found[0]
        grids[grid.id] = grid
        return (
            f'```{{=html}}\n<table class="{kind}" data-grid="{grid.id}"><caption>{caption}</caption>'
            "<thead><tr><th>-</th></tr></thead><tbody><tr><td>-</td></tr></tbody></table>\n```"
        )

    return _FENCED.sub(placed, text), grids


def _grid(id: str, caption: str, heads: str, body: str) -> Grid | None:
    lines = body.strip().removeprefix("<tr>").removesuffix("</tr>")
    first, *others = [_row(line) for line in (heads, *re.split(r"</tr>\s*<tr>", lines))]
    rows = tuple(row for row in others if row)
    if first is None or len(rows) < len(others) or any(len(row) != len(first) for row in rows):
        return None
    numeric = tuple(any(cell.number for cell in column) for column in zip(*rows, strict=True))
    return Grid(id, caption, first, rows, numeric)


def _row(markup: str) -> tuple[Cell, ...] | None:
    """Return the cells of a row; None where it holds anything else."""
    cells = tuple(Cell(attributes, text) for _, attributes, text in _CELL.findall(markup))
    return cells if cells and not _CELL.sub("", markup).strip() else None


def check_all(grids: Mapping[str, Grid], written: Iterable[str], target: str) -> None:
    """Raise DataError where a table was not written into a document of the format `target`."""
    missing = grids.keys() - set(written)
    if missing:
        caption = grids[min(missing, key=int)].caption
        raise DataError("engine_failed", engine="pandoc", format=target, reason=html.unescape(caption))
