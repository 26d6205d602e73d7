"""The sheet of a workbook that holds a table of one's own, by the checked reader of all workbooks."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from analysis.errors import DataError, RequestError, listed, message
from analysis.read import grid

#: The check that tells of a number that its format hides.
_HIDES = "format_hides"


@dataclass(frozen=True, eq=False)
class Read:
    """Columns c0, c1, ... of text below the header, the names in it, the row of the first row of data, what to tell.

    Rows keep their numbers; those below the table that hold nothing are no rows of data. `hidden` are the names of
    hidden columns; `merged` has the first row in which a cell of a column is merged with another below the header,
    `unseen` how many numbers of a column are hidden by their format, and the first row of these.
    """

    frame: pl.DataFrame
    names: list[str]
    first_row: int
    sentences: tuple[str, ...]
    hidden: frozenset[str] = frozenset()
    merged: dict[str, int] = field(default_factory=dict)
    unseen: dict[str, tuple[int, int]] = field(default_factory=dict)


def read(path: Path, asked: str = "") -> Read:
    """Return the sheet that is asked for, else the first that is shown; the first row below titles names the columns.

    A title is a row of one text above the first of several.
    Raises RequestError where there is no such sheet, DataError where the workbook can't be read or holds nothing.
    """
    sheets = [sheet for sheet in grid.read(path, path.name) if not sheet.blank]
    shown = [sheet for sheet in sheets if not sheet.hidden]
    if asked and asked not in [sheet.name for sheet in sheets]:
        raise RequestError("sheet_unknown", file=path.name, sheet=asked, sheets=listed(sheet.name for sheet in sheets))
    if not asked and not shown:
        raise DataError("sheets_hidden", file=path.name, sheets=listed(sheet.name for sheet in sheets))
    sheet = next(sheet for sheet in sheets if sheet.name == asked) if asked else shown[0]
    sentences = []
    if not asked and len(sheets) > 1:
        others = listed(each_sheet.name for each_sheet in sheets if each_sheet is not sheet)
        sentences.append(message("sheet_chosen", file=path.name, sheet=sheet.name, others=others))
    cells = sheet.cells
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    header = next((int(row) for row in filled if len({*cells.row(row)} - {None}) > 1), int(filled[0]))
    last = int(filled[-1])
    names = [(name or "").strip() for name in cells.row(header)]
    if hidden := sorted(row for row in sheet.hidden_rows if header + 1 < row <= last + 1):
        rows = listed(map(str, hidden[:20])) + (" ..." if len(hidden) > 20 else "")
        sentences.append(message("rows_hidden", file=path.name, sheet=sheet.name, rows=rows, count=len(hidden)))
    frame = cells.slice(header + 1, last - header)
    covered = frozenset(names[place] for place in sheet.hidden_columns)
    return Read(
        frame,
        names,
        header + 2,
        tuple(sentences),
        covered,
        _merged(sheet, names, header),
        _unseen(sheet, names, header),
    )


def _merged(sheet: grid.Sheet, names: list[str], header: int) -> dict[str, int]:
    """Return the first row below the header in which a column's cell is merged with that of another row or column."""
    merged: dict[str, int] = {}
    for (top, first), (bottom, last) in sheet.merges:
        places = [place - sheet.left for place in range(first, last + 1) if 0 <= place - sheet.left < len(names)]
        named, top = [names[place] for place in places if names[place]], max(top, header + 1)
        if len(named) * (bottom + 1 - top) > 1:
            merged |= {name: min(top + 1, merged.get(name, top + 1)) for name in named}
    return merged


def _unseen(sheet: grid.Sheet, names: list[str], header: int) -> dict[str, tuple[int, int]]:
    """Return the columns with numbers that their format hides, with how many and the first row."""
    rows: dict[str, list[int]] = {}
    for mark in sheet.marks:
        if mark.rule == _HIDES and mark.row > header + 1 and mark.position < len(names):
            rows.setdefault(names[mark.position], []).append(mark.row)
    return {name: (len(places), min(places)) for name, places in rows.items()}
