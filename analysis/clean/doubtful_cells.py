"""Cells that are read, and yet may be meant otherwise: merged, with points for commas, in percent or not."""

import polars as pl

from analysis.clean import cell_numbers, items
from analysis.clean.failed_cells import Parsed, barred
from analysis.read import RawSheet
from analysis.read.fields import Unit

#: Kinds of which one amount can't be that of several schools.
SUMMED = ("count", "amount", "share", "number")
#: 12,5 and 1.234,5: a comma is the decimal mark of the column.
_DECIMAL_COMMA = r"^-?(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}$"
#: Whole numbers as a database with three decimals gives them.
_THREE_ZEROS = r"^\s*[0-9]+\.000\s*$"
#: Beside such commas, in whichever column, 12.000 may be twelve or twelve thousand.
_EITHER = r"^-?[1-9]\d{0,2}\.\d{3}$"


def have_commas(columns: list[Parsed]) -> bool:
    """Tell whether some odd cell of these columns may hold a comma: in most sheets none does."""
    odd = [column.texts for column in columns if column.odd.height]
    known = [texts for texts in odd if texts is not None]
    return len(known) < len(odd) or bool(known and pl.concat(known).str.contains(",", literal=True).any())


def decimal_comma(columns: list[Parsed], texts: list[pl.Series]) -> bool:
    """Tell whether a number of these columns, those of one sheet, has a comma for its decimal mark."""
    pairs = zip(columns, texts, strict=True)
    return have_commas(columns) and any(_has_decimal_comma(parsed, text) for parsed, text in pairs if parsed.odd.height)


def sure_numbers(parsed: Parsed, text: pl.Series, merged: pl.Series | None, commas: bool) -> Parsed:
    """Return the numbers of a column without those that may be meant otherwise: merged, or with points for commas.

    Of whole numbers that all have three digits behind a point nothing is told, but where a number of the sheet has a
    comma for its decimal mark (`commas`).
    """
    pointed = parsed.odd["mended"] == cell_numbers.POINT_READ
    if not commas and pointed.any() and text.str.contains(_THREE_ZEROS).fill_null(value=True).all():
        parsed = Parsed(parsed.values, parsed.odd.filter(~pointed.fill_null(value=False)))
    if merged is not None:
        parsed = barred(parsed, merged, "merged_number")
    if commas:
        either = text.str.contains(_EITHER).fill_null(value=False).arg_true()
        parsed = barred(parsed, either, "decimal_mark_unclear")
    return parsed


def _has_decimal_comma(parsed: Parsed, text: pl.Series) -> bool:
    said = text.gather(parsed.odd["place"]) if parsed.texts is None else parsed.texts
    likely = said.str.contains(",", literal=True)  # which most odd cells have not
    return bool(likely.any()) and bool(said.filter(likely).str.contains(_DECIMAL_COMMA).any())


def sure_items(parsed: Parsed, text: pl.Series, named: pl.Series | None) -> Parsed:
    """Return the values of items under a header in % without those that may be fractions already, and those of items
    that are no shares; `named` are the items of the rows, where they are known."""
    plain = text.cast(pl.Float64, strict=False)
    fraction = plain.is_between(0, items.fraction(), closed="right").fill_null(value=False)
    parsed = barred(parsed, fraction.arg_true(), "item_uncertain")
    if named is None:
        return parsed
    other = named.str.strip_chars().is_in(list(items.others())).fill_null(value=False)
    return barred(parsed, (other & plain.is_not_null()).arg_true(), "item_no_share")


def sure_shares(parsed: Parsed, text: pl.Series, unit: Unit | None, raws: list[RawSheet]) -> Parsed:
    """Return the shares of sheets, one below the other, without those that the rest of their sheet makes doubtful."""
    end = 0
    if unit is None and not (parsed.odd["broken"] == "share_above_one").any():
        return parsed
    for raw in raws:
        begin, end = end, end + int(raw.rows["data"].sum())
        mine = parsed.odd.filter(pl.col("place").is_between(begin, end, closed="left"))
        sheet = Parsed(parsed.values[begin:end], mine)
        places, rule = cell_numbers.uncertain_shares(sheet, text[begin:end], unit)
        parsed = barred(parsed, places + begin, rule)
    return parsed
