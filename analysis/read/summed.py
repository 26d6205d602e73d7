"""A row among schools that is the sum of all others, and is not called a total."""

import polars as pl

from analysis.read.row_words import narrowed
from analysis.read.rows import Odd, RawSheet

#: So many amounts have to agree, each with two schools or more behind it: chance makes one or two.
_FEWEST, _ADDENDS = 3, 2
#: Sums of decimal fractions agree to this share.
_SAME = 1e-6
#: So many rows at the top show of nearly every row that it is no sum.
_FIRST = 50
_ADDED = ("count", "amount")


def odds(sheet: RawSheet, data: pl.DataFrame, begin: tuple[str, ...]) -> tuple[Odd, ...]:
    """Return the last or first of the rows `data` that is the sum of all others in every amount that it has.

    `begin` is what codes of the county begin with: an entry that names the whole code beside says that it is a school.
    """
    bound = sheet.layout.bound()
    columns = sheet.table.columns
    places = [f"c{binding.position}" for name, binding in bound.items() if columns[name].kind in _ADDED]
    if "school" not in bound or "school" not in sheet.table.key or len(places) < _FEWEST or data.height <= _ADDENDS:
        return ()
    for at in (data.height - 1, 0):
        code = str(data[f"c{bound['school'].position}"][at] or "").strip()
        if code and code not in begin and _is_sum(data, at, places):
            entry = "codes: [" + ", ".join(f'"{part}"' for part in (*begin, code)) + "]"
            return (Odd("row_sums_others", (data["row"][at],), "school", code, entry),)
    return ()


def _is_sum(data: pl.DataFrame, at: int, places: list[str]) -> bool:
    """Tell whether a row is the sum of all others in each of its amounts, of which there are several."""
    first = next((place for place in places if data[place][at] is not None), None)
    if first is None or _is_less(data, at, first) or not _agrees(data, at, [first]).item():
        return False  # as most rows are, which is told at little cost
    own = [place for place in places if data[place][at] is not None]
    agrees = _agrees(data, at, own).row(0)
    behind = _numbers(data, own).select((pl.all() > 0).sum()).row(0)
    return all(agrees) and sum(number > _ADDENDS for number in behind) >= _FEWEST


def _is_less(data: pl.DataFrame, at: int, place: str) -> bool:
    """Tell whether a row's number is less than that of some of the first rows: it is no sum of theirs."""
    own = _numbers(data[at], [place]).item()
    return own is None or bool((_numbers(data.head(_FIRST), [place]).to_series() > own).any())


def _agrees(data: pl.DataFrame, at: int, places: list[str]) -> pl.DataFrame:
    """Return of each column whether the number of a row is half of the sum of all."""
    twice, whole = pl.all().get(at) * 2, pl.all().sum()
    return _numbers(data, places).select(((twice - whole).abs() <= _SAME * whole.abs()).fill_null(value=False))


def _numbers(data: pl.DataFrame, places: list[str]) -> pl.DataFrame:
    plain = narrowed(pl.col(places)).str.replace_all(",", "", literal=True)
    return data.select(plain.cast(pl.Float64, strict=False))
