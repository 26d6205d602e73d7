"""A column beside those of its degrees (非常满意 | 满意人数): whether it is their sum or one of them."""

from collections.abc import Iterable, Sequence

import polars as pl

from analysis.read.fields import Column, header_words
from analysis.read.header_names import plain
from analysis.read.header_units import split


def is_unclear(column: Column, position: int, texts: Sequence[str], below: pl.DataFrame) -> bool:
    """Tell whether a position may be the sum of the degrees beside it or one of them: its text names both.

    It is their sum for certain where in every row it is the sum of the first of them, two at least, from the left.
    """
    if not column.degrees or _bare(texts[position]) == plain(column.zh):
        return False
    others = [place for place, text in enumerate(texts) if place != position and text]
    others = [place for place in others if not _has(texts[place], header_words()["rates"])]
    degrees = [place for place in others if _has(texts[place], column.degrees)]
    if not degrees:
        return False
    named = {plain(text) for text in column.perhaps}
    parts = [place for place in others if place in degrees or _bare(texts[place]) in named]
    amounts = below.select(pl.col(f"c{place}").cast(pl.Float64, strict=False) for place in (position, *parts))
    amounts = amounts.drop_nulls()
    total, summed = amounts[f"c{position}"], amounts[f"c{parts[0]}"]
    for place in parts[1:]:
        summed = summed + amounts[f"c{place}"]
        if len(total) and (summed == total).all():
            return False
    return True


def _bare(text: str) -> str:
    """Return the last of the texts over a column without its unit, as headers are compared."""
    return plain(split(text.split("/")[-1]).name)


def _has(text: str, words: Iterable[str]) -> bool:
    return any(plain(word) in plain(text) for word in words)
