"""The table of what the plan of least cost does, from its actions and the raw rows."""

from fractions import Fraction
from math import ceil

from verification import numbers
from verification.checked.expected.base import Row, form
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.least_cost import WAN
from verification.checked.shown import Shown, word
from verification.worked.least_cost import Planned


def least_cost(s: Shown, _: dict[str, str]) -> list[Row]:
    """Return a row for each action, dearest schools first."""
    plan = s.case.plan()
    return [_row(s, plan, one) for one in plan.actions]


def _row(s: Shown, plan: Planned, one: dict[str, object]) -> Row:
    school, stage, name = str(one["school"]), str(one["stage"]), str(one["indicator"])
    entry = s.standard.indicators[name]
    now = next(p for p in plan.now.places if (p.school, p.stage) == (school, stage)).per_pupil(name, s.standard)
    after, floor = plan.value(school, stage, name), s.standard.floor(name, stage, plan.now.day)
    cost = Fraction(str(one["amount"])) * Fraction(str(one["price"]))
    part = numbers.part(Fraction(str(s.standard.data["school_rule"]["rest_part"])))
    return {
        "school": form(s.words.school(school)),
        "stage": form(s.standard.word("stages", stage, s.lang)),
        "action": _said(s, one, name),
        "before": _value(now, entry["decimals"]),
        "after": _value(after, entry["decimals"]),
        "floor": _value(floor, entry["decimals"], Kind.RULE),
        "cost": Said(numbers.places(cost / WAN, 2), Kind.WORKED, cost / WAN),
        "why": Said(word("whys", str(one["reason"]), s.lang).format(part=part), Kind.RULE),
    }


def _value(value: Fraction | None, decimals: int, kind: Kind = Kind.WORKED) -> Said:
    assert value is not None
    return Said(numbers.places(value, decimals), kind, value)


def _said(s: Shown, one: dict[str, object], name: str) -> Said:
    amount, unit = Fraction(str(one["amount"])), str(s.standard.indicators[name]["unit"])
    number = numbers.whole(amount)
    if unit == "yuan_per_pupil" and s.lang == "zh" and amount >= WAN:
        number = numbers.places(Fraction(ceil(amount / 1000), 10), 1) + word("planned", "wan", s.lang)
    what = number + word("counting", unit, s.lang).format(name=_within(s, name))
    said = word("ways", str(one["kind"]), s.lang).format(what=what)
    if one["from"]:
        said += word("planned", "start", s.lang).format(school=s.words.school(str(one["from"])))
    return Said(said)


def _within(s: Shown, name: str) -> str:
    """Return a thing as it stands within a sentence: in English without a capital, but for abbreviations."""
    thing = s.standard.thing(name, s.lang)
    return thing if thing[1:2].isupper() else thing[:1].lower() + thing[1:]
