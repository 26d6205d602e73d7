"""How far a verdict can be trusted."""

from fractions import Fraction

from verification.checked.kinds import Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import fragile

#: The overstatements of which a report tells.
TOLD = ("5%", "10%")


def _error(at: At) -> Fraction:
    return Fraction(at.found["e"].rstrip("%")) / 100


def overstated(at: At) -> Said:
    """Return the overstatement that a sentence names: one of those that are told."""
    return Said(at.found["e"] if at.found["e"] in TOLD else TOLD[0])


def turning(at: At) -> Said:
    """Return how many schools would turn the verdict on the resources, each alone."""
    return count(len(fragile.alone(at.case, _error(at))))


def together(at: At) -> Said:
    """Return how many schools would turn it together at least."""
    number = fragile.least(at.case, _error(at))
    if number is None:
        raise LookupError("no schools turn it")
    return count(number)


def turned_by(at: At, number: str) -> bool:
    """Return whether it is turned by one school alone, by several, or by none."""
    least = fragile.least(at.case, _error(at))
    return {"none": least is None, "one": least == 1, "several": least is not None and least > 1}[number]


ALL: dict[str, Quantity] = {"overstated": overstated, "turning": turning, "together": together}
CLAIMS: dict[str, Claim] = {"turned_by": turned_by}
