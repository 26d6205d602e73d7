"""The schools of one township among those of its county: what they lack, and their part in each coefficient."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from verification.worked.case import Case
from verification.worked.dispersion import known, pairs
from verification.worked.finding import DECIDED, Finding
from verification.worked.shortfalls import Shortfall, shortfalls
from verification.worked.stages import STAGES, Place


@dataclass(frozen=True)
class Part:
    """A township's part in a coefficient: of the squares and of the pupils, and what a pupil has there and in all."""

    cv: Finding
    schools: int
    share: Fraction
    pupils: Fraction
    mean: Fraction
    county: Fraction


def codes(case: Case, township: str) -> set[str]:
    """Return the codes of a township's schools. Raises LookupError where there is none."""
    rows = case.county.rows("schools", case.year)
    found = {str(row["school"]) for row in rows if row.get("township") == township}
    if not found:
        raise LookupError(f"no school in {township}")
    return found


def places(case: Case, township: str) -> list[Place]:
    """Return its schools by stage."""
    mine = codes(case, township)
    return [one for one in case.now.places if one.school in mine]


def short(case: Case, township: str) -> list[Shortfall]:
    """Return what its schools lack below a floor, in the order of the indicators."""
    mine = codes(case, township)
    every = [one for stage in STAGES for name in case.standard.indicators for one in shortfalls(case, stage, name)]
    return [one for one in every if one.finding.school in mine]


def parts(case: Case, township: str) -> Iterator[Part]:
    """Yield the township's part in each coefficient that is judged."""
    mine = codes(case, township)
    for one in case.now.findings.values():
        name = one.item.removeprefix("cv_")
        if not one.item.startswith("cv_") or one.verdict not in DECIDED or name not in case.standard.indicators:
            continue
        found = case.now.coefficients[name, one.stage]
        held = known(pairs(case.now.places, name, one.stage))
        here = {school: pair for school, pair in held.items() if school in mine}
        if here:
            amount, pupils = (sum((pair[at] for pair in here.values()), Fraction(0)) for at in (0, 1))
            every = sum((pair[1] for pair in held.values()), Fraction(0))
            share = sum((found.parts[school] for school in here), Fraction(0))
            yield Part(one, len(here), share, pupils / every, amount / pupils, found.mean)
