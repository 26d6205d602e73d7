"""Numbers of a table of one's own, read as those of a county are: 1,000 is a number, - and 缺考 stand for none."""

import polars as pl

from analysis.clean import cell_numbers
from analysis.read.fields import table

#: How a number may be written so that nobody need be asked: no notes (1000①) and no units.
_PLAINLY = ("number_written", "blank_mark", "absent_mark")
#: Points for thousands: 1.000,5 says what 1.000 is in the next row, which a cast takes for 1.
_POINTS = r"\d\.\d{3}\D"


def read(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the numbers of texts (null for what stands for none), and which of them can't be read without doubt."""
    parsed = cell_numbers.numbers(texts, table("scores").columns["score"], None)
    mended = parsed.dense("mended").is_in(_PLAINLY).fill_null(value=False)
    sure = (parsed.values.is_not_null() | mended) & (mended | texts.cast(pl.Float64, strict=False).is_not_null())
    points = texts.str.contains(_POINTS).fill_null(value=False)
    odd = texts.is_not_null() & (~sure | points)
    values = parsed.values.cast(pl.Float64)
    return values.set(odd, None), odd
