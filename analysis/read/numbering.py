"""Rows under a header that number its columns: 甲 乙 1 2 3, 栏次 1 2 3=1+2, ① ② ③, A B C."""

import re
import unicodedata
from collections.abc import Sequence

from analysis.read.fields import header_words

_DASHES = frozenset("-—–－/")
_ARABIC = re.compile(r"[(（\[]?(\d{1,3})[)）\].、]?(?:=[\d+\-*/()]+)?")
#: Numerals from 0 to 10.
HAN = "零一二三四五六七八九十"
_FEWEST = 3


def numbers_columns(row: Sequence[str | None]) -> bool:
    """Tell whether a row numbers columns: each of its texts is a number in turn, from 0 or 1 and without a gap.

    Heavenly stems, a label of the row and dashes may stand before and between them.
    """
    texts = [text.replace(" ", "") for text in row if text]
    words = header_words()
    idle = words["numbering"] | words["stems"]
    counted = [text for text in texts if text not in idle and not set(text) <= _DASHES]
    marked = not any(text.isdecimal() for text in texts)  # (1), ① are no numbers of a school, be they but two
    if len(texts) < (2 if marked else _FEWEST) or len(counted) < 2:
        return False
    return any(_in_turn([ordinal(text) for text in counted]) for ordinal in (_arabic, _han, _letter))


def _in_turn(numbers: list[int | None]) -> bool:
    first = numbers[0]
    return first in (0, 1) and numbers == list(range(first, first + len(numbers)))


def _arabic(text: str) -> int | None:
    """Return 3 of 3, (3), ③ and 3=1+2."""
    match = _ARABIC.fullmatch(unicodedata.normalize("NFKC", text))
    return int(match[1]) if match else None


def _han(text: str) -> int | None:
    """Return 12 of 十二 and (十二)."""
    plain = text.strip("()（）、")
    tens, _, ones = plain.rpartition("十")
    if any(sign not in HAN for sign in plain) or not plain or len(plain) > 3:
        return None
    if "十" not in plain:
        return HAN.index(plain) if len(plain) == 1 else None
    return 10 * (HAN.index(tens) if tens else 1) + (HAN.index(ones) if ones else 0)


def _letter(text: str) -> int | None:
    """Return 3 of C and c."""
    return ord(text.upper()) - ord("A") + 1 if len(text) == 1 and text.isascii() and text.isalpha() else None
