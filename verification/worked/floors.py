"""Floors of indicators school by school, the rule that a school meets by them, and the share of schools that do."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification.rules import NOT_IN_FORCE, SET, UNSET, fraction, holds
from verification.worked.finding import DECIDED, Finding, joined, judged

if TYPE_CHECKING:
    from verification.worked.findings import Year
    from verification.worked.stages import Place


@dataclass(frozen=True)
class Floor:
    """An indicator's floor in a stage: its state, the value in force, and the one that schools are held to now."""

    name: str
    state: str
    target: Fraction | None
    asked: Fraction | None
    counts: bool


def of_stage(y: "Year", stage: str) -> list[Floor]:
    """Return the floors of a stage. Where none that counts is in force yet, schools are held to those to come."""
    given = {name: one["floor"] for name, one in y.standard.indicators.items() if one.get("floor")}
    states = {name: y.standard.state(one, y.day, stage) for name, one in given.items()}
    counts = {name: bool(y.standard.indicators[name].get("counts", True)) for name in given}
    early = all(states[name][0] == NOT_IN_FORCE for name in given if counts[name])
    found = []
    for name, (state, target) in states.items():
        coming = y.standard.coming(given[name], y.day, stage) if early and state == NOT_IN_FORCE else None
        found.append(Floor(name, state, target, coming if target is None else target, counts[name]))
    return found


def rules(y: "Year", stage: str, inside: "list[Place]") -> Iterator[Finding]:
    """Yield the floors of each school of a stage, and whether it meets the rule by them."""
    known = of_stage(y, stage)
    rule = y.standard.data.get("school_rule")
    for place in inside:
        yield from (_floor(y, place, one) for one in known)
        if rule:
            yield _rule(y, place, [one for one in known if one.counts], rule)


def _floor(y: "Year", place: "Place", floor: Floor) -> Finding:
    value = place.per_pupil(floor.name, y.standard)
    return Finding(
        f"resources.floor_{floor.name}.{place.stage}.{place.school}",
        "resources",
        f"floor_{floor.name}",
        place.stage,
        school=place.school,
        value=value,
        target=floor.target,
        coming=floor.asked if floor.target is None else None,
        sense="at_least",
        verdict="undecidable"
        if floor.state == SET and floor.name in place.lost
        else judged(value, floor.target, "at_least", floor.state),
        data_year=y.counted,
    )


def _rule(y: "Year", place: "Place", floors: list[Floor], rule: dict[str, Any]) -> Finding:
    """Judge a school at best and at worst: what is not known is met, and nearly met, or it is not."""
    must, part = int(rule["must_meet"]), fraction(rule["rest_part"])
    values = {one.name: place.per_pupil(one.name, y.standard) for one in floors}
    met = [_reaches(values[one.name], one.asked, Fraction(1)) for one in floors]
    near = [_reaches(values[one.name], one.asked, part) for one in floors]
    sure, possible = met.count(True), len(met) - met.count(False)
    if all(one.state == NOT_IN_FORCE for one in floors):
        verdict = NOT_IN_FORCE
    elif possible < must or False in near:
        verdict = "not_met"
    elif sure >= must and all(near):
        verdict = "met"
    elif any(one.state == SET and one.name in place.lost for one in floors):
        verdict = "undecidable"
    elif any(one.state == SET and values[one.name] is None for one in floors):
        verdict = "no_data"
    else:
        verdict = UNSET
    return Finding(
        f"resources.school_rule.{place.stage}.{place.school}",
        "resources",
        "school_rule",
        place.stage,
        school=place.school,
        value=None if verdict == UNSET else Fraction(sure),
        target=Fraction(must),
        sense="at_least",
        verdict=verdict,
        data_year=y.counted,
        told={"would": sure >= must and all(near)},
    )


def _reaches(value: Fraction | None, asked: Fraction | None, part: Fraction) -> bool | None:
    return None if value is None or asked is None else holds(value, asked * part, "at_least")


def schools(y: "Year", stage: str, found: list[Finding]) -> Finding:
    """Return the share of a stage's schools that meet the rule, or would before it is in force."""
    rule = y.standard.data["school_rule"]["schools"]
    state, target = y.standard.state(rule["values"], y.day, stage)
    verdicts = [one.verdict for one in found]
    open_ = [one for one in verdicts if one not in DECIDED]
    sure = sum(one.verdict == "met" or (one.verdict == NOT_IN_FORCE and one.told["would"]) for one in found)
    share = Fraction(sure, len(found))
    best = Fraction(verdicts.count("met") + len(open_), len(found))
    if target is None:
        verdict = state
    elif holds(share, target, rule["sense"]):
        verdict = "met"
    elif not holds(best, target, rule["sense"]):
        verdict = "not_met"
    else:
        verdict = NOT_IN_FORCE if joined(open_) == "not_applicable" else joined(open_)
    return Finding(
        f"resources.schools.{stage}",
        "resources",
        "schools",
        stage,
        value=None if verdict == UNSET else share,
        target=target,
        sense=rule["sense"],
        verdict=verdict,
        data_year=y.counted,
    )
