"""What is foretold is traced to the rows of results.json, which are held there; what was gained is worked out."""

from fractions import Fraction
from typing import Any

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import gained

#: What is told no closer.
LEAST = Fraction(1, 100)


def _told(at: At) -> dict[str, Any]:
    if not at.case.foretold:
        raise LookupError("results.json foretells nothing")
    return at.case.foretold


def last(at: At) -> Said:
    """Return the last year that is looked at."""
    return Said(str(_told(at)["years"][-1]), Kind.TRACED)


def level(at: At) -> Said:
    """Return with what probability intervals hold."""
    return Said(numbers.percent(Fraction(str(_told(at)["level"]))).replace(".0%", "%"), Kind.RULE)


def _pupils(at: At) -> dict[str, Any]:
    rows = [row for row in _told(at)["enrolment"] if row["stage"] == at.stage]
    return dict(rows[-1])


def foretold_pupils(at: At, name: str) -> Said:
    """Return pupils of a stage in the last year, or an end of their interval."""
    value = Fraction(_pupils(at)[name])
    return Said(numbers.places(value, 0), Kind.TRACED, value)


def taught(at: At) -> Said:
    """Return all pupils of a stage this year."""
    return count(gained.taught(at.case, at.stage))


def _row(at: At) -> dict[str, Any]:
    item = f"cv_{at.indicator}"
    rows = [row for row in _told(at)["values"] if (row["item"], row["stage"]) == (item, at.stage)]
    return dict(rows[-1])


def foretold_cv(at: At, name: str) -> Said:
    """Return a coefficient of the last year, or an end of its interval."""
    value = Fraction(_row(at)[name])
    return Said(numbers.places(value, 2), Kind.TRACED, value)


def foretold_chance(at: At) -> Said:
    """Return how likely a coefficient is within its limit: no closer than one in a hundred."""
    value = Fraction(_row(at)["probability"])
    if value < LEAST:
        return Said("1%", Kind.TRACED)
    if value > 1 - LEAST:
        return Said("99%", Kind.TRACED)
    return Said(
        numbers.percent(Fraction(round(float(value), 2)).limit_denominator(100)).replace(".0%", "%"), Kind.TRACED
    )


def foretold_part(at: At, name: str) -> Said:
    """Return what pupils or resources do to a coefficient, without its sign."""
    value = abs(Fraction(_row(at)[name]))
    return Said(numbers.places(max(value, LEAST), 2), Kind.TRACED)


def foretold_lost(at: At) -> Said:
    """Return how many items are likely to be lost next year."""
    return Said(str(sum(row["year"] == at.case.year + 1 for row in _told(at)["lost"])), Kind.TRACED)


def foretold_tried(at: At, name: str) -> Said:
    """Return how a forecast of a year before held: from which year, of how many series, in how many."""
    return Said(
        f"{_told(at)['past']['tried'][name]:,}" if name != "from" else str(_told(at)["past"]["tried"][name]),
        Kind.TRACED,
    )


def foretold_targets(at: At, which: str = "all") -> Said:
    """Return how many targets of the plan lie ahead, or are likely met."""
    rows = _told(at)["milestones"]
    return Said(str(sum(which == "all" or (row["probability"] or 0) >= 1 / 2 for row in rows)), Kind.TRACED)


def newly(at: At, which: str = "all") -> Said:
    """Return how many floors are met now and were not in the first year; `leaving`: only because pupils left."""
    number, leaving = gained.gained(at.case)
    return count(leaving if which == "leaving" else number)


def foretold_words(at: At) -> bool:
    """Return whether the words say which way pupils and resources move a coefficient, and how likely it is met."""
    row, text = _row(at), at.found[0]
    first, second = (text.split("资源变动") if at.case.lang == "zh" else text.split(" and resources "))[-2:]
    words = {"zh": ("使其上升", "使其下降", "影响不足"), "en": ("raising it", "lowering it", "by less than")}[
        at.case.lang
    ]
    few, many = {"zh": ("不足", "超过"), "en": ("less than", "more than")}[at.case.lang]
    chance = Fraction(row["probability"])
    odds = first.split("学生数变动" if at.case.lang == "zh" else ", enrolment ")[0]
    said = [(few if chance < LEAST else many if chance > 1 - LEAST else "") in odds]
    said += [(few in odds) == (chance < LEAST), (many in odds) == (chance > 1 - LEAST)]
    for part, name in ((first, "by_enrolment"), (second, "by_amounts")):
        value = Fraction(row[name])
        said.append(words[2 if abs(value) < LEAST else 0 if value > 0 else 1] in part)
    return all(said)


def none_left(at: At) -> bool:
    """Return whether no floor was reached only because pupils left."""
    return gained.gained(at.case)[1] == 0


ALL: dict[str, Quantity] = {
    "foretold_last": last,
    "foretold_level": level,
    "foretold_pupils": foretold_pupils,
    "taught": taught,
    "foretold_cv": foretold_cv,
    "foretold_chance": foretold_chance,
    "foretold_part": foretold_part,
    "foretold_lost": foretold_lost,
    "foretold_tried": foretold_tried,
    "foretold_targets": foretold_targets,
    "newly": newly,
}
CLAIMS: dict[str, Claim] = {"foretold_words": foretold_words, "none_left": none_left}
