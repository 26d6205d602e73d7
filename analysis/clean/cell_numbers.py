"""Text cells to counts, amounts, shares and numbers: signs, thousands, units, and what each kind allows."""

import unicodedata
from dataclasses import replace
from functools import cache

import polars as pl

from analysis.clean.failed_cells import NOTHING_ODD, Parsed, closer, joined, right_throughout
from analysis.read.fields import Column, Unit, multiples, units

#: Whole numbers from here on aren't exact as a float: no count is so large.
INEXACT = 2**53
_MONEY = "元"
#: The mark of yuan before an amount, which says its unit.
_CURRENCY = r"^([-+(]?)(?:[¥￥]|RMB|CNY|人民币)(\d)"
_NUMBER = r"^(-?[\d.,'’]+)"
#: A number whose thousands alone are set apart by commas of one width or the other; too short to be inexact.
_COMMAS = r"^[1-9][0-9]{0,2}(?:[,，][0-9]{3}){1,4}$"
_COMMAS_AND_POINT = r"^[1-9][0-9]{0,2}(?:[,，][0-9]{3}){1,4}(?:\.[0-9]+)?$"
#: 1.000 pupils are one, and may be meant to be a thousand.
POINT_READ, _POINTED = "point_read", r"^[1-9][0-9]{0,2}\.000$"
#: Shares above 1 without a sign that are more than one in so many say that a column is not one of fractions alone.
_RARE = 10
#: A percentage below the lowest of all others by more than the first factor is odd; as a fraction it is like them where
#: it is within the second of their range.
_FAR, _NEAR = 20, 3
#: Digits apart: "12 345" is one number; "12 34", and numbers in two lines, are two.
_APART = r"[\d.,]\s+[\d.,]"
_GROUPED = r"^[-+(（]?\d{1,3}(?:[ \u{A0}\u{2009}\u{202F}]\d{3})+(?:[.,]\d+)?\s*[^\d.,]*$"


def numbers(raw: pl.Series, column: Column, unit: Unit | None) -> Parsed:
    """Return counts, amounts, shares and numbers in the column's own unit; `unit` is the one its header names."""
    base, factor = _base(column), factor_of(column, unit)
    whole = column.kind == "count" and factor == 1
    fast = raw.cast(pl.Int64 if whole else pl.Float64, strict=False)
    failed = raw.is_not_null() & (fast.is_null() if whole else ~fast.is_finite().fill_null(value=False))
    if factor != 1:
        fast = fast.to_frame("x").select(scaled_by(pl.col("x"), pl.lit(factor))).to_series()
    if _is_beyond(fast, column.kind, whole):
        failed |= fast.to_frame("x").select(beyond(pl.col("x"), column.kind).fill_null(value=False)).to_series()
    if not failed.any():
        return right_throughout(fast)
    fast, failed, grouped = _grouped(raw, fast, failed, column, factor)
    if not failed.any():
        return Parsed(fast, grouped)
    places, frame = closer(raw, failed, column.absent)
    several = pl.col("given").str.contains(_APART) & ~pl.col("given").str.contains(_GROUPED)
    frame = frame.with_columns(pl.when(several).then("given").otherwise("text").alias("text"))
    if base == _MONEY and factor == 1:  # ¥170 under a header in 万元 may be either
        frame = frame.with_columns(pl.col("text").str.replace(_CURRENCY, "$1$2"))
    frame = frame.with_columns(
        _signed(pl.col("text")).alias("signed"), pl.col("text").cast(pl.Float64, strict=False).alias("x")
    )
    suffix = pl.col("signed").str.extract(_NUMBER + r"([^\d.,'’]*)$", 2)
    known = _units_of(base) | (_units_of("share") if column.percent else {})
    if column.unit and factor == 1:  # 1.5万 under a header in 万元 may be either
        known |= multiples()
    named = suffix.replace_strict(known, default=None, return_dtype=pl.Float64)
    plain = _is_plain("text")
    digits = _ungrouped(pl.col("signed").str.extract(_NUMBER, 1)).cast(pl.Float64, strict=False)
    frame = frame.with_columns(
        pl.when(plain).then("x").otherwise(digits).alias("digits"),
        pl.when(plain | (suffix == "")).then(factor).otherwise(named).alias("factor"),
    )
    frame = frame.with_columns(scaled_by(pl.col("digits"), pl.col("factor")).alias("value"))
    frame = frame.with_columns(_broken(pl.col("value"), column.kind).alias("broken"))
    frame = frame.with_columns(pl.when(pl.col("broken").is_null()).then("value").alias("value"))
    pointed = pl.col("text").str.contains(_POINTED) & pl.lit(whole)
    silent = _is_plain("raw") & ~pointed
    if column.percent:
        silent |= pl.col("raw").str.contains(r"^[0-9.]+%$")
    mend = pl.when(pointed).then(pl.lit(POINT_READ)).otherwise(pl.lit("number_written"))
    parsed = joined(fast, places, frame, "text_in_number", mend, usual=base == "share", silent=silent)
    return parsed if grouped.is_empty() else replace(parsed, odd=pl.concat([parsed.odd, grouped]).sort("place"))


def _grouped(
    raw: pl.Series, fast: pl.Series, failed: pl.Series, column: Column, factor: float
) -> tuple[pl.Series, pl.Series, pl.DataFrame]:
    """Return values with those of the failed cells that are but grouped by commas (12,345), what failed still, and the
    cells read so. They are the most frequent odd ones by far, and need no closer look."""
    if column.kind not in ("count", "amount") or (column.kind == "count" and factor != 1):
        return fast, failed, NOTHING_ODD
    texts = raw.filter(failed)
    shape = _COMMAS if column.kind == "count" else _COMMAS_AND_POINT
    right = texts.str.contains(shape).fill_null(value=False)
    if not right.any():
        return fast, failed, NOTHING_ODD
    places = failed.arg_true()
    if not right.all():
        places, texts = places.filter(right), texts.filter(right)
    values = _without_commas(texts, fast.dtype if factor == 1 else pl.Float64())
    if factor != 1:
        values = values.to_frame("x").select(scaled_by(pl.col("x"), pl.lit(factor))).to_series()
    odd = pl.DataFrame({"place": places.cast(pl.UInt32)}).with_columns(
        pl.lit(None, pl.String).alias("broken"), pl.lit("number_written").alias("mended")
    )
    # Series.scatter writes in place: what was given in stays as it is.
    return fast.clone().scatter(places, values.cast(fast.dtype)), failed.clone().scatter(places, False), odd


def _without_commas(texts: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Return the numbers of texts that are grouped by commas, which are of one width in most columns."""
    for comma in (",", "，") if "," in texts[0] else ("，", ","):  # apart: for two patterns at once the time of three
        texts = texts.str.replace_all(comma, "", literal=True)
        numbers = texts.cast(dtype, strict=False)
        if not numbers.null_count():
            break
    return numbers


def _base(column: Column) -> str:
    return "share" if column.kind == "share" else column.unit


def factor_of(column: Column, unit: Unit | None) -> float:
    """Return by what a number under a header in `unit` is multiplied to be in the column's own unit."""
    if unit is None or not (unit.base == _base(column) or (column.percent and unit.base == "share")):
        return 1.0
    return unit.factor


def _is_plain(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False).is_finite().fill_null(value=False)


def _signed(text: pl.Expr) -> pl.Expr:
    """Return a number in brackets with the minus sign that they mean."""
    bracketed = pl.concat_str(pl.lit("-"), text.str.strip_chars("()"))
    return pl.when(text.str.contains(r"^\([^()]+\)$")).then(bracketed).otherwise(text.str.strip_prefix("+"))


def _is_beyond(values: pl.Series, kind: str, whole: bool) -> bool:
    """Tell whether some number may be outside what its kind allows: cheap, for most columns hold none."""
    if kind == "number" or values.null_count() == len(values):
        return False
    low, high = values.min(), values.max()
    return bool(low < 0 or (kind == "share" and high > 1) or (kind == "count" and (not whole or high >= INEXACT)))  # type: ignore[operator]


def beyond(value: pl.Expr, kind: str) -> pl.Expr:
    """Return whether a number is outside what its kind allows."""
    outside = value < 0
    if kind == "share":
        outside |= value > 1
    if kind == "count":
        outside |= (value != value.round()) | (value >= INEXACT)
    return outside


def _broken(value: pl.Expr, kind: str) -> pl.Expr:
    """Return the rule that a number breaks: no negative counts, amounts or shares, whole counts, shares up to 1."""
    text = pl.when(pl.col("text").str.contains(r"^[#=]")).then(pl.lit("formula"))
    if kind == "number":
        return text
    rules = [text, pl.when(value < 0).then(pl.lit("negative"))]
    if kind == "count":
        rules.append(pl.when(value != value.round()).then(pl.lit("not_whole")))
        rules.append(pl.when(value >= INEXACT).then(pl.lit("text_in_number")))
    if kind == "share":
        rules.append(pl.when(value > 1).then(pl.lit("share_above_one")))
    return pl.coalesce(rules)


def _ungrouped(text: pl.Expr) -> pl.Expr:
    """Return a number without thousands separators of either style; null where they don't fall on thousands."""
    return (
        pl.when(text.str.contains(r"^-?\d{1,3}(,\d{3})+(\.\d*)?$"))
        .then(text.str.replace_all(",", ""))
        .when(text.str.contains(r"^-?\d{1,3}(['’]\d{3})+(\.\d*)?$"))
        .then(text.str.replace_all(r"['’]", ""))
        .when(text.str.contains(r"^-?\d{1,3}(\.\d{3})+,\d+$|^-?\d{1,3}(\.\d{3}){2,}$"))
        .then(text.str.replace_all(r"\.", "").str.replace(",", "."))
        .when(text.str.contains(r"^-?(\d+\.?\d*|\.\d+)$"))
        .then(text)
    )


@cache
def _units_of(base: str) -> dict[str, float]:
    return {unicodedata.normalize("NFKC", name): unit.factor for name, unit in units().items() if unit.base == base}


def scaled_by(value: pl.Expr, factor: pl.Expr) -> pl.Expr:
    """Multiply without the noise of binary fractions: by 0.01 is to divide by 100, and 1.1 times 10,000 is 11,000."""
    return (
        pl.when(factor == 1)
        .then(value)
        .when(factor < 1)
        .then((value / (1 / factor).round(6)).round(12))
        .when(factor == factor.round())
        .then((value * factor).round(6))
        .otherwise(value * factor)
    )


def uncertain_shares(parsed: Parsed, raw: pl.Series, unit: Unit | None) -> tuple[pl.Series, str]:
    """Return the places of a sheet's shares that may be fractions or in percent, and the rule that says why.

    Without a unit in the header, where others are above 1 without a sign: 0.9 beside 12 and 8.5 may be 0.9 %. A single
    such slip beside more fractions leaves these as they are. Under a header in %, what is far below all other cells and
    would be as they are if it were a fraction: 0.12 beside 12 and 8.5; not 0.9, nor 0.12 beside 2. Where no cell is
    above 1 there, all may be fractions.
    """
    plain = raw.cast(pl.Float64, strict=False)
    small = ((plain > 0) & (plain <= 1)).fill_null(value=False)
    if unit is None:
        above, fractions = parsed.odd.filter(pl.col("broken") == "share_above_one").height, int(small.sum())
        mixed = above > 0 and (above >= fractions or (above > 1 and above * _RARE > fractions + above))
        return (small & mixed).arg_true(), "share_uncertain"
    percent = parsed.values * 100
    known = percent.filter((percent > 1).fill_null(value=False))
    if known.is_empty():
        return small.arg_true(), "share_all_small"
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    odd = small & (plain * _FAR < low) & (plain * 100).is_between(low / _NEAR, high * _NEAR)
    return odd.fill_null(value=False).arg_true(), "share_small"


def without_style(parsed: Parsed, raw: pl.Series) -> Parsed:
    """Take back what may be a fraction or in percent: numbers up to 1."""
    sure = parsed.odd["place"].implode()
    plain = raw.cast(pl.Float64, strict=False).is_between(0, 1, closed="right")
    frame = pl.DataFrame({"place": plain.arg_true()}).filter(~pl.col("place").is_in(sure))
    odd = frame.select(
        pl.col("place").cast(pl.UInt32),
        pl.lit("percent_uncertain").alias("broken"),
        pl.lit(None, pl.String).alias("mended"),
    )
    values = parsed.values.clone().scatter(odd["place"], None)
    return Parsed(values, pl.concat([parsed.odd, odd]).sort("place"))
