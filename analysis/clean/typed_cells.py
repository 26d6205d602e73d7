"""Text cells to typed values: cast first, and look closer only at the cells whose cast failed.

`parse_columns` casts the columns of a sheet first; what fails is gathered over columns of one shape, and one close
look serves them all. The functions of the close look take a series of text (null where blank) and return a `Parsed`.
Nothing is guessed: a cell that can't be understood with certainty is null and names the rule it broke.
"""

import math
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import polars as pl

from analysis.clean import cell_numbers, cell_texts
from analysis.clean.failed_cells import BLANKS_OF_BOTH_WIDTHS, Parsed, right_throughout
from analysis.read.fields import DTYPES, Column, Unit
from analysis.read.row_kinds import parted


def parse(raw: pl.Series, column: Column, unit: Unit | None = None, styled: bool = True) -> Parsed:
    """Return the values of a column of text; `unit` is the one its header names.

    Numbers come in the column's own unit; a share is a fraction of 1; a date is YYYY-MM; null where blank. Where a
    file hides that a number is shown as a percentage (not `styled`), 0.85 under a header in % may be 85 %: not guessed.
    """
    kind = column.kind
    if kind == "text":
        parsed = cell_texts.texts(raw, column.costs_row, bool(column.within))
    elif kind == "code":
        parsed = cell_texts.codes(raw)
    elif kind == "choice":
        parsed = cell_texts.choices(raw, column)
    elif kind == "date":
        parsed = cell_texts.months(raw)
    elif kind in ("year", "grade", "level"):
        parsed = cell_texts.ranged(raw, kind)
    else:
        parsed = cell_numbers.numbers(raw, column, unit)
        if kind == "share" and unit is not None and not styled:
            parsed = cell_numbers.without_style(parsed, raw)
    return replace(parsed, values=parsed.values.cast(DTYPES[kind]))


@dataclass(frozen=True)
class Shape:
    """What a column of text is read as: columns of one shape are read alike, cell for cell."""

    column: Column
    unit: Unit | None = None
    styled: bool = True

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what decides how a cell is read; two shapes with the same read any cell alike."""
        column = self.column
        properties = column.kind, column.unit, column.percent, column.absent, tuple(column.choices.items())
        return *properties, self.unit, self.styled, column.kind == "text" and column.costs_row, bool(column.within)

    def arguments(self) -> tuple[Column, Unit | None, bool]:
        """Return what `parse` asks for beside the text."""
        return self.column, self.unit, self.styled


def parse_columns(raw: list[pl.Series], shapes: list[Shape]) -> list[Parsed]:
    """Return what `parse` returns for each column of text, all of one length.

    Right cells are only cast; the others go to `parse`, once for columns that are alike.
    """
    fast = _fast(raw, shapes)
    parsed = [right_throughout(values) for values in fast]
    doubtful: dict[tuple[object, ...], list[int]] = {}
    for number, (text, values) in enumerate(zip(raw, fast, strict=True)):
        if values.null_count() > text.null_count():
            doubtful.setdefault(shapes[number].alike, []).append(number)
    for numbers in doubtful.values():
        cells = [_failed(raw[number], fast[number]) for number in numbers]
        looks = _looked_at(cells, shapes[numbers[0]])
        for number, (places, _), looked_at in zip(numbers, cells, looks, strict=True):
            parsed[number] = replace(looked_at, values=fast[number].scatter(places, looked_at.values))
    return parsed


def _fast(raw: list[pl.Series], shapes: list[Shape]) -> list[pl.Series]:
    """Return each cell in its type and its column's unit, null where it has to be looked at.

    Numbers in the column's own unit are cast, and looked at no further where the least and the greatest of them are
    right; all else goes through expressions, together for columns that are alike.
    """
    cast: list[pl.Series] = []
    right: list[int] = []
    for number, (text, shape) in enumerate(zip(raw, shapes, strict=True)):
        kind = shape.column.kind
        plain = _is_plain(shape)
        cast.append(text.cast(DTYPES[kind], strict=False) if plain else text)
        if plain and _are_right(cast[-1], kind):
            right.append(number)
    others = [number for number in range(len(raw)) if number not in right]
    frame = pl.DataFrame([cast[number].alias(str(number)) for number in others])
    alike: dict[tuple[object, ...], list[str]] = {}
    for number in others:
        alike.setdefault(shapes[number].alike, []).append(str(number))
    groups = [(pl.col(names), shapes[int(names[0])]) for names in alike.values()]
    known = frame.with_columns(_cast(group, shape) for group, shape in groups if not _is_plain(shape))
    known = known.with_columns(_right(group, shape).cast(DTYPES[shape.column.kind]) for group, shape in groups)
    return [known[str(number)] if number in others else cast[number] for number in range(len(raw))]


def _is_plain(shape: Shape) -> bool:
    """Tell whether the cells of a column are numbers in its own unit, whatever their style."""
    numbers = ("count", "amount", "number") if shape.unit else ("count", "amount", "number", "share")
    return shape.column.kind in numbers and cell_numbers.factor_of(shape.column, shape.unit) == 1


def _are_right(values: pl.Series, kind: str) -> bool:
    """Tell whether all numbers of a column are surely what its kind allows."""
    if values.null_count() == len(values):
        return True
    if kind == "count":
        return bool(values.min() >= 0 and values.max() < cell_numbers.INEXACT)  # type: ignore[operator]
    finite = math.isfinite(values.sum())  # no sum of what is none is finite
    if kind == "number" or not finite:
        return finite
    return bool(values.min() >= 0 and (kind == "amount" or values.max() <= 1))  # type: ignore[operator]


def _failed(text: pl.Series, values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the places (UInt32) and the texts of the cells of a column whose cast failed."""
    failed = values.is_null() & text.is_not_null() if text.null_count() else values.is_null()
    return failed.arg_true().cast(pl.UInt32), text.filter(failed)


def _looked_at(columns: list[tuple[pl.Series, pl.Series]], shape: Shape) -> list[Parsed]:
    """Return, for cells of columns that are read alike (their places and texts), what a closer look finds in one go."""
    texts, places = (pl.concat(list(parts)) for parts in zip(*((text, place) for place, text in columns), strict=True))
    closer = parse(texts.rechunk(), *shape.arguments())
    odd, heights = closer.odd["place"], [len(place) for place, _ in columns]
    odd_cells = closer.odd.with_columns(places.gather(odd).alias("place"))
    said = texts.gather(odd)
    edges = odd.search_sorted(pl.Series([0, *accumulate(heights)], dtype=odd.dtype)).to_list()
    return [
        Parsed(values, odd_cells[low:high], said[low:high])
        for values, (low, high) in zip(parted(closer.values, heights), pairwise(edges), strict=True)
    ]


def _cast(raw: pl.Expr, shape: Shape) -> pl.Expr:
    """Return each cell in its type, null where the cast fails."""
    kind = shape.column.kind
    if kind == "text":
        return raw.str.strip_chars()
    if kind == "code":
        return pl.when(cell_texts.is_code(raw)).then(raw)
    if kind == "choice":
        return raw.replace_strict(cell_texts.meanings(shape.column), default=None, return_dtype=pl.String)
    if kind == "date":
        return pl.when(raw.str.contains(cell_texts.MONTH)).then(raw)
    if kind == "share" and shape.unit is not None and not shape.styled:
        return pl.when(raw.is_null()).then(raw).cast(pl.Float64)  # any cell's style may be hidden
    if kind in ("grade", "level"):
        named = raw.replace_strict(cell_texts.words(kind), default=None, return_dtype=pl.Int64)
        return raw.cast(pl.Int64, strict=False).fill_null(named)
    return raw.cast(pl.Int64 if kind in cell_texts.RANGES else pl.Float64, strict=False)


def _right(value: pl.Expr, shape: Shape) -> pl.Expr:
    """Return each value that was cast in the column's unit, null where it is none that its kind allows."""
    kind, factor = shape.column.kind, cell_numbers.factor_of(shape.column, shape.unit)
    if kind == "text":
        faulty = cell_texts.is_odd(value, shape.column.costs_row, bool(shape.column.within))
        return pl.when(~value.is_in(BLANKS_OF_BOTH_WIDTHS) & ~faulty).then(value)
    if kind in cell_texts.RANGES:
        return pl.when(value.is_between(*cell_texts.RANGES[kind])).then(value)
    if kind in ("code", "choice", "date"):
        return value
    if kind == "count" and factor == 1:
        return pl.when((value >= 0) & (value < cell_numbers.INEXACT)).then(value)
    scaled = value if factor == 1 else cell_numbers.scaled_by(value, pl.lit(factor))
    right = value.is_finite() if kind == "number" else value.is_finite() & ~cell_numbers.beyond(scaled, kind)
    return pl.when(right).then(scaled)
