"""Text cells to text, codes, choices, dates, years, grades and levels."""

import unicodedata
from functools import cache

import polars as pl

from analysis.clean import classes
from analysis.clean.failed_cells import QUOTED, Parsed, blanked, closer, joined, right_throughout
from analysis.read.fields import Column, grade_names
from analysis.read.numbering import HAN
from analysis.read.runs import STROKE

_DATE = r"^(\d{4})(?:[.\-/年]|年度)?(\d{1,2})(?:月|[.\-/月]\d{1,2}日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)?$"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
#: Letters that may be taken for a digit stand behind no digit.
_SURE = "0-9A-HJKMNP-Z"
#: Capitals and digits, but for a digit, an E and nothing but digits.
_CODE = (
    rf"^(?:[0-9]{{2}}[{_SURE}]*|[0-9]|[A-Z]+[0-9][{_SURE}]*"
    rf"|[0-9][A-DFGHJKMNP-Z][{_SURE}]*|[0-9]E|[0-9]E[0-9]*[A-HJKMNP-Z][{_SURE}]*)$"
)
#: Letters among digits where a 0 or a 1 was meant, small ones anywhere; several codes, in lines or apart.
_SLIP = r"^[0-9ILO]*[ilo][0-9ILOilo]*$|^[0-9]+[ILO]+[0-9][0-9ILO]*$"
_FEWEST_DIGITS = 3
#: 990101-0003: the county's code and the school's number in it.
_HYPHENED = r"^(\d{6})[-_](\d{4})$"
_SEVERAL = r"\S\s*[\r\n]\s*\S|^\S{8,}(?:\s+\S{8,})+$"
_SCIENTIFIC = r"^\d(\.\d+)?E\+?\d+$"
_SERIAL = (10_000, 60_000)  # Excel day numbers from 1927 to 2064
_EPOCH = 25_569  # Excel's number of 1970-01-01
_YEARS = (1800, 2100)
#: The numbers that a year, a grade or a level may be.
RANGES = {"year": _YEARS, "grade": (1, 12), "level": (1, 5)}
_LEVELS = {
    text: level
    for level, texts in enumerate(("1 I Ⅰ 一", "2 II Ⅱ 二", "3 III Ⅲ 三", "4 IV Ⅳ 四", "5 V Ⅴ 五"), 1)
    for text in texts.split()
}
#: What a spreadsheet makes of 2-2, as a sheet holds it and as a text file does.
_DATED = r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Z][a-z]{2})$"
#: Text that a formula without a value, or with an error, comes as.
_FAULTY = r"^=|^#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)"


#: What people write for the text of the row above.
_DITTO = ["〃", "″", "”", '"', "同上", "同前"]


def is_odd(text: pl.Expr, names: bool, numbers: bool) -> pl.Expr:
    """Tell whether a text may be none: a formula, struck out, a ditto, or, where it `names` what a row is of, a date.

    Where it `numbers` classes it may be several of them.
    """
    odd = text.str.starts_with("#") | text.str.starts_with("=") | text.str.contains(STROKE, literal=True)
    odd |= text.is_in(_DITTO)
    return odd | text.str.contains(f"{_DATED}|{classes.SEVERAL}" if numbers else _DATED) if names else odd


def texts(raw: pl.Series, names: bool = False, numbers: bool = False) -> Parsed:
    """Return text as it stands, but for blanks, formulas without a value, dittos and what is struck out.

    What `names` a class or a room is no date: 2-2 was one before a spreadsheet changed it. What may be several where a
    text `numbers` classes is marked for classes.sure.
    """
    values = blanked(raw)
    text = pl.col("text")
    struck, dated = text.str.contains(STROKE, literal=True), text.str.contains(_DATED) & pl.lit(names)
    several, ditto = text.str.contains(classes.SEVERAL) & ~dated & pl.lit(numbers), text.is_in(_DITTO)
    failed = values.to_frame("text").select(text.str.contains(_FAULTY) | struck | dated | several | ditto).to_series()
    if not failed.any():
        return right_throughout(values)
    places = failed.arg_true()
    texts_found = pl.DataFrame({"place": places.cast(pl.UInt32), "text": values.gather(places)})
    odd = texts_found.with_columns(pl.col("text").str.extract(QUOTED, 1).alias("quoted")).with_columns(
        pl.when(struck)
        .then(pl.lit("struck_out"))
        .when(dated)
        .then(pl.lit("text_dated"))
        .when(ditto)
        .then(pl.lit("text_ditto"))
        .when(pl.col("quoted").is_null() & ~several)
        .then(pl.lit("formula"))
        .alias("broken"),
        pl.when(pl.col("quoted").is_not_null())
        .then(pl.lit("text_written"))
        .when(several & ~struck)
        .then(pl.lit(classes.RULE))
        .alias("mended"),
        pl.when(several & ~struck).then("text").otherwise("quoted").alias("value"),
    )
    return Parsed(values.clone().scatter(places, odd["value"]), odd.select("place", "broken", "mended"))


def codes(raw: pl.Series) -> Parsed:
    """Return codes in capitals and of one width; one that a spreadsheet has made to 1.2E+09 is damaged."""
    failed = ~raw.to_frame("x").select(is_code(pl.col("x"))).to_series()
    if not failed.any():
        return right_throughout(raw)
    places, frame = closer(raw, failed)
    text = pl.col("text").str.to_uppercase().str.replace(r"^(\d+)\.0+$", "$1").str.replace(_HYPHENED, "$1$2")
    damaged, several = text.str.contains(_SCIENTIFIC), pl.col("given").str.contains(_SEVERAL)
    few = pl.col("text").str.count_matches("[0-9]") < _FEWEST_DIGITS
    slip = pl.col("text").str.contains(_SLIP) & ~few
    frame = frame.with_columns(
        pl.when(~damaged & ~several & ~slip & text.str.contains(r"^[0-9A-Z_-]+$")).then(text).alias("value"),
        pl.when(damaged)
        .then(pl.lit("code_damaged"))
        .when(several)
        .then(pl.lit("code_several"))
        .when(slip)
        .then(pl.lit("code_slip"))
        .when(text.str.contains("^[#=]"))
        .then(pl.lit("formula"))
        .alias("broken"),
    )
    return joined(raw, places, frame, "code_unreadable", "code_written")


def is_code(text: pl.Expr) -> pl.Expr:
    """Tell whether a text is surely a code: of capitals and digits, one at least.

    It is no number in scientific notation (5E10), and has no letter behind a digit that may be taken for one.
    """
    return text.str.contains(_CODE)


def meanings(column: Column) -> dict[str, str]:
    """Return a column's choices by every text that means them."""
    texts = {text: choice for choice, meant in column.choices.items() for text in meant}
    return {choice: choice for choice in column.choices} | texts


def choices(raw: pl.Series, column: Column) -> Parsed:
    """Return the choice that each cell means."""
    known = meanings(column)
    fast = raw.replace_strict(known, default=None, return_dtype=pl.String)
    failed = raw.is_not_null() & fast.is_null()
    if not failed.any():
        return right_throughout(fast)
    places, frame = closer(raw, failed)
    plain = {unicodedata.normalize("NFKC", text).casefold(): choice for text, choice in known.items()}
    value = pl.col("text").str.to_lowercase().replace_strict(plain, default=None, return_dtype=pl.String)
    return joined(fast, places, frame.with_columns(value.alias("value")), "choice_unknown", "choice_written")


def months(raw: pl.Series) -> Parsed:
    """Return dates as YYYY-MM, of days and of a spreadsheet's day numbers too."""
    failed = ~raw.str.contains(MONTH)
    if not failed.any():
        return right_throughout(raw)
    places, frame = closer(raw, failed)
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
    return joined(raw, places, frame, "date_unreadable", "date_written", usual=True)


def ranged(raw: pl.Series, kind: str) -> Parsed:
    """Return years, grades or levels: numbers of RANGES, or the words for them."""
    fast = raw.cast(pl.Int64, strict=False)
    low, high = RANGES[kind]
    fast = pl.select(pl.when(fast.is_between(low, high)).then(fast)).to_series()
    failed = raw.is_not_null() & fast.is_null()
    if not failed.any():
        return right_throughout(fast)
    places, frame = closer(raw, failed)
    text = pl.col("text").str.to_uppercase().str.replace(r"^(\d+)\.0+", "$1")
    if kind == "year":
        value = text.str.extract(r"^(\d{4})(?:年|年度)?$", 1).cast(pl.Int64, strict=False)
    else:
        value = text.replace_strict(words(kind), default=None, return_dtype=pl.Int64)
    value = pl.when(value.is_between(low, high)).then(value)
    return joined(fast, places, frame.with_columns(value.alias("value")), f"{kind}_unreadable", None)


@cache
def words(kind: str) -> dict[str, int]:
    """Return what grades and levels are called in capitals, as written and after NFKC (which makes Ⅲ to III)."""
    if kind == "level":
        shapes = ("{}", "{}级", "{}等级", "水平{}", "水平{}级", "等级{}", "LEVEL{}")
        return {shape.format(text): number for text, number in _LEVELS.items() for shape in shapes}
    numbers = {**{HAN[number]: number for number in range(1, 11)}, "十一": 11, "十二": 12}
    numbers |= {str(number): number for number in range(1, 13)}
    _, highest = RANGES[kind]
    primary, *stages = grade_names()
    forms = ("{}", "{}年级", f"{primary}{{}}年级")
    grades = {shape.format(text): number for text, number in numbers.items() for shape in forms}
    for stage in stages:
        after = grade_names()[stage].after
        for number in range(1, grade_names()[stage].grades + 1):
            for text in (HAN[number], str(number)):
                grades |= {
                    f"{stage}{text}": after + number,
                    f"{stage}中{text}年级": after + number,
                    f"{stage}{text}年级": after + number,
                }
    last = grade_names()[primary].last
    return {
        text: number
        for text, number in grades.items()
        if number <= highest and not (text.startswith(primary) and number > last)
    }
