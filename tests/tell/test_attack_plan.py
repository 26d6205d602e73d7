"""Attacks on the plan of least cost as the public gets it: nothing of it may move with what a hidden school has."""

import json
from typing import Any

import pytest

from analysis.render import results
from analysis.tell import Report
from analysis.tell.facts.least_cost import least

from .conftest import small
from .test_attack import STORIES, TINY, county


def told(report: Report) -> str:
    """Return all that a report says of its plan: chapter, figure, table, results.json."""
    table, figure = report.table("least_cost"), report.figure("least_cost")
    held = results.results(report)
    return "\n".join(
        [
            report.chapter("least_cost").text,
            table.markdown() if table else "",
            f"{figure.caption}{figure.alt}{figure.data.rows()}" if figure else "",
            json.dumps([held["least_cost"], held.get("forecast")], ensure_ascii=False),
        ]
    )


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_a_school_is_hidden_the_plan_tells_nothing_that_moves_with_it(lang: str) -> None:
    reports = [small(county(**tiny), audience="public", lang=lang) for tiny in STORIES]
    assert all(report.hides("primary", report.year) for report in reports)
    assert len({told(report) for report in reports}) == 1
    assert all(least(report) is None for report in reports)
    inside = [small(county(**tiny), lang=lang) for tiny in STORIES]
    assert len({told(report) for report in inside}) == len(STORIES)
    assert TINY in json.dumps([results.results(report)["least_cost"] for report in inside])


def test_where_none_is_hidden_the_public_gets_sums_without_names_and_actions() -> None:
    rows: list[dict[str, Any]] = county()[1:]
    public, inside = (small(rows, audience=audience) for audience in ("public", "internal"))
    plan = least(inside)
    assert plan is not None
    assert plan.plan.actions
    assert plan.plan.cost is not None
    text = told(public)
    assert f"{plan.plan.cost / 1e4:,.1f}" in text
    assert public.table("least_cost") is None
    assert public.figure("least_cost") is None
    sums = results.results(public)["least_cost"]
    assert sums
    assert not any(held.get("actions") or held.get("left_at_85") for held in sums.values())
    for row in rows:
        assert row["name"] not in text
        assert row["school"] not in text
