"""Any spreadsheet to sheets of text cells, each row where it stands in its file."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from analysis import storage
from analysis.errors import DataError
from analysis.plaintext import PATTERN, harmless, misleading
from analysis.read import books, content, read_cache, text
from analysis.read.cell_places import column_letters
from analysis.read.facts import Merge

#: A cell longer than this, in bytes, is no statistic: the file is refused.
LONGEST_CELL = 100_000
#: A space, a no-break space, a full-width one, in UTF-8. A tab is a separator or stands within a cell.
_SPACES = (b" ", b"\xc2\xa0", b"\xe3\x80\x80")
#: What stands beside the first and the last character of a cell.
_EDGES = b',\t;|"\n\r'
_IS_EDGE = np.isin(np.arange(256), np.frombuffer(_EDGES, np.uint8))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet: columns c0, c1, ... of text; the frame's row 0 is row 1 of the sheet, its column 0 is column `left`.

    `name` is empty for a text file. `styled` tells whether a number shown as a percentage comes as one ("85.3%").
    `present` tells of each cell whether it holds something of its own as another reader counts it: white space, an
    error, a formula without value too (of XLS neither), a copy within a merged range not; None: where `cells` is not
    null.
    `filled` counts such cells of the whole sheet, those outside `cells` too; None: as many as `present`.
    `hidden_rows` are numbers of rows from 1, `hidden_columns` positions n of columns c{n}.
    `widths` are the fields of each row of a text file, None where none has more than another; `fields` where some may
    have fewer, None where none has. `merges` are the merged
    ranges, rows and columns counted from 0 in the whole sheet.
    """

    name: str
    cells: pl.DataFrame
    left: int = 0
    hidden: bool = False
    styled: bool = True
    present: pl.DataFrame | None = None
    filled: int | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    marks: tuple[books.Mark, ...] = ()
    widths: pl.Series | None = None
    fields: pl.Series | None = None
    merges: tuple[Merge, ...] = ()

    @property
    def blank(self) -> bool:
        """Tell whether a sheet holds mere white space: its cells are counted, and none is laid out."""
        return self.cells.is_empty()

    def too_long(self, header: int) -> frozenset[int]:
        """Return the numbers (from 1) of rows with more fields than the header's last row, `header` counted from 0.

        A separator stands within a value of theirs: which of their values is in which column is not known.
        """
        return frozenset(int(row) + 1 for row in text.too_long(self.widths, header, self.cells))

    def too_short(self, header: int) -> frozenset[int]:
        """Return the numbers (from 1) of rows with fewer fields than the header's last row, where most have as many."""
        return frozenset(int(row) + 1 for row in text.too_short(self.fields, header))


def read(path: Path, file: str, encoding: str | None = None) -> list[Sheet]:
    """Return all sheets of a workbook or text file; `file` is how messages call it.

    `encoding` is that of a text file where a person named it. Raises DataError, one line that names file and reason,
    for anything that can't be read.
    """
    packed, ending = content.read(path, file), content.ending_of(file)
    content.check(packed, ending, file)
    if ending in content.BOOKS:
        return [_in_order(sheet) for sheet in _book(packed, ending, file)]
    separated, padded = text.read(packed, ending, file, encoding), _is_padded(packed)
    plain = not padded and _is_short(packed) and not (b'"' in packed and b'""' in packed)
    cells = _cut(separated.cells) if plain else _trim(separated.cells, file, "", padded)
    sheet = Sheet("", cells, widths=separated.widths, fields=separated.fields)
    return [sheet if text.head_of(packed) and not text.is_misleading(packed) else _in_order(sheet)]


def _in_order(sheet: Sheet) -> Sheet:
    """Return a sheet whose texts read as they stand: what turns their order around or steers a terminal is marked."""
    cells = sheet.cells
    padded = cells.select(pl.all().str.contains(PATTERN).any()).row(0) if cells.width else ()
    columns = [name for name, some in zip(cells.columns, padded, strict=True) if some]
    name = harmless(sheet.name)
    if not columns:
        return sheet if name == sheet.name else replace(sheet, name=name)
    cleaned = pl.col(columns).str.replace_all(PATTERN, "").str.strip_chars()
    clean = cells.with_columns(pl.when(cleaned != "").then(cleaned).name.keep())
    marks = [mark for column in columns for mark in _misleading(cells[column], clean[column])]
    return replace(sheet, name=name, cells=clean, marks=(*sheet.marks, *marks))


def _misleading(before: pl.Series, after: pl.Series) -> list[books.Mark]:
    """Return a mark for each text of a column that misleads, by the codes of its characters, and what it is read as."""
    rows, position = before.str.contains(PATTERN).arg_true(), int(before.name.removeprefix("c"))
    return [
        books.Mark("text_controls", row + 1, position, misleading(text), read)
        for row, text, read in zip(rows, before.gather(rows), after.gather(rows), strict=True)
    ]


def own(path: Path, unreadable: str) -> list[Sheet]:
    """Return the sheets of a workbook that the project wrote for people to fill in; none where it holds nothing.

    A merged range stands in its first cell alone: nobody filled in the others.
    Raises DataError: `unreadable` where the file is no workbook, else what `read` says of it.
    """
    if not (read_cache.active() and path.is_file()):
        return _own_sheets(path, unreadable)
    key = "own", str(path), storage.digest_of_file(path)
    return read_cache.once(key, partial(_own_sheets, path, unreadable))


def _own_sheets(path: Path, unreadable: str) -> list[Sheet]:
    try:
        return [replace(sheet, cells=_own(sheet)) for sheet in read(path, str(path)) if not sheet.blank]
    except DataError as fault:
        if fault.key == "file_empty":
            return []
        if fault.key in ("file_broken", "file_ending", "file_kind"):
            raise DataError(unreadable, file=path) from fault
        raise


def of_content(packed: bytes, file: str) -> list[Sheet]:
    """Return the sheets of an XLSX workbook at hand, as `own` does; raises DataError where it can't be read."""
    return [replace(sheet, cells=_own(sheet)) for sheet in _book(packed, ".xlsx", file)]


def _own(sheet: Sheet) -> pl.DataFrame:
    if sheet.present is None:
        return sheet.cells
    there = [pl.when(sheet.present[name]).then(sheet.cells[name]).alias(name) for name in sheet.cells.columns]
    return pl.select(there)


def _book(packed: bytes, ending: str, file: str) -> list[Sheet]:
    sheets = []
    for laid in books.read(packed, ending, file):
        cells = _trim(laid.cells, file, laid.name)
        filled = sum(int(column.sum()) for column in laid.present)
        if not filled:
            continue
        present = laid.present.head(cells.height)
        present = present if present.width == cells.width else present.select(cells.columns)
        sheet = Sheet(
            laid.name,
            books.unmerged(cells, laid.facts.merges, laid.left),
            laid.left,
            not laid.facts.visible,
            laid.facts.styled,
            present,
            filled,
            frozenset(row + 1 for row in laid.facts.hidden_rows if row < cells.height),
            laid.hidden_columns(),
            laid.marks(),
            merges=tuple(laid.facts.merges),
        )
        sheets.append(sheet)
    if all(sheet.blank for sheet in sheets):
        raise DataError("file_empty", file=file)
    return sheets


def _is_short(packed: bytes) -> bool:
    """Tell whether surely no cell is longer than LONGEST_CELL: without quotation marks each ends with its line."""
    if len(packed) <= LONGEST_CELL:
        return True
    half = LONGEST_CELL // 2  # a longer cell would hold a whole stretch of so many bytes
    stretches = range(0, len(packed) - half + 1, half)
    return b'"' not in packed and all(packed.find(b"\n", start, start + half) >= 0 for start in stretches)


def _is_padded(packed: bytes) -> bool:
    """Tell whether some cell of UTF-8 text may begin or end in a space; always of text in other encodings."""
    if not text.head_of(packed):
        return True
    return any(_at_an_edge(packed, space) for space in _SPACES if space[:1] in packed)


def _at_an_edge(packed: bytes, space: bytes) -> bool:
    """Tell whether a space stands first or last in some cell, or of the whole; those within cells are passed over."""
    if packed.startswith(space) or packed.endswith(space):
        return True
    content = np.frombuffer(packed, dtype=np.uint8)
    last = len(content) - 1
    for start in range(0, len(content), text.TOGETHER):
        places = np.flatnonzero(content[start : start + text.TOGETHER] == space[0]) + start
        for offset, byte in enumerate(space[1:], start=1):  # its first byte may begin another character
            places = places[content[np.minimum(places + offset, last)] == byte]
        if _IS_EDGE[content[places - 1]].any() or _IS_EDGE[content[np.minimum(places + len(space), last)]].any():
            return True
    return False


def _trim(frame: pl.DataFrame, file: str, sheet: str, padded: bool = True) -> pl.DataFrame:
    """Make cells without text null, and cut what is empty at the foot and on the right; refuse cells too long.

    Spaces around cells go, unless it is known that none is `padded`.
    """
    if frame.is_empty():
        return frame
    blank = frame.select(pl.all().str.strip_chars()) if padded else frame
    length = pl.all().str.len_bytes()
    edges = blank.select(length.min().name.prefix("least "), length.max()).row(0)
    shortest, lengths = edges[: blank.width], edges[blank.width :]
    empty = [name for name, length in zip(blank.columns, shortest, strict=True) if length == 0]
    if empty:
        blank = blank.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in empty)
    if max((length or 0 for length in lengths), default=0) > LONGEST_CELL:
        place = next(number for number, length in enumerate(lengths) if (length or 0) > LONGEST_CELL)
        row = int(blank[f"c{place}"].str.len_bytes().arg_max() or 0) + 1
        cell = f"{column_letters(place)}{row}"
        raise DataError("cell_too_long", file=file, sheet=sheet, cell=cell, limit=LONGEST_CELL)
    return _cut(blank)


def _cut(cells: pl.DataFrame) -> pl.DataFrame:
    """Drop the empty rows at the foot, empty columns on the right; keep all others, so that row numbers stay true."""
    filled = [number for number, blank in enumerate(cells.null_count().row(0)) if blank < cells.height]
    if not filled:
        return cells.head(0)
    kept = cells if filled[-1] + 1 == cells.width else cells[:, : filled[-1] + 1]
    if any(cell is not None for cell in kept.row(-1)):
        return kept
    below = kept.select(pl.all_horizontal(pl.all().is_null()).reverse().arg_min()).item()
    return kept.head(kept.height - below)
