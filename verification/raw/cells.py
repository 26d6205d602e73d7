"""What a raw cell says: a number as a fraction, a word, or nothing."""

import re
import unicodedata
from fractions import Fraction
from typing import Any

#: What stands for "there is none" where a number is expected.
NOTHING = {
    *("", "-", "--", "---", "—", "——", "－", "–", "―", "ー", "/", "//", "／", "\\", "无", "空", "缺", "无数据", "未填"),
    *(".", "..", "...", "......", "*", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN"),
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?")
_MONTH = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})(?:月|(?:[-月/.]\d{1,2}日?.*))?|(\d{4})(\d{2})")
_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "I": 1, "II": 2, "III": 3, "IV": 4}


class UnreadableError(ValueError):
    """A cell that does not say what its column asks for: the rule that it breaks, what it says, any number there."""

    def __init__(self, rule: str, said: str, value: Fraction | None = None) -> None:
        super().__init__(said)
        self.rule, self.said, self.value = rule, said, value


def text(cell: Any) -> str:
    """Return a cell as text in half-width letters, without blanks at its ends."""
    return "" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip()


def number(cell: Any, unit: str = "") -> Fraction | None:
    """Return the number that a cell holds, exactly as it is written; None where it holds none.

    Commas between thousands, full-width digits, a sign of per cent and the `unit` that its header names are read.
    Raises UnreadableError for all else.
    """
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Fraction(repr(cell))
    said = text(cell).replace(",", "").replace(" ", "")
    if said in NOTHING:
        return None
    if unit and unit != "%":
        said = said.removesuffix(unit)
    share = said.endswith("%")
    said = said.removesuffix("%")
    if not _NUMBER.fullmatch(said):
        raise UnreadableError("text_in_number", text(cell))
    return Fraction(said) / (100 if share else 1)


def level(cell: Any) -> Fraction | None:
    """Return a level of the national monitoring, written in Roman or Arabic numerals."""
    said = text(cell).upper().removesuffix("级")
    if said in _ROMAN:
        return Fraction(_ROMAN[said])
    try:
        return number(cell)
    except UnreadableError as fault:
        raise UnreadableError("level_unreadable", fault.said) from fault


def month(cell: Any) -> str:
    """Return a month, 1998-09, of a day or month however it is written; "" where there is none."""
    if hasattr(cell, "year"):
        return f"{cell.year:04}-{cell.month:02}"
    said = text(cell)
    if said in NOTHING:
        return ""
    found = _MONTH.fullmatch(said)
    if found is None:
        raise UnreadableError("month_missing" if re.fullmatch(r"\d{4}年?", said) else "date_unreadable", said)
    year, number_of = int(found[1] or found[3]), int(found[2] or found[4])
    if not 1 <= number_of <= 12:
        raise UnreadableError("date_unreadable", said)
    return f"{year:04}-{number_of:02}"


def rewritten(cell: Any, unit: str = "") -> str | None:
    """Return how a number that is written in another way than plain digits is mended; None where it is plain."""
    if not isinstance(cell, str):
        return None
    found = number(cell, unit)
    if found is None or _PLAIN.fullmatch(cell.strip()):
        return None
    return plain(found)


def plain(value: Fraction) -> str:
    """Return a number in plain digits, without needless places: 46182, 22.72."""
    if value.denominator == 1:
        return str(value.numerator)
    said = f"{float(value):.12f}".rstrip("0")
    return said.rstrip(".")
