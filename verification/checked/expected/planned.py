"""The table of what the plan of least cost does, from its actions and the raw rows."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.least_cost import WAN
from verification.checked.shown import Shown, word
from verification.worked.least_cost import Planned, meant_first, usual_price
from verification.worked.stages import Place, placed

#: Why an action costs nothing: its persons are those of another.
SAME = "same_hire"
#: How many schools are named where most of something is done.
MOST = 2


def least_cost(s: Shown, _: dict[str, str]) -> list[Row]:
    """Return a row for each action, dearest schools first."""
    plan = s.case.plan()
    return [_row(s, plan, one) for one in plan.actions]


def least_cost_sums(s: Shown, _: dict[str, str]) -> list[Row]:
    """Return a row for each way in which an indicator of a stage is raised, and for all of them together."""
    plan = s.case.plan()
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for one in plan.actions:
        along = SAME if one["reason"] == SAME else ""
        groups.setdefault((*(str(one[key]) for key in ("stage", "indicator", "kind")), along), []).append(one)
    rows = []
    for (stage, name, _kind, along), done in groups.items():
        amount = sum((Fraction(str(one["amount"])) for one in done), Fraction(0))
        said = _said(s, {**done[0], "amount": amount, "from": None}, name).text
        if along:
            said = word("cells", "with_unit", s.lang).format(name=said, unit=word("whys", SAME, s.lang))
        most = sorted(done, key=lambda one: (-Fraction(str(one["amount"])), str(one["school"])))[:MOST]
        schools = word("cells", "between", s.lang).join(s.words.school(str(one["school"])) for one in most)
        rows.append(
            {
                "stage": form(s.standard.word("stages", stage, s.lang)),
                "action": Said(said),
                "most": Said(schools, Kind.TRACED),
                **_spent(done),
            }
        )
    total = {"stage": form(word("planned", "total", s.lang)), "action": form(word("cells", "blank", s.lang))}
    return [*rows, {**total, "most": form(word("cells", "blank", s.lang)), **_spent(plan.actions)}]


def _spent(done: list[dict[str, object]]) -> Row:
    cost = sum((Fraction(str(one["amount"])) * Fraction(str(one["price"])) for one in done), Fraction(0))
    schools = count(len({one["school"] for one in done}))
    return {"schools": schools, "cost": Said(numbers.places(cost / WAN, 2), Kind.WORKED, cost / WAN)}


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
    what = number + word("counting", unit, s.lang).format(name=_within(s, name))
    said = word("ways", str(one["kind"]), s.lang).format(what=what)
    if one["from"]:
        said += word("planned", "start", s.lang).format(school=s.words.school(str(one["from"])))
    return Said(said)


def _within(s: Shown, name: str) -> str:
    """Return a thing as it stands within a sentence: in English without a capital, but for abbreviations."""
    thing = s.standard.thing(name, s.lang)
    return thing if thing[1:2].isupper() else thing[:1].lower() + thing[1:]


def plan_sums(s: Shown, _: dict[str, str]) -> list[Row]:
    """Return a row for each stage and indicator that the plan changes, then what it costs in all."""
    plan = s.case.plan()
    rows = []
    for stage, name in _blocks(plan):
        row = {
            "stage": form(s.standard.word("stages", stage, s.lang)),
            "indicator": form(s.standard.name(name, s.lang)),
            "schools": count(len(_counted(plan, stage, name))),
            "cost": _sum(sum((_cost(plan, one, name) for one in _counted(plan, stage, name)), Fraction(0))),
        }
        found, limit = plan.now.coefficients[name, stage], s.standard.limit(name, stage, plan.now.day)
        after = plan.coefficient(name, stage)
        if limit is not None and after is not None:
            row |= {"before": _sum(found.cv or Fraction(0)), "after": _sum(after)}
            row["limit"] = Said("", Kind.RULE, limit)
        rows.append(row)
    total = {"stage": form(word("planned", "total", s.lang)), "indicator": form(""), "cost": _sum(plan.cost)}
    return [*rows, total]


def plan_schools(s: Shown, _: dict[str, str]) -> list[Row]:
    """Return a row for each school that counts in a stage and indicator that the plan changes."""
    plan = s.case.plan()
    return [_school(s, plan, one, name) for stage, name in _blocks(plan) for one in _counted(plan, stage, name)]


def _sum(value: Fraction) -> Said:
    return Said("", Kind.WORKED, value)


def _blocks(plan: Planned) -> list[tuple[str, str]]:
    """Return the stages and indicators whose amounts the plan changes."""
    then = {(one.school, one.stage): one for one in plan.places}
    changed = {
        (one.stage, name)
        for one in plan.now.places
        if not one.out
        for name in plan.standard.indicators
        if then[one.school, one.stage].amounts[name] != one.amounts[name]
    }
    names = list(plan.standard.indicators)
    return sorted(changed, key=lambda key: (key[0] != "primary", names.index(key[1])))


def _counted(plan: Planned, stage: str, name: str) -> list[Place]:
    found = [one for one in plan.now.inside(stage) if one.amounts[name] is not None and one.pupils]
    return sorted(found, key=lambda one: one.school)


def _shared(plan: Planned, one: Place, name: str) -> bool:
    """Return whether a school's stages share what it has of an indicator."""
    entry = plan.standard.indicators[name]
    own = entry["by_stage"] and one.row.get(f"{entry['amount']}_{one.stage}") is not None
    stages = [other for other in plan.now.places if other.school == one.school and not other.out]
    return len(stages) > 1 and not own


def _done(plan: Planned, one: Place, name: str) -> list[dict[str, object]]:
    stages = ("primary", "junior") if _shared(plan, one, name) else (one.stage,)
    return [
        each
        for each in plan.actions
        if each["school"] == one.school and each["indicator"] == name and each["stage"] in stages
    ]


def _hired(plan: Planned, one: Place, name: str) -> Fraction:
    return sum(
        (Fraction(str(each["amount"])) for each in _done(plan, one, name) if each["kind"] == "hire"), Fraction(0)
    )


def _cost(plan: Planned, one: Place, name: str) -> Fraction:
    """Return what a line bears: of stages that share, the first bears all."""
    if _shared(plan, one, name) and one.stage != "primary" and ("primary", name) in _blocks(plan):
        return Fraction(0)
    done = _done(plan, one, name)
    return sum((Fraction(str(each["amount"])) * Fraction(str(each["price"])) for each in done), Fraction(0))


def _part(plan: Planned, one: Place, name: str) -> Fraction:
    """Return what the stage has of one thing more in the school."""
    entry = plan.standard.indicators[name]
    row = dict(one.row)
    own = f"{entry['amount']}_{one.stage}"
    for column in [own] if entry["by_stage"] and row.get(own) is not None else []:
        row[column] += 1
    if row.get(entry["amount"]) is not None:
        row[entry["amount"]] += 1
    more = next(each for each in placed([row], plan.standard) if each.stage == one.stage).amounts[name]
    assert more is not None
    assert one.amounts[name] is not None
    return more - (one.amounts[name] or 0)


def _school(s: Shown, plan: Planned, one: Place, name: str) -> Row:
    done = [each for each in _done(plan, one, name) if each["reason"] != SAME]
    added = sum((Fraction(str(each["amount"])) for each in done), Fraction(0))
    spent = sum((Fraction(str(each["amount"])) * Fraction(str(each["price"])) for each in done), Fraction(0))
    then = next(each for each in plan.places if (each.school, each.stage) == (one.school, one.stage))
    total, value = then.amounts[name] or Fraction(0), then.per_pupil(name, s.standard)
    floor = s.standard.floor(name, one.stage, plan.now.day)
    assert value is not None
    row = {
        "stage": form(s.standard.word("stages", one.stage, s.lang)),
        "indicator": form(s.standard.name(name, s.lang, short=True)),
        "school": form(one.school),
        "name": form(s.words.school(one.school)),
        "pupils": Said("", Kind.TRACED, one.pupils),
        "amount": Said("", Kind.WORKED, one.amounts[name]),
        "added": _sum(added),
        "part": _sum(_part(plan, one, name)),
        "total": _sum(total),
        "value": _sum(value),
        "price": Said("", Kind.RULE, spent / added if added else usual_price(name)),
        "cost": _sum(_cost(plan, one, name)),
        "square": _sum(total**2 / (one.pupils or 1)),
    }
    same = [
        first for first in meant_first(name) if (one.stage, first) in _blocks(plan) and one.amounts[first] is not None
    ]
    if same:
        row["same"] = _sum(sum((_hired(plan, one, first) for first in same), Fraction(0)))
    if floor is not None:
        row |= {"floor": Said("", Kind.RULE, floor), "ratio": _sum(value / floor)}
    return row
