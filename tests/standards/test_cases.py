"""Each plan's own targets, on both sides of each boundary: cases/<plan>.yml, that a person can check on paper.

A case says in a sentence what the plan asks, names the item and the year of judgement, and gives inputs by the
verdict that they must
have (met, not_met, no_data, target_not_set). `before` is a year in which the target is not yet in force.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from analysis import project, standards
from analysis.clean import values
from analysis.clean.records import Records, of_frames
from analysis.judge import duties, judge_plan
from analysis.judge.county import judge
from analysis.measure import measure
from analysis.standards import Plan
from analysis.tables import Verdict

CASES = Path(__file__).parent / "cases"
COUNTY = "990101"
FILES = sorted(CASES.glob("*.yml"))
VERDICTS = ("met", "not_met", "no_data", "target_not_set")
#: Enrolment of a made-up school: a thousand, so that values per hundred are whole teachers.
PUPILS = 1000


@cache
def cases(name: str) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
    return given


EVERY = [
    pytest.param(path.stem, place, id=f"{path.stem}-{case['item']}-{place}")
    for path in FILES
    for place, case in enumerate(cases(path.stem))
]


def school(code: str, stage: Any = "primary", **given: Any) -> dict[str, Any]:
    kind = "primary" if stage == "primary" else "junior"
    base = {"school": code, "name": code, "school_type": kind, "run_by": "county", "area": "rural"}
    return base | {f"pupils_{stage}": PUPILS} | given


def at_floor(plan: Plan, stage: str, year: int, part: float = 1.0, **changed: float) -> dict[str, float]:
    """Amounts of a school of PUPILS that is at `part` of every national floor, but for `changed` (values of
    indicators)."""
    national = standards.load(plan.framework)
    amounts = {}
    for name, indicator in national.indicators.items():
        floor = dict(indicator.floor or {}).get(stage)  # type: ignore[call-overload]
        value = changed.get(name, (floor[0].value if floor else 1.0) * part)
        amounts[f"{indicator.amount}_{stage}" if indicator.by_stage else indicator.amount] = (
            value * PUPILS / indicator.per
        )
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


def verdict(plan: Plan, case: dict[str, Any], given: Any, year: int) -> tuple[str, str]:
    """Judge one input by a plan: verdict and reason of the case's item."""
    item = case["item"]
    known = plan.standard.items.get(item)
    if known is not None and known.rule != "schools_at_floor":
        tables = RULES.get(known.rule or "", _value)({**case, "year": year}, given)
        records = held(tables, year)
        tables_held = ("schools", "classes", "rooms", "teachers", "government", "monitoring")
        frames = {name: values.marked(getattr(records, name), records.notices, name) for name in tables_held}
        alone = plan.standard.model_copy(update={"items": {item: known}})
        cells = pl.DataFrame({"county": [COUNTY], "year": [year]}, schema={"county": pl.String, "year": pl.Int32})
        days = {year: date(year, 12, 31)}
        found = duties.findings(frames | {"quarantine": records.quarantine}, alone, cells, days)
        row = found.filter((pl.col("item") == item) & pl.col("school").is_null()).row(0, named=True)
        return row["verdict"], row["reason"]
    if item == "three_years":
        records = held(_below(case, given), year)
    elif item in ("level", "rate"):
        records = held(_monitoring({**case, "year": year}, given), year)
    elif item == "recognition":
        records = held(_recognition(case, given), year)
    else:
        records = held(_resources(plan, {**case, "year": year}, given), year, plan.standard.statistics_lag)
    # Only the item's own: the others are cases of their own.
    update: dict[str, Any] = {"items": {} if known is None else {item: known}}
    if item == "three_years":
        update |= {"items": {"government_score": plan.standard.items["government_score"]}}
        update |= {"school_rule": None, "composite": None}
    kind, _, name = item.partition("_")
    if kind in ("floor", "cv") and name in plan.standard.indicators:
        update |= {"indicators": {name: plan.standard.indicators[name]}, "school_rule": None, "composite": None}
    alone = plan.standard.model_copy(update=update)
    found = judge_plan(records, replace(plan, standard=alone), COUNTY, year)
    rows = found.filter(pl.col("item") == item)
    if item in ("level", "rate"):
        rows = rows.filter(subject="mathematics", grade=8)
    elif item not in ("recognition", "three_years", "degree_schools", "pe_arts_schools", "backbone_schools"):
        rows = rows.filter(stage=case.get("stage", "primary"))
    elif item != "recognition":
        rows = rows.filter(pl.col("school").is_null())
    row = rows.row(0, named=True)
    return row["verdict"], row["reason"]


@pytest.mark.parametrize(("name", "place"), EVERY)
def test_case(name: str, place: int) -> None:
    case = cases(name)[place]
    plan = standards.plan(name)
    assert case["item"] in plan.items
    assert case["says"]
    given = [one for one in VERDICTS if one in case]
    assert given
    for expected in given:
        assert verdict(plan, case, case[expected], case["year"])[0] == expected, (case["says"], expected)
    if "before" in case:
        assert verdict(plan, case, case[given[0]], case["before"])[0] == Verdict.NOT_IN_FORCE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_item_of_a_plan_has_a_case(path: Path) -> None:
    plan = standards.plan(path.stem)
    known = {case["item"] for case in cases(path.stem)}
    missing = plan.items - known
    # One floor or coefficient stands for those that a plan only repeats from the framework.
    national = standards.load(plan.framework)
    repeated = {
        f"floor_{name}"
        for name, one in plan.standard.indicators.items()
        if name in national.indicators and one.floor == national.indicators[name].floor
    }
    assert missing - repeated == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_plan_stands_beside_the_national_verdict(path: Path) -> None:
    plan = standards.plan(path.stem)
    national = standards.load(plan.framework)
    records = held({"schools": [school("1", **at_floor(plan, "primary", 2023)), school("2")]}, 2023)
    measured = measure(records, national)
    alone = judge(measured, records, national, COUNTY, 2023)
    both = judge(measured, records, national, COUNTY, 2023, plan=plan)
    assert both[: alone.height].equals(alone)
    beside = both[alone.height :]
    assert set(beside["field"]) == {"plan"}
    assert beside["id"][0] == "plan.all"
    assert set(beside["item"]) - {"all"} <= plan.items


def test_schools_set_aside_keep_a_plan_open() -> None:
    plan = standards.plan("plan-3")
    alone = replace(plan, standard=plan.standard.model_copy(update={"items": {}, "monitoring": None}))
    alone = replace(alone, standard=alone.standard.model_copy(update={"recognition": None}))
    rows = [school(code, **at_floor(plan, "primary", 2025)) for code in "12"]
    place = {"county": COUNTY, "year": 2025, "table": "schools", "file": "s", "sheet": "", "row": 3, "cells": "{}"}
    fair = held({"schools": rows}, 2025)
    set_aside = of_frames(
        COUNTY, {"schools": fair.schools, "quarantine": pl.DataFrame([place | {"rules": ["negative"]}])}
    )
    whole = judge_plan(fair, alone, COUNTY, 2025).filter(id="plan.all").row(0, named=True)
    assert whole["verdict"] == "met"
    whole = judge_plan(set_aside, alone, COUNTY, 2025).filter(id="plan.all").row(0, named=True)
    assert (whole["verdict"], whole["evidence"]) == ("no_data", "resources.rows_set_aside")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_page_of_plans_has_a_row_per_case(path: Path) -> None:
    page = (project.root() / "docs" / "plans.md").read_text(encoding="utf-8")
    section = page.partition(f"## {path.stem}:")[2].partition("\n## ")[0]
    assert section
    rows = [row for row in section.splitlines() if row.startswith("| ") and "`" in row]
    assert len(rows) == len(cases(path.stem))
    for case, row in zip(cases(path.stem), rows, strict=True):
        assert case["says"] in row
        assert str(case["year"]) in row
