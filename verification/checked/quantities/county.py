"""What a county is, in counts, and what is asked of it: schools, sums, distances of items, the next monitoring."""

from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.checked.quantities.form import recognition_target, target_of
from verification.raw.tables import Row
from verification.rules import COMPOSITE, fraction
from verification.worked import movers, shortfalls


def _schools(at: At) -> list[Row]:
    return list({row["school"]: row for row in at.case.county.rows("schools", at.case.year)}.values())


def of_kind(at: At) -> Said:
    """Return how many schools are of a kind."""
    return count(sum(row["school_type"] == at.said["kind"] for row in _schools(at)))


def of_area(at: At) -> Said:
    """Return how many schools lie in an area."""
    return count(sum(row["settlement"] == at.said["area"] for row in _schools(at)))


def of_private(at: At) -> Said:
    """Return how many schools are private."""
    return count(sum(row["run_by"] == "private" for row in _schools(at)))


def sum_of(at: At, what: str) -> Said:
    """Return the pupils, classes or teachers of all schools of a stage."""
    places = [one for one in at.case.now.places if one.stage == at.stage]
    known = {
        "pupils": [one.pupils for one in places],
        "classes": [one.classes for one in places],
        "teachers": [one.row.get(f"teachers_{at.stage}") for one in places],
    }[what]
    return count(sum((one for one in known if one is not None), Fraction(0)))


def stage_limit(at: At) -> Said:
    """Return the limit of the coefficients of a stage."""
    together = at.case.standard.data.get(COMPOSITE)
    first = COMPOSITE if together else next(iter(at.case.standard.indicators))
    found = at.case.standard.limit(first, at.stage, at.case.now.day)
    assert found is not None
    return Said(numbers.places(found, 2), Kind.RULE, found)


def articles(at: At) -> Said:
    """Return of how many articles the items of the government's duties are parts."""
    items = at.case.standard.items.values()
    return count(len({item["number"] for item in items if item["field"] == "government"}), Kind.RULE)


def conditions_open(at: At, which: str = "") -> Said:
    """Return how many entry conditions and vetoes are judged (all), or are not met for certain."""
    found = [one for one in at.case.now.of_field("entry") if one.verdict not in ("not_applicable", "not_in_force")]
    return count(sum(which == "all" or one.verdict != "met" for one in found))


def open_have_no_data(at: At) -> bool:
    """Whether of what is not met for certain all has no data."""
    return {one.verdict for one in at.case.now.of_field("entry")} <= {
        "met",
        "no_data",
        "not_applicable",
        "not_in_force",
    }


def conditions_all(at: At) -> Said:
    """Return how many entry conditions there are, vetoes left out."""
    items = at.case.standard.items.values()
    return count(sum(item["field"] == "entry" and "breach" not in item for item in items), Kind.RULE)


def item_points(at: At) -> Said:
    """Return how far a reported share is from its target, in points of a percentage."""
    found = at.finding(f"{at.case.standard.items[at.said['item']]['field']}.{at.said['item']}").margin
    assert found is not None
    return Said(numbers.places(abs(found) * 100, 1))


def item_asked(at: At) -> Said:
    """Return a target that a cell of advice names: that of some item that is not met, or of recognition."""
    unmet = [one for one in at.case.now.findings.values() if one.verdict == "not_met" and not one.school]
    told = [target_of(at, one.item).text for one in unmet if one.item in at.case.standard.items and one.target]
    if any(one.item == "recognition" for one in unmet):
        told.append(recognition_target(at).text)
    return Said("|".join(told), Kind.RULE)


def next_round(at: At) -> Said:
    """Return the next year in which the national monitoring tests the subject named last."""
    monitoring = at.case.standard.data["monitoring"]
    names = {one[at.case.lang]: id for id, one in at.case.standard.words["subjects"].items()}
    before = at.block.text[: at.found.start()]
    said = max(names, key=lambda word: (before.rfind(word), len(word)))
    first = monitoring["rounds"]["start"] + monitoring["subjects"][names[said]]["round_year"] - 1
    years = monitoring["rounds"]["years"]
    return Said(str(next(year for year in range(first, first + 99, years) if year > at.case.year)), Kind.RULE)


def pupils_of(at: At) -> Said:
    """Return the pupils of the schools that miss their rule for an indicator."""
    short = shortfalls.shortfalls(at.case, at.stage, at.indicator)
    held = {one.school: one.pupils or Fraction(0) for one in at.case.now.inside(at.stage)}
    return count(sum((held[one.finding.school] for one in short if one.breaks), Fraction(0)))


def times(at: At) -> Said:
    """Return a school's value in parts of the county's mean."""
    found = at.case.now.coefficients[at.indicator, at.stage]
    place = next(one for one in at.case.now.inside(at.stage) if one.school == at.school)
    value = place.per_pupil(at.indicator, at.case.standard)
    assert value is not None
    mean = found.mean * fraction(at.case.standard.indicators[at.indicator]["per"])
    return Said(numbers.places(value / mean, 1), Kind.WORKED, value / mean)


def reaching(at: At) -> Said:
    """Return how many coefficients over their limit reach it within ten years at their pace."""
    over = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.verdict == "not_met"]
    paces = [at.case.pace(one.item.removeprefix("cv_"), one.stage) for one in over]
    return count(sum(one is not None and one.reached is not None for one in paces))


def files(at: At) -> Said:
    """Return how many files of statistics there are up to the report's year."""
    return count(len(at.case.county.used(at.case.year)))


def all_moved(at: At, which: str) -> bool:
    """Whether every coefficient that two years have fell, or rose, by what counts."""
    return all(one.changed and (one.difference > 0) == (which == "rose") for one in movers.moved(at.case))


def nearest(at: At) -> bool:
    """Whether the coefficient is the one nearest to its limit."""
    held = [one for one in at.case.now.findings.values() if one.item.startswith("cv_") and one.value is not None]
    most = max((one.value or 0) / (one.target or 1) for one in held)
    mine = at.cv()
    return (mine.value or 0) / (mine.target or 1) == most


def item_side(at: At) -> bool:
    """Whether a reported share lies below its target, or above it, as the sentence says."""
    one = at.finding(f"{at.case.standard.items[at.said['item']]['field']}.{at.said['item']}")
    assert one.value is not None
    assert one.target is not None
    return (one.value < one.target) == (at.found["way"] in ("低", "below"))


ALL: dict[str, Quantity] = {
    "conditions_open": conditions_open,
    "of_kind": of_kind,
    "of_area": of_area,
    "of_private": of_private,
    "sum_of": sum_of,
    "stage_limit": stage_limit,
    "articles": articles,
    "conditions_all": conditions_all,
    "item_points": item_points,
    "item_asked": item_asked,
    "next_round": next_round,
    "pupils_of": pupils_of,
    "times": times,
    "reaching": reaching,
    "files": files,
}
CLAIMS: dict[str, Claim] = {
    "open_have_no_data": open_have_no_data,
    "all_moved": all_moved,
    "nearest": nearest,
    "item_side": item_side,
}
