"""How a number is printed: rounded half away from zero, with as many places as its verdict needs."""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from math import ceil

from verification.rules import holds

_WIDE = Context(prec=60)
MINUS = "−"
#: Levels of the monitoring as they are printed.
ROMAN = {
    "zh": {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"},
    "en": {1: "I", 2: "II", 3: "III", 4: "IV"},
}


def root(value: Fraction) -> Fraction:
    """Return the square root to fifty digits."""
    with localcontext(_WIDE):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def twelve(value: Fraction) -> Decimal:
    """Return a number at twelve significant digits, as it is compared and shown."""
    with localcontext(_WIDE):
        wide = Decimal(value.numerator) / Decimal(value.denominator)
    return Context(prec=12, rounding="ROUND_HALF_EVEN").plus(wide)


def grouped(text: str) -> str:
    """Return a decimal with commas between thousands and the sign of a printed page."""
    digits = text.removeprefix("-")
    whole, point, places = digits.partition(".")
    sign = MINUS if text.startswith("-") and Decimal(digits) else ""
    return f"{sign}{int(whole):,}{point}{places}"


def places(value: Fraction, number: int) -> str:
    """Return a number with fixed places."""
    quantum = Decimal(1).scaleb(-number)
    return grouped(f"{twelve(value).quantize(quantum, rounding=ROUND_HALF_UP):f}")


def judged(value: Fraction, number: int, target: Fraction | None, sense: str | None) -> str:
    """Return a number with `number` places, more where fewer would look as if it had another verdict."""
    if target is None or sense is None:
        return places(value, number)
    verdict = holds(value, target, sense)
    for more in range(number, 13):
        said = places(value, more)
        if holds(Fraction(said.replace(",", "").replace(MINUS, "-")), target, sense) == verdict:
            return said
    return places(value, 12)


def trimmed(text: str) -> str:
    """Return a decimal without zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Fraction, target: Fraction | None = None, sense: str | None = None) -> str:
    """Return a share: 85.3%; 100% and 0% without places."""
    said = judged(value * 100, 1, None if target is None else target * 100, sense)
    return f"{trimmed(said) if value in (0, 1) else said}%"


def part(value: Fraction) -> str:
    """Return a share that a rule names: 85%."""
    return f"{trimmed(places(value * 100, 1))}%"


def whole(value: Fraction | int) -> str:
    """Return a count: 1,186."""
    return places(Fraction(value), 0)


def mends(value: Fraction) -> str:
    """Return a missing amount as the whole number that mends it."""
    return whole(ceil(Fraction(twelve(value))))


def signed(value: Fraction, number: int) -> str:
    """Return a change with its sign."""
    said = places(value, number)
    return said if said.startswith(MINUS) or not Fraction(said.replace(",", "")) else f"+{said}"
