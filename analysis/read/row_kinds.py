"""Tell the rows below headers apart: data, totals, notes and repeated headers, those of many sheets in one go."""

from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import Any, TypeVar

import numpy as np
import polars as pl

from analysis.read.fields import Table
from analysis.read.header import Layout
from analysis.read.row_words import marked, narrowed, says

#: A school's name, so that its row is data even where all else is blank; a sentence about schools is none.
_SCHOOL = r"^[^。；;，,：:\d][^。；;，,：:]{1,28}(?:学校|小学|中学|教学点|分校|校区|國小|國中)[^。；;，,：:]{0,8}$"
_CODE = r"^[0-9A-Za-z]{4,}$"
_SURE = r"^[0-9]{4,}$"
#: The columns of classes and rooms; one that is called as its pupils are (男, 走读), or as all together, is none.
_NAMED = ("class", "room")
_SEARCHED = 3
#: A total that is not called so has so many numbers.
_FEW_NUMBERS = 2
#: So many rows under a header may be of the form: what is asked, its kind, the field's name.
_FORM_ROWS = 3
#: A row of the form fills so many cells, and what stands in columns of these kinds is no number.
_FORM_CELLS = 3
_NUMBERS = ("count", "amount", "number", "share")
_COUNTED = ("count", "amount", "number", "share", "grade", "date", "level")
#: Letters that stand for no number, and are no field's name.
_NOTHING = ("na", "nan", "null", "none")
_Rows = TypeVar("_Rows", pl.DataFrame, pl.Series, list[Any])


def rows(
    sheets: list[pl.DataFrame],
    layouts: list[Layout],
    tops: list[int],
    present: list[pl.DataFrame | None],
    table: Table,
) -> list[pl.DataFrame]:
    """Return each sheet's rows below its header that are not empty, and what each is.

    Columns beside the cells: `row`, its number in the sheet; `filled`, how many cells hold something of their own;
    `data`, `total`, and `stray`, what is neither these nor a note or a header again; `odd`, null but for an `example`
    of how the form is filled in, and data that may be a total: a `count` of the rows above it, or `like_total`. The
    sheets are of one width and their headers alike in texts and bindings, wherever they start; `tops` are the rows
    above each block. Rows that begin with a school's code, and have no mark of a total, need no closer look.
    """
    below = [
        cells.with_row_index("row", offset=1 + top).slice(layout.last + 1)
        for cells, layout, top in zip(sheets, layouts, tops, strict=True)
    ]
    heights = [part.height for part in below]
    own = [part.slice(layout.last + 1) for part, layout in zip(present, layouts, strict=True) if part is not None]
    cells = pl.concat(below)
    cells = cells.with_columns(
        pl.col("row").cast(pl.Int32),
        _filled(pl.concat(own)) if own else _texts(cells.drop("row")),
        _is_sure(layouts[0], table).alias("data"),
        pl.lit(value=False).alias("total"),
        pl.lit(value=False).alias("stray"),
        pl.lit(None, pl.String).alias("odd"),
    )
    doubtful = ~cells["data"]
    if not doubtful.any():
        return parted(cells, heights)
    places = doubtful.arg_true()
    some = cells.filter(doubtful).drop("filled").with_columns(_nth(places, heights))
    flags = _flags(some, sheets[0].columns, layouts[0], table)
    # Series.scatter writes in place: each time into a series of its own.
    data, filled = ((~doubtful).scatter(places, flags[name]) for name in ("data", "filled"))
    total, stray, odd = (cells[name].scatter(places, flags[name]) for name in ("total", "stray", "odd"))
    cells = cells.with_columns(data.alias("data"), total.alias("total"), stray.alias("stray"), odd.alias("odd"))
    return parted(cells.filter(filled), [int(part.sum()) for part in parted(filled, heights)])


def _filled(present: pl.DataFrame) -> pl.Series:
    """Return how many cells of each row hold something of their own, which `present` tells of each."""
    return present.select(pl.sum_horizontal(pl.all()).cast(pl.Int32).alias("filled")).to_series()


def _texts(cells: pl.DataFrame) -> pl.Expr:
    """Return how many cells of each row hold a text: all but the gaps, which most columns have none of."""
    gaps = [pl.col(cell.name).is_null() for cell in cells if cell.null_count()]
    empty = pl.sum_horizontal(gaps).cast(pl.Int32) if gaps else pl.lit(0, pl.Int32)
    return (pl.lit(cells.width, pl.Int32) - empty).alias("filled")


def parted(whole: _Rows, heights: list[int]) -> list[_Rows]:
    """Return the parts of these heights that follow one another in a frame, a series or a list."""
    return [
        whole[start : start + height] for start, height in zip(accumulate(heights, initial=0), heights, strict=False)
    ]


def _nth(places: pl.Series, heights: list[int]) -> pl.Series:
    """Return how many rows of their sheet stand above the rows at these places."""
    ends = np.cumsum(heights)
    starts = np.concatenate([[0], ends])
    positions = places.to_numpy()
    return pl.Series("nth", positions - starts[np.searchsorted(ends, positions, side="right")])


def _remarked(layout: Layout, table: Table) -> list[str]:
    """Return the columns of a sheet in which a total, or a summary, may be called so: names and keys."""
    bound = layout.bound()
    names = ("name", *(name for name in table.key if table.columns[name].kind != "year"))
    return [f"c{bound[name].position}" for name in names if name in bound]


def _is_sure(layout: Layout, table: Table) -> pl.Expr:
    """Tell whether a row begins with a school's code, and is no total that has one."""
    bound = layout.bound()
    if "school" not in bound:
        return pl.lit(value=False)
    school = f"c{bound['school'].position}"
    sure = pl.col(school).str.contains(_SURE).fill_null(value=False)
    numbered = {f"c{bound[name].position}" for name in _NAMED if name in bound and name in table.key}
    for name in _remarked(layout, table):
        if name != school:
            sure &= ~marked(pl.col(name), numbered=name in numbered)
    return sure


def _flags(some: pl.DataFrame, texts: list[str], layout: Layout, table: Table) -> pl.DataFrame:
    """Return for rows whether they are `filled` at all, a `total`, `data`, `stray`, and how they are `odd`."""
    filled_count = pl.sum_horizontal(pl.col(texts).is_not_null())
    first = pl.coalesce(pl.col(texts)).alias("first")
    some = some.with_columns(filled_count.alias("held"), first)
    classes = [
        f"c{binding.position}"
        for binding in layout.bindings
        if binding.column in _NAMED and binding.column in table.key
    ]
    said = _said(some, texts[:_SEARCHED], _remarked(layout, table), classes)
    some = some.with_columns(*said, _of_form(some, texts, layout, table))
    filled, few = pl.col("held") > 0, pl.col("held") <= max(2, len(layout.bindings) // 2)
    total = (pl.col("totals") | (pl.col("places") & _is_without(layout, "school", "school_type"))) & filled
    total |= pl.col("counts") & _is_without(layout, "school")
    alone = (pl.col("held") == 1) & ~_is_alone(layout)
    number = narrowed(pl.col("first")).cast(pl.Float64, strict=False).is_not_null()
    signed = pl.col("notes") & ~_is_numbered(layout, table) if some["notes"].any() else pl.lit(value=False)
    note = (pl.col("notes") & few) | signed | alone
    none = total | note | _is_repeated(some, layout) | pl.col("summaries") | pl.col("no_classes") | pl.col("of_form")
    example = pl.col("examples") & ~none
    odd = pl.coalesce(
        pl.when(example).then(pl.lit("example")),
        pl.when(~none & pl.col("counts")).then(pl.lit("count")),
        pl.when(~none & _is_like_total(layout, table)).then(pl.lit("like_total")),
    )
    return some.select(filled=filled, total=total, data=~none & ~example, odd=odd, stray=alone & number & ~total)


def _said(some: pl.DataFrame, edge: list[str], remarked: list[str], classes: list[str]) -> list[pl.Series]:
    """Return, kind by kind, in which rows the cells of columns say that they are no data.

    A total may be called so in the columns at the left edge too, a note in the first cell. The texts of all columns go
    through each pattern together.
    """
    columns = {"first": ["first"], "remarked": remarked, "anywhere": list(dict.fromkeys([*edge, *remarked]))}
    columns["classes"] = classes  # of the key, so among those that are remarked
    names = ["first", *columns["anywhere"]]
    every = pl.concat([some[name].alias("x") for name in names]).to_frame().select(narrowed(pl.col("x")))
    looked = {"totals": "anywhere", "notes": "first", "no_classes": "classes"}
    kinds = ("totals", "notes", "counts", "places", "summaries", "no_classes", "examples", "no_examples")
    words_said = every.select(says(pl.col("x"), kind).alias(kind) for kind in kinds)
    by_kind = {}
    for kind in kinds:
        parts = dict(zip(names, parted(words_said[kind], [some.height] * len(names)), strict=True))
        nothing = pl.repeat(value=False, n=some.height, dtype=pl.Boolean, eager=True)
        by_kind[kind] = reduce(or_, (parts[name] for name in columns[looked.get(kind, "remarked")]), nothing)
    by_kind["examples"] &= ~by_kind.pop("no_examples")
    return [flag.alias(kind) for kind, flag in by_kind.items()]


def is_remark(texts: pl.Series) -> pl.Series:
    """Tell which texts say that their row is a total or a note."""
    return texts.to_frame("x").select(says(narrowed(pl.col("x")), "totals", "summaries", "notes")).to_series()


def _is_without(layout: Layout, *names: str) -> pl.Expr:
    """Tell whether a row has nothing in these columns, the first of which the sheet has."""
    bound = layout.bound()
    if names[0] not in bound:
        return pl.lit(value=False)
    return pl.all_horizontal(pl.col(f"c{bound[name].position}").is_null() for name in names if name in bound)


def _is_numbered(layout: Layout, table: Table) -> pl.Expr:
    """Tell whether a row has a number where its table has numbers: who signs a table writes none there."""
    numbers = [f"c{binding.position}" for binding in layout.bindings if table.columns[binding.column].kind in _NUMBERS]
    cast = (narrowed(pl.col(name)).cast(pl.Float64, strict=False) for name in numbers)
    return pl.any_horizontal(pl.lit(value=False), *(number.is_not_null() for number in cast))


def _is_like_total(layout: Layout, table: Table) -> pl.Expr:
    """Tell whether a row has numbers, and neither the code nor the type nor the name of a school."""
    bound = layout.bound()
    numbers = [
        f"c{binding.position}"
        for binding in layout.bindings
        if table.columns[binding.column].kind in ("count", "amount")
    ]
    if "school_type" not in bound or len(numbers) < _FEW_NUMBERS:
        return pl.lit(value=False)
    called = pl.col(f"c{bound['name'].position}").str.contains(_SCHOOL) if "name" in bound else pl.lit(value=False)
    several = pl.sum_horizontal(pl.col(numbers).is_not_null()) >= _FEW_NUMBERS
    return several & ~called.fill_null(value=False) & _is_without(layout, "school", "school_type")


def _of_form(some: pl.DataFrame, texts: list[str], layout: Layout, table: Table) -> pl.Series:
    """Tell which rows right under the header say how to fill it in: 必填, 整数, varchar(20), names of fields."""
    nothing = pl.repeat(value=False, n=some.height, dtype=pl.Boolean, eager=True).alias("of_form")
    places = some.select(((pl.col("nth") < _FORM_ROWS) & (pl.col("held") >= _FORM_CELLS)).arg_true()).to_series()
    if places.is_empty():
        return nothing
    rows = some.select(narrowed(pl.col(texts)).str.to_lowercase())[places]
    every = pl.concat([rows[name].alias("x") for name in texts]).to_frame()
    every = every.select(
        asked=says(pl.col("x"), "forms"), named=says(pl.col("x"), "form_fields"), blank=pl.col("x").is_null()
    )
    whole = [
        reduce(and_, parted(every[kind] | every["blank"], [len(places)] * len(texts))) for kind in ("asked", "named")
    ]
    different = rows.select(pl.concat_list(texts).list.drop_nulls().list.n_unique()).to_series() == some["held"].gather(
        places
    )
    counted = [f"c{binding.position}" for binding in layout.bindings if table.columns[binding.column].kind in _COUNTED]
    numbered = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(name).is_not_null() & ~pl.col(name).is_in(_NOTHING) for name in counted)
    )
    of_form = whole[0] | (whole[1] & different & rows.select(numbered).to_series())
    return nothing.scatter(places, of_form)


def _is_repeated(some: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Tell whether a row is one of the header's: has its text in each bound column where there is one.

    Nothing may stand where the text is that above it: merged with it in the header, and not where that comes again.
    """
    repeated = pl.lit(False)
    for row, above in zip(layout.rows, (None, *layout.rows), strict=False):
        places = [binding.position for binding in layout.bindings if row[binding.position]]
        own = [place for place in places if above is None or row[place] != above[place]]
        copies = [place for place in places if place not in own]
        if own and (some[f"c{own[0]}"] == row[own[0]]).any():
            same = [pl.col(f"c{place}").eq_missing(pl.lit(row[place])) for place in own]
            same += [(pl.col(f"c{place}") == row[place]).fill_null(value=True) for place in copies]
            repeated = repeated | pl.all_horizontal(same)
    return repeated


def _is_alone(layout: Layout) -> pl.Expr:
    """Tell whether the only filled cell of a row is a code or a school's name: then it is data that lacks the rest."""
    bound = layout.bound()
    alone = pl.lit(False)
    for name, shape in (("school", _CODE), ("pupil", _CODE), ("name", _SCHOOL)):
        if name in bound:
            alone = alone | pl.col(f"c{bound[name].position}").str.contains(shape).fill_null(False)
    return alone
