"""A part of a whole as people write it: 5%, 5 %, ５％, 0.05 and 5 are read alike."""

import re
import unicodedata

from analysis import sources
from analysis.errors import RequestError

_NUMBER = re.compile(r"(\d{1,9}(?:[.,]\d{1,12})?|\.\d{1,12}) ?(%?)", re.ASCII)


def part(option: str, text: str) -> float | None:
    """Return a part from 0 to less than 1, None for an empty word.

    A number without sign counts as per cent where it is more than 1. Raises RequestError for a 1, which may be the
    whole or one per cent, and for anything else.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    fits = _NUMBER.fullmatch(plain)
    if not fits:
        raise RequestError("part_wrong", option=option, value=sources.shown(text))
    number, sign = float(fits[1].replace(",", ".")), fits[2]
    if number == 1 and not sign:
        raise RequestError("part_unclear", option=option, value=sources.shown(text))
    share = number / 100 if sign or number > 1 else number
    if share >= 1:
        raise RequestError("part_wrong", option=option, value=sources.shown(text))
    return share
