"""What the sheet of one school tells: its pupils and classes, how many floors it meets, how shared assets are split."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected import school as sheet
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.checked.shown import Shown, word
from verification.rules import fraction
from verification.worked.finding import Finding
from verification.worked.stages import LEVELS, Place


def _place(at: At) -> Place:
    found = [one for one in at.case.now.places if one.school == at.said["school"]]
    return next(one for one in found if at.said.get("stage", one.stage) == one.stage)


def _rule(at: At) -> Finding:
    found = at.case.now.schools("school_rule", str(at.said.get("stage", "")))
    return next(one for one in found if one.school == at.said["school"])


def code(at: At) -> Said:
    """Return the code of the school."""
    return Said(str(at.said["school"]), Kind.FORM)


def met(at: At) -> Said:
    """Return how many floors the school meets."""
    value = _rule(at).value
    assert value is not None
    return count(value)


def pupils(at: At) -> Said:
    """Return the pupils of the school in a stage."""
    found = _place(at).pupils
    assert found is not None
    return count(found, Kind.TRACED)


def classes(at: At) -> Said:
    """Return the classes of the school in a stage."""
    found = _place(at).classes
    assert found is not None
    return count(found, Kind.TRACED)


def _split(at: At) -> tuple[Fraction, Fraction, Fraction]:
    """Return the pupils of the level that the sentence names, what each counts, and their part of the whole."""
    row = next(r for r in at.case.county.rows("schools", at.case.year) if r["school"] == at.said["school"])
    levels = at.case.standard.data["school_types"][row["school_type"]]
    held = {level: (row[f"pupils_{level}"], fraction(levels[level])) for level in LEVELS if level in levels}
    whole = sum((number * weight for number, weight in held.values()), Fraction(0))
    name = next(level for level in held if word("levels", level, at.case.lang) == at.found["level"])
    number, weight = held[name]
    return number, weight, number * weight / whole


def split(at: At, which: str) -> Said:
    """Return the pupils of a level, what each of them counts, or the part that they get of what is shared."""
    number, weight, part = _split(at)
    if which == "pupils":
        return count(number, Kind.TRACED)
    return Said(numbers.places(weight, 2), Kind.RULE) if which == "weight" else Said(numbers.percent(part))


def more(at: At) -> Said:
    """Return how many lines of the ledger the sheet does not list."""
    return count(sheet.more(Shown(at.case), str(at.said["school"])))


def unmet(at: At) -> bool:
    """Whether the indicators named are those below their floors, all of them."""
    stage = _rule(at).stage
    found = at.case.now.findings.values()
    mine = [one for one in found if one.school == at.said["school"] and one.stage == stage and one.verdict == "not_met"]
    return {one.item for one in mine if one.item.startswith("floor_")} == {f"floor_{name}" for name in at.said["inds"]}


def verdict(at: At) -> bool:
    """Whether the school has the verdict that its sheet begins with."""
    return _rule(at).verdict == str(at.said["verdict"])


ALL: dict[str, Quantity] = {
    "sheet_code": code,
    "sheet_met": met,
    "sheet_pupils": pupils,
    "sheet_classes": classes,
    "sheet_split": split,
    "sheet_more": more,
}
CLAIMS: dict[str, Claim] = {"sheet_unmet": unmet, "sheet_verdict": verdict}
