"""What the inputs of a case are as records: cases/<standard>.yml say them short."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.standards import Plan
from analysis.standards.load import own
from analysis.standards.plans import _named

CASES = Path(__file__).parent / "cases"
COUNTY = "990101"
FILES = sorted(CASES.glob("*.yml"))
VERDICTS = ("met", "not_met", "no_data", "target_not_set")
#: Enrolment of a made-up school: a thousand, so that values per hundred are whole teachers.
PUPILS = 1000


@cache
def cases(name: str) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = loaded(CASES / f"{name}.yml")
    return given


def loaded(path: Path) -> Any:
    """Return what a file of ours says, parsed by the fast of YAML's parsers."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def plan_of(name: str) -> Plan:
    """Return a plan, or a framework as a plan of its own."""
    if not name.startswith("national-"):
        return standards.plan(name)
    return Plan(standards.load(name), name, frozenset(_named(own(name))))


def school(code: str, stage: Any = "primary", **given: Any) -> dict[str, Any]:
    kind = "primary" if stage == "primary" else "junior"
    base = {"school": code, "name": code, "school_type": kind, "run_by": "county", "area": "rural"}
    return base | {f"pupils_{stage}": PUPILS} | given


def at_floor(plan: Plan, stage: str, year: int, part: float = 1.0, **changed: float) -> dict[str, float]:
    """Amounts of a school of PUPILS that is at `part` of every national floor, but for `changed` (values of
    indicators); of teachers and rooms whole ones."""
    national = standards.load(plan.framework)
    amounts = {}
    for name, indicator in national.indicators.items():
        floor = dict(indicator.floor or {}).get(stage)  # type: ignore[call-overload]
        value = changed.get(name, (floor[0].value if floor else 1.0) * part)
        amount = value * PUPILS / indicator.per
        column = f"{indicator.amount}_{stage}" if indicator.by_stage else indicator.amount
        amounts[column] = math.floor(amount) if part < 1 and name not in changed else amount
    return amounts


# How an input becomes records: one function per kind of item.


def _value(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    row: dict[str, Any] = {"item": case["item"]}
    if given == "silent":
        return {}
    if isinstance(given, str):
        row |= {"answer": given, "evidence": "文号"}
    else:
        row |= {"value": float(given)}
    return {"government": [row], "schools": [school("1")]}


def _class(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    grade, pupils = given
    stage = "primary" if grade <= 6 else "junior"
    return {
        "schools": [school("1", stage)],
        "classes": [{"school": "1", "grade": grade, "class": "1", "pupils": pupils}],
    }


def _size(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    kind, pupils, *built = given
    row = {"school": "1", "name": "1", "school_type": kind, "built": built[0] if built else None}
    parts = {"primary": {"pupils_primary": pupils}, "junior": {"pupils_junior": pupils}}
    both = {"pupils_primary": pupils - 900, "pupils_junior": 900, "pupils_senior": 900}
    return {"schools": [row | parts.get(kind, both)]}


def _rooms(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    classes, music, art = given
    rooms = [
        {"school": "1", "room": f"{kind}{place}", "room_type": kind, "area": area}
        for kind, areas in (("music", music), ("art", art))
        for place, area in enumerate(areas)
    ]
    return {"schools": [school("1", classes_primary=classes)], "rooms": rooms}


def _funded(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    pupils, funded = given
    return {"schools": [school("1", pupils_primary=pupils, funded_pupils=funded)]}


def _training(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    return {"schools": [school("1", public_funds=100_000.0, training_funds=given * 100_000.0)]}


def _teachers(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    """[teachers of the kind, all teachers, pupils]"""
    kind, teachers, pupils = given
    row = {"school": "1", "stage": "primary", "teachers": teachers, "psychology": kind, "postgraduate": kind}
    return {"schools": [school("1", pupils_primary=pupils)], "teachers": [row]}


def _score(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    if not isinstance(given, list):
        return {"government": [{"item": "government_score", "value": float(given)}], "schools": [school("1")]}
    points, number = given
    rows = [{"item": f"score_{place + 1}", "value": float(points)} for place in range(number)]
    return {"government": rows, "schools": [school("1")]}


def _round(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    """The number of cells of the round 2024 to 2026 without a result."""
    rule = standards.load("national-2017").monitoring
    assert rule is not None
    rows = [
        {"year": 2023 + one.round_year, "subject": name, "grade": grade, "level": 3, "rate": 0.1}
        for name, one in rule.subjects.items()
        for grade in one.grades
    ]
    return {"monitoring": rows[given:], "schools": [school("1")]}


def _monitoring(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    row = {"year": case["year"], "subject": "mathematics", "grade": 8, "level": 3, "rate": 0.1}
    return {"monitoring": [row | {case["item"]: given}], "schools": [school("1")]}


def _below(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    """[years below 85 points up to this one, years since the certificate]"""
    below, since = given
    scores = [
        {"year": case["year"] - back, "item": "government_score", "value": 84.0 if back < below else 90.0}
        for back in range(since)
    ]
    return {"government": [*scores, {"item": "certified_year", "value": float(case["year"] - since)}]}


def _recognition(case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    groups = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")
    rows = [{"group": group, "asked": 10_000, "satisfied": round(given * 10_000)} for group in groups]
    return {"survey": rows, "schools": [school("1")]}


RULES: dict[str, Callable[[dict[str, Any], Any], dict[str, list[dict[str, Any]]]]] = {
    "class_size": _class,
    "school_size": _size,
    "special_rooms": _rooms,
    "small_school_funding": _funded,
    "training_funds": _training,
    "teacher_share": _teachers,
    "pupils_per_teacher": _teachers,
    "score": _score,
    "monitoring_round": _round,
}


def held(tables: dict[str, list[dict[str, Any]]], year: int, lag: int = 0) -> Records:
    """Records of one county: school tables of the year whose statistics count, the rest of the year itself."""
    earlier = {"schools", "classes", "rooms", "teachers"}
    frames = {
        name: pl.DataFrame(
            [{"county": COUNTY, "year": year - lag if name in earlier else year} | row for row in rows],
            infer_schema_length=None,
        )
        for name, rows in tables.items()
        if rows
    }
    return of_frames(COUNTY, frames)


def _resources(plan: Plan, case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    """schools: [that meet, that do not]; school_rule: values of one school; cv: c of two schools 1 +- c; floor: a
    value."""
    stage, year, item = case.get("stage", "primary"), case["year"], case["item"]
    floor = at_floor(plan, stage, year)
    if item in ("schools", "degree_schools", "pe_arts_schools", "backbone_schools"):
        meet, miss = given
        good = [school(str(place), stage, **floor) for place in range(meet)]
        low = at_floor(plan, stage, year, 0.5)
        return {"schools": good + [school(str(meet + place), stage, **low) for place in range(miss)]}
    if item == "school_rule":
        return {"schools": [school("1", stage, **at_floor(plan, stage, year, **given))]}
    kind, _, name = item.partition("_")
    if kind == "floor":
        one = plan.standard.indicators[name]
        column = f"{one.amount}_{stage}" if one.by_stage else one.amount
        return {"schools": [school("1", stage, **floor | {column: given * PUPILS / one.per})]}
    names = list(plan.standard.indicators) if name == "composite" else [name]
    rows = []
    for code, sign in (("1", 1), ("2", -1)):
        changed = dict(floor)
        for each in names:
            one = plan.standard.indicators[each]
            changed[f"{one.amount}_{stage}" if one.by_stage else one.amount] = round(10_000 * (1 + sign * given), 6)
        rows.append(school(code, stage, **changed))
    return {"schools": rows}


def tables(plan: Plan, case: dict[str, Any], given: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of one county by table that an input of a case says."""
    item = case["item"]
    known = plan.standard.items.get(item)
    if known is not None and known.rule != "schools_at_floor":
        told = RULES.get(known.rule or "", _value)(case, given)
    elif item == "three_years":
        told = _below(case, given)
    elif item in ("level", "rate"):
        told = _monitoring(case, given)
    elif item == "recognition":
        told = _recognition(case, given)
    else:
        told = _resources(plan, case, given)
    return _with(told, **case.get("with", {}))


def _with(
    told: dict[str, list[dict[str, Any]]], largest: int = 0, **school_has: Any
) -> dict[str, list[dict[str, Any]]]:
    """Return rows with what a case says of its school beside: columns of its row, and its `largest` class."""
    schools = [row | school_has for row in told.get("schools", [])]
    classes = [{"school": "1", "grade": 1, "class": "1", "pupils": largest}] if largest else []
    return told | ({"schools": schools} if schools else {}) | ({"classes": classes} if classes else {})
