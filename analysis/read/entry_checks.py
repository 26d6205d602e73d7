"""What an entry of sources.yml says of a file, held against the file: its sheet, its columns, their units."""

from collections.abc import Sequence

from analysis.errors import DataError
from analysis.read import grid, header
from analysis.read.binding import Decided, chosen_places
from analysis.read.fields import Table
from analysis.read.header_units import unit_of
from analysis.sources import Source


def before(source: Source, sheets: Sequence[grid.Sheet], wanted: Table) -> None:
    """Raise DataError where an entry names a sheet or a field that is not there, a unit of another kind, or one column
    for two fields."""
    names = [sheet.name for sheet in sheets]
    if source.sheet and source.sheet not in names:
        raise DataError("sheet_named_absent", file=source.file, sheet=source.sheet, sheets="、".join(names))
    for name, _ in (*source.columns, *source.units):
        if name not in wanted.columns:
            raise DataError("column_named_absent", file=source.file, column=name, columns=", ".join(wanted.columns))
    for name, said in source.units:
        column, unit = wanted.columns[name], unit_of(said)
        if unit is None or (column.base and unit.base != column.base):
            own = column.unit or "%"
            raise DataError("unit_named_wrong", file=source.file, column=column.zh, unit=said, own=own)
    fields: dict[str, str] = {}
    for name, place in source.columns:
        if (other := fields.setdefault(place.casefold(), name)) != name:
            raise DataError("column_named_twice", file=source.file, column=place, one=other, other=name)


def after(source: Source, wanted: Table, read: Sequence[tuple[grid.Sheet, header.Layout]]) -> None:
    """Raise DataError where an entry names the place of a column that none of the sheets which are read has."""
    there: set[str] = set()
    for sheet, layout in read:
        there |= chosen_places(layout.texts, wanted, Decided(source.columns, left=sheet.left)).keys()
    for name, place in source.columns:
        if name not in there:
            raise DataError("column_place_absent", file=source.file, column=name, place=place)
