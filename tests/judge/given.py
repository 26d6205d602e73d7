"""Schools and records given to the cases of the rules that make a verdict, and where the cases are gathered."""

from collections.abc import Callable
from typing import Any

import polars as pl

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.judge import judge
from analysis.measure import measure
from analysis.standards import Standard

COUNTY, YEAR = "990101", 2024
CASES: dict[str, Callable[[], None]] = {}
#: National standards, by year, in whose place a changed one stands (test_mutations.py).
CHANGED: dict[int, Standard] = {}
#: Floors of 教督〔2017〕6号 for primary schools, per pupil.
FLOORS = {
    "advanced_degree_teachers": 4.2 / 100,
    "backbone_teachers": 1 / 100,
    "pe_arts_teachers": 0.9 / 100,
    "teaching_area": 4.5,
    "sports_area": 7.5,
    "equipment_value": 2000.0,
    "multimedia_rooms": 2.3 / 100,
}
COUNTED = ("advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers")


def case(function: Callable[[], None]) -> Callable[[], None]:
    CASES[function.__name__] = function
    return function


def national(year: int = 2017) -> Standard:
    return CHANGED.get(year) or standards.load(f"national-{year}")


def school(code: str, pupils: Any = 1000, school_type: Any = "primary", **amounts: Any) -> dict[str, Any]:
    """A primary school that is exactly at every floor, but for the amounts given."""
    at_floor = {name: pupils * floor for name, floor in FLOORS.items()}
    whole = (*COUNTED, "multimedia_rooms")
    at_floor = {name: round(value) if name in whole else value for name, value in at_floor.items()}
    named = {"county": COUNTY, "year": YEAR, "school": code, "name": code, "school_type": school_type}
    return named | {"run_by": "county", "pupils_primary": pupils} | at_floor | amounts


def records(*rows: dict[str, Any], **frames: list[dict[str, Any]]) -> Records:
    given = {name: pl.DataFrame(list(entries), infer_schema_length=None) for name, entries in frames.items()}
    if rows:
        given["schools"] = pl.DataFrame(list(rows), infer_schema_length=None)
    return of_frames(COUNTY, given)


def judged(held: Records, standard: Standard | None = None, year: int = YEAR) -> dict[str, dict[str, Any]]:
    used = standard or national()
    found = judge(measure(held, used), held, used, COUNTY, year)
    return {row["id"]: row for row in found.iter_rows(named=True)}


def rule_of(**amounts: Any) -> dict[str, Any]:
    """The finding school_rule of one primary school of 1000 pupils at every floor but for `amounts`."""
    return judged(records(school("1", **amounts), school("2")))["resources.school_rule.primary.1"]


def result(subject: str, grade: int, year: int, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": year, "subject": subject, "grade": grade} | given


def quarantined(rule: str, year: int = YEAR, table: str = "schools") -> dict[str, Any]:
    place = {"file": "990101/schools_2024.xlsx", "sheet": "2024", "row": 9}
    return {"county": COUNTY, "year": year, "table": table, **place, "cells": "{}", "rules": [rule]}
