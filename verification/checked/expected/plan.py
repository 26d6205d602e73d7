"""Tables of a county's own plan: its targets, its dated targets, and the standard's items year by year beside them."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from verification import numbers
from verification.checked.asks import asks
from verification.checked.expected.base import Row, count, form
from verification.checked.expected.items import computed_value
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, measure, word
from verification.plans import Milestone
from verification.rules import COMPOSITE, NOT_IN_FORCE, SET
from verification.worked import laid
from verification.worked.duties import AT_FLOOR
from verification.worked.finding import Finding, joined
from verification.worked.laid import Floors


def _scope(s: Shown, one: Finding) -> str:
    if one.subject:
        subject = s.standard.word("subjects", one.subject, s.lang)
        grade = s.standard.word("grades", str(one.grade), s.lang)
        return f"{subject}, {grade}" if s.lang == "en" else f"{grade}{subject}"
    return s.standard.word("stages", one.stage, s.lang) if one.stage else blank(s.lang).text


def aim(s: Shown, one: Finding, due: int = 0) -> Said:
    """Return a target in words, with its year where it is to come; what it asks of each school by its numbers."""
    said = _aim(s, one)
    named = asks(s.case, one.item) if one.target is not None and one.sense else None
    if named is None:
        return Said(word("cells", "due_in", s.lang).format(aim=said, year=due) if due else said, Kind.RULE)
    parts = [*(() if one.target == 1 else (said,)), *named, *((str(due),) if due else ())]
    return Said("\x00".join(parts) + "\x00", Kind.RULE)


def _aim(s: Shown, one: Finding) -> str:
    if one.target is None or not one.sense:
        return blank(s.lang).text
    between = " " if s.lang == "en" else ""
    return s.standard.word("senses", one.sense, s.lang) + between + s.target(one).text + measure(s.unit(one), s.lang)


def known(s: Shown, one: Finding) -> Said:
    """Return a target's value; the mark of an empty cell where it says nothing."""
    open_share = one.item == "schools" and one.verdict == "target_not_set"
    return blank(s.lang) if one.verdict == "no_data" or open_share else computed_value(s, one)


def reached(s: Shown, one: Floors) -> Said:
    """Return how many schools reach a floor."""
    if not one.told:
        return blank(s.lang)
    said = word("cells", "schools_at_floor", s.lang)
    return Said(said.format(met=numbers.whole(one.met), schools=numbers.whole(one.schools)), Kind.WORKED)


def plan(s: Shown, _: dict[str, str]) -> list[Row]:
    """What a plan asks, where it says so, what is reached, and the verdict."""
    s = s.by_plan
    due = {(one.due.item, one.due.stage): one.due for one in reversed(laid.milestones(s.case)) if one.coming}
    rows = []
    for one in laid.targets(s.case):
        rows.append(_asked(s, one, due) | {"value": known(s, one), "verdict": s.verdict(one)})
    for floors in laid.floors(s.case):
        word_ = s.verdict(replace(floors.finding, verdict=floors.verdict)) if floors.verdict else blank(s.lang)
        rows.append(_asked(s, floors.finding, due) | {"value": reached(s, floors), "verdict": word_})
    return rows


def _asked(s: Shown, one: Finding, coming: dict[tuple[str, str], Milestone]) -> Row:
    due = coming.get((one.item, one.stage)) if one.verdict == NOT_IN_FORCE else None
    return {
        "item": form(s.label(one.item)),
        "scope": form(_scope(s, one)),
        "article": Said(_place(s, one.item), Kind.RULE),
        "target": aim(s, replace(one, target=due.value), due.day.year) if due else aim(s, one),
    }


def _place(s: Shown, item: str) -> str:
    said = laid.plan(s.case).articles.get(item) or blank(s.lang).text
    assumed = bool(s.standard.items.get(item, {}).get("assumed"))
    return word("cells", "reading", s.lang).format(name=said) if assumed else said


def milestones(s: Shown, _: dict[str, str]) -> list[Row]:
    """The dated targets of a plan by their years, with what was reached by then."""
    s = s.by_plan
    rows = []
    for one in laid.milestones(s.case):
        finding, year = one.finding, one.due.day.year
        shown = finding is not None and finding.value is not None and finding.verdict != "no_data"
        shown |= one.floors is not None and one.floors.told
        when = s.case.year if one.coming else year
        rows.append(
            {
                "year": Said(str(year), Kind.RULE, Fraction(year)),
                "item": form(s.label(one.due.item)),
                "scope": form(
                    s.standard.word("stages", one.due.stage, s.lang) if one.due.stage else blank(s.lang).text
                ),
                "target": aim(s, finding) if finding else blank(s.lang),
                "reached_in": form(when, Fraction(when)) if shown else blank(s.lang),
                "value": _come_to(s, one),
                "verdict": form(s.standard.word("verdicts", one.verdict, s.lang)) if one.verdict else blank(s.lang),
            }
        )
    return rows


def _come_to(s: Shown, one: laid.Reached) -> Said:
    if one.floors:
        return reached(s, one.floors)
    if one.finding is None or one.finding.value is None:
        return blank(s.lang)
    if not one.coming:
        then = replace(s.case, year=one.due.day.year, held=s.case.held)
        return known(Shown(then), one.finding)
    return Said(s.number(one.finding, one.finding.value, judged=False), Kind.WORKED, one.finding.value)


def yearly(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each indicator and item of the standard by years: attained, or whether the plan sets a target by then."""
    over = laid.plan(s.by_plan.case)
    dated = [one for one in over.dated if one.state == SET]
    always = {one.item for one in dated if one.day <= over.standard.since}
    named = {
        item: [one.day.year for one in over.milestones if one.item == item and one.state == SET] for item in over.named
    }
    last = max((year for years in named.values() for year in years), default=s.case.year)
    years = range(max(over.standard.since.year, min(s.case.years)), max(last, s.case.year) + 1)
    rows: list[Row] = []
    for label, items in _parts(s):
        asking = [*items, *_at_floor(s, items)]
        due = sorted({year for item in asking for year in named.get(item, ())})
        throughout = not due and any(item in always for item in items)
        key = "target_in" if due else "target_throughout" if throughout else "target_open"
        between = word("cells", "between", s.lang)
        told = word("cells", key, s.lang).format(years=between.join(map(str, due)))
        row = {"number": count(len(rows) + 1, Kind.FORM), "item": form(label), "target": Said(told, Kind.RULE)}
        for year in years:
            key = "target_due" if throughout or (due and due[0] <= year) else "target_open"
            row[f"year {year}"] = form(word("cells", key, s.lang)) if year > s.case.year else _attained(s, year, items)
        rows.append(row)
    return rows


def _attained(s: Shown, year: int, items: list[str]) -> Said:
    found = s.case.at(year).findings.values() if year in s.case.years else ()
    verdicts = [one.verdict for one in found if one.item in items and one.field != "plan"]
    verdict = joined(verdicts) if verdicts else "no_data"
    if verdict == "not_applicable" and NOT_IN_FORCE in verdicts:
        verdict = NOT_IN_FORCE
    return form(s.standard.word("verdicts", verdict, s.lang))


def _at_floor(s: Shown, items: list[str]) -> list[str]:
    asked = s.by_plan.standard.items.items()
    return [
        name
        for name, one in asked
        if one.get("rule") == AT_FLOOR and f"floor_{one['parameters']['indicator']}" in items
    ]


def _parts(s: Shown) -> Iterator[tuple[str, list[str]]]:
    """Yield what a row is called and the items that make it."""
    clauses = word("cells", "clauses", s.lang)
    for name, one in s.standard.indicators.items():
        if one.get("counts", True) and (one.get("floor") or one.get("cv")):
            yield s.standard.name(name, s.lang), [f"floor_{name}", f"cv_{name}"]
    if s.standard.data.get(COMPOSITE):
        yield s.label(f"cv_{COMPOSITE}", short=False), [f"cv_{COMPOSITE}"]
    for field in ("resources", "government", "quality"):
        held: dict[int, list[str]] = {}
        for name, one in s.standard.items.items():
            if one["field"] == field:
                held.setdefault(one["number"], []).append(name)
        for _, items in sorted(held.items()):
            yield clauses.join(s.label(item, short=False) for item in items), items
    if s.standard.data.get("monitoring"):
        yield clauses.join(s.label(item, short=False) for item in ("level", "rate")), ["level", "rate"]
    if (s.standard.data.get("recognition") or {}).get("target"):
        yield s.label("recognition", short=False), ["recognition"]
