"""Whether rows of schools refute what a county reports of an item: its figure, or its answer."""

from fractions import Fraction
from typing import Any

from verification.rules import fraction, holds
from verification.worked.figures import OfRows
from verification.worked.finding import Finding

#: A share is typed to whole per cents at the coarsest.
PERCENT = 2


def _places(typed: Fraction) -> int:
    """Return with how many decimals a figure was typed."""
    places = 0
    while (typed * 10**places).denominator > 1:
        places += 1
    return places


def figure(item: dict[str, Any], base: Finding, typed: Fraction, shown: OfRows) -> bool:
    """Whether a typed figure is another than what rows come to, rounded as it was typed, or on the other side of its
    target; a share above 1 was not meant as one."""
    share = item["target"]["unit"] == "share"
    if share and typed > 1:
        return False
    half = Fraction(1, 2 * 10 ** max(_places(typed), PERCENT if share else 0))
    within = fraction(item["rows"].get("within") or 0) * typed
    if abs(typed - shown.value) > max(half, within):
        return True
    return base.target is not None and len({holds(one, base.target, base.sense) for one in (typed, shown.value)}) > 1


def answer(item: dict[str, Any], said: str, shown: OfRows) -> bool:
    """Whether rows answer an item the other way; a number that is ours does not refute what a county falls short of."""
    if said == "no" and item["rows"].get("assumed"):
        return False
    return shown.met is not None and (said == "yes") != shown.met
