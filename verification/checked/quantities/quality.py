"""National monitoring, own tests, and recognition."""

from collections import Counter
from fractions import Fraction
from functools import cache

from verification import numbers
from verification.checked.kinds import Kind, Said, source
from verification.checked.quantities.at import At, Claim, Quantity, count, value
from verification.worked.case import Case
from verification.worked.effects import Effect, effects
from verification.worked.finding import Finding
from verification.worked.planning import needed


def _of(at: At, item: str) -> Finding:
    return at.finding(f"quality.{item}.{at.subject}")


def level(at: At) -> Said:
    """Return a level of the national monitoring."""
    one = _of(at, "level")
    return Said(numbers.ROMAN[at.case.lang][int(one.value or 0)], Kind.TRACED, one.value)


def level_short(at: At) -> Said:
    """Return how many levels are lacking."""
    margin = _of(at, "level").margin
    assert margin is not None
    return count(-margin)


def rate(at: At, how: str = "") -> Said:
    """Return a national rate, with three places where its distance is told."""
    one = _of(at, "rate")
    if how == "exact":
        assert one.value is not None
        return Said(numbers.places(one.value, 3), Kind.TRACED, one.value)
    return value(one, 2)


def rate_margin(at: At) -> Said:
    """Return how far a rate lies below its limit."""
    margin = _of(at, "rate").margin
    assert margin is not None
    return Said(numbers.places(margin, 3), Kind.WORKED, margin)


def own(at: At, which: str = "value") -> Said:
    """Return the rate of an own test, an end of its interval, or what stands beside it."""
    one = _of(at, "rate_own")
    if which == "value":
        return value(one, 2)
    if which in ("low", "high"):
        return Said(numbers.judged(one.told[which], 2, one.target, one.sense), Kind.WORKED, one.told[which])
    told = one.told["rate"]
    if which in ("eta2", "anova"):
        return Said(numbers.places(Fraction(getattr(told, which)), 2))
    if which == "at_end":
        return Said(numbers.percent(Fraction(told.at_end)))
    return count(getattr(told, which))


def own_before(at: At, which: str) -> Said:
    """Return an own test's rate of the last year before that tested it, or that year."""
    for year in reversed(at.case.years[:-1]):
        one = at.case.finding(f"quality.rate_own.{at.subject}", year)
        if one is not None and one.value is not None:
            return Said(str(year), Kind.FORM) if which == "year" else value(one, 2, judged=False)
    raise LookupError("not tested before")


def again(at: At, which: str) -> Said:
    """Return what the monitoring found the round before: year, level or rate; or the year of this one."""
    both = [at.case.finding(f"quality.{item}.{at.subject}") for item in ("level", "rate")]
    now = next(one for one in both if one is not None and one.data_year is not None)
    if which == "now":
        return Said(str(now.data_year), Kind.TRACED)
    for year in sorted(at.case.county.years("monitoring"), reverse=True):
        if now.data_year is None or year >= now.data_year:
            continue
        for row in at.case.county.rows("monitoring", year):
            if f"{row['subject']}.{row['grade']}" == at.subject:
                if which == "year":
                    return Said(str(year), Kind.TRACED)
                found = row[which]
                return Said(
                    numbers.ROMAN[at.case.lang][int(found)] if which == "level" else numbers.places(found, 2),
                    Kind.TRACED,
                )
    raise LookupError("no round before")


def rounds(at: At, which: str) -> Said:
    """Return how many levels rose, fell or stayed between two rounds."""
    found: Counter[str] = Counter()
    for one in at.case.now.findings.values():
        if one.item != "level" or one.value is None or one.data_year is None:
            continue
        earlier = [
            row
            for year in at.case.county.years("monitoring")
            if year < one.data_year
            for row in at.case.county.rows("monitoring", year)
            if row["subject"] == one.subject and row["grade"] == one.grade
        ]
        if earlier and earlier[-1].get("level") is not None:
            past = earlier[-1]["level"]
            found["up" if one.value > past else "down" if one.value < past else "same"] += 1
            found["all"] += 1
    return count(found[which], Kind.WORKED)


def national(at: At, item: str, verdict: str) -> Said:
    """Return how many levels or rates have a verdict."""
    found = [one for one in at.case.now.findings.values() if one.item == item and one.verdict == verdict]
    return count(len(found))


def grade_known(at: At) -> Said:
    """Return a grade that is tested, as it stands in the name of a subject's result."""
    grades = {str(one.grade) for one in at.case.now.findings.values() if one.grade}
    return Said("|".join(sorted(grades)), Kind.FORM)


def quality_items(at: At, verdict: str) -> Said:
    """Return how many county items of quality have a verdict."""
    found = [
        one for one in at.case.now.of_field("quality") if one.verdict == verdict and one.item in at.case.standard.items
    ]
    return count(len(found))


_HELD: dict[int, dict[str, list[Effect]]] = {}


@cache
def _effects(key: int) -> dict[str, list[Effect]]:
    return _HELD[key]


def school_effects(case: Case) -> dict[str, list[Effect]]:
    """Return the effects of schools of each own test of the year."""
    if id(case) not in _HELD:
        _HELD[id(case)] = {
            f"{one.subject}.{one.grade}": effects(one.told["rate"])
            for one in case.now.findings.values()
            if one.item == "rate_own" and one.value is not None
        }
    return _effects(id(case))


def apart(at: At, which: str) -> Said:
    """Return how many schools lie wholly below or above the mean in a test."""
    return count(sum(one.side == which for one in school_effects(at.case)[at.subject]))


def apart_all(at: At, which: str) -> Said:
    """Return how many schools lie wholly below or above the mean, counted once a test."""
    return count(sum(one.side == which for test in school_effects(at.case).values() for one in test))


def repeated(at: At) -> Said:
    """Return how many schools lie below the mean in two tests or more."""
    found = Counter(one.school for test in school_effects(at.case).values() for one in test if one.side == "below")
    return count(sum(many > 1 for many in found.values()))


def apart_twice(at: At, which: str) -> Said:
    """Return how many schools lie below or above the mean in two tests or more."""
    found = Counter(one.school for test in school_effects(at.case).values() for one in test if one.side == which)
    return count(sum(many > 1 for many in found.values()))


def levels_judged(at: At) -> Said:
    """Return how many levels are judged."""
    found = [one for one in at.case.now.findings.values() if one.item == "level"]
    return count(sum(one.verdict in ("met", "not_met") for one in found))


def recognition(at: At, which: str = "value") -> Said:
    """Return the recognition of all, or of the group of the sentence: share, ends of the interval, how many asked."""
    group = f"recognition_{at.said['group']}" if "group" in at.said else "recognition"
    one = at.finding(f"recognition.{group}")
    share = one.told["share"]
    if which == "value":
        return Said(numbers.percent(share.value, one.target, one.sense), source(one), share.value)
    if which == "asked":
        return count(share.asked, Kind.TRACED if "group" in at.said else Kind.WORKED)
    end = Fraction(share.ends[which == "high"])
    return Said(numbers.percent(end, one.target, one.sense), Kind.WORKED, end)


def extreme(at: At, which: str) -> bool:
    """Whether a group has the lowest or the highest recognition."""
    found = [one for one in at.case.now.findings.values() if one.item.startswith("recognition_")]
    least, most = min(one.value or 0 for one in found), max(one.value or 0 for one in found)
    mine = at.finding(f"recognition.recognition_{at.said['group']}").value
    return mine == (least if which == "lowest" else most)


def top_rate(at: At) -> bool:
    """Whether a subject has the highest rate of those below the limit."""
    found = [one for one in at.case.now.findings.values() if one.item == "rate" and one.verdict == "met"]
    return _of(at, "rate").value == max(one.value or 0 for one in found)


def quality_is(at: At, item: str, verdict: str) -> bool:
    """Whether the subject's level or rate has a verdict."""
    return _of(at, item).verdict == verdict


def lie(at: At, which: str) -> bool:
    """Whether the named schools are those that lie below or above the mean in a test."""
    found = [one.school for one in school_effects(at.case)[at.subject] if one.side == which]
    return set(found) == set(at.said["schools"])


def schools_of(at: At) -> Said:
    """Return how many schools of the subject's stage are in scope."""
    grade = int(at.subject.split(".")[1])
    stage = next(stage for stage, grades in at.case.standard.data["grades"].items() if grade in grades)
    return count(len(at.case.now.inside(stage)))


def decides(at: At, which: str) -> Said:
    """Return how many more schools or pupils would decide an own test."""
    one = _of(at, "rate_own")
    schools, pupils = needed(one.told["rate"], float(one.target or 0))
    return count({"schools": schools or 0, "pupils": pupils or 0}[which])


ALL: dict[str, Quantity] = {
    "decides": decides,
    "schools_of": schools_of,
    "level": level,
    "level_short": level_short,
    "rate": rate,
    "rate_margin": rate_margin,
    "own": own,
    "own_before": own_before,
    "again": again,
    "rounds": rounds,
    "national": national,
    "grade_known": grade_known,
    "quality_items": quality_items,
    "apart": apart,
    "apart_all": apart_all,
    "repeated": repeated,
    "apart_twice": apart_twice,
    "levels_judged": levels_judged,
    "recognition": recognition,
}
CLAIMS: dict[str, Claim] = {"extreme": extreme, "top_rate": top_rate, "quality_is": quality_is, "lie": lie}
