"""The rows of a source file: data apart from totals, notes and repeated headers, each with its place."""

import difflib
from dataclasses import dataclass, replace

import polars as pl

from analysis.errors import DataError
from analysis.read import apart, grid, header
from analysis.read.fields import Table, table
from analysis.sources import Catalogue, Source


@dataclass(frozen=True, eq=False)
class FoundSheet:
    """A sheet of a source and its header; `unread` is that of RawSheet."""

    source: Source
    sheet: grid.Sheet
    layout: header.Layout
    unread: str = ""

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what decides how the rows of a sheet are told apart."""
        return self.unread, self.sheet.cells.width, self.layout.bindings, self.layout.rows


@dataclass(frozen=True, eq=False)
class RawSheet:
    """The rows below a sheet's header that are not empty.

    `rows`: columns c0, c1, ... of text (null where blank), `row` (Int32, its number in the sheet, from 1), `data`
    (False for totals, notes and repeated headers) and `total`. `left` is the number of the sheet's first column.
    `unread` says why a sheet's rows are no data at all (a check id): it is hidden, or has no header of the table.
    """

    source: Source
    name: str
    layout: header.Layout
    rows: pl.DataFrame
    left: int = 0
    styled: bool = True
    unread: str = ""

    @property
    def data(self) -> pl.DataFrame:
        """Return the rows that are data."""
        return self.rows.filter("data")

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what decides how the cells of a sheet are read."""
        return self.rows.width, self.layout.bindings, tuple(self.layout.implied.items()), self.styled


def read_source(catalogue: Catalogue, source: Source) -> list[RawSheet]:
    """Return the sheets of a source that hold its table; raises what `find_sheets` raises."""
    return rows_of(find_sheets(catalogue, source))


def find_sheets(catalogue: Catalogue, source: Source) -> list[FoundSheet]:
    """Return the sheets of a source, each with the header of the source's table.

    Raises DataError where the file can't be read, no sheet has the table's header, or a column that is required or
    named by `where` is absent.
    """
    sheets = grid.read(catalogue.folder / source.file, source.file)
    wanted = table(source.table)
    layouts = [header.find(sheet.cells, wanted) for sheet in sheets]
    whole = [layout is not None and not _absent(layout, wanted) for layout in layouts]
    shown = [good and not sheet.hidden for good, sheet in zip(whole, sheets, strict=True)]
    if not any(shown):
        found = [(sheet, layout) for sheet, layout in zip(sheets, layouts, strict=True) if layout is not None]
        raise _no_header(source, wanted, sheets, found)
    for layout in (layout for layout, good in zip(layouts, shown, strict=True) if layout and good):
        _places_asked(source, layout)
    return [
        FoundSheet(source, sheet, layout) if layout and good else _unread(source, sheet, layout)
        for sheet, layout, good in zip(sheets, layouts, shown, strict=True)
    ]


def _unread(source: Source, sheet: grid.Sheet, layout: header.Layout | None) -> FoundSheet:
    """Return a sheet none of whose rows are data: notes where it has no header, told where it has one."""
    nothing = header.Layout(-1, -1, (), ("",) * sheet.cells.width)
    why = "sheet_hidden" if sheet.hidden else "sheet_without_key" if layout else "sheet_of_notes"
    return FoundSheet(source, sheet, nothing, why)


def _absent(layout: header.Layout, wanted: Table) -> list[str]:
    bound = layout.bound().keys() | layout.implied.keys()
    return [
        column.zh
        for column in wanted.columns.values()
        if column.required and column.name not in bound and column.name != "year"  # a file's year is known
    ]


def _no_header(
    source: Source, wanted: Table, sheets: list[grid.Sheet], found: list[tuple[grid.Sheet, header.Layout]]
) -> DataError:
    if not found:
        names = "、".join(column.zh for column in wanted.columns.values() if column.required)
        return DataError("header_missing", file=source.file, sheet=sheets[0].name, columns=names)
    sheet, layout = max(found, key=lambda pair: len(pair[1].bindings))
    absent = _absent(layout, wanted)
    bound = {binding.position for binding in layout.bindings}
    others = [text for position, text in enumerate(layout.texts) if text and position not in bound]
    near = difflib.get_close_matches(absent[0], others, n=1, cutoff=0.3) or others[:1] or ["-"]
    values = {"sheet": sheet.name, "row": layout.last + 1, "columns": "、".join(absent), "nearest": near[0][:40]}
    return DataError("header_lacks", file=source.file, **values)


def rows_of(sheets: list[FoundSheet]) -> list[RawSheet]:
    """Return the rows of sheets, in their order; sheets whose headers are alike are looked at in one go."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, found in enumerate(sheets):
        alike.setdefault(found.alike, []).append(number)
    rows: dict[int, pl.DataFrame] = {}
    for numbers in alike.values():
        cells = [sheets[number].sheet.cells for number in numbers]
        if sheets[numbers[0]].unread:
            told = [_no_data(one) for one in cells]
        else:
            told = apart.rows(cells, [sheets[number].layout for number in numbers])
        rows |= zip(numbers, told, strict=True)
    return [_raw(found, rows[number]) for number, found in enumerate(sheets)]


def _raw(found: FoundSheet, rows: pl.DataFrame) -> RawSheet:
    source, sheet, layout = found.source, found.sheet, found.layout
    if not found.unread:
        rows = _of_county(rows, source, layout)
    return RawSheet(source, sheet.name, layout, rows, sheet.left, sheet.styled, found.unread)


def _no_data(cells: pl.DataFrame) -> pl.DataFrame:
    """Return all rows that are not empty, none of them data."""
    return (
        cells.with_row_index("row", offset=1)
        .filter(pl.any_horizontal(pl.col(cells.columns).is_not_null()))
        .with_columns(
            pl.col("row").cast(pl.Int32), pl.lit(value=False).alias("data"), pl.lit(value=False).alias("total")
        )
    )


def _of_county(rows: pl.DataFrame, source: Source, layout: header.Layout) -> pl.DataFrame:
    """Return the rows of a file of several counties that are this county's: those that `where` names."""
    for place, text in _places_asked(source, layout):
        rows = rows.filter(pl.col(f"c{place}").str.strip_chars() == text)
    return rows


def _places_asked(source: Source, layout: header.Layout) -> list[tuple[int, str]]:
    """Return the position of each header that `where` names, and the text asked; DataError where one is absent."""
    if not source.where:
        return []
    heads = [header.plain(text) for text in layout.texts]
    for asked, _ in source.where:
        if header.plain(asked) not in heads:
            values = {"sheet": "", "row": layout.last + 1, "columns": asked, "nearest": "-"}
            raise DataError("header_lacks", file=source.file, **values)
    return [(heads.index(header.plain(asked)), text) for asked, text in source.where]


def with_rows(sheet: RawSheet, rows: pl.DataFrame) -> RawSheet:
    """Return the sheet with other rows."""
    return replace(sheet, rows=rows)
