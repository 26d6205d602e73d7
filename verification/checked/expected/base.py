"""What the rows of expected tables are made of."""

from fractions import Fraction
from typing import Any

from verification import numbers
from verification.checked.kinds import Kind, Said

Row = dict[str, Said]


def form(text: Any, value: Fraction | None = None) -> Said:
    """Return words or numbers of structure."""
    return Said(str(text), Kind.FORM, value)


def traced(text: Any, value: Fraction | None = None) -> Said:
    """Return what a cell of a source says."""
    return Said(str(text), Kind.TRACED, value)


def count(number: int | Fraction, kind: Kind = Kind.WORKED) -> Said:
    """Return a count."""
    return Said(numbers.whole(number), kind, Fraction(number))
