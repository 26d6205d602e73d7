"""Cells whose text alone says too little: digits of another look, numbers too long to be exact."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.read import runs, single_cells
from analysis.read.facts import WIDE, SheetFacts
from analysis.read.single_cells import Place

#: A number of more digits than this is not exact: its last ones were lost, or made up.
EXACT_DIGITS = 15
_LONG = rf"^-?[0-9]{{{EXACT_DIGITS + 1},}}$"


def texts(cells: pl.DataFrame, facts: SheetFacts, left: int) -> dict[Place, str]:
    """Return the texts that stand for those of cells: as their runs look, and of long numbers as a sheet shows them."""
    if facts.source is None:
        return {}
    said = dict(_long(cells, left))
    shared = facts.source.shared
    plain = {text for places_of in shared.values() for text in _spellings(places_of)}
    places = {*said, *facts.inline, *(place for place, _ in _equal(cells, sorted(plain), left))}
    if not places:
        return {}
    of_cell = {place: look for look, every in facts.looks.items() for place in _places(every) if place in places}
    by_place: dict[Place, str] = {}
    for place, cell in single_cells.at(facts.source.part, places).items():
        own = cell.runs
        if cell.kind == "s" and cell.value.isdecimal():
            own = shared.get(int(cell.value), [])
        look = of_cell.get(place, runs.USUAL)
        if runs.differs(own):
            by_place[place] = runs.drawn(own, look)
        elif cell.number and place in said:
            by_place[place] = look.draw(scientific(said[place]))
    return by_place


def _spellings(runs_of_text: runs.Runs) -> tuple[str, str]:
    """Return what a reader of values may make of runs."""
    whole = "".join(text for text, _ in runs_of_text)
    return whole, whole.strip()


def _long(cells: pl.DataFrame, left: int) -> list[tuple[Place, str]]:
    lengths = cells.select(pl.all().str.len_bytes().max()).row(0) if cells.width else ()
    by_place: list[tuple[Place, str]] = []
    for name, length in zip(cells.columns, lengths, strict=True):
        if (length or 0) > EXACT_DIGITS:
            by_place += _of_column(cells, name, (pl.col(name).str.len_bytes() > EXACT_DIGITS), left, _LONG)
    return by_place


def _equal(cells: pl.DataFrame, wanted: list[str], left: int) -> list[tuple[Place, str]]:
    """Return the places of the cells that say one of these texts."""
    if not wanted:
        return []
    return [place for name in cells.columns for place in _of_column(cells, name, pl.col(name).is_in(wanted), left)]


def _of_column(cells: pl.DataFrame, name: str, holds: pl.Expr, left: int, pattern: str = "") -> list[tuple[Place, str]]:
    rows = cells.select(holds.fill_null(value=False)).to_series().arg_true()
    said = cells[name].gather(rows)
    if pattern:
        kept = said.str.contains(pattern)
        rows, said = rows.filter(kept), said.filter(kept)
    column = int(name[1:]) + left
    return [((row, column), text) for row, text in zip(rows, said, strict=True)]


def _places(every: Sequence[int] | npt.NDArray[np.int64]) -> list[Place]:
    return [divmod(int(place), WIDE) for place in every]


def is_long(number: float) -> bool:
    """Tell whether a stored number is whole and has too many digits to be exact."""
    return abs(number) >= 10**EXACT_DIGITS and number == number // 1


def scientific(digits: str) -> str:
    """Return a whole number of many digits as a spreadsheet shows it: 9.900010001E+16."""
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return digits
    whole = str(abs(int(number)))
    part = whole[1:].rstrip("0")
    return f"{'-' if number < 0 else ''}{whole[0]}{'.' * bool(part)}{part}E+{len(whole) - 1}"


def drawn(cells: pl.DataFrame, facts: SheetFacts, left: int) -> pl.DataFrame:
    """Return the cells that have another look than usual as they look."""
    for look, places in facts.looks.items():
        for column, rows in rows_within(places, cells, left):
            name = f"c{column - left}"
            seen = [None if text is None else look.draw(text) for text in cells[name].gather(rows)]
            cells = cells.with_columns(cells[name].clone().scatter(rows, pl.Series(seen, dtype=pl.String)))
    return cells


def rows_within(
    places: Sequence[int] | npt.NDArray[np.int64], cells: pl.DataFrame, left: int
) -> list[tuple[int, pl.Series]]:
    """Return the rows of places, as SheetFacts.shown has them, for each column of the cells, whose first is `left`."""
    return [
        (column, rows)
        for column, every in _rows_of(places)
        if 0 <= column - left < cells.width and len(rows := every.filter(every < cells.height))
    ]


def _rows_of(places: Sequence[int] | npt.NDArray[np.int64]) -> list[tuple[int, pl.Series]]:
    if not len(places):
        return []
    rows, columns = np.divmod(np.array(places, np.int64), WIDE)
    order = np.argsort(columns, kind="stable")
    numbers, first = np.unique(columns[order], return_index=True)
    parts = np.split(rows[order].astype(np.uint32), first[1:])
    return [(int(number), pl.Series(part)) for number, part in zip(numbers, parts, strict=True)]
