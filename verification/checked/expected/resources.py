"""Tables of resources: coefficients, schools, their movement, and what the scope leaves out."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.raw.tables import Row as RawRow
from verification.rules import COMPOSITE
from verification.worked import movers
from verification.worked.finding import Finding
from verification.worked.shortfalls import Shortfall, shortfalls
from verification.worked.stages import STAGES
from verification.worked.trend import Pace


def _cvs(s: Shown) -> list[Finding]:
    found = s.case.now.findings.values()
    return [one for one in found if one.item.startswith("cv_")]


def _measured(s: Shown) -> list[Finding]:
    """Return the coefficients that are measured and not judged, as findings without target and verdict."""
    judged = {(one.stage, one.item.removeprefix("cv_")) for one in _cvs(s)}
    found = s.case.now.coefficients.items()
    return [
        Finding("", "resources", f"cv_{name}", stage, value=one.cv, verdict="")
        for (name, stage), one in sorted(found, key=lambda each: STAGES.index(each[0][1]))
        if (stage, name) not in judged
    ]


def _cv_names(s: Shown, one: Finding) -> Row:
    name = one.item.removeprefix("cv_")
    short = s.label(one.item) if name == COMPOSITE else s.standard.name(name, s.lang, short=True)
    return {"stage": form(s.standard.word("stages", one.stage, s.lang)), "indicator": form(short)}


def _schools(s: Shown, name: str, stage: str) -> Said:
    found = s.case.now.coefficients.get((name, stage))
    return count(found.schools) if found else blank(s.lang)


def coefficients(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each judged coefficient, with the year before."""
    moved = {(one.stage, one.indicator): one for one in movers.moved(s.case)}
    rows = []
    for one in (*_cvs(s), *_measured(s)):
        name = one.item.removeprefix("cv_")
        row = _cv_names(s, one) | {
            "schools": _schools(s, name, one.stage),
            "cv": s.value(one),
            "limit": s.target(one) if one.target is not None else blank(s.lang),
            "verdict": s.verdict(one) if one.verdict else blank(s.lang),
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
    for one in (*(one for one in _cvs(s) if one.item != f"cv_{COMPOSITE}"), *_measured(s)):
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
                "limit": s.target(one) if one.target is not None else form(""),
                "verdict": s.verdict(one) if one.verdict else form(""),
            }
        )
    return rows


def schools(s: Shown, said: dict[str, str]) -> list[Row]:
    """Schools of a stage in scope with every indicator."""
    stage = next(id for id in STAGES if s.standard.word("stages", id, s.lang) in said["caption"])
    rows = []
    for place in s.case.now.inside(stage):
        row = {"school": form(s.words.school_in_full(place.school)), "pupils": count(place.pupils or 0, Kind.TRACED)}
        for name in s.standard.indicators:
            one = s.case.finding(f"resources.floor_{name}.{stage}.{place.school}")
            if one is None:
                value = place.per_pupil(name, s.standard)
                one = Finding("", "resources", f"floor_{name}", stage, value=value)
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


def basics(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools by type, with where they lie, who is private, pupils, classes and teachers; last all of them."""
    held = list({row["school"]: row for row in s.case.county.rows("schools", s.case.year)}.values())
    kinds = dict.fromkeys(row["school_type"] for row in held)
    parts = [
        (s.standard.word("school_types", kind, s.lang), [r for r in held if r["school_type"] == kind]) for kind in kinds
    ]
    rows = []
    for name, mine in (*parts, (word("cells", "all", s.lang), held)):
        row = {
            "type": form(name),
            "schools": count(len(mine)),
            "private": count(sum(r["run_by"] == "private" for r in mine)),
        }
        row |= {f"area {area}": count(sum(r["settlement"] == area for r in mine)) for area in s.standard.words["areas"]}
        for what in ("pupils", "classes", "teachers"):
            known = [value for r in mine for value in _of_school(r, what)]
            row[what] = count(sum(known, Fraction(0))) if known else blank(s.lang)
        rows.append(row)
    return rows


def _of_school(row: RawRow, what: str) -> list[Fraction]:
    """Return what a school reports, whole where it does, else by stage."""
    whole = row.get(what)
    each = [row.get(f"{what}_{stage}") for stage in STAGES] if whole is None else [whole]
    return [value for value in each if value is not None]


def overview(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each indicator with both stages side by side: floor, schools below it, mean, coefficient, the year before."""
    moved = {(one.stage, one.indicator): one for one in movers.moved(s.case)}
    return [
        {"indicator": form(s.standard.name(name, s.lang, short=True))}
        | {f"{told} {stage}": said for stage in STAGES for told, said in _of_stage(s, stage, name, moved).items()}
        for name in s.standard.indicators
    ]


def _of_stage(s: Shown, stage: str, name: str, moved: dict[tuple[str, str], movers.Moved]) -> Row:
    floors = [one for one in s.case.now.schools(f"floor_{name}", stage) if one.verdict in ("met", "not_met")]
    cv = s.cv(name, stage)
    told = {key: blank(s.lang) for key in ("floor", "below", "mean", "cv", "before")}
    if floors:
        short = sum(one.verdict == "not_met" for one in floors)
        told |= {"floor": s.target(floors[0]), "below": Said(f"{short}/{len(floors)}", Kind.WORKED, Fraction(short))}
    found = s.case.now.coefficients.get((name, stage))
    if found is not None:
        entry = s.standard.indicators[name]
        mean = found.mean * Fraction(str(entry["per"]))
        told["mean"] = Said(numbers.places(mean, entry["decimals"]), Kind.WORKED, mean)
    if cv is not None:
        told["cv"] = s.value(cv)
    past = moved.get((stage, name))
    if past is not None:
        told["before"] = Said(numbers.places(past.before, 2), Kind.WORKED, past.before)
    return told


def failing(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each school that misses its rule, with what it has and lacks of the indicators below their floors."""
    short = {
        (stage, one.finding.school, name): one
        for stage in STAGES
        for name in s.standard.indicators
        for one in shortfalls(s.case, stage, name)
    }
    rows = []
    for stage in STAGES:
        pupils = {one.school: one.pupils or Fraction(0) for one in s.case.now.inside(stage)}
        for rule in s.case.now.schools("school_rule", stage):
            if rule.verdict == "not_met":
                cells = {
                    f"ind {name}": _lacks(s, short.get((stage, rule.school, name))) for name in s.standard.indicators
                }
                name = form(s.words.school(rule.school))
                rows.append(
                    {"stage": form(s.standard.word("stages", stage, s.lang)), "school": name}
                    | {"pupils": count(pupils[rule.school], Kind.TRACED), **cells}
                )
    return rows


def _lacks(s: Shown, one: Shortfall | None) -> Said:
    if one is None or one.finding.value is None:
        return Said("", Kind.FORM)
    entry = s.standard.indicators[one.finding.item.removeprefix("floor_")]
    lacks = word("cells", "lacks", s.lang).format(amount=s.amount(one.missing, entry["unit"]))
    has = s.number(one.finding, one.finding.value)
    return Said(word("cells", "with_unit", s.lang).format(name=has, unit=lacks), Kind.WORKED)


def scope(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools that are left out, with the reason."""
    return [
        {
            "school": form(s.words.school_in_full(one.school)),
            "school_type": form(s.standard.word("school_types", one.kind, s.lang)),
            "stage": form(s.standard.word("stages", one.stage, s.lang)),
            "pupils": count(one.pupils or 0, Kind.TRACED),
            "reason": form(s.standard.word("scope_reasons", one.out, s.lang)),
        }
        for one in s.case.now.places
        if one.out
    ]
