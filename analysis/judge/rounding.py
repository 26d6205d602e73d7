"""What a value is when it is compared with its target, and how it is shown so that it never contradicts the verdict.

Policy of exactness: a value computed in binary carries noise in its last digits (0.1 + 0.2 is 0.30000000000000004), so
value and
target are both rounded to twelve significant digits before they are compared, and only for that. No statistic that is
reported
to a county has more; a value that differs from its limit in the twelfth digit differs from it truly.
"""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from analysis.standards import Sense

DIGITS = 12


def exact(value: float) -> float:
    """Return `value` as it is compared: rounded to twelve significant digits."""
    return float(f"{value:.{DIGITS - 1}e}")


def half(places: int) -> float:
    """Return half a unit of the last of so many decimals: how far a rounded figure may be from what it was."""
    return 0.5 * 10.0**-places


def holds(value: float, target: float, sense: Sense) -> bool:
    """Return whether `value` meets `target`; at_least and at_most are closed, below and above are open."""
    number, limit = exact(value), exact(target)
    return {
        Sense.AT_LEAST: number >= limit,
        Sense.AT_MOST: number <= limit,
        Sense.BELOW: number < limit,
        Sense.ABOVE: number > limit,
    }[sense]


def apart(value: float, target: float, sense: Sense) -> float:
    """Return the margin of one value: positive on the good side, 0 where value and target compare as equal."""
    if exact(value) == exact(target):
        return 0.0
    return value - target if sense in (Sense.AT_LEAST, Sense.ABOVE) else target - value


def exactly(number: pl.Expr) -> pl.Expr:
    """Return `exact` as an expression."""
    return number.round_sig_figs(DIGITS)


def sided(value: pl.Expr, limit: pl.Expr, sense: Sense) -> pl.Expr:
    """Return whether `value` lies on the good side of `limit`, both exact already: null where one of them is."""
    return {
        Sense.AT_LEAST: value >= limit,
        Sense.AT_MOST: value <= limit,
        Sense.BELOW: value < limit,
        Sense.ABOVE: value > limit,
    }[sense]


def reaches(value: pl.Expr, target: pl.Expr, sense: Sense) -> pl.Expr:
    """Return `holds` as an expression: null where value or target is."""
    return sided(exactly(value), exactly(target), sense)


def margin(value: pl.Expr, target: pl.Expr, sense: Sense, equal: pl.Expr | None = None) -> pl.Expr:
    """Return `apart` as an expression; `equal` says whether they compare as equal, where that is known already."""
    distance = value - target if sense in (Sense.AT_LEAST, Sense.ABOVE) else target - value
    same = exactly(value) == exactly(target) if equal is None else equal
    return pl.when(same).then(0.0).otherwise(distance)


def shown(value: float, target: float | None, decimals: int, sense: Sense | None) -> str:
    """Return `value` with `decimals` places, and as many more as the shown figure needs to give the verdict of the
    value.

    Halves round away from zero, as readers do. 0.1496 against below 0.15 is "0.1496", for "0.15" would not be below
    it; 0.5 and
    0.5000000000000001 against at_most 0.50 are "0.50". Without target or sense nothing can be contradicted.
    """
    number = Decimal(repr(exact(value)))

    def at(places: int) -> Decimal:
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)

    if target is None or sense is None:
        return f"{at(decimals):f}"
    verdict = holds(value, target, sense)
    most = max(decimals, -int(number.as_tuple().exponent))
    places = next((n for n in range(decimals, most) if holds(float(at(n)), target, sense) == verdict), most)
    return f"{at(places):f}"
