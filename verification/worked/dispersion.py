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
