"""Cells whose cast failed, looked at closer: what stands for nothing, what is a note, how each was read.

Nothing is guessed: a cell that can't be understood with certainty is null and names the rule it broke.
"""

from dataclasses import dataclass

import polars as pl

from analysis.read.runs import STROKE
from analysis.tables import Schema

#: What people write where there is nothing; compared after NFKC and without spaces.
BLANKS = (
    "",
    *[
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "―",
        "ー",
        "/",
        "//",
        "\\",
        "无",
        "空",
        "缺",
        "无数据",
        "未填",
        ".",
        "..",
        "...",
        "......",
        "*",
        "N/A",
        "n/a",
        "NA",
        "NULL",
        "null",
        "None",
        "nan",
        "NaN",
    ],
)
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
BLANKS_OF_BOTH_WIDTHS = [*BLANKS, *(text.translate(_WIDE) for text in BLANKS)]
#: Digits that are no figures: raised, lowered, circled, in brackets. Fractions are numbers.
_RAISED = r"[\p{No}--[\x{BC}-\x{BE}\x{2150}-\x{215F}\x{2189}]]"
#: A note on a cell, at its end, is no part of it: 1234①, 1234², 1234*, 1234[1], 1234（注1）, 1234^1). A number in round
#: brackets alone may be one of its parts, and 10² a hundred: these are left, and can't be read.
_NOTE = (
    rf"(?:[(（\[［【〔]?{_RAISED}+[)）\]］】〕]?|[*＊†‡※]|\^\d{{1,2}}[)）]|[\[［【〔]\s*\d{{1,2}}\s*[\]］】〕]"
    rf"|[(（\[［【〔]?[注註]\s*(?:\d{{1,2}}|{_RAISED})?\s*[)）\]］】〕]?|[(（]\s*[*＊※]\s*[)）])"
)
_NOTED = rf"^(.*[\p{{Nd}}\p{{Nl}}\p{{L}}%％.)）])\s*(?:{_NOTE}\s*)+$"
_POWER_OF_TEN = rf"(?:^|[^\d.,])10\s*{_RAISED}+$"
#: The raised 2 of square metres and kilometres is no note.
_SQUARES = ((r"(?i)㎢|km(?:²|\^2|2$)", "平方公里"), (r"(?i)㎡|m(?:²|\^2|2$)", "平方米"))
#: ="9990010001", by which CSV keeps a code from a spreadsheet's guesses.
QUOTED = r'^="([^"]*)"$'
ODD: Schema = {"place": pl.UInt32, "broken": pl.String, "mended": pl.String}
NOTHING_ODD = pl.DataFrame(schema=ODD)


@dataclass(frozen=True, eq=False)
class Parsed:
    """`values`: typed. `odd`: the cells that were looked at closer, one row each.

    `odd` has the cell's `place` in the series, the id of the rule it broke in `broken` and how it was read in `mended`;
    either may be null. `texts` are what these cells said, None where that is not at hand.
    """

    values: pl.Series
    odd: pl.DataFrame
    texts: pl.Series | None = None

    def dense(self, name: str) -> pl.Series:
        """Return `broken` or `mended` for every cell."""
        return pl.repeat(None, len(self.values), dtype=pl.String, eager=True).scatter(self.odd["place"], self.odd[name])


def right_throughout(values: pl.Series) -> Parsed:
    """Return values none of which was looked at closer."""
    return Parsed(values, NOTHING_ODD)


def added(parsed: Parsed, other: Parsed) -> Parsed:
    """Return the sum of two columns: missing where either is missing, broken where either is broken."""
    odd = pl.concat([parsed.odd, other.odd]).sort("place", "broken", nulls_last=True).unique("place", keep="first")
    return Parsed(parsed.values + other.values, odd.sort("place"))


def barred(parsed: Parsed, places: pl.Series, rule: str) -> Parsed:
    """Return the values with those at `places` not known, for they break a rule; what is unreadable there stays so."""
    values = parsed.values
    taken = places.filter(values.gather(places).is_not_null())
    if taken.is_empty():
        return parsed
    bars = pl.DataFrame({"place": taken.cast(pl.UInt32)}).with_columns(
        pl.lit(rule).alias("broken"), pl.lit(None, pl.String).alias("mended")
    )
    odd = pl.concat([parsed.odd.join(bars, on="place", how="anti"), bars]).sort("place")
    return Parsed(values.clone().scatter(taken, None), odd)


def normal(text: pl.Expr) -> pl.Expr:
    """Return text in one width, without spaces and without the apostrophe that marks text in a spreadsheet."""
    return text.str.normalize("NFKC").str.replace_all(r"[\s\u200b\ufeff]+", "").str.strip_prefix("'")


def blanked(raw: pl.Series) -> pl.Series:
    """Return text without spaces around it, null where it stands for nothing."""
    stripped = raw.str.strip_chars()
    places = stripped.is_in(BLANKS_OF_BOTH_WIDTHS).arg_true()
    return stripped.scatter(places, None) if len(places) else stripped


def closer(raw: pl.Series, failed: pl.Series, absent: tuple[str, ...] = ()) -> tuple[pl.Series, pl.DataFrame]:
    """Return the places of the failed cells and a frame of their text, normalised; blanks are null.

    `noted`: a note was left off the text. `absent`: the text was one of the words that say why there is no value.
    """
    places = failed.arg_true()
    bare = pl.col("raw").str.strip_chars().str.replace(QUOTED, "$1")
    for pattern, unit in _SQUARES:
        bare = bare.str.replace(pattern, unit)
    noted = bare.str.contains(_NOTED) & ~bare.str.contains(_POWER_OF_TEN)
    frame = pl.DataFrame({"raw": raw.gather(places)}).with_columns(noted.alias("noted"), bare.alias("given"))
    frame = frame.with_columns(pl.when("noted").then(pl.col("given").str.replace(_NOTED, "$1")).otherwise("given"))
    # Where such a digit is left it stays what it is: no width makes it a figure.
    odd = pl.col("given").str.contains(_RAISED)
    frame = frame.with_columns(pl.when(odd).then("given").otherwise(normal(pl.col("given"))).alias("text"))
    blank = pl.col("text").is_in(list(BLANKS))
    frame = frame.with_columns(pl.col("text").str.strip_chars("()").is_in(list(absent)).alias("absent"))
    return places, frame.with_columns(pl.when(blank | pl.col("absent")).then(None).otherwise("text").alias("text"))


def joined(
    fast: pl.Series,
    places: pl.Series,
    slow: pl.DataFrame,
    rule: str,
    mend: str | pl.Expr | None,
    usual: bool = False,
    silent: pl.Expr | None = None,
) -> Parsed:
    """Join what the closer look found (column `value`; `broken` where given) with what the cast had understood.

    `mend` None, or `usual` for a value in plain characters (2018年9月, 85.3%), or `silent`: that is no mending, nothing
    is told.
    """
    plainly = pl.col("text") == pl.col("raw").str.strip_chars() if usual else pl.lit(value=False)
    if silent is not None:
        plainly |= silent
    if "broken" not in slow.columns:
        slow = slow.with_columns(pl.lit(None, pl.String).alias("broken"))
    struck = pl.when(pl.col("raw").str.contains(STROKE, literal=True)).then(pl.lit("struck_out"))
    slow = slow.with_columns(
        pl.when(pl.col("text").is_not_null() & pl.col("value").is_null())
        .then(pl.coalesce(struck, "broken", pl.lit(rule)))
        .alias("broken"),
        pl.when(pl.col("text").is_null())
        .then(pl.when("absent").then(pl.lit("absent_mark")).otherwise(pl.lit("blank_mark")))
        .when(pl.col("noted") & pl.col("value").is_not_null())
        .then(pl.lit("note_mark"))
        .when(pl.col("value").is_not_null() & ~plainly)
        .then(mend if isinstance(mend, pl.Expr) else pl.lit(mend))
        .alias("mended"),
    )
    # Series.scatter writes in place: what was given in stays as it is.
    values = fast.clone().scatter(places, slow["value"].cast(fast.dtype))
    odd = slow.select(places.cast(pl.UInt32).alias("place"), "broken", "mended")
    return Parsed(values, odd.filter(pl.col("broken").is_not_null() | pl.col("mended").is_not_null()))
