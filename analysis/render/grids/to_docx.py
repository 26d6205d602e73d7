"""Rows of a table as an office program keeps them, in the dress of reports/reference.docx."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree

from analysis.brand import brand
from analysis.render.reference import MEASURE, W, style_id

from .grid import Cell, Grid
from .widths import layout

#: Verdict of a cell -> its style, and the tint behind it.
STYLES = {"met": "Cell Met", "not-met": "Cell Not Met", "undecidable": "Cell Undecidable", "no-data": "Cell No Data"}
TINTS = {"not-met": "vermilion-tint", "undecidable": "ochre-tint", "no-data": "faint"}
#: The page that Pandoc measures against, and from where on a table takes all of ours.
PAGE, FULL = 7920, 7000


@dataclass(frozen=True)
class _Column:
    """What is the same in all cells of a column: its width in twentieths of a point, its side, half points of type."""

    width: int
    side: str
    type: int


def rows(grid: Grid) -> tuple[list[int], list[Any]]:
    """Return the widths of the columns, and the rows, as elements of a table."""
    laid = layout(grid)
    columns = [
        _Column(width, "right" if right else "left", round(laid.size * 2))
        for width, right in zip(widths([int(part * PAGE) for part in laid.parts]), grid.numeric, strict=True)
    ]
    head = _row(_cells(grid.heads, columns, "Cell Head"), '<w:tblHeader w:val="on"/>')
    body = "".join(_row(_cells(row, columns, "Cell Plain")) for row in grid.rows)
    table = etree.fromstring(f'<x xmlns:w="{W}">{head}{body}</x>')
    return [column.width for column in columns], list(table)


def widths(columns: Sequence[int]) -> list[int]:
    """Return widths of columns on our page for those on Pandoc's: the shares stay."""
    total = sum(columns) or 1
    whole = MEASURE if total >= FULL else round(MEASURE * total / PAGE)
    return [round(column * whole / total) for column in columns]


def _row(cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{cells}</w:tr>"


def _cells(row: Sequence[Cell], columns: Sequence[_Column], plain: str) -> str:
    return "".join(_cell(cell, column, plain) for cell, column in zip(row, columns, strict=True))


def _cell(cell: Cell, column: _Column, plain: str) -> str:
    verdict = cell.verdict if plain == "Cell Plain" else ""
    tint = brand().colours[TINTS[verdict]][1:] if verdict in TINTS else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>' if tint else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{column.width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style_id(STYLES.get(verdict, plain))}"/><w:jc w:val="{column.side}"/></w:pPr>'
        f"{_run(cell.text, column.type)}</w:p></w:tc>"
    )


def _run(text: str, size: int) -> str:
    if not text:
        return ""
    # As Pandoc has it: an office program takes dashes and quotes beside Chinese letters from the font of these.
    hint = '<w:rFonts w:hint="eastAsia"/>' if max(text) > "\u3000" else ""
    properties = f'<w:rPr>{hint}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
