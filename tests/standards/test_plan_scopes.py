"""What a plan counts where its text counts less or more than the national item: who is asked, where, from when."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean.records import of_frames
from analysis.judge import judge_plan
from analysis.standards.milestones import milestones
from tests.judge.given import COUNTY, YEAR, records, school


def verdict(plan: str, item: str, **frames: list[dict[str, Any]]) -> str:
    given = {
        name: pl.DataFrame([{"county": COUNTY, "year": YEAR} | row for row in rows]) for name, rows in frames.items()
    }
    found = judge_plan(of_frames(COUNTY, given), standards.plan(plan), COUNTY, YEAR)
    return str(found.filter(pl.col("school").is_null(), item=item)["verdict"][0])


@pytest.mark.parametrize("area", ["urban", "town", "rural"])
@pytest.mark.parametrize(("funded", "expected"), [(100, "met"), (80, "not_met")])
def test_plan_3_funds_every_primary_school_under_100(area: str, funded: int, expected: str) -> None:
    row = {"school": "1", "name": "1", "school_type": "primary", "run_by": "county", "area": area}
    assert verdict(
        "plan-3", "small_school_funding", schools=[row | {"pupils_primary": 80, "funded_pupils": funded}]
    ) == (expected)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("plan", "national", "own", "short", "enough"),
    [
        ("plan-3", "migrant_places", "migrants_in_public", 0.8499, 0.85),
        ("plan-4", "migrant_places", "migrants_in_public", 0.8499, 0.85),
        ("plan-3", "nearest_primary", "nearest_urban_primary", 0.9999, 1.0),
        ("plan-3", "nearest_junior", "nearest_urban_junior", 0.9499, 0.95),
    ],
)
def test_a_national_figure_of_more_children_does_not_answer_for_fewer(
    plan: str, national: str, own: str, short: float, enough: float
) -> None:
    """With purchased places, or with towns, the figure is another."""
    schools = [{"school": "1", "name": "1", "school_type": "primary", "run_by": "county", "pupils_primary": 1000}]

    def of(item: str, value: float) -> str:
        return verdict(plan, own, schools=schools, government=[{"item": item, "value": value}])

    assert of(national, 1.0) == "no_data"
    assert of(own, enough) == "met"
    assert of(own, short) == "not_met"
    assert national not in standards.plan(plan).items


def test_canteens_are_dated_as_the_text_dates_them() -> None:
    """2021年起: from the beginning of 2021 on."""
    table = milestones(standards.plan("plan-3")).filter(item="canteens")
    assert table.select("from", "value").rows() == [(date(2021, 1, 1), 15.0)]


def test_a_plan_of_floors_alone_has_targets(tmp_path: Path) -> None:
    """A floor of 5 m² of teaching area: a school with 4.8 reaches the national floor, and not the plan's."""
    file = tmp_path / "own.yml"
    head = "id: own\nname: {zh: 本, en: own}\ntitle: {zh: 本, en: own}\ndocument: 本\n"
    head += "extends: national-2017\nfrom: 2020-01-01\n"
    rule = "indicators:\n  teaching_area: {floor: {primary: 5, junior: 6}}\n"
    file.write_text(head + rule, encoding="utf-8")
    plan = standards.plan(file)
    assert {"schools", "floor_teaching_area"} <= plan.items

    def of(area: float, sports: float) -> str:
        row = school("1", teaching_area=area * 1000, sports_area=sports * 1000)
        return str(judge_plan(records(row), plan, COUNTY, YEAR).filter(id="plan.all")["verdict"][0])

    assert of(5.0, 7.5) == "met"
    # Six of seven, and the one at 85 % of the floor: 4.25 is enough where it is the only one.
    assert of(4.25, 7.5) == "met"
    assert of(4.24, 7.5) == "not_met"
    assert of(4.8, 7.4) == "not_met"
