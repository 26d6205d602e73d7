"""Why a file has no header that is read: where the table stands instead, or what the file is."""

from analysis.errors import DataError
from analysis.read import header
from analysis.read.cell_places import column_letters
from analysis.read.fields import Table
from analysis.read.grid import Sheet
from analysis.sources import Source

#: A header is not looked for below this row, where it would be told only.
_FURTHEST = 1000
#: A row of a text file with so many full-width commas, and no other separator, is separated by them.
_WIDE_COMMAS = 2


def fault(source: Source, wanted: Table, sheets: list[Sheet]) -> DataError:
    """Return the fault of a file none of whose sheets in sight has a header of a table."""
    filled = [sheet for sheet in sheets if not sheet.blank]
    for sheet in filled:
        if not sheet.name and sheet.cells.width == 1 and _is_wide(sheet):
            return DataError("separator_wide", file=source.file)
        if row := _deep(sheet, wanted):
            return DataError("header_deep", file=source.file, sheet=sheet.name, row=row, depth=header.DEEPEST_START)
        if column := _turned(sheet, wanted):
            return DataError("header_turned", file=source.file, sheet=sheet.name, column=column)
    names = "、".join(column.zh for column in wanted.columns.values() if column.required)
    place = {"sheet": sheets[0].name, "columns": names, "depth": header.DEEPEST_START}
    return DataError("header_missing", file=source.file, **place)


def hidden(source: Source, wanted: Table, sheets: list[Sheet]) -> DataError | None:
    """Return the fault of a file whose table stands on a hidden sheet alone; None where none does."""
    if source.sheet or source.hidden is not None:
        return None
    for sheet in sheets:
        if sheet.hidden and not sheet.blank and _is_whole(header.find(sheet.cells, wanted), wanted):
            return DataError("header_hidden", file=source.file, sheet=sheet.name)
    return None


def _is_whole(layout: header.Layout | None, wanted: Table) -> bool:
    """Tell whether a header has all columns that a sheet must have."""
    return layout is not None and wanted.needed <= layout.named


def _deep(sheet: Sheet, wanted: Table) -> int:
    """Return the row, from 1, of a header that stands too deep; 0 where there is none."""
    step = header.DEEPEST_START
    for top in range(step, min(sheet.cells.height, _FURTHEST), step):
        layout = header.find(sheet.cells.slice(top), wanted)
        if layout is not None and _is_whole(layout, wanted):
            return top + layout.first + 1
    return 0


def _turned(sheet: Sheet, wanted: Table) -> str:
    """Return the letters of the column in which a header stands from top to bottom, "" where none does."""
    some = sheet.cells.head(_FURTHEST)
    turned = some.transpose(column_names=[f"c{place}" for place in range(some.height)])
    layout = header.find(turned, wanted)
    return column_letters(sheet.left + layout.last) if layout is not None and _is_whole(layout, wanted) else ""


def _is_wide(sheet: Sheet) -> bool:
    first = sheet.cells["c0"].drop_nulls().head(1)
    return bool(len(first)) and str(first[0]).count("，") >= _WIDE_COMMAS
