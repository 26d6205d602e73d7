"""Structure: years, the document's number, numbers of tables and figures; and values of the standard."""

import platform
import re
from datetime import date
from fractions import Fraction
from importlib import metadata

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Quantity, value
from verification.rules import fraction
from verification.worked import calendar


def year(at: At, back: str = "0") -> Said:
    """Return the year of the report, or so many years before it."""
    return Said(str(at.case.year - int(back)), Kind.FORM)


def before(at: At) -> Said:
    """Return the year before that has statistics."""
    return Said(str(at.year("before").year), Kind.FORM)


def first(at: At) -> Said:
    """Return the first year with statistics."""
    return Said(str(at.case.years[0]), Kind.FORM)


def window(at: At) -> Said:
    """Return the first year whose monitoring counts."""
    return Said(str(at.case.year - at.case.standard.data["monitoring"]["window_years"] + 1), Kind.RULE)


def acceptance(at: At) -> Said:
    """Return the planned year of acceptance, as sources.yml has it."""
    return Said(str(at.case.county.entry["acceptance"]), Kind.TRACED)


def until(at: At) -> Said:
    """Return the month up to which data were collected: that of the latest source."""
    held = at.case.county.files.values()
    days = [str(one["date"]) for one in held if one.get("date") and one["year"] <= at.case.year]
    return Said(str(int(max(days)[5:7])), Kind.TRACED)


def written(at: At, text: str) -> Said:
    """Return a number of a fixed phrase of the method: 95 % intervals, places of a checksum."""
    return Said(text, Kind.FORM)


def shown(at: At) -> Said:
    """Return the number itself: one of the document's own (tables, figures, chapters), which order.py counts."""
    return Said(at.found[next(iter(at.found.groupdict()))], Kind.FORM)


def part(at: At) -> Said:
    """Return the part of a floor that the school rule allows."""
    return Said(numbers.part(fraction(at.case.standard.data["school_rule"]["rest_part"])), Kind.RULE)


def must(at: At, which: str) -> Said:
    """Return how many indicators there are, or a school must meet."""
    standard = at.case.told_by.standard
    known = {"all": len(standard.indicators), "meet": standard.data["school_rule"]["must_meet"]}
    return Said(str(known[which]), Kind.RULE)


def threshold(at: At) -> Said:
    """Return by how much a coefficient must move to have changed: a rule of the report, told as such."""
    return Said("0.01", Kind.RULE)


def weight(at: At, kind: str, level: str) -> Said:
    """Return what a pupil of a level counts where a school's assets are split."""
    levels = at.case.standard.data["school_types"][kind]
    return Said(numbers.trimmed(numbers.places(fraction(levels[level]), 2)), Kind.RULE)


def floor(at: At, stage: str = "") -> Said:
    """Return an indicator's floor as the standard writes it."""
    found = at.case.standard.floor(at.indicator, stage or at.stage, at.case.now.day)
    assert found is not None
    return Said(numbers.trimmed(numbers.places(found, 2)), Kind.RULE, found)


def recognition_target(at: At) -> Said:
    """Return the recognition asked for."""
    target = at.finding("recognition.recognition").target
    assert target is not None
    return Said(numbers.part(target), Kind.RULE, target)


def cv_limit(at: At) -> Said:
    """Return the limit of a coefficient."""
    target = at.cv().target
    assert target is not None
    return Said(numbers.places(target, 2), Kind.RULE, target)


def rate_limit(at: At) -> Said:
    """Return the limit of the rate."""
    target = at.case.standard.at(at.case.standard.data["monitoring"]["rate"]["values"], at.case.now.day)
    assert target is not None
    return Said(numbers.places(target, 2), Kind.RULE, target)


def level_target(at: At) -> Said:
    """Return the level asked for."""
    target = at.case.standard.at(at.case.standard.data["monitoring"]["level"]["values"], at.case.now.day)
    return Said(numbers.ROMAN[at.case.lang][int(target or 0)], Kind.RULE, target)


def item_value(at: At) -> Said:
    """Return the value of a county item as it is told."""
    one = at.of_item()
    unit = at.case.standard.items[at.said["item"]]["target"]["unit"]
    if unit == "share":
        assert one.value is not None
        return Said(numbers.percent(one.value, one.target, one.sense), value(one, 1).kind, one.value)
    said = value(one, 1)
    return Said(numbers.trimmed(said.text), said.kind, one.value)


def item_target(at: At) -> Said:
    """Return the target of a county item."""
    return target_of(at, str(at.said["item"]))


def target_of(at: At, item: str) -> Said:
    """Return the target of an item as it is told."""
    target = at.case.standard.at(at.case.standard.items[item]["target"]["values"], at.case.now.day)
    unit = at.case.standard.items[item]["target"]["unit"]
    found = target or Fraction(0)
    return Said(numbers.part(found) if unit == "share" else numbers.trimmed(numbers.places(found, 1)), Kind.RULE)


def rule(at: At, item: str, parameter: str) -> Said:
    """Return a parameter of a computed item."""
    return Said(numbers.whole(fraction(at.case.standard.items[item]["parameters"][parameter])), Kind.RULE)


def document(at: At, place: str) -> Said:
    """Return a number of the document's own: its year and its number."""
    return Said(re.findall(r"\d+", at.case.standard.document)[int(place)], Kind.FORM)


def item_part(at: At) -> Said:
    """Return the part that a computed item asks for."""
    return Said(numbers.part(fraction(at.case.standard.items[at.said["item"]]["parameters"]["part"])), Kind.RULE)


def item_limit(at: At, place: str) -> Said:
    """Return a limit that a computed item names, the least first."""
    found = {one.target for one in at.case.now.schools(at.said["item"]) if one.target is not None}
    return Said(numbers.whole(sorted(found)[int(place)]), Kind.RULE)


def size_limit(at: At, eased: str = "") -> Said | None:
    """Return the limit of pupils that all named types of school have, or where the rule eases it."""
    rules = [one["parameters"] for one in at.case.standard.items.values() if one.get("rule") == "school_size"]
    names = [f"{kind}_before" if eased else kind for kind in at.said["kinds"]]
    found = {tuple(rule.get(name) for name in names) for rule in rules}
    limits = {limits[0] for limits in found if limits[0] is not None and len(set(limits)) == 1}
    return Said("|".join(numbers.whole(one) for one in sorted(limits)), Kind.RULE) if limits else None


def crowd_limit(at: At) -> Said:
    """Return the part of pupils at an end of the scores that a test bears."""
    return Said(numbers.part(fraction(at.case.standard.data["monitoring"]["own_tests"]["crowded"])), Kind.RULE)


def horizon(at: At) -> Said:
    """Return how many years ahead a report looks."""
    return Said("10|十|ten", Kind.RULE)


def former(at: At, which: str = "year") -> Said:
    """Return a year that another county's statistics stand for, its code, or the first year of the county's own."""
    code, since = at.case.county.predecessor or ("", 0)
    if which != "year":
        return Said({"code": code, "since": str(since)}[which], Kind.TRACED)
    return Said("|".join(str(one) for one in at.case.years if one < since), Kind.TRACED)


def gap(at: At) -> Said:
    """Return the years between the first and the last that have no statistics."""
    years = at.case.years
    return Said("|".join(str(one) for one in range(years[0], years[-1]) if one not in years), Kind.TRACED)


def version(at: At, package: str = "") -> Said:
    """Return the version of a package, or of Python."""
    name = package or at.found["name"]
    return Said(platform.python_version() if name == "python" else metadata.version(name), Kind.FORM)


def file(at: At) -> Said:
    """Return a file that is told of, where the county has it."""
    name = at.found["file"]
    return Said(name if name in at.case.county.files else "no such file", Kind.TRACED)


def told(day: date, lang: str) -> str:
    """Return a day as it is told."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B} {day.year}"


def day(at: At, which: str) -> Said:
    """Return the day of the data, the same a year later, or the next on which something falls."""
    since, until = calendar.span(at.case)
    known = {"since": since, "until": until}
    found = (calendar.events(at.case) or calendar.later(at.case))[0].day if which == "next" else known[which]
    return Said(told(found, at.case.lang), Kind.RULE if which == "next" else Kind.TRACED)


def events(at: At) -> Said:
    """Return how many entries the calendar has within twelve months."""
    return Said(str(len(calendar.events(at.case))), Kind.RULE)


def next_events(at: At) -> Said:
    """Return how many entries fall on the next day."""
    found = calendar.events(at.case) or calendar.later(at.case)
    return Said(str(sum(one.day == found[0].day for one in found)), Kind.RULE)


def month(at: At, which: str) -> Said:
    """Return the month of the first or the last source of the report's year."""
    found = calendar.days(at.case)[0 if which == "first" else -1].month
    return Said(str(found) if at.case.lang == "zh" else f"{found:02}", Kind.TRACED)


def year_of(at: At, which: str) -> Said:
    """Return the year of the first or the last source of the report's year."""
    return Said(str(calendar.days(at.case)[0 if which == "first" else -1].year), Kind.TRACED)


ALL: dict[str, Quantity] = {
    "year_of": year_of,
    "document": document,
    "day": day,
    "events": events,
    "next_events": next_events,
    "month": month,
    "item_part": item_part,
    "item_limit": item_limit,
    "size_limit": size_limit,
    "crowd_limit": crowd_limit,
    "horizon": horizon,
    "former": former,
    "gap": gap,
    "version": version,
    "file": file,
    "year": year,
    "before": before,
    "first": first,
    "window": window,
    "acceptance": acceptance,
    "until": until,
    "written": written,
    "shown": shown,
    "part": part,
    "must": must,
    "threshold": threshold,
    "weight": weight,
    "floor": floor,
    "recognition_target": recognition_target,
    "cv_limit": cv_limit,
    "rate_limit": rate_limit,
    "level_target": level_target,
    "item_value": item_value,
    "item_target": item_target,
    "rule": rule,
}
