"""What the early-warning sheet and the notice tell."""

import re

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import calendar, warned
from verification.worked.due import due_year
from verification.worked.ledger import lines
from verification.worked.warned import LONG, NEAR


def number(at: At, which: str) -> Said:
    """Return how much is near its limit (in schools), not met, or not met for years."""
    return count(len(getattr(warned, which)(at.case)))


def years(at: At) -> Said:
    """Return for how many years running what is not met is told of."""
    return Said(str(LONG), Kind.RULE)


def part(at: At) -> Said:
    """Return within which part of its limit something is near."""
    return Said(numbers.part(NEAR), Kind.RULE)


def since(at: At) -> Said:
    """Return the first of the years in which the item named is not met."""
    found = next(one for one in warned.long(at.case) if one.finding.id == at.said["finding"])
    return Said(str(at.case.year - found.years + 1), Kind.FORM)


def is_long(at: At) -> bool:
    """Whether the item named is not met for so many years running that it is told of."""
    return any(one.finding.id == at.said["finding"] for one in warned.long(at.case))


def all_long(at: At) -> bool:
    """Whether the items that the paragraph names are those that are not met for years, each once."""
    said = re.findall(f"(?:{at.words.slot('finding')})(?=（| ?\\(since)", at.block.text)
    return sorted(at.words.found[one] for one in said) == sorted(one.finding.id for one in warned.long(at.case))


def nothing_comes(at: At, what: str) -> bool:
    """Whether no target comes into force, or no line falls due, in the twelve months to come."""
    if what == "target":
        return not [one for one in calendar.events(at.case) if one.kind == "target"]
    first, last = calendar.span(at.case)
    over = at.case.plan_over
    standard = over.standard if over else at.case.standard
    held = [one for one in lines(at.case).values() if one.state != "closed"]
    due = [due_year(standard, one.finding.item, one.finding.stage, at.case.now.day) for one in held]
    return not any(year is not None and first.year <= year < last.year for year in due)


ALL: dict[str, Quantity] = {"warned": number, "warned_years": years, "warned_part": part, "warned_since": since}
CLAIMS: dict[str, Claim] = {"is_long": is_long, "all_long": all_long, "nothing_comes": nothing_comes}
