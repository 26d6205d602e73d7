"""Before a target is in force its value is told by what is to come, and no verdict; an open target has no value."""

from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.judge import judge_plan
from tests.judge.given import COUNTY, records, school

Row = dict[str, Any]


def found(plan: str, year: int, *schools: Row, **frames: list[Row]) -> dict[str, Row]:
    rows = [one | {"year": year} for one in schools]
    held = records(*rows, **{name: [one | {"year": year} for one in given] for name, given in frames.items()})
    told = judge_plan(held, standards.plan(plan), COUNTY, year)
    return {row["id"]: row for row in told.iter_rows(named=True)}


#: At every floor, and below one of them: plan 4 asks all seven from the end of 2022 on.
GOOD, LOW = school("1"), school("2", sports_area=7499.0)


@pytest.mark.parametrize(("year", "verdict"), [(2020, "not_in_force"), (2022, "not_met")])
def test_floors_to_come_count_the_schools_that_reach_them(year: int, verdict: str) -> None:
    told = found("plan-4", year, GOOD, LOW)
    schools = told["plan.schools.primary"]
    assert (schools["value"], schools["verdict"]) == (0.5, verdict)
    assert told["plan.school_rule.primary.1"]["value"] == 7
    rule = told["plan.school_rule.primary.2"]
    assert (rule["value"], rule["verdict"]) == (6, verdict)
    floor = told["plan.floor_sports_area.primary.2"]
    assert floor["verdict"] == verdict
    assert floor["margin"] == pytest.approx(-0.001)
    assert floor["target"] == (7.5 if year == 2022 else None)


def test_an_open_floor_has_no_share_of_schools() -> None:
    told = found("plan-7", 2024, school("1"))
    # Statistics of the year before feed the judgement.
    assert told["plan.all"]["verdict"] != "met"
    rows = [school("1") | {"year": 2023}]
    frame = judge_plan(records(*rows), standards.plan("plan-7"), COUNTY, 2024)
    for item in ("schools", "school_rule"):
        (row,) = frame.filter(pl.col("stage") == "primary", item=item).rows(named=True)
        assert (row["value"], row["verdict"]) == (None, "target_not_set")


def test_items_to_come_have_their_present_value() -> None:
    """Plan 3: backbone in all schools by 2023, big classes gone by 2025; one of two schools each."""
    classes = [
        {"county": COUNTY, "school": code, "grade": 1, "class": "1", "pupils": pupils}
        for code, pupils in (("1", 55), ("2", 56))
    ]
    schools = (school("1"), school("2", backbone_teachers=9))
    for year, state in ((2022, "not_in_force"), (2025, "not_met")):
        told = found("plan-3", year, *schools, classes=classes)
        for item in ("big_classes", "backbone_schools"):
            row = told[f"plan.{item}"]
            assert row["value"] == 0.5
            assert row["verdict"] == (state if item == "big_classes" or year < 2023 else "not_met")
        of_school = [id for id in told if id.startswith("plan.big_classes.")]
        assert bool(of_school) == (state == "not_met")
    # Of schools that say nothing there is no share.
    assert found("plan-3", 2022, *schools)["plan.big_classes"]["value"] is None
