"""Tables as part of a page: the rows as they were written, in the place of Pandoc's one cell."""

import re

from .grid import Cell, Grid, check_all

_PLACED = re.compile(r'(<table [^>]*?) data-grid="(\d+)"([^>]*>\s*<caption>.*?</caption>)?.*?</table>', re.DOTALL)
#: A head or text in a column of numbers stands above or below them; numbers have it of their class.
_RIGHT = ' style="text-align: right"'


def fill(page: str, grids: dict[str, Grid]) -> str:
    """Return the page with its tables. Raises DataError where one has no place in it."""
    check_all(grids, (found[2] for found in _PLACED.finditer(page)), "html")
    return _PLACED.sub(lambda found: f"{found[1]}{found[3]}\n{_rows(grids[found[2]])}</table>", page)


def _rows(grid: Grid) -> str:
    body = "".join(f"<tr>{_cells(row, 'td', grid.numeric)}</tr>\n" for row in grid.rows)
    return f"<thead>\n<tr>{_cells(grid.heads, 'th', grid.numeric)}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n"


def _cells(row: tuple[Cell, ...], tag: str, numeric: tuple[bool, ...]) -> str:
    return "".join(
        f"<{tag}{cell.attributes}{_RIGHT if right and not cell.number else ''}>{cell.markup}</{tag}>"
        for cell, right in zip(row, numeric, strict=True)
    )
