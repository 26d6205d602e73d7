"""What is said where the coefficients of a stage are judged together, and the single ones only measured."""

import re

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count, value
from verification.rules import COMPOSITE
from verification.worked import movers
from verification.worked.finding import Finding

#: How many of the single coefficients are named as the highest.
NAMED = 3


def _stage(at: At) -> str:
    """Return the stage of the sentence, else that which its paragraph named last."""
    if "stage" in at.said:
        return str(at.said["stage"])
    named = re.findall(at.words.slot("stage"), at.block.text[: at.found.start()])
    return str(at.words.id("stage", named[-1]))


def _together(at: At, which: str = "") -> Finding:
    return at.finding(f"resources.cv_{COMPOSITE}.{_stage(at)}", which)


def together(at: At, which: str = "value") -> Said:
    """Return the composite of the sentence's stage, this year or the year before, or its limit."""
    one = _together(at, "before" if which == "before" else "")
    if which == "limit":
        assert one.target is not None
        return Said(numbers.places(one.target, 2), Kind.RULE, one.target)
    return value(one, 2, judged=which != "before")


def together_schools(at: At) -> Said:
    """Return how many schools of the sentence's stage are in scope."""
    return count(len(at.case.now.inside(_stage(at))))


def single(at: At) -> Said:
    """Return the single coefficient of an indicator, in the stage of the sentence."""
    found = at.case.now.coefficients[at.indicator, _stage(at)].cv
    assert found is not None
    return Said(numbers.places(found, 2), Kind.WORKED, found)


def singles(at: At, which: str) -> Said:
    """Return of how many coefficients a composite is the mean (`of_stage`), how many both years have, or moved."""
    now, before = at.case.now.coefficients, at.year("before").coefficients
    if which == "of_stage":
        return count(sum(stage == _stage(at) for _, stage in now))
    pairs = [(now[key].cv, before[key].cv) for key in now if key in before]
    held = [(one, other) for one, other in pairs if one is not None and other is not None]
    return count(len(held) if which == "all" else sum(abs(one - other) >= movers.MOVED for one, other in held))


def single_is_high(at: At) -> bool:
    """Whether a single coefficient is one of the highest of its stage."""
    held = {name: one.cv or 0 for (name, stage), one in at.case.now.coefficients.items() if stage == _stage(at)}
    return at.indicator in sorted(held, key=lambda name: -held[name])[:NAMED]


def together_moved(at: At, which: str) -> bool:
    """Whether the composite of the sentence's stage rose or fell by what counts."""
    one = next(each for each in movers.moved(at.case) if (each.indicator, each.stage) == (COMPOSITE, _stage(at)))
    return one.changed and (one.difference > 0) == (which == "rose")


def together_is(at: At) -> bool:
    """Whether the composite of the sentence's stage has the verdict that the words say."""
    return bool(_together(at).verdict == at.said["verdict"])


ALL: dict[str, Quantity] = {
    "together": together,
    "together_schools": together_schools,
    "single": single,
    "singles": singles,
}
CLAIMS: dict[str, Claim] = {
    "single_is_high": single_is_high,
    "together_moved": together_moved,
    "together_is": together_is,
}
