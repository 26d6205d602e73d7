"""Schools below a floor: what each lacks, and what the coefficient would be if they did not."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from verification.numbers import twelve
from verification.rules import fraction
from verification.worked.case import Case
from verification.worked.dispersion import coefficient, lifted, pairs, without
from verification.worked.finding import Finding

#: Schools that hold this part of the difference together are told to drive it, at most so many.
DRIVEN, MOST = Fraction(1, 2), 3


@dataclass(frozen=True)
class Shortfall:
    """`missing` whole units up to the floor; `enough` up to what the school rule asks, None where that is no less."""

    finding: Finding
    missing: int
    breaks: bool
    enough: int | None

    @property
    def part(self) -> Fraction:
        """Return the value as a part of the floor."""
        assert self.finding.value is not None
        assert self.finding.target
        return self.finding.value / self.finding.target


def _up(amount: Fraction) -> int:
    return ceil(Fraction(twelve(amount)))


def shortfalls(case: Case, stage: str, indicator: str) -> list[Shortfall]:
    """Return the schools of a stage below an indicator's floor, farthest below first."""
    rule = case.standard.data["school_rule"]
    number = len(case.standard.indicators)
    per = fraction(case.standard.indicators[indicator]["per"])
    pupils = {one.school: one.pupils for one in case.now.inside(stage)}
    found = []
    for one in case.now.schools(f"floor_{indicator}", stage):
        if one.verdict != "not_met" or one.value is None or one.target is None:
            continue
        school = case.now.findings[f"resources.school_rule.{stage}.{one.school}"]
        scale = (pupils[one.school] or 0) / per
        missing = _up((one.target - one.value) * scale)
        breaks, enough = school.verdict == "not_met", None
        if breaks and school.value is not None and number - school.value <= number - rule["must_meet"]:
            needed = _up((fraction(rule["rest_part"]) * one.target - one.value) * scale)
            enough = needed if needed < missing else None
        found.append(Shortfall(one, missing, breaks, enough))
    return sorted(found, key=lambda one: (one.part, one.finding.school))


def drivers(case: Case, stage: str, indicator: str) -> list[tuple[str, Fraction]]:
    """Return the schools that drive a difference, with their parts of it, largest first."""
    parts = case.now.coefficients[indicator, stage].parts
    taken: list[tuple[str, Fraction]] = []
    for school, part in sorted(parts.items(), key=lambda one: (-one[1], one[0]))[:MOST]:
        taken.append((school, part))
        if sum((each for _, each in taken), Fraction(0)) >= DRIVEN:
            break
    return taken


def cv_without(case: Case, stage: str, indicator: str) -> Fraction | None:
    """Return the coefficient of all schools but those that drive the difference."""
    held = pairs(case.now.places, indicator, stage)
    return without(held, [school for school, _ in drivers(case, stage, indicator)])


def _floors(case: Case, stage: str, indicator: str) -> dict[str, Fraction]:
    per = fraction(case.standard.indicators[indicator]["per"])
    floor = case.standard.floor(indicator, stage, case.now.day)
    assert floor is not None
    return {one.school: floor * (one.pupils or 0) / per for one in case.now.inside(stage)}


def cv_lifted(case: Case, stage: str, indicator: str, how: str, school: str = "") -> Fraction | None:
    """Return the coefficient with schools lifted: all to the floor (`mended`), those that miss the rule to what it asks
    (`eased`), or one `school` to its floor (`alone`)."""
    held = pairs(case.now.places, indicator, stage)
    floors = _floors(case, stage, indicator)
    short = shortfalls(case, stage, indicator)
    if how == "alone":
        return lifted(held, {school: floors[school]})
    if how == "mended":
        return lifted(held, {one.finding.school: floors[one.finding.school] for one in short})
    part = fraction(case.standard.data["school_rule"]["rest_part"])
    return lifted(held, {one.finding.school: floors[one.finding.school] * part for one in short if one.breaks})


def matters(case: Case) -> int:
    """Return how many things keep the verdict from being met: an indicator of a stage, a subject and grade, an item."""
    found = 0
    for stage in ("primary", "junior"):
        for indicator in case.standard.indicators:
            cv = case.finding(f"resources.cv_{indicator}.{stage}")
            if cv is None:
                continue
            found += cv.verdict == "not_met" or any(one.breaks for one in shortfalls(case, stage, indicator))
    subjects = {
        (one.subject, one.grade)
        for one in case.now.findings.values()
        if one.item in ("level", "rate") and one.verdict == "not_met"
    }
    items = [
        one
        for one in case.now.findings.values()
        if one.verdict == "not_met"
        and not one.school
        and (one.item in case.standard.items or one.item == "recognition")
    ]
    return found + len(subjects) + len(items)


def mean_of(held: dict[str, tuple[Fraction | None, Fraction | None]]) -> Fraction:
    """Return the mean per pupil of some schools."""
    found = coefficient(held)
    assert found is not None
    return found.mean
