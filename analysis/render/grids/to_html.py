"""Tables as part of a page: the rows as they were written, in the place of Pandoc's one cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from analysis.render.tags import Located

from .grid import Cell, Grid, check_all

#: A head or text in a column of numbers stands above or below them; numbers have it of their class.
_RIGHT = ("style", "text-align: right")
_GRID = "data-grid"
#: What a head says to those who hear the table.
HEAD = ("scope", "col")


@dataclass
class _Place:
    """Where the table of a grid stands in a page: its own tag, its caption, its end."""

    grid: str
    tag: str
    start: int
    caption: tuple[int, int]
    end: int = 0


class _Places(Located):
    """Finds the tables of grids, all else stays as it was written."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self._open: _Place | None = None
        self.found: list[_Place] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a table of a grid begins."""
        named = dict(attrs)
        if tag == "table" and named.get(_GRID) is not None:
            inside = self.place + len(self.get_starttag_text() or "")
            others = ((name, value or "") for name, value in attrs if name != _GRID)
            self._open = _Place(str(named[_GRID]), _tag("table", others), self.place, (inside, inside))

    def handle_endtag(self, tag: str) -> None:
        """Note where its caption ends, and where itself."""
        place, end = self._open, self.place + len(f"</{tag}>")
        if place and tag == "caption":
            place.caption = (place.caption[0], end)
        elif place and tag == "table":
            place.end = end
            self.found.append(place)
            self._open = None


def fill(page: str, grids: dict[str, Grid]) -> str:
    """Return the page with its tables. Raises DataError where one has no place in it."""
    places = _Places(page).found
    check_all(grids, (place.grid for place in places), "html")
    parts, last = [], 0
    for place in places:
        caption = page[slice(*place.caption)]
        parts += [page[last : place.start], place.tag, caption, "\n", _rows(grids[place.grid]), "</table>"]
        last = place.end
    return "".join([*parts, page[last:]])


def _rows(grid: Grid) -> str:
    body = "".join(f"<tr>{_cells(row, 'td', grid.numeric)}</tr>\n" for row in grid.rows)
    heads = _cells(grid.heads, "th", grid.numeric, HEAD)
    return f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n"


def _cells(row: tuple[Cell, ...], tag: str, numeric: tuple[bool, ...], *said: tuple[str, str]) -> str:
    return "".join(
        _tag(tag, [*said, *cell.attributes.items(), *([_RIGHT] if right and not cell.number else [])])
        + f"{escape(cell.written, quote=False)}</{tag}>"
        for cell, right in zip(row, numeric, strict=True)
    )


def _tag(name: str, attributes: Iterable[tuple[str, str]]) -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes)
    return f"<{name}{said}>"
