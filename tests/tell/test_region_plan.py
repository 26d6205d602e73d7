"""A region's plan: counties by year beside the plan's numbers, on both sides of each, and item by item."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis import standards
from analysis.errors import RequestError
from analysis.render import region as beside
from analysis.tell.documents.region import RegionReport
from analysis.tell.documents.region import gathering as parts
from analysis.tell.documents.region.counties import RegionCounty
from analysis.tell.documents.region.plan import RegionPlan
from tests.tell.conftest import school, small
from tests.tell.test_region import county, region_of

PLAN = """
id: city-plan
name: {zh: 规划, en: Plan}
title: {zh: 本市规划, en: Plan of the city}
extends: national-2017
document: 市政发〔2022〕1号
from: 2022-01-01
regional:
  counties: COUNTIES
  schedule: [{from: 2023-12-31, value: 1}, {from: 2024-12-31, value: 2}, {from: 2026-12-31, value: 3}]
items:
  retention: {target: {values: 0.98}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "city-plan.yml"
    path.write_text(PLAN.replace("COUNTIES", "4"), "utf-8")
    return path


def told(code: str, **verdicts: str) -> RegionCounty:
    """Return a county with its verdict of each year: y2023="met"."""
    found = {int(year[1:]): verdict for year, verdict in verdicts.items()}
    acceptance = 2024 if code == "a" else None
    # By whichever standard the region is told: a plan goes by the framework that it lies over.
    return RegionCounty(
        code, code, parts.JUDGED, 2024, None, acceptance, planned_acceptance=None, synthetic=True, fault="", files=1,
        standard=standards.load("national-2017"), verdicts=found,
    )  # fmt: skip


def held(path: Path, *counties: RegionCounty, year: int = 2024) -> RegionPlan:
    return RegionPlan(standards.plan(path), list(counties), year, "zh")


@pytest.mark.parametrize(
    ("verdicts", "now"),
    [
        (("met", "met", "not_met", "not_met"), "met"),
        (("met", "not_met", "not_met", "not_met"), "not_met"),
        # The county without a verdict could be the second one; the fourth, of which nothing is known, as well.
        (("met", "no_data", "not_met", "not_met"), "undecidable"),
        (("met", "not_met", "not_met"), "undecidable"),
        (("not_met", "not_met", "not_met"), "not_met"),
    ],
)
def test_a_years_number_is_reached_missed_or_open(plan: Path, verdicts: tuple[str, ...], now: str) -> None:
    counties = [told(code, y2024=verdict) for code, verdict in zip("abcd", verdicts, strict=False)]
    assert held(plan, *counties).now.verdict == now
    assert held(plan, *counties).now.target == 2


def test_years_are_those_with_data_and_those_that_the_plan_names(plan: Path) -> None:
    found = held(plan, told("a", y2021="not_met", y2023="met", y2024="met", y2025="met"), told("b", y2023="not_met"))
    years = {one.year: (one.known, one.met, one.unmet, one.accepted, one.target, one.verdict) for one in found.years}
    assert years == {
        2021: (1, 0, 1, 0, None, "target_not_set"),
        2023: (2, 1, 1, 0, 1, "met"),
        2024: (1, 1, 0, 1, 2, "undecidable"),
        2026: (0, 0, 0, 1, 3, "not_in_force"),
    }
    assert found.next is not None
    assert found.next.year == 2026


def test_the_101_banners_have_no_number_before_2020() -> None:
    counties = [told("a", y2013="met")]
    found = RegionPlan(standards.plan("plan-7"), counties, 2013, "zh")
    assert found.total == 101
    assert [(one.year, one.target, one.verdict) for one in found.years if one.year > 2012] == [
        (2013, None, "target_not_set"),
        (2020, 101, "not_in_force"),
    ]
    # Their planned years of acceptance are those of another certificate.
    assert {one.accepted for one in found.years} == {None}
    assert RegionPlan(standards.plan("plan-8"), counties, 2013, "zh").total == 1


@pytest.mark.parametrize("entry", ["value: 5", "value: 1.5", "value: -1"])
def test_a_number_that_can_not_be_is_a_fault(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "p.yml"
    path.write_text(PLAN.replace("COUNTIES", "4").replace("value: 3", entry), "utf-8")
    with pytest.raises(RequestError, match="regional"):
        standards.load(path)


def report(plan: Path, **words: Any) -> RegionReport:
    """Return a city of two counties: one retains 99 % of its pupils, one 97 %, of 98 % that its plan asks for."""

    def one(code: str, retention: float) -> Any:
        rows = [{"county": "990999", "year": 2024, "item": "retention", "value": retention, "evidence": "x"}]
        made = small([school(f"{n}") for n in range(3)], {"government": rows}, plan=str(plan))
        return (county(code), made, parts.JUDGED)

    return region_of(one("990701", 0.99), one("990702", 0.97), plan=str(plan), **words)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_with_the_counts_of_results_json(plan: Path, lang: str) -> None:
    region = report(plan, lang=lang)
    results = json.loads(json.dumps(beside.results(region)))
    jsonschema.validate(results, beside.schema())
    years, items = region.table("plan_years"), region.table("plan_items")
    assert years is not None
    assert items is not None
    assert [row["target"] for row in results["plan_years"]] == [1, 2, 3]
    # Years without statistics, and years to come, have no counts, which are no zeros.
    assert years.frame["met"].to_list() == [None, 0, None]
    assert items.frame.select("met", "unmet").rows() == [(1, 1)]
    assert items.body[0][-1].text == ("2县" if lang == "zh" else "County 2")
    counts = {one["id"]: one["value"] for one in results["counts"]}
    text = region.chapter("plan").text
    for shown, id in re.findall(r'\[([\d,]+)\]\{\.n f="([^"]+)"', text):
        assert int(shown.replace(",", "")) == counts[id]
    assert "None" not in text


def test_without_a_plan_nothing_of_it_is_told(plan: Path) -> None:
    region = report(plan)
    bare = RegionReport(region.region, replace(region.base, plan=None, laid=None), region.gathered)
    assert bare.chapter("plan").text.strip() == ""
    assert bare.table("plan_years") is None
    assert bare.table("plan_items") is None
    assert beside.results(bare)["plan_years"] == []


def test_a_countys_verdict_is_not_touched_by_the_plan(plan: Path) -> None:
    region = report(plan)
    for one in region.counties:
        assert not [id for id in one.now if id.startswith("plan.")]
        assert set(one.planned) >= {"plan.retention"}


@pytest.mark.parametrize("plan", ["", "plan-3"])
def test_schools_are_counted_once_where_a_plan_judges_them_too(plan: str) -> None:
    words: dict[str, Any] = {"plan": plan} if plan else {}
    made = small([school(f"{n}") for n in range(3)], **words)
    assert any(one.item == "school_rule" for one in made.now.plan) is bool(plan)
    region = region_of((county("990701"), made, parts.JUDGED), **words)
    counts = {one["id"]: one["value"] for one in beside.results(region)["counts"]}
    assert counts["9907:schools.primary"] == 3
