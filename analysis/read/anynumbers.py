"""Numbers of a table of one's own that stand as text: plain ones at once, what is left as its reader says.

Most columns hold plain numbers alone, so that nothing but a cast is done to them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

#: What stands for a missing number in text, in any case. A code is missing where it is empty: NA may well be one.
MISSING = ("", "na", "n/a", "nan", "null", "none", ".")

#: Returns numbers for texts that are none in plain characters (null for what is missing), and which can't be read.
Reader = Callable[[pl.Series], tuple[pl.Series, pl.Series]]


def plain_alone(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read nothing but numbers in plain characters."""
    return pl.repeat(None, len(texts), dtype=pl.Float64, eager=True), texts.is_not_null()


@dataclass(frozen=True)
class Written:
    """How a column of text is read: `missing` are further words for that, `shares` whether 85.3% is 0.853.

    `wrapped` where ="12" may stand for 12.
    """

    reader: Reader = plain_alone
    missing: tuple[str, ...] = ()
    shares: bool = False
    wrapped: bool = False

    def number(self, name: str) -> pl.Expr:
        """Return a column of text as Float64, null where it is missing; what can't be read fails the query."""
        return pl.col(name).map_batches(self._values, return_dtype=pl.Float64, is_elementwise=True)

    def unreadable(self, name: str) -> pl.Expr:
        """Tell which cells of a column of text are no numbers, and not missing."""
        return pl.col(name).map_batches(lambda texts: self.read(texts)[1], return_dtype=pl.Boolean, is_elementwise=True)

    def read(self, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Return the numbers of a column of text, and which cells can't be read."""
        stripped = texts.str.strip_chars()
        values = stripped.cast(pl.Float64, strict=False)
        bad = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
        if values.null_count() == texts.null_count():
            return values, bad
        places = (values.is_null() & texts.is_not_null()).arg_true()
        numbers, odd = self._closer(stripped.gather(places))
        # Series.scatter writes in place: both are this function's own.
        return values.scatter(places, numbers), bad.scatter(places, odd)

    def _values(self, texts: pl.Series) -> pl.Series:
        values, bad = self.read(texts)
        if bad.any():
            raise pl.exceptions.ComputeError("text in a column of numbers")
        return values

    def _closer(self, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Read distinct texts that no cast understands: a column says the same in many of its cells."""
        frame = pl.DataFrame({"text": texts})
        distinct = frame.unique()
        text = unwrapped("text") if self.wrapped else pl.col("text")
        distinct = distinct.with_columns(text.str.strip_chars().alias("inner"))
        blank = pl.col("inner").str.to_lowercase().is_in([*MISSING, *self.missing])
        distinct = distinct.with_columns(blank.alias("blank"))
        share = pl.col("inner").str.ends_with("%") if self.shares else pl.lit(value=False)
        digits = pl.when(share).then(pl.col("inner").str.strip_suffix("%")).otherwise("inner")
        value = digits.cast(pl.Float64, strict=False) / pl.when(share).then(100.0).otherwise(1.0)
        distinct = distinct.with_columns(value.alias("value"))
        values, odd = self.reader(distinct["inner"])
        known = pl.col("blank") | pl.col("value").is_not_null()
        distinct = distinct.with_columns(read=values, odd=odd).select(
            "text",
            pl.when("blank").then(None).otherwise(pl.coalesce("value", "read")).alias("value"),
            (~known & pl.col("odd")).alias("odd"),
        )
        parsed = frame.join(distinct, on="text", how="left", maintain_order="left")
        return parsed["value"], parsed["odd"]


def unwrapped(name: str) -> pl.Expr:
    """Return a column of text, ="0012" as the 0012 that it stands for."""
    text = pl.col(name)
    inner = text.str.strip_chars().str.strip_prefix('="').str.strip_suffix('"')
    return pl.when(text.str.contains(r'^\s*="[^"]*"\s*$')).then(inner).otherwise(text)
