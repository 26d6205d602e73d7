"""The rows of a source file: data apart from totals, notes and repeated headers, each with its place."""

import difflib
from dataclasses import dataclass, replace

import polars as pl

from analysis.errors import DataError
from analysis.read import grid, header
from analysis.read.fields import Table, table
from analysis.sources import Catalogue, Source

_TOTAL = r"^(?:.{0,12})(?:合计|小计|总计|共计)(?:数|[:：])?$"
_NOTE = (
    r"^(?:注|备注|说明|填表|制表|审核|审签|复核|单位负责人|负责人|统计负责人|填报|报送|数据来源|资料来源|来源"
    r"|单位[:：]|第\d+页|\*|※)"
)
#: A school's name, so that its row is data even where all else is blank; a sentence about schools is none.
_SCHOOL = r"^[^。；;，,：:\d][^。；;，,：:]{1,28}(?:学校|小学|中学|教学点|分校|校区|國小|國中)[^。；;，,：:]{0,8}$"
_CODE = r"^[0-9A-Za-z]{4,}$"
_SEARCHED = 3


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


def read_source(catalogue: Catalogue, source: Source) -> list[RawSheet]:
    """Return the sheets of a source that hold its table.

    Raises DataError where the file can't be read, no sheet has the table's header, or a required column is absent.
    """
    sheets = grid.read(catalogue.folder / source.file, source.file)
    wanted = table(source.table)
    layouts = [header.find(sheet.cells, wanted) for sheet in sheets]
    whole = [layout is not None and not _absent(layout, wanted) for layout in layouts]
    shown = [good and not sheet.hidden for good, sheet in zip(whole, sheets, strict=True)]
    if not any(shown):
        found = [(sheet, layout) for sheet, layout in zip(sheets, layouts, strict=True) if layout is not None]
        raise _no_header(source, wanted, sheets, found)
    return [
        _rows(source, sheet, layout) if layout and good else _unread(source, sheet, layout)
        for sheet, layout, good in zip(sheets, layouts, shown, strict=True)
    ]


def _unread(source: Source, sheet: grid.Sheet, layout: header.Layout | None) -> RawSheet:
    """Return a sheet none of whose rows are data: notes where it has no header, told where it has one."""
    nothing = header.Layout(-1, -1, (), ("",) * sheet.cells.width)
    rows = _below(sheet, nothing).filter(pl.any_horizontal(pl.col(sheet.cells.columns).is_not_null()))
    rows = rows.with_columns(pl.lit(value=False).alias("data"), pl.lit(value=False).alias("total"))
    why = "sheet_hidden" if sheet.hidden else "sheet_without_key" if layout else "sheet_of_notes"
    return RawSheet(source, sheet.name, nothing, rows, sheet.left, sheet.styled, why)


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


def _rows(source: Source, sheet: grid.Sheet, layout: header.Layout) -> RawSheet:
    """Tell data from totals, notes and repeated headers; rows that begin with a school's code need no closer look."""
    cells = _below(sheet, layout)
    doubtful = ~_sure(cells, layout)
    if doubtful.any():
        places = doubtful.arg_true()
        some = cells[places].with_columns(pl.any_horizontal(pl.col(sheet.cells.columns).is_not_null()).alias("filled"))
        some = some.with_columns((_is_total(sheet.cells.columns) & pl.col("filled")).alias("total"))
        some = some.with_columns((~pl.col("total") & _is_data(sheet.cells.columns, sheet, layout)).alias("data"))
        total = pl.repeat(value=False, n=cells.height, dtype=pl.Boolean, eager=True)
        data, filled = (pl.repeat(value=True, n=cells.height, dtype=pl.Boolean, eager=True) for _ in range(2))
        cells = cells.with_columns(
            data.scatter(places, some["data"]).alias("data"),
            total.scatter(places, some["total"]).alias("total"),
        ).filter(filled.scatter(places, some["filled"]))
    else:
        cells = cells.with_columns(pl.lit(value=True).alias("data"), pl.lit(value=False).alias("total"))
    return RawSheet(source, sheet.name, layout, _of_county(cells, source, layout), sheet.left, sheet.styled)


def _sure(cells: pl.DataFrame, layout: header.Layout) -> pl.Series:
    bound = layout.bound()
    if "school" not in bound:
        return pl.repeat(value=False, n=cells.height, dtype=pl.Boolean, eager=True)
    sure = cells[f"c{bound['school'].position}"].str.contains(r"^[0-9]{4,}$").fill_null(value=False)
    if "name" in bound:
        sure &= ~cells[f"c{bound['name'].position}"].str.contains("计", literal=True).fill_null(value=False)
    return sure


def _of_county(rows: pl.DataFrame, source: Source, layout: header.Layout) -> pl.DataFrame:
    """Return the rows of a file of several counties that are this county's: those that `where` names."""
    heads = [header.plain(text) for text in layout.texts]
    for asked, text in source.where:
        if header.plain(asked) not in heads:
            values = {"sheet": "", "row": layout.last + 1, "columns": asked, "nearest": "-"}
            raise DataError("header_lacks", file=source.file, **values)
        rows = rows.filter(pl.col(f"c{heads.index(header.plain(asked))}").str.strip_chars() == text)
    return rows


def _below(sheet: grid.Sheet, layout: header.Layout) -> pl.DataFrame:
    """Return the rows below the header with their number in the sheet."""
    cells = sheet.cells.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int32))
    return cells.slice(layout.last + 1)


def _is_total(texts: list[str]) -> pl.Expr:
    plain = [pl.col(name).str.replace_all(r"\s+", "") for name in texts[:_SEARCHED]]
    return pl.any_horizontal([text.str.contains(_TOTAL).fill_null(False) for text in plain])


def _is_data(texts: list[str], sheet: grid.Sheet, layout: header.Layout) -> pl.Expr:
    filled = pl.sum_horizontal(pl.col(texts).is_not_null().cast(pl.UInt32))
    first = pl.coalesce(pl.col(texts)).str.replace_all(r"\s+", "")
    few = filled <= max(2, len(layout.bindings) // 2)
    note = (first.str.contains(_NOTE) & few) | ((filled == 1) & ~_alone(layout))
    repeated = pl.lit(False)
    heads = sheet.cells.slice(layout.first, layout.last - layout.first + 1)
    bound = [f"c{binding.position}" for binding in layout.bindings]
    for head in heads.select(bound).rows():
        pairs = [(name, text) for name, text in zip(bound, head, strict=True) if text]
        if pairs:
            same = [pl.col(name).eq_missing(pl.lit(text)) for name, text in pairs]
            repeated = repeated | pl.all_horizontal(same)
    return ~(note | repeated)


def _alone(layout: header.Layout) -> pl.Expr:
    """Tell whether the only filled cell of a row is a code or a school's name: then it is data that lacks the rest."""
    bound = layout.bound()
    found = pl.lit(False)
    for name, pattern in (("school", _CODE), ("pupil", _CODE), ("name", _SCHOOL)):
        if name in bound:
            found = found | pl.col(f"c{bound[name].position}").str.contains(pattern).fill_null(False)
    return found


def with_rows(sheet: RawSheet, rows: pl.DataFrame) -> RawSheet:
    """Return the sheet with other rows."""
    return replace(sheet, rows=rows)
