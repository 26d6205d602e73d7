"""What the forms tell: pupils with those who report none, years since the certificate, counts of a chapter."""

from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.checked.quantities.counts import items


def pupils(at: At, which: str) -> Said:
    """Return the pupils of a stage whose schools tell them, or how many schools report none."""
    told = [one.pupils for one in at.case.now.places if one.stage == at.stage]
    known = [one for one in told if one is not None]
    if which == "silent":
        if len(known) == len(told):
            raise LookupError("all report their pupils")
        return count(len(told) - len(known))
    return count(sum(known, Fraction(0)))


def certified(at: At) -> Said:
    """Return the years since the certificate of basic balance, as the county reports them."""
    found = next(one for one in at.case.now.findings.values() if one.item == "basic_balance_years")
    assert found.value is not None
    return Said(numbers.trimmed(numbers.places(found.value, 1)), Kind.TRACED, found.value)


def unknown(at: At) -> Said:
    """Return how many schools of a stage have no verdict on their rule."""
    found = at.case.now.schools("school_rule", at.stage)
    return count(sum(one.verdict not in ("met", "not_met") for one in found))


def of_chapter(at: At, verdict: str = "") -> Said:
    """Return the items of the field that the chapter is about."""
    word = at.case.standard.word
    part = at.block.part.lower()
    field = next(
        one for one in ("government", "quality") if word("fields", one, at.case.lang).split()[0].lower() in part
    )
    return items(at, field, verdict)


def all_told(at: At) -> bool:
    """Whether every verdict that items have is counted."""
    held = {one.verdict for one in at.case.now.of_field("overall")} - {"not_applicable", "not_in_force"}
    slots = {"met": "b", "not_met": "c", "undecidable": "d", "no_data": "e"}
    return all(one in slots and at.found[slots[one]] is not None for one in held)


def recognised(at: At) -> bool:
    """Whether recognition has the verdict named; none is named where no target is set."""
    one = at.finding("recognition.recognition")
    if one.target is None:
        return "verdict" not in at.said
    return at.said.get("verdict") == one.verdict


ALL: dict[str, Quantity] = {
    "form_pupils": pupils,
    "form_certified": certified,
    "form_unknown": unknown,
    "form_items": of_chapter,
}
CLAIMS: dict[str, Claim] = {"form_all_told": all_told, "form_recognition": recognised}
