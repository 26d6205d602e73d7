"""Coefficients, floors, shortfalls, and what moved."""

import re
from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count, value
from verification.rules import fraction
from verification.worked import movers, shortfalls
from verification.worked.finding import Finding


def cv(at: At, which: str = "") -> Said:
    """Return a coefficient, of the year before without regard to its verdict."""
    return value(at.cv(which), 2, judged=not which)


def _end(at: At, found: Fraction | None) -> Said:
    assert found is not None
    one = at.cv()
    return Said(numbers.judged(found, 2, one.target, one.sense), Kind.WORKED, found)


def without(at: At) -> Said:
    """Return the coefficient without the schools that drive it."""
    return _end(at, shortfalls.cv_without(at.case, at.stage, at.indicator))


def lifted(at: At, how: str) -> Said:
    """Return the coefficient with schools lifted to their floor, or to what the rule asks."""
    school = at.school if how == "alone" else ""
    return _end(at, shortfalls.cv_lifted(at.case, at.stage, at.indicator, how, school))


def driven(at: At) -> Said:
    """Return the part of the difference that the named schools hold together."""
    parts = at.case.now.coefficients[at.indicator, at.stage].parts
    named = at.said.get("schools") or [school for school, _ in shortfalls.drivers(at.case, at.stage, at.indicator)]
    return Said(numbers.percent(sum((parts[one] for one in named), Fraction(0))))


def share(at: At) -> Said:
    """Return one school's part of the difference."""
    return Said(numbers.percent(at.case.now.coefficients[at.indicator, at.stage].parts[at.school]))


def short(at: At, which: str) -> Said:
    """Return how many schools are below a floor: `far` below the rule's part of it, `breaking` or all."""
    rule = fraction(at.case.standard.data["school_rule"]["rest_part"])
    found = shortfalls.shortfalls(at.case, at.stage, at.indicator)
    known = {
        "all": found,
        "breaking": [one for one in found if one.breaks],
        "far": [one for one in found if one.breaks and one.part < rule],
    }
    return count(len(known[which]))


def _amount(at: At, total: int) -> Said:
    money = at.case.standard.indicators[at.indicator]["unit"] == "yuan_per_pupil"
    if money and "万元" in at.found[0]:
        raise LookupError("yuan told in ten thousands are worked out by `money`")
    return count(total)


def missing(at: At, which: str = "all") -> Said:
    """Return what schools lack together up to the floor, what one lacks, or what suffices for the rule."""
    found = shortfalls.shortfalls(at.case, at.stage, at.indicator)
    if which == "asked":
        breaking = [one for one in found if one.breaks]
        enough = [one.enough for one in breaking]
        return _money(at, [one.missing for one in breaking] if None in enough else [one or 0 for one in enough])
    if which == "one":
        return _money(at, [one.missing for one in found if one.finding.school == at.school])
    if which == "enough":
        return _money(at, [one.enough or 0 for one in found if one.breaks])
    if which == "breaking":
        return _money(at, [one.missing for one in found if one.breaks])
    return _money(at, [one.missing for one in found])


def _money(at: At, amounts: list[int]) -> Said:
    """Return a sum of missing amounts; yuan are told in ten thousands, rounded up to a tenth, where these are said."""
    total = sum(amounts)
    if not amounts:
        raise LookupError("no school is short")
    if at.case.standard.indicators[at.indicator]["unit"] == "yuan_per_pupil" and _wan(at):
        tenths = -(-total // 1000)
        return Said(numbers.places(Fraction(tenths, 10), 1), Kind.WORKED, Fraction(total))
    return count(total)


def _wan(at: At) -> bool:
    return (
        "万元" in at.found[0] or "万元" in at.block.text[at.found.end() : at.found.end() + 3] or "10,000" in at.found[0]
    )


def everyone(at: At, which: str) -> Said:
    """Return sums over both stages of what schools that miss the rule lack of an indicator: amount or schools."""
    found = [
        one
        for stage in ("primary", "junior")
        for one in shortfalls.shortfalls(at.case, stage, at.indicator)
        if one.breaks
    ]
    if which == "schools":
        return count(len({one.finding.school for one in found}))
    return _money(at, [one.missing for one in found])


def floor_value(at: At) -> Said:
    """Return a school's value of an indicator."""
    return value(at.floor(), at.case.standard.indicators[at.indicator]["decimals"])


def floors_met(at: At) -> Said:
    """Return how many floors a school meets."""
    found = at.finding(f"resources.school_rule.{at.stage}.{at.school}").value
    assert found is not None
    return count(found)


def _moved(at: At) -> movers.Moved:
    return next(one for one in movers.moved(at.case) if (one.stage, one.indicator) == (at.stage, at.indicator))


def others(at: At, which: str) -> Said:
    """Return how many the other schools are, or their mean per pupil, before or now."""
    number, before, now = movers.others(at.case, _moved(at), at.school)
    if which == "schools":
        return count(number)
    entry = at.case.standard.indicators[at.indicator]
    mean = {"before": before, "now": now}[which] * fraction(entry["per"])
    return Said(numbers.places(mean, entry["decimals"]), Kind.WORKED, mean)


def worked_along(at: At, which: str) -> Said:
    """Return how many schools' own changes work the way of the whole, or against it."""
    found = movers.cause(at.case, _moved(at))
    return count({"along": found.along, "against": found.against}[which])


def moved(at: At, which: str) -> Said:
    """Return how many coefficients fell, rose or did neither, of those that a limit judges."""
    found = movers.moved(at.case)
    known = {
        "fell": [one for one in found if one.changed and one.difference < 0],
        "rose": [one for one in found if one.changed and one.difference > 0],
        "same": [one for one in found if not one.changed],
        "all": found,
    }
    if which == "lacking":
        judged = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.target is not None]
        return count(len(judged) - len(found))
    return count(len(known[which]))


def lacking(at: At) -> Said:
    """Return how many schools in scope of a stage have no amount of an indicator that can be used."""
    return count(sum(one.amounts[at.indicator] is None for one in at.case.now.inside(at.stage)))


def undecided(at: At) -> Said:
    """Return how many schools, those of two stages twice, have no verdict on their rule for want of an amount."""
    found = at.case.now.schools("school_rule")
    return count(sum(one.verdict in ("no_data", "undecidable") for one in found))


def limits_of(at: At, which: str) -> Said:
    """Return as `limits`, of the stage that the sentence begins with."""
    said = re.split(r"。", at.block.text[: at.found.start()])[-1]
    stage = next(id for word, id in at.words.groups["stage"].items() if word in said)
    found = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.stage == stage]
    return count(sum(one.verdict == {"over": "not_met", "met": "met"}[which] for one in found))


def limits(at: At, which: str) -> Said:
    """Return how many coefficients a limit judges in a stage, or are over it, or are within it."""
    stage, whole = ("", True) if which.startswith("county") else (at.stage, False)
    which = which.removeprefix("county_")
    found = [
        one for one in at.case.now.findings.values() if one.item.startswith("cv_") and (not stage or one.stage == stage)
    ]
    every = ("met", "not_met", "undecidable") if whole else ("met", "not_met")
    verdicts = {"all": every, "met": ("met",), "over": ("not_met",)}[which]
    return count(sum(one.verdict in verdicts for one in found))


def pace(at: At, which: str) -> Said:
    """Return the yearly fall of a coefficient, or a year in which it reaches its limit."""
    found = at.case.pace(at.indicator, at.stage)
    assert found is not None
    if which == "fall":
        assert found.pace is not None
        return Said(numbers.places(-found.pace, 3), Kind.WORKED, -found.pace)
    years = {"reached": found.reached, "earliest": found.earliest, "latest": found.latest, "first": found.first}
    return Said(str(years[which]))


def recent(at: At, which: str) -> Said:
    """Return last year's fall of a coefficient, or when it arrives at that."""
    one = at.cv()
    series = at.case.series(at.indicator, at.stage)
    fall = series[at.case.year - 1] - series[at.case.year]
    if which == "fall":
        return Said(numbers.places(fall, 3), Kind.WORKED, fall)
    assert one.value is not None
    assert one.target is not None
    years = (one.value - one.target) / fall
    return Said(str(at.case.year + -(-years.numerator // years.denominator)))


def limits_told(at: At, which: str = "all") -> Said:
    """Return as `limits`, of the stage that the sentence named last: its schools go before its coefficients."""
    stages = re.findall(at.words.slot("stage"), at.block.text[: at.found.start()])
    stage = at.words.id("stage", stages[-1])
    found = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.stage == stage]
    verdicts = {"all": ("met", "not_met"), "over": ("not_met",)}[which]
    return count(sum(one.verdict in verdicts for one in found))


def _highest(at: At) -> Finding:
    found = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.stage == at.stage]
    fine = [one for one in found if one.verdict == "met"]
    return max(fine, key=lambda one: one.value or 0)


def is_highest(at: At) -> bool:
    """Whether the indicator has the highest coefficient of those within their limit."""
    return _highest(at).item == f"cv_{at.indicator}"


def are_drivers(at: At) -> bool:
    """Whether the named schools are those that drive the difference."""
    return [school for school, _ in shortfalls.drivers(at.case, at.stage, at.indicator)] == list(at.said["schools"])


def is_driver(at: At) -> bool:
    """Whether a school is one of those."""
    return at.school in [school for school, _ in shortfalls.drivers(at.case, at.stage, at.indicator)]


def side(at: At, which: str) -> bool:
    """Whether a school lies above or below the county's mean."""
    return at.case.now.coefficients[at.indicator, at.stage].above[at.school] == (which == "above")


def private(at: At) -> bool:
    """Whether a school is private."""
    return next(one.run_by for one in at.case.now.places if one.school == at.school) == "private"


def movement(at: At, which: str) -> bool:
    """Whether a coefficient rose or fell."""
    return (_moved(at).difference > 0) == (which == "rose")


def are_movers(at: At) -> bool:
    """Whether the named schools are those whose own change moved the coefficient."""
    return set(movers.cause(at.case, _moved(at)).movers) == set(at.said["schools"])


def is_without(at: At) -> bool:
    """Whether the others' level moved it, the named school apart."""
    return movers.cause(at.case, _moved(at)).without == at.school


def others_way(at: At) -> bool:
    """Whether the words say of the other schools' mean what it did: rose (提高, 增, rose) or fell."""
    _, before, now = movers.others(at.case, _moved(at), at.school)
    said = {at.found["level"], at.found["way"]} - {None}
    return said <= ({"提高", "增", "rose"} if now > before else {"降低", "减", "fell"})


def are_short(at: At, which: str = "all") -> bool:
    """Whether the named schools are those below the floor."""
    found = shortfalls.shortfalls(at.case, at.stage, at.indicator)
    named = at.said.get("schools") or (at.school,)
    return {one.finding.school for one in found if which == "all" or one.breaks} == set(named)


def cv_is(at: At, verdict: str) -> bool:
    """Whether a coefficient has a verdict."""
    return at.cv().verdict == verdict


def fits(at: At, how: str, verdict: str) -> bool:
    """Whether a coefficient would be within its limit with schools lifted."""
    found = shortfalls.cv_lifted(at.case, at.stage, at.indicator, how)
    limit = at.cv().target
    assert found is not None
    assert limit is not None
    return (found <= limit) == (verdict == "within")


ALL: dict[str, Quantity] = {
    "lacking": lacking,
    "plan_unknown": undecided,
    "cv": cv,
    "without": without,
    "lifted": lifted,
    "driven": driven,
    "share": share,
    "short": short,
    "missing": missing,
    "everyone": everyone,
    "floor_value": floor_value,
    "floors_met": floors_met,
    "others": others,
    "worked_along": worked_along,
    "moved": moved,
    "limits": limits,
    "limits_of": limits_of,
    "limits_told": limits_told,
    "pace": pace,
    "recent": recent,
}
CLAIMS: dict[str, Claim] = {
    "is_highest": is_highest,
    "are_drivers": are_drivers,
    "is_driver": is_driver,
    "side": side,
    "private": private,
    "movement": movement,
    "are_movers": are_movers,
    "is_without": is_without,
    "others_way": others_way,
    "are_short": are_short,
    "cv_is": cv_is,
    "fits": fits,
}
