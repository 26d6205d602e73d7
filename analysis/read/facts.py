"""What a workbook says beside the values of its cells, whatever its kind; rows and columns are counted from 0."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.errors import DataError
from analysis.read.cell_places import column_letters, column_number
from analysis.read.formats import Format
from analysis.read.runs import Look, Runs

#: A merged range: its first and last cell as (row, column).
Merge = tuple[tuple[int, int], tuple[int, int]]
#: A sheet that spans more cells than this, filled or not, can't be laid out in memory.
MOST_CELLS = 25_000_000
#: How many columns a sheet can have.
WIDE = 16_384
_DIGITS = "0123456789"


@dataclass(frozen=True)
class Source:
    """The XML of an XLSX sheet, and the shared strings of its workbook that have a look of their own in part."""

    part: bytes = field(repr=False)
    shared: dict[int, Runs] = field(repr=False)


@dataclass
class SheetFacts:
    """What is found in a sheet.

    `texts` are those of cells whose value hides what is shown, `formulas` hold one without a value, `marks` are the
    rules of number formats: (rule, row, column, stored, text). `shown` are the cells, row * WIDE + column, of each
    style that has one of the number formats in `shapes`, for a reader that has their values at hand; `looks` are
    the cells, in the same way, of each look that is not usual, `inline` those whose own text may have one in part, and
    `source` is what single cells can be looked up in. `rows`, `columns` are what the cells span, empty ones too where
    they lie close together, 0 where that is known without a look. `styled` tells whether number formats are known.
    """

    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    marks: list[tuple[str, int, int, str, str | None]] = field(default_factory=list)
    shown: dict[int, Sequence[int] | npt.NDArray[np.int64]] = field(default_factory=dict)
    shapes: dict[int, Format] = field(default_factory=dict)
    looks: dict[Look, list[int] | npt.NDArray[np.int64]] = field(default_factory=dict)
    inline: set[tuple[int, int]] = field(default_factory=set)
    source: Source | None = None
    rows: int = 0
    columns: int = 0
    visible: bool = True
    styled: bool = True

    def show(self, row: int, column: int, stored: str, shape: Format) -> None:
        """Note what a number format makes of a stored number."""
        self.note(row, column, stored, *shape.shows(stored))

    def note(self, row: int, column: int, stored: str, text: str | None, rule: str | None) -> None:
        """Note the text that stands for a stored number, and the rule that tells of it."""
        if text is not None:
            self.texts[row, column] = text
        if rule is not None:
            self.marks.append((rule, row, column, stored, text))


@dataclass(frozen=True)
class Package:
    """A workbook: what each sheet says, by its name and in their order, and the bytes for a reader of values.

    `content` is the file, or the same workbook in the usual spelling where a reader may stumble over its own.
    """

    facts: dict[str, SheetFacts] = field(repr=False)
    content: bytes = field(repr=False)


def place_of(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as C17 or $C$17; ValueError where it is none."""
    plain = reference.replace("$", "").strip()
    letters = plain.rstrip(_DIGITS)
    if not (letters.isascii() and letters.isalpha()):
        raise ValueError(reference)
    return int(plain[len(letters) :]) - 1, column_number(letters)


def check_cells(rows: int, columns: int, file: str, sheet: str) -> None:
    """Raise DataError where a sheet spans too many cells, naming the last, which is most often a stray one."""
    if rows * columns > MOST_CELLS:
        cell = f"{column_letters(columns - 1)}{rows}"
        raise DataError("sheet_too_wide", file=file, sheet=sheet, cell=cell)
