"""Counts of judged items, of schools that meet the rule, of schools and classes that do what an item asks."""

import re
from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count, few
from verification.worked import shortfalls


def items(at: At, field: str, verdict: str = "") -> Said:
    """Return how many items of a field are judged, or have a verdict."""
    name = str(at.said["field"]) if field == "said" else field
    found = at.case.now.of_field(name)
    if verdict:
        return count(sum(one.verdict == verdict for one in found))
    return count(sum(one.verdict not in ("not_applicable", "not_in_force") for one in found))


def items_whole(at: At) -> Said:
    """Return how many items of the field that a card is headed by are judged, where none of them has data."""
    name = next(id for word, id in at.words.groups["field"].items() if at.block.text.startswith(word))
    found = [one for one in at.case.now.of_field(name) if one.verdict not in ("not_applicable", "not_in_force")]
    return count(len(found) if all(one.verdict == "no_data" for one in found) else 0)


def rule(at: At, which: str, year: str = "") -> Said:
    """Return how many schools of a stage meet the school rule, do not, or are judged."""
    found = at.year(year).schools("school_rule", at.stage)
    if which == "all":
        return count(len(found))
    if which == "no_data":
        return count(sum(one.verdict not in ("met", "not_met") for one in found))
    return count(sum(one.verdict == which for one in found))


def rule_few(at: At) -> Said:
    """Return how many schools of a stage miss the rule, in words or figures."""
    found = at.case.now.schools("school_rule", at.stage)
    return few(sum(one.verdict == "not_met" for one in found), at.case.lang)


def allowed(at: At) -> Said:
    """Return how many schools of a stage have one gap that their rule allows."""
    return few(len(_allowed(at)), at.case.lang)


def allowed_all(at: At) -> Said:
    """Return how many gaps of all stages the rule allows."""
    return count(sum(len(_allowed_in(at, stage)) for stage in ("primary", "junior")))


def _allowed_in(at: At, stage: str) -> list[str]:
    return [
        one.finding.school
        for indicator in at.case.standard.indicators
        for one in shortfalls.shortfalls(at.case, stage, indicator)
        if not one.breaks
    ]


def _allowed(at: At) -> list[str]:
    return _allowed_in(at, at.stage)


def matters(at: At) -> Said:
    """Return how many things keep the verdict from being met."""
    return few(shortfalls.matters(at.case), at.case.lang)


def named_few(at: At, slot: str) -> Said:
    """Return how many schools a sentence has just named, in words or figures."""
    return few(len(at.said[slot]), at.case.lang)


def schools(at: At, which: str) -> Said:
    """Return how many schools have statistics, or are in scope in some stage."""
    places = at.case.now.places
    inside = {one.school for one in places if not one.out}
    return count(
        len({"all": {row["school"] for row in at.case.county.rows("schools", at.case.year)}, "counted": inside}[which])
    )


def tally(at: At, what: str, item: str = "") -> Said:
    """Return of an item that is counted by schools or classes how many there are, do what it asks, or do not."""
    name = item or at.item
    found = at.case.now.schools(name)
    classes, over = (sum(int(one.told.get(key, 0)) for one in found) for key in ("classes", "over"))
    met = sum(one.verdict == "met" for one in found)
    if what.startswith("classes"):
        known = {"classes": classes, "classes_over": over, "classes_met": classes - over}
        if what == "classes_share":
            return Said(numbers.percent(Fraction(over, classes)))
        return count(known[what])
    if what == "share":
        return Said(numbers.percent(Fraction(met, len(found)), Fraction(1), "at_least"))
    if what == "unmet":
        by_class = classes and all("over" in one.told for one in found)
        return count(over if by_class else sum(one.verdict == "not_met" for one in found))
    unmet = {one.school for one in found if one.verdict == "not_met"}
    unknown = sum(one.verdict not in ("met", "not_met") for one in found)
    return count({"all": len(found), "met": met, "places": len(unmet), "unknown": unknown}[what])


def rooms_missing(at: At, kind: str) -> Said:
    """Return how many music or art rooms all schools lack together, or one lacks."""
    found = at.case.now.schools("special_rooms")
    if "school" in at.said:
        found = [one for one in found if one.school == at.school]
    return count(sum((max(one.told["needed"] - one.told[kind], Fraction(0)) for one in found), Fraction(0)))


def of_school(at: At, item: str, what: str) -> Said:
    """Return a school's value or target of a computed item, or how many of its classes are over."""
    found = [one for one in at.case.now.schools(item) if one.school == at.school]
    if "stage" in at.said:
        found = [one for one in found if not one.stage or one.stage == at.stage]
    found = [one for one in found if one.verdict == "not_met"] or found
    one = found[0]
    if what == "over":
        return count(one.told["over"])
    number = {"value": one.value, "target": one.target}[what]
    assert number is not None
    kind = Kind.RULE if what == "target" else Kind.WORKED
    if item == "training_funds":
        return Said(numbers.percent(number, one.target, one.sense) if what == "value" else numbers.part(number), kind)
    return count(number, kind)


def verdict_is(at: At, id: str) -> bool:
    """Whether a finding has the verdict that the sentence names."""
    return at.finding(id.replace("said", str(at.said.get("field", "")))).verdict == str(at.said["verdict"])


def found_is(at: At, id: str, verdict: str) -> bool:
    """Whether a finding has a verdict."""
    return at.finding(id).verdict == verdict


def things(at: At) -> Said:
    """Return how many matters the conclusion tells of: three at most."""
    return few(min(shortfalls.matters(at.case), 3), at.case.lang)


def more(at: At, what: str) -> Said:
    """Return how many are not named: of the matters beyond ten, of the schools beyond those that a chapter tells."""
    if what == "matters":
        return count(shortfalls.matters(at.case) - 10)
    missed = sum(one.verdict == "not_met" for one in at.case.now.schools("school_rule", at.stage))
    named = len(set(re.findall(f"(?:{at.words.slot('school')})(?=有| ?meets)", at.block.text[: at.found.start()])))
    return count(missed - named)


def county_items(at: At, verdict: str) -> Said:
    """Return how many items of government and quality that a standard names have a verdict."""
    found = [
        one
        for name in ("government", "quality", "resources")
        for one in at.case.now.of_field(name)
        if one.item in at.case.standard.items and one.verdict == verdict
    ]
    return count(len(found))


def conditions(at: At, verdict: str) -> Said:
    """Return how many entry conditions have a verdict; those whose breach the standard names are vetoes."""
    found = at.case.now.of_field("entry")
    return count(sum(one.verdict == verdict and "breach" not in at.case.standard.items[one.item] for one in found))


def unproven(at: At) -> Said:
    """Return how many reported items name no evidence."""
    rows = at.case.county.rows("government", at.case.year)
    held = [row for row in rows if row["item"] in at.case.standard.items and not row["evidence"]]
    return count(sum(row["value"] is not None or row["answer"] == "yes" for row in held))


def item_rows(at: At) -> Said:
    """Return what the rows of teachers come to of a reported item."""
    item = at.case.standard.items[at.said["item"]]
    one = at.of_item()
    assert one.computed is not None
    if item["target"]["unit"] == "share":
        return Said(numbers.percent(one.computed), Kind.WORKED, one.computed)
    said = numbers.judged(one.computed, 1, one.target, one.sense)
    return Said(numbers.trimmed(said), Kind.WORKED, one.computed)


def below_of(at: At) -> Said:
    """Return how many schools of a stage are below the floor of the indicator that a figure shows."""
    label = next((id for word, id in at.words.groups["label"].items() if word in at.block.text), "")
    return count(len(shortfalls.shortfalls(at.case, at.stage, label)))


def values(at: At, which: str) -> Said:
    """Return how many values of schools there are, or lie below their floor."""
    found = [one for one in at.case.now.findings.values() if one.item.startswith("floor_") and one.value is not None]
    below = [one for one in found if one.verdict == "not_met"]
    return count({"all": len(found), "below": len(below), "schools": len({one.school for one in below})}[which])


def failing(at: At, which: str) -> Said:
    """Return how many years running the whole was not met, or the first of them."""
    since = at.case.year + 1
    while since - 1 in at.case.years and at.case.at(since - 1).findings["overall.all"].verdict == "not_met":
        since -= 1
    return Said(str(since), Kind.FORM) if which == "since" else count(at.case.year + 1 - since)


def alone(at: At) -> bool:
    """Whether the report's year is the only one with statistics up to it."""
    return at.case.years == [at.case.year]


def all_meet(at: At) -> bool:
    """Whether every school of a stage meets the rule."""
    return all(one.verdict == "met" for one in at.case.now.schools("school_rule", at.stage))


def left_out(at: At) -> Said:
    """Return how many schools the scope leaves out for a reason."""
    places = at.case.now.places
    inside = {one.school for one in places if not one.out}
    return count(len({one.school for one in places if one.out == _reason(at)} - inside))


def _reason(at: At) -> str:
    return str(at.said.get("reason") or at.said["left"])


def left_out_others(at: At) -> Said:
    """Return how many schools beside the one named the scope leaves out for a reason."""
    return count((left_out(at).value or Fraction(0)) - 1)


ALL: dict[str, Quantity] = {
    "left_out": left_out,
    "left_out_others": left_out_others,
    "things": things,
    "more": more,
    "county_items": county_items,
    "unproven": unproven,
    "items_whole": items_whole,
    "conditions": conditions,
    "item_rows": item_rows,
    "below_of": below_of,
    "values": values,
    "failing": failing,
    "items": items,
    "rule_schools": rule,
    "rule_few": rule_few,
    "allowed": allowed,
    "allowed_all": allowed_all,
    "matters": matters,
    "named_few": named_few,
    "schools": schools,
    "tally": tally,
    "rooms_missing": rooms_missing,
    "of_school": of_school,
}


def rule_moved(at: At, which: str) -> bool:
    """Whether more schools of a stage meet the rule than the year before, fewer, or as many (stayed)."""
    now, before = (
        sum(one.verdict == "met" for one in at.year(year).schools("school_rule", at.stage)) for year in ("", "before")
    )
    return {"rose": now > before, "fell": now < before, "stayed": now == before}[which]


def are_left_out(at: At) -> bool:
    """Whether the named schools are those that the scope leaves out for a reason."""
    places = at.case.now.places
    inside = {one.school for one in places if not one.out}
    return {one.school for one in places if one.out == _reason(at)} - inside == set(at.said["schools"])


CLAIMS: dict[str, Claim] = {
    "all_meet": all_meet,
    "alone": alone,
    "are_left_out": are_left_out,
    "rule_moved": rule_moved,
    "verdict_is": verdict_is,
    "found_is": found_is,
}
