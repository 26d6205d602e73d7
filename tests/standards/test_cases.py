"""Each standard's and plan's own targets, on both sides of each boundary: cases/<standard>.yml, checked on paper.

A case says in a sentence what the text asks, names the item and the year of judgement, and gives inputs by the verdict
that they must have (met, not_met, no_data, target_not_set). `before` is a year in which the target is not yet in force,
`with` what the school has beside.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean import values
from analysis.clean.records import of_frames
from analysis.judge import county_items, judge_plan
from analysis.judge.county import judge
from analysis.measure import measure
from analysis.standards import Plan
from analysis.tables import Verdict
from tests.standards.inputs import COUNTY, FILES, VERDICTS, at_floor, cases, held, plan_of, school, tables

#: What is counted for a county, of an item that schools have too.
OF_COUNTY = ("recognition", "three_years", "degree_schools", "pe_arts_schools", "backbone_schools")
PLANS = [path for path in FILES if path.stem.startswith("plan-")]
EVERY = [
    pytest.param(path.stem, place, id=f"{path.stem}-{case['item']}-{place}")
    for path in FILES
    for place, case in enumerate(cases(path.stem))
]


def verdict(plan: Plan, case: dict[str, Any], given: Any, year: int) -> tuple[str, str]:
    """Judge one input by a plan: verdict and reason of the case's item."""
    item = case["item"]
    known = plan.standard.items.get(item)
    below = known is not None and known.rule != "schools_at_floor"
    of_records = item in ("level", "rate", "recognition", "three_years")
    lag = 0 if below or of_records else plan.standard.statistics_lag
    records = held(tables(plan, {**case, "year": year}, given), year, lag)
    if known is not None and below:
        names = ("schools", "classes", "rooms", "teachers", "government", "monitoring")
        frames = {name: values.marked(getattr(records, name), records.notices, name) for name in names}
        alone = plan.standard.model_copy(update={"items": {item: known}})
        cells = pl.DataFrame({"county": [COUNTY], "year": [year]}, schema={"county": pl.String, "year": pl.Int32})
        days = {year: date(year, 12, 31)}
        found = county_items.findings(frames | {"quarantine": records.quarantine}, alone, cells, days)
        row = found.filter((pl.col("item") == item) & pl.col("school").is_null()).row(0, named=True)
        return row["verdict"], row["reason"]
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
    elif item not in OF_COUNTY:
        rows = rows.filter(stage=case.get("stage", "primary"))
    elif item != "recognition":
        rows = rows.filter(pl.col("school").is_null())
    row = rows.row(0, named=True)
    return row["verdict"], row["reason"]


@pytest.mark.parametrize(("name", "place"), EVERY)
def test_case(name: str, place: int) -> None:
    case = cases(name)[place]
    plan = plan_of(name)
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
    plan = plan_of(path.stem)
    known = {case["item"] for case in cases(path.stem)}
    missing = plan.items - known
    # One floor or coefficient stands for those that a plan only repeats from the framework.
    national = standards.load(plan.framework)
    repeated = {
        f"floor_{name}"
        for name, one in plan.standard.indicators.items()
        if name in national.indicators and one.floor == national.indicators[name].floor
    }
    recognition = plan.standard.recognition
    if recognition and recognition.target is None:  # for reference only: there are no two sides
        repeated.add("recognition")
    assert missing - repeated == set()


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.sampled(3)
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
