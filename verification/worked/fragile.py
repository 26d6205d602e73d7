"""How many schools whose reports are overstated would turn 'met' on the resources, in exact arithmetic."""

from fractions import Fraction

from verification.worked.case import Case
from verification.worked.dispersion import known, pairs
from verification.worked.stages import STAGES

#: Tangents that are tried for the least number of schools.
TANGENTS = 65


def _rule_falls(case: Case, stage: str, error: Fraction) -> set[str]:
    """Return the schools that meet the school rule, and would not with all amounts overstated by `error`."""
    rule = case.standard.data["school_rule"]
    part, asked = Fraction(str(rule["rest_part"])), int(rule["must_meet"])
    fallen = set()
    for one in case.now.schools("school_rule", stage):
        if one.verdict != "met":
            continue
        ratios = sorted(
            found.value * (1 - error) / found.target
            for name in case.standard.indicators
            if (found := case.finding(f"resources.floor_{name}.{stage}.{one.school}"))
            and found.value is not None
            and found.target is not None
        )
        if sum(ratio >= 1 for ratio in ratios) < asked or ratios[0] < part:
            fallen.add(str(one.school))
    return fallen


def _limits(case: Case) -> list[tuple[dict[str, tuple[Fraction, Fraction]], Fraction]]:
    """Return amounts and pupils by school, and the limit, of each coefficient that is met."""
    found = []
    for name in case.standard.indicators:
        for stage in STAGES:
            one = case.finding(f"resources.cv_{name}.{stage}")
            if one is not None and one.verdict == "met" and one.target is not None:
                found.append((known(pairs(case.now.places, name, stage)), one.target))
    return found


def _excess(held: dict[str, tuple[Fraction, Fraction]], limit: Fraction, away: set[str], error: Fraction) -> Fraction:
    """Return what has the sign of the coefficient less its limit, with some schools' amounts less by `error`."""
    true = {school: (x * (1 - error) if school in away else x, p) for school, (x, p) in held.items()}
    pupils = sum((p for _, p in true.values()), Fraction(0))
    total = sum((x for x, _ in true.values()), Fraction(0))
    return pupils * sum((x * x / p for x, p in true.values()), Fraction(0)) - (1 + limit**2) * total**2


def alone(case: Case, error: Fraction) -> set[str]:
    """Return the schools each of which turns the verdict by itself."""
    turns = {school for stage in STAGES for school in _rule_falls(case, stage, error)}
    for held, limit in _limits(case):
        turns |= {school for school in held if _excess(held, limit, {school}, error) > 0}
    return turns


def least(case: Case, error: Fraction) -> int | None:
    """Return the least number of schools that turn it together; None where none do.

    Amounts overstated lower the sum: its square is at least what its tangent says, so the largest gains at a tangent
    bound what so many schools can do.
    """
    if alone(case, error):
        return 1
    numbers = [number for held, limit in _limits(case) if (number := _fewest(held, limit, error))]
    return min(numbers, default=None)


def _fewest(held: dict[str, tuple[Fraction, Fraction]], limit: Fraction, error: Fraction) -> int | None:
    pupils = sum((p for _, p in held.values()), Fraction(0))
    total = sum((x for x, _ in held.values()), Fraction(0))
    squares = pupils * sum((x * x / p for x, p in held.values()), Fraction(0))
    possible = len(held) + 1
    ruled_out = 0
    for step in range(TANGENTS):
        at = total * (1 - error * step / (TANGENTS - 1))
        slack = (1 + limit**2) * (2 * at * total - at * at) - squares
        gains = sorted(
            (
                2 * (1 + limit**2) * at * error * x - pupils * (2 * error - error**2) * x * x / p
                for x, p in held.values()
            ),
            reverse=True,
        )
        reached, number = Fraction(0), 0
        while number < len(gains) and gains[number] > 0 and reached <= slack:
            reached += gains[number]
            number += 1
        ruled_out = max(ruled_out, number - 1 if reached > slack else possible - 1)
    return ruled_out + 1 if ruled_out + 1 < possible else None
