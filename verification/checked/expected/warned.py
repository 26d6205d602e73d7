"""Tables of the early-warning sheet."""

from dataclasses import replace
from fractions import Fraction
from math import ceil

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.expected.plan import aim
from verification.checked.kinds import Kind, Said, source
from verification.checked.shown import Shown, blank, word
from verification.numbers import twelve
from verification.rules import fraction
from verification.words import own
from verification.worked import warned
from verification.worked.calendar import Event
from verification.worked.finding import Finding
from verification.worked.region import SCHOOLS


def _item(s: Shown, one: Finding) -> Row:
    scope = s.where(one) if one.subject or one.stage else word("cells", "blank", s.lang)
    said = {"field": form(s.standard.word("fields", one.field, s.lang)), "item": form(s.label(one.item))}
    return said | {"scope": form(scope), "value": s.value(one), "target": s.target(one)}


def near(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is met and near its limit: its margin in parts of the limit, for how many years running."""
    return [
        _item(s, one.finding) | {"part": Said(numbers.percent(one.part), Kind.WORKED), "years": count(one.years)}
        for one in warned.near(s.case)
    ]


def near_schools(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools that are near a limit, by item and stage: how many, the nearest by name."""
    rows = []
    for (item, stage), found in warned.near_schools(s.case).items():
        names = [s.words.school(one.school) for one in found]
        said = word("cells", "between", s.lang).join(names[:SCHOOLS])
        more = word("cells", "and_more", s.lang).format(names=said, number=len(names))
        rows.append(
            {
                "item": form(s.label(item if not item.startswith("floor_") else item.removeprefix("floor_"))),
                "stage": form(s.standard.word("stages", stage, s.lang)) if stage else blank(s.lang),
                "schools": count(len(names)),
                "names": form(said if len(names) <= SCHOOLS else more),
            }
        )
    return rows


def lost(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is met and likely to be lost: what is foretold is traced to results.json, what is now worked out."""
    if not s.case.foretold:
        raise LookupError("results.json foretells nothing")
    rows = []
    for foretold in s.case.foretold["lost"]:
        one = s.case.now.findings.get(foretold["finding"])
        if one is None or foretold["value"] is None:
            continue
        alone = one.school and not s.combined(one.school)
        place = [s.words.school(one.school)] if one.school else []
        place += [s.standard.word("stages", one.stage, s.lang)] if one.stage and not alone else []
        then, chance = fraction(foretold["value"]), fraction(foretold["probability"])
        rows.append(
            {
                "item": form(s.label(one.item)),
                "scope": form(" ".join(place)),
                "year": Said(str(foretold["year"]), Kind.TRACED, Fraction(foretold["year"])),
                "value": s.value(one),
                "then": Said(s.number(one, then, judged=False), Kind.TRACED, then),
                "target": s.target(one),
                "probability": Said(numbers.part(round(chance, 2)), Kind.TRACED, chance),
                "now": _to_do(s, one, foretold["lacking"]),
            }
        )
    return rows


def _to_do(s: Shown, one: Finding, lacking: float | None) -> Said:
    """Return what keeps an item: the amount that a floor will lack, fewer pupils, what brings schools together."""
    said = own()["to_do"]
    if name := s.floor_of(one):
        unit = s.standard.indicators[name]["unit"]
        amount = s.amount(ceil(Fraction(twelve(fraction(lacking or 0)))), unit)
        thing = s.standard.thing(name, s.lang)
        thing = thing[:1].lower() + thing[1:] if s.lang == "en" and not thing[1:2].isupper() else thing
        counted = word("counting", unit, s.lang).format(name=thing).strip()
        return Said(said["floor"][s.lang].format(amount=amount, word=counted), Kind.TRACED)
    if one.item in s.standard.items and lacking is not None:
        return Said(said["size"][s.lang].format(number=numbers.whole(ceil(fraction(lacking)))), Kind.TRACED)
    return form(said["stage"][s.lang])


def coming(s: Shown, _: dict[str, str]) -> list[Row]:
    """Targets that come into force in the twelve months to come; open lines that fall due, by day and item."""
    rows = [_target(s, one) for one in warned.targets(s.case)]
    held: dict[tuple[str, str], int] = {}
    own: dict[str, str] = {}
    for one in warned.falling(s.case):
        key = (str(one.day), one.item)
        held[key] = held.get(key, 0) + 1
        own |= {} if one.line else {one.item: one.entry.item}
    for (day, item), many in held.items():
        rows.append(
            {
                "day": Said(day, Kind.RULE),
                "kind": form(word("comes", "line", s.lang)),
                "item": form(own.get(item) or s.label(item.removeprefix("floor_"))),
                "scope": Said(word("comes", "lines", s.lang).format(number=many), Kind.WORKED),
                "target": blank(s.lang),
                "value": blank(s.lang),
            }
        )
    return rows


def _target(s: Shown, event: Event) -> Row:
    due, told = event.due, s.by_plan if s.case.laid else s
    assert due is not None
    rows = [one for one in told.case.now.findings.values() if one.item == due.item and due.stage in ("", one.stage)]
    first = rows[0] if rows else None
    target = value = blank(s.lang)
    if first is not None:
        target = aim(told, replace(first, target=due.value)) if due.value is not None else target
        if first.value is not None and not first.school:
            value = Said(told.number(first, first.value, judged=False), source(first), first.value)
    return {
        "day": Said(event.day.isoformat(), Kind.RULE),
        "kind": form(word("comes", "target", s.lang)),
        "item": form(told.label(due.item)),
        "scope": form(s.standard.word("stages", due.stage, s.lang)) if due.stage else blank(s.lang),
        "target": target,
        "value": value,
    }


def years(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is not met: since when, for how many years running."""
    rows = []
    for one in warned.unmet(s.case):
        since = s.case.year - one.years + 1
        rows.append(_item(s, one.finding) | {"since": form(since, Fraction(since)), "years": count(one.years)})
    return rows
