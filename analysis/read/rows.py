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

    `rows`: columns c0, c1, ... of text (null where blank), `row` (Int32, its number in the sheet, from 1) and `data`
    (False for totals, notes and repeated headers). `left` is the number of the sheet's first column.
    """

    source: Source
    name: str
    layout: header.Layout
    rows: pl.DataFrame
    left: int = 0

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
    found = [(sheet, layout) for sheet in sheets if (layout := header.find(sheet.cells, wanted)) is not None]
    whole = [(sheet, layout) for sheet, layout in found if not _absent(layout, wanted)]
    if not whole:
        raise _no_header(source, wanted, sheets, found)
    return [_rows(source, sheet, layout) for sheet, layout in whole]


def _absent(layout: header.Layout, wanted: Table) -> list[str]:
    bound = layout.bound()
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
    return DataError("column_missing", file=source.file, **values)


def _rows(source: Source, sheet: grid.Sheet, layout: header.Layout) -> RawSheet:
    cells = sheet.cells.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int32))
    below = cells.slice(layout.last + 1)
    texts = [name for name in below.columns if name != "row"]
    rows = below.filter(pl.any_horizontal(pl.col(texts).is_not_null()))
    rows = rows.with_columns(_is_data(texts, sheet, layout).alias("data"))
    return RawSheet(source, sheet.name, layout, rows, sheet.left)


def _is_data(texts: list[str], sheet: grid.Sheet, layout: header.Layout) -> pl.Expr:
    filled = pl.sum_horizontal(pl.col(texts).is_not_null().cast(pl.UInt32))
    first = pl.coalesce(pl.col(texts)).str.replace_all(r"\s+", "")
    total = pl.any_horizontal(
        [pl.col(name).str.replace_all(r"\s+", "").str.contains(_TOTAL).fill_null(False) for name in texts[:_SEARCHED]]
    )
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
    return ~(total | note | repeated)


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
