"""Milestones of a plan by year."""

from datetime import date

import pytest

from analysis import standards
from analysis.standards.milestones import milestones


def test_the_shares_of_schools_that_plan_3_asks_for() -> None:
    table = milestones(standards.plan("plan-3")).filter(item="schools")
    course = {
        stage: [(row["from"].year, row["value"]) for row in table.filter(stage=stage).iter_rows(named=True)]
        for stage in ("primary", "junior")
    }
    assert course == {
        "primary": [(2023, 0.35), (2025, 0.5), (2026, 0.8), (2027, 1.0)],
        "junior": [(2023, 0.5), (2025, 0.7), (2026, 0.9), (2027, 1.0)],
    }


def test_open_targets_and_answers_are_told() -> None:
    table = milestones(standards.plan("plan-1"))
    assert table.filter(item="postgraduate_share").select("from", "value", "state").rows() == [
        (date(2022, 12, 31), None, "target_not_set")
    ]
    assert table.filter(item="charter").select("from", "unit").rows() == [(date(2018, 12, 31), "answer")]
    assert table["from"].is_sorted()
    early = milestones(standards.plan("plan-1"), date(2018, 12, 31))
    assert early["from"].max() == date(2018, 12, 31)


@pytest.mark.parametrize("name", [name for name in standards.names() if name.startswith("plan-")])
def test_every_item_of_a_plan_is_there(name: str) -> None:
    plan = standards.plan(name)
    assert set(milestones(plan)["item"]) == plan.items - {"school_rule", "three_years"}
