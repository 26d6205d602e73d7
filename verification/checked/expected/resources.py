"""Tables of resources: coefficients, schools, their movement, and what the scope leaves out."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.worked import movers
from verification.worked.finding import Finding
from verification.worked.stages import STAGES
from verification.worked.trend import Pace


def _cvs(s: Shown) -> list[Finding]:
    found = s.case.now.findings.values()
    return [one for one in found if one.item.startswith("cv_")]


def _cv_names(s: Shown, one: Finding) -> Row:
    short = s.standard.name(one.item.removeprefix("cv_"), s.lang, short=True)
    return {"stage": form(s.standard.word("stages", one.stage, s.lang)), "indicator": form(short)}


def coefficients(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each judged coefficient, with the year before."""
    moved = {(one.stage, one.indicator): one for one in movers.moved(s.case)}
    rows = []
    for one in _cvs(s):
        name = one.item.removeprefix("cv_")
        row = _cv_names(s, one) | {
            "schools": count(s.case.now.coefficients[name, one.stage].schools),
            "cv": s.value(one),
            "limit": s.target(one),
            "verdict": s.verdict(one),
            "before": blank(s.lang),
            "change": blank(s.lang),
        }
        change = moved.get((one.stage, name))
        if change is not None:
            said = numbers.signed(change.difference, 2) if change.changed else word("cells", "unchanged", s.lang)
            row |= {"before": Said(numbers.places(change.before, 2), Kind.WORKED, change.before)}
            row |= {"change": Said(said, Kind.WORKED, change.difference)}
        rows.append(row)
    return rows


def summary(s: Shown, _: dict[str, str]) -> list[Row]:
    """The workbook's sheet over all coefficients, whose cells are formulas."""
    rows = []
    for one in _cvs(s):
        name = one.item.removeprefix("cv_")
        entry = s.standard.indicators[name]
        found = s.case.now.coefficients[name, one.stage]
        mean = found.mean * Fraction(str(entry["per"]))
        rows.append(
            _cv_names(s, one)
            | {
                "indicator": form(entry["label"][s.lang]),
                "unit": form(s.standard.word("units", entry["unit"], s.lang)),
                "schools": count(found.schools),
                "mean": Said(numbers.places(mean, 4), Kind.WORKED, mean),
                "cv": Said("", Kind.WORKED, found.cv),
                "computed": Said("", Kind.WORKED, found.cv),
                "limit": s.target(one),
                "verdict": s.verdict(one),
            }
        )
    return rows


def schools(s: Shown, said: dict[str, str]) -> list[Row]:
    """Schools of a stage in scope with every indicator."""
    stage = next(id for id in STAGES if s.standard.word("stages", id, s.lang) in said["caption"])
    rows = []
    for place in s.case.now.inside(stage):
        row = {"school": form(s.words.school(place.school)), "pupils": count(place.pupils or 0, Kind.TRACED)}
        for name in s.standard.indicators:
            one = s.case.finding(f"resources.floor_{name}.{stage}.{place.school}")
            row[f"ind {name}"] = s.value(one)
        rule = s.case.finding(f"resources.school_rule.{stage}.{place.school}")
        if rule is not None and rule.value is not None:
            row |= {"met": count(rule.value), "verdict": s.verdict(rule)}
        rows.append(row)
    return rows


def _reached(s: Shown, one: Finding, found: Pace) -> Said:
    """Return when a coefficient arrives at its limit, in the words of the table."""
    if one.verdict == "met":
        return form(word("cells", "within", s.lang))
    if found.pace is None:
        return blank(s.lang)
    if found.pace >= 0:
        return form(word("cells", "not_falling", s.lang))
    return Said(str(found.reached or word("cells", "beyond", s.lang)))


def improvement(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each coefficient over the years, its pace, and when it arrives."""
    rows = []
    before = {(one.stage, one.indicator): one.before for one in movers.moved(s.case)}
    for one in _cvs(s):
        name = one.item.removeprefix("cv_")
        found = s.case.pace(name, one.stage)
        if found is None or one.value is None or one.verdict not in ("met", "not_met"):
            continue
        series = s.case.series(name, one.stage)
        since = one.value - series[found.first]
        small = abs(since) < movers.MOVED
        row = _cv_names(s, one) | {
            f"year {found.first}": Said(numbers.places(series[found.first], 2), Kind.WORKED, series[found.first])
        }
        past = before.get((one.stage, name))
        if s.case.before is not None and past is not None:
            row[f"year {s.case.before.year}"] = Said(numbers.places(past, 2), Kind.WORKED, past)
        row |= {
            f"year {s.case.year}": s.value(one),
            "since": Said(
                word("cells", "unchanged", s.lang) if small else numbers.signed(since, 2), Kind.WORKED, since
            ),
            "pace": blank(s.lang) if found.pace is None else Said(numbers.signed(found.pace, 3), value=found.pace),
            "limit": s.target(one),
        }
        rows.append(row | {"reached": _reached(s, one, found)})
    return rows


def scope(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools that are left out, with the reason."""
    return [
        {
            "school": form(s.words.school(one.school)),
            "school_type": form(s.standard.word("school_types", one.kind, s.lang)),
            "stage": form(s.standard.word("stages", one.stage, s.lang)),
            "pupils": count(one.pupils or 0, Kind.TRACED),
            "reason": form(s.standard.word("scope_reasons", one.out, s.lang)),
        }
        for one in s.case.now.places
        if one.out
    ]
