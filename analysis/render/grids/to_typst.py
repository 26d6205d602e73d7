"""Tables for paper: one definition each, which `tabled` (reports/typst/style.typ) sets where Pandoc's text calls it."""

import re
from collections.abc import Iterable

from .grid import Cell, Grid, check_all
from .widths import layout

#: Of a run of letters longer than LONG, which no line of a table holds, pieces of PIECE hold together (exact.lua).
LONG, PIECE = 24, 12
_LONG = re.compile(rf"[^\s\u2e80-\U0010ffff]{{{LONG + 1},}}")
_PIECE = re.compile(rf"(?s).{{{PIECE}}}(?!$)")
#: Bytes: a last row with more text than that may need a page of its own, and is not held together with the source.
LONGEST = 600
_CALLED = re.compile(r"#tabled\(grid-(\d+),")


def define(body: str, grids: dict[str, Grid]) -> str:
    """Return the text with the tables that it calls before it. Raises DataError where it does not call one of them."""
    check_all(grids, _CALLED.findall(body), "pdf")
    return "".join(map(_definition, grids.values())) + body


def _definition(grid: Grid) -> str:
    laid = layout(grid)
    together = sum(len(cell.text.encode()) for cell in grid.rows[-1]) <= LONGEST
    fields = {
        "size": f"{laid.size}pt",
        "columns": _list(f"{round(part * 100, 1):g}%" for part in laid.parts),
        "align": _list("right" if right else "left" for right in grid.numeric),
        "together": "true" if together else "false",
        "heads": _list(_text(head.text) for head in grid.heads),
        "rows": "(\n" + "".join(f"  {_list(map(_cell, row))},\n" for row in grid.rows) + ")",
    }
    return f"#let grid-{grid.id} = (" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + ")\n"


def _list(values: Iterable[str]) -> str:
    return "(" + "".join(f"{value}, " for value in values) + ")"


def _cell(cell: Cell) -> str:
    text = _text(cell.text)
    if cell.verdict in ("", "met"):
        return text
    said = f"strong({text})" if cell.verdict == "not-met" else text
    return f'table.cell(fill: tint("{cell.verdict}"), {said})'


def _text(text: str) -> str:
    r"""Return a text as a string of Typst, in which nothing is markup.

    >>> _text('1. "a\\b"')
    '"1. \\"a\\\\b\\""'
    """
    broken = _LONG.sub(lambda run: _PIECE.sub("\\g<0>\u200b", run[0]), text)
    return '"' + broken.replace("\\", "\\\\").replace('"', '\\"') + '"'
