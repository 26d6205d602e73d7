"""Tell the rows below headers apart: data, totals, notes and repeated headers, those of many sheets in one go."""

from itertools import accumulate
from typing import Any, TypeVar

import polars as pl

from analysis.read.header import Layout

_TOTAL = r"^(?:.{0,12})(?:合计|小计|总计|共计)(?:数|[:：])?$"
#: A row of means, of a spread, or of a part of a total, which no sum over rows is held against.
_SUMMARY = (
    r"^(?:.{0,8}(?:平均|均值|人均|生均|校均|班均|标准差|方差|差异系数|最大值|最小值|中位数)(?:值|数)?[:：]?"
    r"|其中[:：].{1,12})$"
)
_NOTE = (
    r"^(?:注|备注|说明|填表|制表|审核|审签|复核|单位负责人|负责人|统计负责人|填报|报送|数据来源|资料来源|来源"
    r"|单位[:：]|第\d+页|\*|※)"
)
#: A school's name, so that its row is data even where all else is blank; a sentence about schools is none.
_SCHOOL = r"^[^。；;，,：:\d][^。；;，,：:]{1,28}(?:学校|小学|中学|教学点|分校|校区|國小|國中)[^。；;，,：:]{0,8}$"
_CODE = r"^[0-9A-Za-z]{4,}$"
_SURE = r"^[0-9]{4,}$"
_SEARCHED = 3
_Rows = TypeVar("_Rows", pl.DataFrame, pl.Series, list[Any])


def rows(
    sheets: list[pl.DataFrame], layouts: list[Layout], tops: list[int], present: list[pl.DataFrame | None]
) -> list[pl.DataFrame]:
    """Return each sheet's rows below its header that are not empty, and what each is.

    Columns beside the cells: `row`, its number in the sheet; `filled`, how many cells hold something of their own;
    `data`, `total`, and `stray`, what is neither these nor a note or a header again. The sheets are of one width and
    their headers alike in texts and bindings, wherever they start; `tops` are the rows above each block. Rows that
    begin with a school's code need no closer look.
    """
    below = [
        cells.with_row_index("row", offset=1 + top).slice(layout.last + 1)
        for cells, layout, top in zip(sheets, layouts, tops, strict=True)
    ]
    heights = [part.height for part in below]
    own = [one.slice(layout.last + 1) for one, layout in zip(present, layouts, strict=True) if one is not None]
    cells = pl.concat(below)
    cells = cells.with_columns(
        pl.col("row").cast(pl.Int32),
        _filled(pl.concat(own)) if own else _texts(cells.drop("row")),
        _is_sure(layouts[0]).alias("data"),
        pl.lit(value=False).alias("total"),
        pl.lit(value=False).alias("stray"),
    )
    doubtful = ~cells["data"]
    if not doubtful.any():
        return parted(cells, heights)
    flags = _flags(cells.filter(doubtful).drop("filled"), sheets[0].columns, layouts[0])
    places = doubtful.arg_true()
    # Series.scatter writes in place: each time into a series of its own.
    data, filled = ((~doubtful).scatter(places, flags[name]) for name in ("data", "filled"))
    total, stray = (cells[name].scatter(places, flags[name]) for name in ("total", "stray"))
    cells = cells.with_columns(data.alias("data"), total.alias("total"), stray.alias("stray"))
    return parted(cells.filter(filled), [int(part.sum()) for part in parted(filled, heights)])


def _filled(present: pl.DataFrame) -> pl.Series:
    """Return how many cells of each row hold something of their own, which `present` tells of each."""
    return present.select(pl.sum_horizontal(pl.all()).cast(pl.Int32).alias("filled")).to_series()


def _texts(cells: pl.DataFrame) -> pl.Expr:
    """Return how many cells of each row hold a text: all but the gaps, which most columns have none of."""
    gaps = [pl.col(one.name).is_null() for one in cells if one.null_count()]
    empty = pl.sum_horizontal(gaps).cast(pl.Int32) if gaps else pl.lit(0, pl.Int32)
    return (pl.lit(cells.width, pl.Int32) - empty).alias("filled")


def parted(whole: _Rows, heights: list[int]) -> list[_Rows]:
    """Return the parts of these heights that follow one another in a frame, a series or a list."""
    return [
        whole[start : start + height] for start, height in zip(accumulate(heights, initial=0), heights, strict=False)
    ]


def _is_sure(layout: Layout) -> pl.Expr:
    """Tell whether a row begins with a school's code, and is no total that has one."""
    bound = layout.bound()
    if "school" not in bound:
        return pl.lit(value=False)
    sure = pl.col(f"c{bound['school'].position}").str.contains(_SURE).fill_null(value=False)
    if "name" in bound:
        sure &= ~pl.col(f"c{bound['name'].position}").str.contains("计", literal=True).fill_null(value=False)
    return sure


def _flags(some: pl.DataFrame, texts: list[str], layout: Layout) -> pl.DataFrame:
    """Return for rows whether they are `filled` at all, a `total`, `data`, or `stray`."""
    some = some.with_columns(filled=pl.sum_horizontal(pl.col(texts).is_not_null()))
    filled, first = pl.col("filled"), pl.coalesce(pl.col(texts)).str.replace_all(r"\s+", "")
    few = filled <= max(2, len(layout.bindings) // 2)
    alone = (filled == 1) & ~_is_alone(layout)
    number = first.cast(pl.Float64, strict=False).is_not_null()
    some = some.with_columns(filled > 0, total=_is_total(texts) & (filled > 0), alone=alone, stray=alone & number)
    note = (first.str.contains(_NOTE) & few) | pl.col("alone")
    none = pl.col("total") | note | _is_repeated(some, layout) | _is_summary(layout)
    some = some.with_columns(data=~none)
    return some.select("filled", "total", "data", stray=pl.col("stray") & ~pl.col("total"))


def is_remark(texts: pl.Series) -> pl.Series:
    """Tell which texts say that their row is a total or a note."""
    plain = texts.str.replace_all(r"\s+", "")
    return (plain.str.contains(_TOTAL) | plain.str.contains(_SUMMARY) | plain.str.contains(_NOTE)).fill_null(
        value=False
    )


def _is_total(texts: list[str]) -> pl.Expr:
    plain = [pl.col(name).str.replace_all(r"\s+", "") for name in texts[:_SEARCHED]]
    return pl.any_horizontal([text.str.contains(_TOTAL).fill_null(False) for text in plain])


def _is_summary(layout: Layout) -> pl.Expr:
    """Tell whether a row has what it sums up where a school's code or name stands: 平均, 其中：小学."""
    bound = layout.bound()
    places = [bound[name].position for name in ("school", "name") if name in bound]
    called = [pl.col(f"c{place}").str.replace_all(r"\s+", "").str.contains(_SUMMARY) for place in places]
    return pl.any_horizontal(pl.lit(value=False), *(one.fill_null(value=False) for one in called))


def _is_repeated(some: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Tell whether a row is one of the header's: has its text in each bound column where there is one."""
    repeated = pl.lit(False)
    for row in layout.rows:
        heads = [(f"c{one.position}", row[one.position]) for one in layout.bindings if row[one.position]]
        if heads and (some[heads[0][0]] == heads[0][1]).any():
            repeated = repeated | pl.all_horizontal(pl.col(name).eq_missing(pl.lit(text)) for name, text in heads)
    return repeated


def _is_alone(layout: Layout) -> pl.Expr:
    """Tell whether the only filled cell of a row is a code or a school's name: then it is data that lacks the rest."""
    bound = layout.bound()
    found = pl.lit(False)
    for name, pattern in (("school", _CODE), ("pupil", _CODE), ("name", _SCHOOL)):
        if name in bound:
            found = found | pl.col(f"c{bound[name].position}").str.contains(pattern).fill_null(False)
    return found
