"""A page before it is written: its cells, and beside them what each of them means."""

from dataclasses import dataclass, field, replace
from typing import Any

Content = str | int | float | None


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: `value`, shown in `format`.

    `kind`: plain; error (`value` is its text); formula (`value` is what is stored beside it); bare (a formula, in
    `value`, without stored value).
    """

    value: Content
    format: str = ""
    kind: str = "plain"


@dataclass(frozen=True)
class Value:
    """A value of the truth and where it stands (row and column from 0).

    `state`: `right` must be read as `value`; `marked` as well, and something told of its place; `either` is read right
    or told; `told` must not be read, and told. `why` is the feature that makes it so, "" for `right`. Values of one
    table of the page are of one `block`.
    """

    row: int
    column: int
    field: str
    value: Any
    state: str = "right"
    why: str = ""
    block: int = 0


@dataclass
class Page:
    """One sheet in the making.

    `unused` are cells that are surely told to be not used, `merges` ranges (top, left, bottom, right), all from 0.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    unused: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    hidden: bool = False
    header: int = 0  # the first row of the header

    def put(self, row: int, column: int, value: Content, format: str = "", kind: str = "plain") -> None:
        """Put a cell down; nothing for None."""
        if value is not None:
            self.cells[row, column] = Cell(value, format, kind)

    def line(self, row: int, left: int, texts: list[Content]) -> None:
        """Put texts down side by side."""
        for offset, text in enumerate(texts):
            self.put(row, left + offset, text)

    @property
    def bottom(self) -> int:
        """Return the number of the first row below all cells, from 0."""
        return max((row for row, _ in self.cells), default=-1) + 1

    @property
    def right(self) -> int:
        """Return the number of the first column right of all cells, from 0."""
        return max((column for _, column in self.cells), default=-1) + 1

    def turned(self, state: str, why: str, **only: Any) -> None:
        """Give a state to the values that lie in `only` (row, column, field); a stricter one stays."""
        rank = {"right": 0, "marked": 1, "either": 2, "told": 3}
        self.values = [
            replace(value, state=state, why=why)
            if all(getattr(value, key) == wanted for key, wanted in only.items()) and rank[state] > rank[value.state]
            else value
            for value in self.values
        ]


@dataclass(frozen=True)
class Head:
    """A column in the making: the texts over it from the top down, what it holds, its cells and their truth.

    `field` is "" where the table knows nothing of the kind. `unit` is the word of its unit and `factor` makes the
    truth of what is printed; `digits` are its decimals.
    """

    path: tuple[str, ...]
    field: str = ""
    cells: tuple[Cell, ...] = ()
    truth: tuple[Any, ...] = ()
    unit: str = ""
    unused: bool = False
    state: str = "right"
    why: str = ""
    hidden: bool = False

    @property
    def last(self) -> str:
        """Return the text right above the cells."""
        return self.path[-1]
