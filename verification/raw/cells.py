"""What a raw cell says: a number as a fraction, a word, or nothing."""

import re
import unicodedata
from fractions import Fraction
from typing import Any

#: What stands for "there is none" where a number is expected.
NOTHING = {"", "-", "—", "－", "–", "/", "／", "无", "未填", "NA", "N/A"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "I": 1, "II": 2, "III": 3, "IV": 4}


class UnreadableError(ValueError):
    """A cell that is neither a number nor empty."""


def text(cell: Any) -> str:
    """Return a cell as text in half-width letters, without blanks at its ends."""
    return "" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip()


def number(cell: Any) -> Fraction | None:
    """Return the number that a cell holds, exactly as it is written; None where it holds none.

    Commas between thousands, full-width digits and a sign of per cent are read. Raises UnreadableError for all else.
    """
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Fraction(repr(cell))
    said = text(cell).replace(",", "").replace(" ", "")
    if said in NOTHING:
        return None
    share = said.endswith("%")
    said = said.removesuffix("%")
    if not _NUMBER.fullmatch(said):
        raise UnreadableError(text(cell))
    return Fraction(said) / (100 if share else 1)


def level(cell: Any) -> Fraction | None:
    """Return a level of the national monitoring, written in Roman or Arabic numerals."""
    said = text(cell).upper().removesuffix("级")
    if said in _ROMAN:
        return Fraction(_ROMAN[said])
    return number(cell)


def rewritten(cell: Any) -> str | None:
    """Return how a number that is written in another way than plain digits is mended; None where it is plain."""
    if not isinstance(cell, str):
        return None
    found = number(cell)
    raw = cell.strip()
    if found is None or (_NUMBER.fullmatch(raw) and raw.isascii()):
        return None
    return raw if raw.endswith("%") else plain(found)


def plain(value: Fraction) -> str:
    """Return a number in plain digits, without needless places: 46182, 22.72."""
    if value.denominator == 1:
        return str(value.numerator)
    said = f"{float(value):.12f}".rstrip("0")
    return said.rstrip(".")
