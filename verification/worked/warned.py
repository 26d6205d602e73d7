"""What a county is warned of in time: what is met and near its limit, what is not met for years running."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from verification.numbers import twelve
from verification.worked.calendar import Event, events, span
from verification.worked.case import Case
from verification.worked.deadlines import Due, open_in
from verification.worked.finding import BESIDE, Finding

#: Within this part of its limit something is near it; for so many years running what is not met is told of.
NEAR, LONG = Fraction(1, 20), 3
#: Rules that are met to the piece, and items without a distance from their target.
TO_THE_PIECE, WITHOUT = ("special_rooms", "small_school_funding"), ("level", "school_rule")


@dataclass(frozen=True)
class Warned:
    """A finding of a county: its margin in parts of the limit, and how many years running it is near, or not met."""

    finding: Finding
    part: Fraction
    years: int


def part(case: Case, one: Finding) -> Fraction | None:
    """Return the margin of what is met in parts of its limit; None where it can have none."""
    if one.verdict != "met" or one.margin is None or not one.target:
        return None
    item = case.standard.items.get(one.item, {})
    if item.get("rule") in TO_THE_PIECE or one.item in WITHOUT:
        return None
    if one.target == 1 and _share(case, one):
        return None
    return Fraction(twelve(abs(one.margin / one.target)))


def _share(case: Case, one: Finding) -> bool:
    """Whether a finding is a share of a whole."""
    if one.item.startswith(("floor_", "cv_")) or one.item in ("rate", "rate_own"):
        return False
    item = case.standard.items.get(one.item)
    if one.school:
        return item is not None and item.get("rule") == "training_funds"
    return item is None or bool(item.get("target") and item["target"]["unit"] == "share")


def _running(case: Case, id: str, holds: Callable[[Finding], bool]) -> int:
    """Return for how many years running up to this one a finding does something."""
    year = case.year
    while year in case.years and (one := case.finding(id, year)) is not None and holds(one):
        year -= 1
    return case.year - year


def _own(case: Case) -> Iterator[Finding]:
    yield from (one for one in case.now.findings.values() if not one.school and not one.item.startswith(BESIDE))


def is_near(case: Case, one: Finding) -> bool:
    """Whether a finding is met and near its limit."""
    found = part(case, one)
    return found is not None and found <= NEAR


def near(case: Case) -> list[Warned]:
    """Return what of the county is met and near its limit."""
    found = [one for one in _own(case) if is_near(case, one)]
    return [
        Warned(one, part(case, one) or Fraction(0), _running(case, one.id, lambda each: is_near(case, each)))
        for one in found
    ]


def near_schools(case: Case) -> dict[tuple[str, str], list[Finding]]:
    """Return the schools that meet an item of a stage and are near its limit, the nearest first."""
    found: dict[tuple[str, str], list[tuple[Fraction, str, Finding]]] = {}
    for one in case.now.findings.values():
        if one.school and is_near(case, one):
            found.setdefault((one.item, one.stage), []).append((part(case, one) or Fraction(0), one.id, one))
    return {key: [one for _, _, one in sorted(rows, key=lambda row: row[:2])] for key, rows in found.items()}


def targets(case: Case) -> list[Event]:
    """Return the targets that come into force in the twelve months to come."""
    return [one for one in events(case) if one.kind == "target"]


def falling(case: Case) -> list[Due]:
    """Return the open lines that fall due in the twelve months to come, both ends among them."""
    first, last = span(case)
    return [one for one in open_in(case) if one.day and first <= one.day <= last]


def unmet(case: Case) -> list[Warned]:
    """Return what of the county is not met."""
    found = [one for one in _own(case) if one.verdict == "not_met" and one.item != "all"]
    return [Warned(one, Fraction(0), _running(case, one.id, lambda each: each.verdict == "not_met")) for one in found]


def long(case: Case) -> list[Warned]:
    """Return what is not met for so many years running that it is told of."""
    return [one for one in unmet(case) if one.years >= LONG]
