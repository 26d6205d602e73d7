"""Tables of plain text taken out of a document: Pandoc gets one cell in the place of each, for caption and number.

A table with cells that span or hold markup stays in the document, where the filters read and dress it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import lxml.html

from analysis.errors import DataError

#: A block of HTML, fenced as the Markdown of a notebook has it.
_FENCED = re.compile(r"^```\{=html\}\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
#: What a cell of a plain table may bear beside `data-` attributes; one that spans others is for the filters.
_PLAIN = ("class", "scope")
#: Verdicts that a cell may bear as its class.
VERDICTS = ("met", "not-met", "undecidable", "no-data")


@dataclass(frozen=True)
class Cell:
    """A cell as it was written: its attributes by name, its text with the blanks that it has."""

    attributes: Mapping[str, str]
    written: str

    @cached_property
    def text(self) -> str:
        """The text as it is read."""
        return re.sub(r"[ \t\r\n]+", " ", self.written).strip(" ")

    @property
    def classes(self) -> list[str]:
        """The classes of the cell."""
        return self.attributes.get("class", "").split()

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

    def placed(fenced: re.Match[str]) -> str:
        parts = lxml.html.fragments_fromstring(fenced[1]) if fenced[1].startswith("<table") else []
        grid = _grid(str(len(grids)), parts[0]) if len(parts) == 1 else None
        if grid is None:
            return fenced[0]
        grids[grid.id] = grid
        return (
            f'```{{=html}}\n<table class="{escape(parts[0].get("class", ""))}" data-grid="{grid.id}">'
            f"<caption>{escape(grid.caption, quote=False)}</caption>"
            "<thead><tr><th>-</th></tr></thead><tbody><tr><td>-</td></tr></tbody></table>\n```"
        )

    return _FENCED.sub(placed, text), grids


def _grid(id: str, table: Any) -> Grid | None:
    """Return a table as a grid; None where it is more than a caption, one row of heads, and rows as long as these."""
    if [part.tag for part in table] != ["caption", "thead", "tbody"]:
        return None
    caption, head, body = table
    rows = [_row(row) for row in (*head, *body)]
    first = rows[0] if len(rows) > 1 and len(head) == 1 and not len(caption) else None
    if first is None or any(row is None or len(row) != len(first) for row in rows):
        return None
    below = tuple(row for row in rows[1:] if row)
    numeric = tuple(any(cell.number for cell in column) for column in zip(*below, strict=True))
    return Grid(id, caption.text or "", first, below, numeric)


def _row(row: Any) -> tuple[Cell, ...] | None:
    """Return the cells of a row; None where one holds markup, or spans others."""
    cells = tuple(Cell(dict(cell.attrib), cell.text or "") for cell in row)
    plain = all(
        not len(cell) and all(name in _PLAIN or name.startswith("data-") for name in cell.attrib) for cell in row
    )
    return cells if cells and plain else None


def check_all(grids: Mapping[str, Grid], written: Iterable[str], target: str) -> None:
    """Raise DataError where a table was not written into a document of the format `target`."""
    missing = grids.keys() - set(written)
    if missing:
        caption = grids[min(missing, key=int)].caption
        raise DataError("engine_failed", engine="pandoc", format=target, reason=caption)
