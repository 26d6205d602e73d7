"""The sheets of a workbook as text cells, each with what its values hide, laid out as a reader of it sees them."""

from dataclasses import dataclass, field, replace
from typing import Any

import fastexcel
import polars as pl
import python_calamine

from analysis.errors import DataError, message
from analysis.read import formats, ods, panics, unclear_cells, xls, xlsx
from analysis.read.facts import Merge, Package, SheetFacts

#: Kinds of which other readers tell an empty text from nothing.
_EMPTY_IS_NOTHING = ("xls", "ods")
_FAULTS = (
    fastexcel.FastExcelError,
    python_calamine.CalamineError,
    pl.exceptions.PolarsError,
    ValueError,
    panics.PanicError,
)


@dataclass(frozen=True)
class Mark:
    """What a number format makes a reader see that the stored number is not: an id of checks.yml and its place.

    `row` counts from 1, `position` is n of the column c{n}; `before` is stored, `after` what stands in the cells.
    """

    rule: str
    row: int
    position: int
    before: str
    after: str | None


@dataclass(frozen=True, eq=False)
class Laid:
    """A sheet's cells (c0, c1, ...; row 0 is row 1 of the sheet, column 0 is column `left`), and what there is to each.

    `present` tells of each whether it holds something of its own.
    """

    name: str
    cells: pl.DataFrame
    present: pl.DataFrame
    left: int
    facts: SheetFacts = field(repr=False)

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks of number formats."""
        return tuple(
            Mark(rule, row + 1, column - self.left, stored, text)
            for rule, row, column, stored, text in self.facts.marks
        )

    def hidden_columns(self) -> frozenset[int]:
        """Return the positions of hidden columns."""
        width = self.cells.width
        places = (column - self.left for column in self.facts.hidden_columns)
        return frozenset(place for place in places if 0 <= place < width)


def read(content: bytes, ending: str, file: str) -> list[Laid]:
    """Return the sheets of a workbook; DataError where it can't be read, or spans too many cells."""
    try:
        with panics.as_faults():
            package = _package(content, ending, file)
            try:
                return _sheets(package, ending)
            except fastexcel.FastExcelError:  # such as a number with space around it
                if ending not in ("xlsx", "xlsm"):
                    raise
                return _sheets(replace(package, content=xlsx.respelled(content, file)), ending)
    except panics.PanicError as fault:
        if ending == "xls":
            return _without_formulas(content, file, fault)
        raise _broken(fault, file) from fault
    except _FAULTS as fault:
        raise _broken(fault, file) from fault


def _without_formulas(content: bytes, file: str, fault: Exception) -> list[Laid]:
    """Return the sheets of an XLS workbook with formulas that the usual reader gives up on; `fault` is why."""
    try:
        return [_laid(name, (cells, 0), facts, "xls") for name, facts, cells in xls.with_values(content, file)]
    except DataError:
        raise
    except Exception as other:  # damaged files fail in as many ways as they have bytes
        raise _broken(fault, file) from other


def _broken(fault: Exception, file: str) -> DataError:
    key = "file_password" if "assword" in str(fault) else "file_broken"
    return DataError(key, file=file, reason=_reason(fault))


def _sheets(package: Package, ending: str) -> list[Laid]:
    book = fastexcel.read_excel(package.content)
    return [_laid(name, _loaded(book, name), facts, ending) for name, facts in package.facts.items()]


def _package(content: bytes, ending: str, file: str) -> Package:
    if ending == "ods":
        return ods.open_package(content, file)
    return xls.open_package(content, file) if ending == "xls" else xlsx.open_package(content, file)


def _reason(fault: Exception) -> str:
    """Return in plain words what a library found."""
    said = str(fault)
    kind = "damage_value" if "arse" in said and "error" in said else "damage_book"
    return message("damage_string" if "shared string" in said else kind)


def _loaded(book: Any, name: str) -> tuple[pl.DataFrame, int]:
    """Return the cells of a sheet, and the number of the column that is the first of them."""
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    columns = loaded.available_columns()
    frame: pl.DataFrame = loaded.to_polars()
    frame.columns = [f"c{number}" for number in range(frame.width)]
    cells = frame if set(frame.dtypes) <= {pl.String} else frame.cast(pl.String)
    return cells, columns[0].absolute_index if columns else 0


def _laid(name: str, loaded: tuple[pl.DataFrame, int], facts: SheetFacts, ending: str) -> Laid:
    cells, left = loaded
    cells, left = _wide_enough(cells, left, [*facts.texts, *facts.formulas])
    there = (pl.all() != "").fill_null(value=False) if ending in _EMPTY_IS_NOTHING else pl.all().is_not_null()
    present = cells.select(there)
    as_seen = unclear_cells.texts(cells, facts, left)
    cells = written(_shown(cells, facts, left), _by_column(facts.texts, left))
    cells = written(unclear_cells.drawn(cells, facts, left), _by_column(as_seen, left))
    if ending != "xls":  # of which other readers see no errors and no formulas without value, as of ODS
        own = [place for place, text in facts.texts.items() if ending != "ods" or text[:1] not in ("#", "=")]
        present = written(present, _by_column(dict.fromkeys([*own, *facts.formulas], True), left))
    present = _uncovered(present, facts.merges, left)
    return Laid(name, cells, present, left, facts)


def _shown(cells: pl.DataFrame, facts: SheetFacts, left: int) -> pl.DataFrame:
    """Return the cells with the text that number formats make of stored numbers."""
    changed: dict[str, pl.Series] = {}
    for style, places in facts.shown.items():
        mine = unclear_cells.rows_within(places, cells, left)
        if not mine:
            continue
        stored = pl.concat(cells[f"c{column - left}"].gather(rows) for column, rows in mine)
        shown_cells = formats.shown(facts.shapes[style], stored).with_columns(stored=stored)
        shown_cells = shown_cells.with_columns(pl.col("text").fill_null(pl.col("stored")).alias("after"))
        begin = 0
        for column, rows in mine:
            name, part = f"c{column - left}", shown_cells.slice(begin, len(rows))
            begin += len(rows)
            changed[name] = changed.get(name, cells[name]).clone().scatter(rows, part["after"])
            odd_cells = part.with_columns(row=rows).filter(pl.col("rule").is_not_null())
            for row, before, text, rule in odd_cells.select("row", "stored", "text", "rule").iter_rows():
                facts.marks.append((rule, row, column, before, text))
    return cells.with_columns(series.alias(name) for name, series in changed.items()) if changed else cells


def _wide_enough(cells: pl.DataFrame, left: int, places: list[tuple[int, int]]) -> tuple[pl.DataFrame, int]:
    """Return the cells with empty rows and columns where else a place would lie outside."""
    if not places:
        return cells, left
    if not cells.width:
        left = min(column for _, column in places)
    first = min(left, min(column for _, column in places))
    last = max(left + cells.width - 1, max(column for _, column in places))
    height = max(cells.height, 1 + max(row for row, _ in places))
    if (first, last - first + 1, height) == (left, cells.width, cells.height):
        return cells, left
    empty = pl.Series(dtype=pl.String).extend_constant(None, height)
    kept = {column - left: cells[f"c{column - left}"] for column in range(left, left + cells.width)}
    columns = {
        f"c{column - first}": kept[column - left].extend_constant(None, height - cells.height)
        if column - left in kept
        else empty
        for column in range(first, last + 1)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), first


def _by_column(values: dict[tuple[int, int], Any], left: int) -> dict[str, dict[int, Any]]:
    columns: dict[str, dict[int, Any]] = {}
    for (row, column), value in values.items():
        columns.setdefault(f"c{column - left}", {})[row] = value
    return columns


def written(cells: pl.DataFrame, changed: dict[str, dict[int, Any]]) -> pl.DataFrame:
    """Return cells with other values in some: column -> row, counted from 0 -> value."""
    if not changed:
        return cells
    return cells.with_columns(
        [cells[name].clone().scatter(list(texts_of), list(texts_of.values())) for name, texts_of in changed.items()]
    )


def _uncovered(present: pl.DataFrame, merges: list[Merge], left: int) -> pl.DataFrame:
    """Take out what is stored beneath a merged range: nobody sees it, and no other reader counts it."""
    hidden: dict[str, dict[int, bool]] = {}
    for (top, first), (bottom, last) in merges:
        for column in range(max(first - left, 0), min(last - left + 1, present.width)):
            rows = range(top + (column == first - left), min(bottom + 1, present.height))
            hidden.setdefault(f"c{column}", {}).update(dict.fromkeys(rows, False))
    return written(present, hidden)


def unmerged(cells: pl.DataFrame, merges: list[Merge], left: int) -> pl.DataFrame:
    """Write the value of a merged range into each of its cells: what a reader of the sheet sees.

    A range as wide as the sheet is a title and stays one cell.
    """
    height, width = cells.shape
    changed: dict[str, dict[int, str | None]] = {}
    for (top, first), (bottom, last) in merges:
        source = f"c{first - left}"
        if source not in cells.columns or top >= height or (last > first and last - first >= width - 1):
            continue
        text = cells[source][top]
        for column in range(first - left, min(last - left + 1, width)):
            texts_of = changed.setdefault(f"c{column}", {})
            texts_of.update(dict.fromkeys(range(top, min(bottom + 1, height)), text))
    return written(cells, changed)
