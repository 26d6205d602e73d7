"""Tables of the sheet of one school: its indicators over five years, what else it must do, its lines of the ledger."""

from fractions import Fraction
from math import ceil, inf
from typing import Any

from verification import numbers
from verification.checked.expected.base import Row, form, traced
from verification.checked.expected.items import computed_target, computed_value
from verification.checked.expected.ledgers import due
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, measure, word
from verification.rules import fraction
from verification.worked.finding import Finding
from verification.worked.ledger import Line, lines
from verification.worked.stages import Place

#: Years that a sheet shows, and lines of the ledger that it lists.
COURSE, MOST = 5, 8


def indicators(s: Shown, said: dict[str, str]) -> list[Row]:
    """Each indicator of a stage: what the school has, its values over the years, the floor, and its line."""
    code = said["school"]
    here = [one for one in s.case.now.places if one.school == code]
    years = range(max(s.case.year - COURSE + 1, min(s.case.years)), s.case.year + 1)
    held = lines(s.case)
    rows = []
    for place in here:
        if any(_place(s, code, place.stage, year) for year in years):
            for name in s.standard.indicators:
                row = _indicator(s, place, name, held.get(f"resources.floor_{name}.{place.stage}.{code}"))
                rows.append(row | {f"year {year}": _value(s, code, place.stage, name, year) for year in years})
    return rows


def _place(s: Shown, code: str, stage: str, year: int) -> Place | None:
    """Return a school in a stage of a year, where the standard counts it then."""
    found = s.case.at(year).inside(stage) if year in s.case.years else []
    return next((one for one in found if one.school == code), None)


def _indicator(s: Shown, place: Place, name: str, line: Line | None) -> Row:
    entry = s.standard.indicators[name]
    floor = s.case.finding(f"resources.floor_{name}.{place.stage}.{place.school}")
    unit = s.standard.word("units", entry["unit"], s.lang)
    amount = _place(s, place.school, place.stage, s.case.year)
    part = _amount(s, amount.amounts[name] if amount else None, word("amounts", entry["unit"], s.lang))
    open_ = line is not None and line.state != "closed"
    return {
        "stage": form(s.standard.word("stages", place.stage, s.lang)),
        "indicator": form(word("cells", "with_unit", s.lang).format(name=s.label(name), unit=unit)),
        "whole": _amount(s, place.row.get(entry["amount"]), "", Kind.TRACED),
        "part": part,
        "amount": part,
        "floor": s.target(floor),
        "lacking": _lacking(s, line) if line is not None and open_ else Said(""),
        "opened": _opened(line) if line is not None and open_ else Said(""),
    }


def _opened(line: Line) -> Said:
    return Said(str(line.opened), Kind.WORKED, Fraction(line.opened))


def _amount(s: Shown, amount: Fraction | None, unit: str, kind: Kind = Kind.WORKED) -> Said:
    if amount is None:
        return blank(s.lang)
    whole = amount.denominator == 1 or amount >= 1000
    return Said((numbers.whole(amount) if whole else numbers.places(amount, 1)) + unit, kind, amount)


def _value(s: Shown, code: str, stage: str, name: str, year: int) -> Said:
    """Return the value of a year, so that it shows on which side of the floor of that year it lies."""
    floor = s.case.finding(f"resources.floor_{name}.{stage}.{code}", year) if year in s.case.years else None
    if floor is not None and floor.value is not None:
        return Said(s.number(floor, floor.value), Kind.WORKED, floor.value)
    place = _place(s, code, stage, year)
    value = place.per_pupil(name, s.standard) if place else None
    places = s.standard.indicators[name]["decimals"]
    return blank(s.lang) if value is None else Said(numbers.places(value, places), Kind.WORKED, value)


def duties(s: Shown, said: dict[str, str]) -> list[Row]:
    """What is counted of the school by other rules, with its verdict and what stands behind it."""
    found = [
        one for one in s.case.now.findings.values() if one.school == said["school"] and one.item in s.standard.items
    ]
    rows = []
    for one in found:
        stage = s.standard.word("stages", one.stage, s.lang) if one.stage else ""
        name = s.standard.name(one.item, s.lang)
        value, target, unit = computed_value(s, one), computed_target(s, one), measure(s.unit(one), s.lang)
        rows.append(
            {
                "item": form(word("cells", "with_unit", s.lang).format(name=name, unit=stage) if stage else name),
                "value": value if one.value is None else Said(value.text + unit, value.kind, one.value),
                "target": target if one.target is None else Said(target.text + unit, target.kind, one.target),
                "verdict": s.verdict(one),
                "detail": Said("\x00".join(_detail(s, one)) + "\x00"),
            }
        )
    return rows


def _detail(s: Shown, one: Finding) -> list[str]:
    """Return the numbers that tell what was counted: rooms with the area of the least, classes with their mean."""
    rule = str(s.standard.items[one.item]["rule"])
    if rule == "special_rooms" and one.value is not None:
        rooms = [r for r in s.case.county.rows("rooms", s.case.now.counted) if r["school"] == one.school]
        said = []
        for kind in ("music", "art"):
            areas = [r["area"] for r in rooms if r["room_type"] == kind]
            known = [area for area in areas if area is not None]
            said += [str(len(areas)), *([numbers.places(min(known), 1)] if known else [])]
        return said
    if rule == "class_size":
        return _classes(s, one)
    return []


def _classes(s: Shown, one: Finding) -> list[str]:
    grades = s.standard.data["grades"][one.stage]
    first = s.standard.items[one.item]["parameters"].get("first_grades")
    rows = s.case.county.rows("classes", s.case.now.counted)
    grades = grades[:1] if first else grades
    sizes = [r["pupils"] for r in rows if r["school"] == one.school and int(r["grade"]) in grades]
    known = [size for size in sizes if size is not None]
    if not sizes:
        return []
    mean = numbers.places(sum(known, Fraction(0)) / len(known), 1) if known else ""
    over = int(one.told.get("over") or 0)
    return [str(len(sizes)), mean, *([str(over)] if over else [])]


def ledger(s: Shown, said: dict[str, str]) -> list[Row]:
    """The school's open lines that the table of indicators does not tell, the heaviest first."""
    told = _told_apart(s, said["school"])
    return [_line(s, one, said["school"]) for one in told[:MOST]]


def more(s: Shown, code: str) -> int:
    """Return how many lines a sheet does not list."""
    return max(len(_told_apart(s, code)) - MOST, 0)


def _told_apart(s: Shown, code: str) -> list[Line]:
    mine = [one for one in lines(s.case).values() if one.finding.school == code and one.state != "closed"]
    holders = (s.case.plan_over.standard if s.case.plan_over else s.standard).data.get("duty_holders") or {}
    apart = []
    for one in mine:
        item = one.finding.item
        held = holders.get(item) or holders.get(item.removeprefix("floor_"))
        floor = item.startswith("floor_") and one.state != "unknown"
        if not floor or held or due(s, one.finding) is not None:
            apart.append(one)
    rules = s.case.now.schools("school_rule")
    missed = {(one.school, one.stage) for one in rules if one.verdict == "not_met"}

    def order(one: Line) -> tuple[Any, ...]:
        f = one.finding
        far = inf if f.value is None or not f.target else abs(float(f.value / f.target) - 1)
        return one.state == "unknown", (f.school, f.stage) not in missed, -far, f.id

    return sorted(apart, key=order)


def _line(s: Shown, one: Line, code: str) -> Row:
    f = one.finding
    stages = {place.stage for place in s.case.now.places if place.school == code}
    stage = s.standard.word("stages", f.stage, s.lang) if f.stage and len(stages) > 1 else ""
    name = s.label(f.item, short=False)
    return {
        "item": form(word("cells", "with_unit", s.lang).format(name=name, unit=stage) if stage else name),
        "state": form(word("sheet_states", one.state, s.lang)),
        "opened": _opened(one),
        "lacking": _lacking(s, one),
        "due": due(s, f) or blank(s.lang),
    }


def _lacking(s: Shown, line: Line) -> Said:
    """Return what a line lacked in the year in which it was last not met."""
    one, year = line.finding, s.case.at(line.last)
    name = one.item.removeprefix("floor_")
    if one.item.startswith("floor_") and one.margin is not None:
        entry = s.standard.indicators[name]
        place = next(x for x in year.inside(one.stage) if x.school == one.school)
        missing = ceil(Fraction(numbers.twelve(-one.margin * (place.pupils or 0) / fraction(entry["per"]))))
        return Said(s.amount(missing, entry["unit"]) + word("amounts", entry["unit"], s.lang))
    rule = str(s.standard.items.get(one.item, {}).get("rule"))
    if rule == "class_size":
        return Said(numbers.whole(one.told["over"]) + word("lacking", "classes", s.lang))
    if rule == "special_rooms":
        short = sum((max(one.told["needed"] - one.told[kind], Fraction(0)) for kind in ("music", "art")), Fraction(0))
        return Said(numbers.mends(short) + measure("rooms", s.lang))
    if one.margin is None:
        return blank(s.lang)
    if rule == "training_funds":
        rows = s.case.county.rows("schools", year.counted)
        funds = next(r["public_funds"] for r in rows if r["school"] == one.school)
        return Said(numbers.mends(-one.margin * funds) + word("lacking", "yuan", s.lang))
    return Said(numbers.mends(-one.margin) + measure(s.unit(one), s.lang))


def contradictions(s: Shown, said: dict[str, str]) -> list[Row]:
    """What of the school's rows is set aside: numbers below zero, with the place of each."""
    rows = []
    for name, held in s.case.county.tables.items():
        table = held.get(s.case.year)
        for row in table.aside if table else ():
            for fault in row["faults"] if row.get("school") == said["school"] else ():
                number = row["place"].row
                rows.append(
                    {
                        "table": form(word("tables", name, s.lang)),
                        "file": traced(row["place"].file),
                        "row": traced(number, Fraction(number)),
                        "sentence": Said(f"{fault.said}\x00", Kind.TRACED),
                    }
                )
    return rows
