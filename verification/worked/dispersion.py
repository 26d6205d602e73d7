"""The coefficient between schools (差异系数) in exact arithmetic, and what it would be if schools were otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from verification.numbers import root
from verification.worked.stages import Place

Pairs = Mapping[str, tuple[Fraction | None, Fraction | None]]


@dataclass(frozen=True)
class Coefficient:
    """`schools` count; `mean` per pupil, `cv`; `parts` of the square of the spread by school, adding up to 1."""

    schools: int
    mean: Fraction
    cv: Fraction | None
    parts: dict[str, Fraction]
    above: dict[str, bool]


def pairs(places: Iterable[Place], indicator: str, stage: str) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Return amount and pupils of the schools of a stage that are in scope."""
    return {one.school: (one.amounts[indicator], one.pupils) for one in places if one.stage == stage and not one.out}


def known(given: Pairs) -> dict[str, tuple[Fraction, Fraction]]:
    """Return those that have both, and pupils."""
    return {school: (x, p) for school, (x, p) in given.items() if x is not None and p is not None and p > 0}


def coefficient(given: Pairs) -> Coefficient | None:
    """Return mean and coefficient of amounts per pupil, weighted by pupils; None without a school."""
    held = known(given)
    pupils = sum((p for _, p in held.values()), Fraction(0))
    if not held:
        return None
    mean = sum((x for x, _ in held.values()), Fraction(0)) / pupils
    squares = {school: p * (x / p - mean) ** 2 for school, (x, p) in held.items()}
    total = sum(squares.values(), Fraction(0))
    cv = root(total / pupils) / mean if mean else None
    parts = {school: one / total if total else Fraction(0) for school, one in squares.items()}
    return Coefficient(len(held), mean, cv, parts, {school: x / p > mean for school, (x, p) in held.items()})


def without(given: Pairs, schools: Iterable[str]) -> Fraction | None:
    """Return the coefficient without some schools; None where fewer than two are left."""
    gone = set(schools)
    found = coefficient({school: one for school, one in given.items() if school not in gone})
    return found.cv if found and found.schools > 1 else None


def lifted(given: Pairs, amounts: Mapping[str, Fraction]) -> Fraction | None:
    """Return the coefficient with the amounts of some schools replaced."""
    found = coefficient({school: (amounts.get(school, x), p) for school, (x, p) in given.items()})
    return found.cv if found and found.schools > 1 else None


def between(places: Iterable[Place], indicator: str, stage: str) -> tuple[float, float] | None:
    """Return the least and the most that a coefficient can be where amounts are set aside; None where none are, or
    where one school stands alone.

    With C of the others and P their pupils, U those of the schools not known and u of the smallest of these, C^2 lies
    between P C^2 / (P + U (1 + C^2)), where they all have one value, and the greater of (P + U) / u - 1, where all is
    in one school, and (C^2 (P + U) + U) / P, where they have nothing.
    """
    mine = [one for one in places if one.stage == stage and not one.out]
    unknown = [float(one.pupils) for one in mine if indicator in one.lost and one.pupils]
    if not unknown or len(mine) < 2:
        return None
    others = coefficient(pairs(mine, indicator, stage))
    rest = float(sum((p for _, p in known(pairs(mine, indicator, stage)).values()), Fraction(0)))
    lost = sum(unknown)
    most = (rest + lost) / min(unknown) - 1
    if others is None or others.cv is None:
        return (rest / lost) ** 0.5 if rest else 0.0, most**0.5
    square = float(others.cv) ** 2
    least = square / (1 + (1 + square) * lost / rest)
    return least**0.5, max(most, (square * (rest + lost) + lost) / rest) ** 0.5
