"""Text cells to typed values: cast first, and look closer only at the cells whose cast failed.

`parse_columns` casts all columns of a sheet at once; what fails is gathered over columns of one shape, and one close
look serves them all. The functions of the close look take a series of text (null where blank) and return a `Parsed`.
Nothing is guessed: a cell that can't be understood with certainty is null and names the rule it broke.
"""

import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise

import polars as pl

from analysis.read.apart import parted
from analysis.read.fields import DTYPES, Column, Unit, units
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
_BLANKS_OF_BOTH_WIDTHS = [*BLANKS, *(text.translate(_WIDE) for text in BLANKS)]
_DATE = r"^(\d{4})(?:[.\-/年]|年度)?(\d{1,2})(?:月|[.\-/月]\d{1,2}日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)?$"
#: Whole numbers from here on aren't exact as a float: no count is so large.
_INEXACT = 2**53
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_NUMBER = r"^(-?[\d.,'’]+)"
#: Capitals and digits, but for a digit, an E and nothing but digits.
_CODE = r"^(?:[0-9]{2}[0-9A-Z]*|[0-9]|[A-Z]+[0-9][0-9A-Z]*|[0-9][A-DF-Z][0-9A-Z]*|[0-9]E|[0-9]E[0-9]*[A-Z][0-9A-Z]*)$"
_SCIENTIFIC = r"^\d(\.\d+)?E\+?\d+$"
_SERIAL = (10_000, 60_000)  # Excel day numbers from 1927 to 2064
_EPOCH = 25_569  # Excel's number of 1970-01-01
_YEARS = (1800, 2100)
#: The numbers that a year, a grade or a level may be.
_RANGES = {"year": _YEARS, "grade": (1, 12), "level": (1, 5)}
_LEVELS = {
    text: level
    for level, texts in enumerate(("1 I Ⅰ 一", "2 II Ⅱ 二", "3 III Ⅲ 三", "4 IV Ⅳ 四", "5 V Ⅴ 五"), 1)
    for text in texts.split()
}
_DIGITS = "零一二三四五六七八九十"
#: Digits that are no figures: raised, lowered, circled, in brackets. Fractions are numbers.
_RAISED = r"[\p{No}--[\x{BC}-\x{BE}\x{2150}-\x{215F}\x{2189}]]"
#: A note on a cell, at its end, is no part of it: 1234①, 1234², 1234*, 1234[1], 1234（注1）, 1234^1). A number in round
#: brackets alone may be one of its parts, and 10² a hundred: these are left, and can't be read.
_NOTE = (
    rf"(?:{_RAISED}|[*＊†‡※]|\^\d{{1,2}}[)）]|[\[［【〔]\s*\d{{1,2}}\s*[\]］】〕]"
    rf"|[(（\[［【〔]?[注註]\s*(?:\d{{1,2}}|{_RAISED})?\s*[)）\]］】〕]?|[(（]\s*[*＊※]\s*[)）])"
)
_NOTED = rf"^(.*[\p{{Nd}}\p{{Nl}}\p{{L}}%％.)）])\s*(?:{_NOTE}\s*)+$"
_POWER_OF_TEN = rf"(?:^|[^\d.,])10\s*{_RAISED}+$"
#: The raised 2 of square metres and kilometres is no note.
_SQUARES = ((r"(?i)㎢|km(?:²|\^2|2$)", "平方公里"), (r"(?i)㎡|m(?:²|\^2|2$)", "平方米"))
#: Text that a formula without a value, or with an error, comes as.
_FAULTY = r"^=|^#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)"
#: A number whose thousands alone are set apart by commas of one width or the other; too short to be inexact.
_COMMAS = r"^[1-9][0-9]{0,2}(?:[,，][0-9]{3}){1,4}$"
_COMMAS_AND_POINT = r"^[1-9][0-9]{0,2}(?:[,，][0-9]{3}){1,4}(?:\.[0-9]+)?$"
#: ="9990010001", by which CSV keeps a code from a spreadsheet's guesses.
_QUOTED = r'^="([^"]*)"$'
#: Digits apart: "12 345" is one number; "12 34", and numbers in two lines, are two.
_APART = r"[\d.,]\s+[\d.,]"
_GROUPED = r"^[-+(（]?\d{1,3}(?:[ \u{A0}\u{2009}\u{202F}]\d{3})+(?:[.,]\d+)?\s*[^\d.,]*$"


ODD: Schema = {"place": pl.UInt32, "broken": pl.String, "mended": pl.String}
_NOTHING_ODD = pl.DataFrame(schema=ODD)


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


def parse(raw: pl.Series, column: Column, unit: Unit | None = None, styled: bool = True) -> Parsed:
    """Return the values of a column of text; `unit` is the one its header names.

    Numbers come in the column's own unit; a share is a fraction of 1; a date is YYYY-MM; null where blank. Where a
    file hides that a number is shown as a percentage (not `styled`), 0.85 under a header in % may be 85 %: not guessed.
    """
    kind = column.kind
    if kind == "text":
        parsed = _text(raw)
    elif kind == "code":
        parsed = _code(raw)
    elif kind == "choice":
        parsed = _choice(raw, column)
    elif kind == "date":
        parsed = _date(raw)
    elif kind in ("year", "grade", "level"):
        parsed = _looked_up(raw, kind)
    else:
        parsed = _number(raw, column, unit)
        if kind == "share" and unit is not None and not styled:
            parsed = _without_style(parsed, raw)
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
        told = column.kind, column.unit, column.percent, column.absent, tuple(column.choices.items())
        return *told, self.unit, self.styled

    def given(self) -> tuple[Column, Unit | None, bool]:
        """Return what `parse` asks for beside the text."""
        return self.column, self.unit, self.styled


def parse_columns(raw: list[pl.Series], shapes: list[Shape]) -> list[Parsed]:
    """Return what `parse` returns for each column of text, all of one length.

    Right cells are only cast, in one pass over all columns; the others go to `parse`, once for columns that are alike.
    """
    frame = pl.DataFrame([text.alias(str(number)) for number, text in enumerate(raw)])
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, shape in zip(frame.columns, shapes, strict=True):
        alike.setdefault(shape.alike, []).append(name)
    groups = [(pl.col(names), shapes[int(names[0])]) for names in alike.values()]
    cast = frame.with_columns(_cast(group, shape) for group, shape in groups)
    fast = cast.with_columns(_right(group, shape).cast(DTYPES[shape.column.kind]) for group, shape in groups)
    parsed = [_done(values) for values in fast]
    doubtful: dict[tuple[object, ...], list[int]] = {}
    for number, (text, values) in enumerate(zip(raw, fast, strict=True)):
        if values.null_count() > text.null_count():
            doubtful.setdefault(shapes[number].alike, []).append(number)
    failed = _failed(frame, fast, [str(number) for numbers in doubtful.values() for number in numbers])
    for numbers in doubtful.values():
        cells = [failed[number] for number in numbers]
        for number, one in zip(numbers, _looked_at(cells, shapes[numbers[0]]), strict=True):
            values = fast[str(number)].scatter(failed[number][0], one.values)
            parsed[number] = replace(one, values=values)
    return parsed


def _failed(frame: pl.DataFrame, fast: pl.DataFrame, names: list[str]) -> dict[int, tuple[pl.Series, pl.Series]]:
    """Return for each of these columns the places (UInt32) and the texts of the cells whose cast failed."""
    if not names:
        return {}
    text, typed = frame.select(names), fast.select(pl.col(names).name.prefix("typed "))
    both = text.hstack(typed).with_columns(
        (pl.col(name).is_not_null() & pl.col(f"typed {name}").is_null()).alias(f"failed {name}") for name in names
    )
    found = both.select(
        *(pl.col(f"failed {name}").arg_true().cast(pl.UInt32).implode().alias(f"places {name}") for name in names),
        *(pl.col(name).filter(pl.col(f"failed {name}")).implode() for name in names),
    )
    return {int(name): (found[f"places {name}"][0], found[name][0]) for name in names}


def _looked_at(columns: list[tuple[pl.Series, pl.Series]], shape: Shape) -> list[Parsed]:
    """Return, for cells of columns that are read alike (their places and texts), what a closer look finds in one go."""
    texts, places = (pl.concat(list(parts)) for parts in zip(*((text, place) for place, text in columns), strict=True))
    closer = parse(texts.rechunk(), *shape.given())
    odd, heights = closer.odd["place"], [len(place) for place, _ in columns]
    told = closer.odd.with_columns(places.gather(odd).alias("place"))
    said = texts.gather(odd)
    edges = odd.search_sorted(pl.Series([0, *accumulate(heights)], dtype=odd.dtype)).to_list()
    return [
        Parsed(values, told[low:high], said[low:high])
        for values, (low, high) in zip(parted(closer.values, heights), pairwise(edges), strict=True)
    ]


def _cast(raw: pl.Expr, shape: Shape) -> pl.Expr:
    """Return each cell in its type, null where the cast fails."""
    kind = shape.column.kind
    if kind == "text":
        return raw.str.strip_chars()
    if kind == "code":
        return pl.when(_is_code(raw)).then(raw)
    if kind == "choice":
        return raw.replace_strict(_known(shape.column), default=None, return_dtype=pl.String)
    if kind == "date":
        return pl.when(raw.str.contains(_MONTH)).then(raw)
    if kind == "share" and shape.unit is not None and not shape.styled:
        return pl.when(raw.is_null()).then(raw).cast(pl.Float64)  # any cell's style may be hidden
    if kind in ("grade", "level"):
        named = raw.replace_strict(_words(kind), default=None, return_dtype=pl.Int64)
        return raw.cast(pl.Int64, strict=False).fill_null(named)
    whole = kind in _RANGES or (kind == "count" and _factor(shape.column, shape.unit) == 1)
    return raw.cast(pl.Int64 if whole else pl.Float64, strict=False)


def _right(value: pl.Expr, shape: Shape) -> pl.Expr:
    """Return each value that was cast in the column's unit, null where it is none that its kind allows."""
    kind, factor = shape.column.kind, _factor(shape.column, shape.unit)
    if kind == "text":
        faulty = value.str.starts_with("#") | value.str.starts_with("=")
        return pl.when(~value.is_in(_BLANKS_OF_BOTH_WIDTHS) & ~faulty).then(value)
    if kind in _RANGES:
        return pl.when(value.is_between(*_RANGES[kind])).then(value)
    if kind in ("code", "choice", "date"):
        return value
    if kind == "count" and factor == 1:
        return pl.when((value >= 0) & (value < _INEXACT)).then(value)
    scaled = value if factor == 1 else _scaled_by(value, pl.lit(factor))
    right = value.is_finite() if kind == "number" else value.is_finite() & ~_beyond(scaled, kind)
    return pl.when(right).then(scaled)


def added(one: Parsed, other: Parsed) -> Parsed:
    """Return the sum of two columns: missing where either is missing, broken where either is broken."""
    odd = pl.concat([one.odd, other.odd]).sort("place", "broken", nulls_last=True).unique("place", keep="first")
    return Parsed(one.values + other.values, odd.sort("place"))


def _done(values: pl.Series) -> Parsed:
    return Parsed(values, _NOTHING_ODD)


def normal(text: pl.Expr) -> pl.Expr:
    """Return text in one width, without spaces and without the apostrophe that marks text in a spreadsheet."""
    return text.str.normalize("NFKC").str.replace_all(r"[\s\u200b\ufeff]+", "").str.strip_prefix("'")


def _blanked(raw: pl.Series) -> pl.Series:
    stripped = raw.str.strip_chars()
    places = stripped.is_in(_BLANKS_OF_BOTH_WIDTHS).arg_true()
    return stripped.scatter(places, None) if len(places) else stripped


def _text(raw: pl.Series) -> Parsed:
    """Return text as it stands, but for blanks and formulas without a value."""
    values = _blanked(raw)
    failed = values.str.contains(_FAULTY)
    if not failed.any():
        return _done(values)
    places = failed.arg_true()
    quoted = values.gather(places).str.extract(_QUOTED, 1)
    odd = pl.DataFrame({"place": places.cast(pl.UInt32), "quoted": quoted}).with_columns(
        pl.when(pl.col("quoted").is_null()).then(pl.lit("formula")).alias("broken"),
        pl.when(pl.col("quoted").is_not_null()).then(pl.lit("text_written")).alias("mended"),
    )
    return Parsed(values.clone().scatter(places, quoted), odd.select("place", "broken", "mended"))


def _closer(raw: pl.Series, failed: pl.Series, absent: tuple[str, ...] = ()) -> tuple[pl.Series, pl.DataFrame]:
    """Return the places of the failed cells and a frame of their text, normalised; blanks are null.

    `noted`: a note was left off the text. `absent`: the text was one of the words that say why there is no value.
    """
    places = failed.arg_true()
    given = pl.col("raw").str.strip_chars().str.replace(_QUOTED, "$1")
    for pattern, unit in _SQUARES:
        given = given.str.replace(pattern, unit)
    noted = given.str.contains(_NOTED) & ~given.str.contains(_POWER_OF_TEN)
    frame = pl.DataFrame({"raw": raw.gather(places)}).with_columns(noted.alias("noted"), given.alias("given"))
    frame = frame.with_columns(pl.when("noted").then(pl.col("given").str.replace(_NOTED, "$1")).otherwise("given"))
    # Where such a digit is left it stays what it is: no width makes it a figure.
    odd = pl.col("given").str.contains(_RAISED)
    frame = frame.with_columns(pl.when(odd).then("given").otherwise(normal(pl.col("given"))).alias("text"))
    blank = pl.col("text").is_in(list(BLANKS))
    frame = frame.with_columns(pl.col("text").str.strip_chars("()").is_in(list(absent)).alias("absent"))
    return places, frame.with_columns(pl.when(blank | pl.col("absent")).then(None).otherwise("text").alias("text"))


def _put(
    fast: pl.Series,
    places: pl.Series,
    slow: pl.DataFrame,
    rule: str,
    mend: str | None,
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
    slow = slow.with_columns(
        pl.when(pl.col("text").is_not_null() & pl.col("value").is_null())
        .then(pl.coalesce("broken", pl.lit(rule)))
        .alias("broken"),
        pl.when(pl.col("text").is_null())
        .then(pl.when("absent").then(pl.lit("absent_mark")).otherwise(pl.lit("blank_mark")))
        .when(pl.col("noted") & pl.col("value").is_not_null())
        .then(pl.lit("note_mark"))
        .when(pl.col("value").is_not_null() & ~plainly)
        .then(pl.lit(mend))
        .alias("mended"),
    )
    # Series.scatter writes in place: what was given in stays as it is.
    values = fast.clone().scatter(places, slow["value"].cast(fast.dtype))
    odd = slow.select(places.cast(pl.UInt32).alias("place"), "broken", "mended")
    return Parsed(values, odd.filter(pl.col("broken").is_not_null() | pl.col("mended").is_not_null()))


def _number(raw: pl.Series, column: Column, unit: Unit | None) -> Parsed:
    base, factor = _base(column), _factor(column, unit)
    whole = column.kind == "count" and factor == 1
    fast = raw.cast(pl.Int64 if whole else pl.Float64, strict=False)
    failed = raw.is_not_null() & (fast.is_null() if whole else ~fast.is_finite().fill_null(value=False))
    if factor != 1:
        fast = fast.to_frame("x").select(_scaled_by(pl.col("x"), pl.lit(factor))).to_series()
    if _is_beyond(fast, column.kind, whole):
        failed |= fast.to_frame("x").select(_beyond(pl.col("x"), column.kind).fill_null(value=False)).to_series()
    if not failed.any():
        return _done(fast)
    fast, failed, grouped = _grouped(raw, fast, failed, column, factor)
    if not failed.any():
        return Parsed(fast, grouped)
    places, frame = _closer(raw, failed, column.absent)
    several = pl.col("given").str.contains(_APART) & ~pl.col("given").str.contains(_GROUPED)
    frame = frame.with_columns(pl.when(several).then("given").otherwise("text").alias("text"))
    frame = frame.with_columns(
        _signed(pl.col("text")).alias("signed"), pl.col("text").cast(pl.Float64, strict=False).alias("x")
    )
    suffix = pl.col("signed").str.extract(_NUMBER + r"([^\d.,'’]*)$", 2)
    known = _units_of(base) | (_units_of("share") if column.percent else {})
    named = suffix.replace_strict(known, default=None, return_dtype=pl.Float64)
    plain = _is_plain("text")
    digits = _ungrouped(pl.col("signed").str.extract(_NUMBER, 1)).cast(pl.Float64, strict=False)
    frame = frame.with_columns(
        pl.when(plain).then("x").otherwise(digits).alias("digits"),
        pl.when(plain | (suffix == "")).then(factor).otherwise(named).alias("factor"),
    )
    frame = frame.with_columns(_scaled_by(pl.col("digits"), pl.col("factor")).alias("value"))
    frame = frame.with_columns(_broken(pl.col("value"), column.kind).alias("broken"))
    frame = frame.with_columns(pl.when(pl.col("broken").is_null()).then("value").alias("value"))
    silent = _is_plain("raw")
    if column.percent:
        silent |= pl.col("raw").str.contains(r"^[0-9.]+%$")
    parsed = _put(fast, places, frame, "text_in_number", "number_written", usual=base == "share", silent=silent)
    return parsed if grouped.is_empty() else replace(parsed, odd=pl.concat([parsed.odd, grouped]).sort("place"))


def _grouped(
    raw: pl.Series, fast: pl.Series, failed: pl.Series, column: Column, factor: float
) -> tuple[pl.Series, pl.Series, pl.DataFrame]:
    """Return values with those of the failed cells that are but grouped by commas (12,345), what failed still, and the
    cells read so. They are the most frequent odd ones by far, and need no closer look."""
    if column.kind not in ("count", "amount") or (column.kind == "count" and factor != 1):
        return fast, failed, _NOTHING_ODD
    places = failed.arg_true()
    texts = raw.gather(places)
    shape = _COMMAS if column.kind == "count" else _COMMAS_AND_POINT
    places = places.filter(texts.str.contains(shape).fill_null(value=False))
    if not len(places):
        return fast, failed, _NOTHING_ODD
    texts = raw.gather(places)
    for comma in ",，":
        texts = texts.str.replace_all(comma, "", literal=True)  # a pattern takes twice as long
    values = texts.cast(pl.Float64)
    if factor != 1:
        values = values.to_frame("x").select(_scaled_by(pl.col("x"), pl.lit(factor))).to_series()
    odd = pl.DataFrame({"place": places.cast(pl.UInt32)}).with_columns(
        pl.lit(None, pl.String).alias("broken"), pl.lit("number_written").alias("mended")
    )
    # Series.scatter writes in place: what was given in stays as it is.
    return fast.clone().scatter(places, values.cast(fast.dtype)), failed.clone().scatter(places, False), odd


def _base(column: Column) -> str:
    return "share" if column.kind == "share" else column.unit


def _factor(column: Column, unit: Unit | None) -> float:
    return unit.factor if unit is not None and unit.base == _base(column) else 1.0


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
    return bool(low < 0 or (kind == "share" and high > 1) or (kind == "count" and (not whole or high >= _INEXACT)))  # type: ignore[operator]


def _beyond(value: pl.Expr, kind: str) -> pl.Expr:
    """Return whether a number is outside what its kind allows."""
    outside = value < 0
    if kind == "share":
        outside |= value > 1
    if kind == "count":
        outside |= (value != value.round()) | (value >= _INEXACT)
    return outside


def _broken(value: pl.Expr, kind: str) -> pl.Expr:
    """Return the rule that a number breaks: no negative counts, amounts or shares, whole counts, shares up to 1."""
    text = pl.when(pl.col("text").str.contains(r"^[#=]")).then(pl.lit("formula"))
    if kind == "number":
        return text
    rules = [text, pl.when(value < 0).then(pl.lit("negative"))]
    if kind == "count":
        rules.append(pl.when(value != value.round()).then(pl.lit("not_whole")))
        rules.append(pl.when(value >= _INEXACT).then(pl.lit("text_in_number")))
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


def _scaled_by(value: pl.Expr, factor: pl.Expr) -> pl.Expr:
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


def _without_style(parsed: Parsed, raw: pl.Series) -> Parsed:
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


def _code(raw: pl.Series) -> Parsed:
    failed = ~raw.to_frame("x").select(_is_code(pl.col("x"))).to_series()
    if not failed.any():
        return _done(raw)
    places, frame = _closer(raw, failed)
    text = pl.col("text").str.to_uppercase().str.replace(r"^(\d+)\.0+$", "$1")
    damaged = text.str.contains(_SCIENTIFIC)
    frame = frame.with_columns(
        pl.when(~damaged & text.str.contains(r"^[0-9A-Z_-]+$")).then(text).alias("value"),
        pl.when(damaged)
        .then(pl.lit("code_damaged"))
        .when(text.str.contains("^[#=]"))
        .then(pl.lit("formula"))
        .alias("broken"),
    )
    return _put(raw, places, frame, "code_unreadable", "code_written")


def _is_code(text: pl.Expr) -> pl.Expr:
    """Tell whether a text is of capitals and digits, one at least, and no number in scientific notation (5E10)."""
    return text.str.contains(_CODE)


def _known(column: Column) -> dict[str, str]:
    """Return a column's choices by every text that means them."""
    texts = {text: choice for choice, meant in column.choices.items() for text in meant}
    return {choice: choice for choice in column.choices} | texts


def _choice(raw: pl.Series, column: Column) -> Parsed:
    known = _known(column)
    fast = raw.replace_strict(known, default=None, return_dtype=pl.String)
    failed = raw.is_not_null() & fast.is_null()
    if not failed.any():
        return _done(fast)
    places, frame = _closer(raw, failed)
    plain = {unicodedata.normalize("NFKC", text).casefold(): choice for text, choice in known.items()}
    value = pl.col("text").str.to_lowercase().replace_strict(plain, default=None, return_dtype=pl.String)
    return _put(fast, places, frame.with_columns(value.alias("value")), "choice_unknown", "choice_written")


def _date(raw: pl.Series) -> Parsed:
    failed = ~raw.str.contains(_MONTH)
    if not failed.any():
        return _done(raw)
    places, frame = _closer(raw, failed)
    text = pl.col("text")
    serial = text.str.extract(r"^(\d{5})(?:\.\d+)?$", 1).cast(pl.Int64, strict=False)
    serial = pl.when(serial.is_between(*_SERIAL)).then(serial)
    day = pl.from_epoch(serial - _EPOCH, time_unit="d").dt.strftime("%Y-%m")
    year, month = (text.str.extract(_DATE, part).cast(pl.Int64, strict=False) for part in (1, 2))
    # 2018.1 is January, or an October that lost its zero: never guessed.
    lost = text.str.contains(r"^\d{4}\.1$")
    good = year.is_between(*_YEARS) & month.is_between(1, 12) & ~lost
    written = pl.format("{}-{}", year, month.cast(pl.String).str.zfill(2))
    frame = frame.with_columns(
        pl.coalesce(day, pl.when(good).then(written)).alias("value"),
        pl.when(lost)
        .then(pl.lit("month_uncertain"))
        .when(text.str.contains(r"^\d{4}(?:\.0)?年?$"))
        .then(pl.lit("month_missing"))
        .alias("broken"),
    )
    return _put(raw, places, frame, "date_unreadable", "date_written", usual=True)


def _looked_up(raw: pl.Series, kind: str) -> Parsed:
    fast = raw.cast(pl.Int64, strict=False)
    low, high = _RANGES[kind]
    fast = pl.select(pl.when(fast.is_between(low, high)).then(fast)).to_series()
    failed = raw.is_not_null() & fast.is_null()
    if not failed.any():
        return _done(fast)
    places, frame = _closer(raw, failed)
    text = pl.col("text").str.to_uppercase()
    if kind == "year":
        value = text.str.extract(r"^(\d{4})(?:\.0)?(?:年|年度)?$", 1).cast(pl.Int64, strict=False)
    else:
        value = text.replace_strict(_words(kind), default=None, return_dtype=pl.Int64)
    value = pl.when(value.is_between(low, high)).then(value)
    return _put(fast, places, frame.with_columns(value.alias("value")), f"{kind}_unreadable", None)


@cache
def _words(kind: str) -> dict[str, int]:
    """Return what grades and levels are called in capitals, as written and after NFKC (which makes Ⅲ to III)."""
    if kind == "level":
        shapes = ("{}", "{}级", "{}等级", "水平{}", "水平{}级", "等级{}", "LEVEL{}", "{}.0")
        return {shape.format(text): number for text, number in _LEVELS.items() for shape in shapes}
    numbers = {**{_DIGITS[number]: number for number in range(1, 11)}, "十一": 11, "十二": 12}
    numbers |= {str(number): number for number in range(1, 13)}
    grades = {
        shape.format(text): number
        for text, number in numbers.items()
        for shape in ("{}", "{}年级", "{}.0", "小学{}年级")
    }
    for stage, after in (("初", 6), ("高", 9)):
        for number in range(1, 4):
            for text in (_DIGITS[number], str(number)):
                grades |= {
                    f"{stage}{text}": after + number,
                    f"{stage}中{text}年级": after + number,
                    f"{stage}{text}年级": after + number,
                }
    return {
        text: number for text, number in grades.items() if number <= 12 and not (text.startswith("小学") and number > 6)
    }
