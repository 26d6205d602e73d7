"""What the early-warning sheet and the notice tell."""

import re

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import warned
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
        return not warned.targets(at.case)
    return not warned.falling(at.case)


def lost(at: At) -> Said:
    """Return how much is met and likely to be lost, as results.json foretells it."""
    if not at.case.foretold:
        raise LookupError("results.json foretells nothing")
    known = at.case.now.findings
    rows = [one for one in at.case.foretold["lost"] if one["finding"] in known and one["value"] is not None]
    return count(len(rows), Kind.TRACED)


def comes(at: At, what: str) -> Said:
    """Return how many targets come into force, or open lines fall due, in the twelve months to come."""
    found = warned.targets(at.case) if what == "target" else warned.falling(at.case)
    if not found:
        raise LookupError(f"no {what}")
    return count(len(found))


ALL: dict[str, Quantity] = {
    "warned": number,
    "warned_years": years,
    "warned_part": part,
    "warned_since": since,
    "warned_comes": comes,
    "warned_lost": lost,
}
CLAIMS: dict[str, Claim] = {"is_long": is_long, "all_long": all_long, "nothing_comes": nothing_comes}
