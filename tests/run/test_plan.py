"""`junheng plan`: its JSON, its tables, and one clear line for what it can't read."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analysis import cli

KEYS = ["status", "cost", "bound", "gap", "reserve", "solver", "actions", "coefficients", "left_at_85", "budget_curve"]
KEYS += ["shortfall", "forecast"]
ACTION = ["school", "stage", "indicator", "kind", "from", "amount", "unit", "year", "cost", "before", "after", "floor"]
ACTION += ["reason", "finding"]


def said(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["plan", *arguments])
    out, err = capfd.readouterr()
    return code, out, err


def object_of(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, _ = said(capfd, *arguments, "--format", "json")
    assert code == 0
    plan: dict[str, Any] = json.loads(out)
    return plan


def test_json_is_one_object_with_every_key(capfd: pytest.CaptureFixture[str]) -> None:
    plan = object_of(capfd, "990101")
    assert set(KEYS) <= set(plan)
    assert (plan["status"], plan["reserve"], plan["gap"]) == ("optimal", 0.05, 0)
    assert plan["bound"] <= plan["cost"] == pytest.approx(sum(action["cost"] for action in plan["actions"]))
    for action in plan["actions"]:
        assert list(action)[: len(ACTION)] == ACTION
        assert action["unit"] in {"m2", "rooms", "persons", "yuan"}
        assert action["amount"] == int(action["amount"])
    assert {(row["stage"], row["indicator"]) for row in plan["coefficients"]} >= {("junior", "sports_area")}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", ["5%", "5 %", "５％", "0.05", "5"])
def test_a_reserve_is_read_alike_however_it_is_written(capfd: pytest.CaptureFixture[str], text: str) -> None:
    assert object_of(capfd, "990106", "--reserve", text)["reserve"] == 0.05


def test_zero_is_no_reserve(capfd: pytest.CaptureFixture[str]) -> None:
    assert object_of(capfd, "990101", "--reserve", "0")["cost"] == 2_028_000


@pytest.mark.parametrize(("words", "says"), [([], "--by 2027"), (["--by", "2027"], "263.5")])
def test_what_a_plan_asks_for_later_is_told(capfd: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    code, _, err = said(capfd, "990101", "--plan", "plan-3", *words)
    assert code == 0
    assert says in err


def test_budgets_by_year_say_when_each_school_is_done(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "budgets.csv").write_text("预算年度,预算金额\n2025,1000000\n2026,1800000\n", encoding="utf-8")
    plan = object_of(capfd, "990101", "--budget", str(tmp_path / "budgets.csv"))
    assert plan["by"] == 2026
    assert {action["year"] for action in plan["actions"]} == {2025, 2026}
    assert sum(action["cost"] for action in plan["actions"] if action["year"] == 2025) <= 1_000_000


def test_money_that_comes_after_the_last_year_is_seen(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "budgets.csv").write_text("预算年度,预算金额\n2025,100\n2030,9000000\n", encoding="utf-8")
    plan = object_of(capfd, "990101", "--by", "2027", "--budget", str(tmp_path / "budgets.csv"))
    assert (plan["status"], plan["shortfall"]["feasible_from"]) == ("infeasible", 2030)
    assert plan["shortfall"]["missing"] == pytest.approx(2_634_700 - 100)


def test_a_budget_below_the_least_cost_is_answered(capfd: pytest.CaptureFixture[str]) -> None:
    plan = object_of(capfd, "990101", "--budget", "100万")
    assert (plan["status"], plan["actions"], plan["cost"]) == ("infeasible", [], None)
    assert plan["shortfall"]["missing"] == pytest.approx(1_634_700)
    assert "163.5" in plan["shortfall"]["text"]["zh"]
    assert "163.5" in plan["shortfall"]["text"]["en"]


def test_the_table_and_csv_are_the_actions(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capfd, "990101", "--format", "csv")
    assert code == 0
    assert out.splitlines()[0].split(",")[: len(ACTION)] == ACTION
    assert "263.5" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["990101", "--goal", "schools"], "--budget"),
        (["990101", "--goal", "people"], "--goal"),
        (["990101", "--reserve", "100%"], "--reserve"),
        (["990101", "--distances", "far.csv"], "--transfers"),
        (["990101", "--by", "2020"], "2025"),
        (["990101", "--budget", "viel"], "viel"),
        (["990101", "--seconds", "0"], "--seconds"),
        (["990101", "--standard", "national-2012"], "national-2012"),
        (["990101", "--cost", "nowhere.xlsx"], "nowhere.xlsx"),
        (["", "--reserve", "0"], "COUNTY"),
    ],
)
def test_what_says_nothing_is_told_in_one_line(capfd: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    code, out, err = said(capfd, *words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_prices_of_an_office_are_used(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("指标,单价\n体育运动场馆,800\n", encoding="utf-8")
    plan = object_of(capfd, "990101", "--reserve", "0", "--cost", str(tmp_path / "costs.csv"))
    assert plan["cost"] == 800 * (1463 + 1865 + 1342) + 160_000
    assert plan["prices"]["example"] is False


@pytest.mark.slow
def test_a_region_is_the_sum_of_its_counties_and_what_money_brings_first(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capfd, "--region", "9901", "--format", "json", "--standard", "national-2017")
    assert code == 0
    region = json.loads(out)
    assert {row["county"] for row in region["counties"]} >= {"990101", "990109"}
    assert region["cost"] == pytest.approx(sum(row["cost"] for row in region["counties"] if row["cost"] is not None))
    assert region["bound"] <= region["cost"]
    each = [after["cost"] - before["cost"] for before, after in pairwise(region["budget_curve"])]
    schools = [after["schools"] - before["schools"] for before, after in pairwise(region["budget_curve"])]
    dearness = [cost / number for cost, number in zip(each, schools, strict=True)]
    assert dearness == sorted(dearness)
    first = min(row["cheapest"] for row in region["counties"] if row["cheapest"] is not None)
    assert region["budget_curve"][0]["cost"] / region["budget_curve"][0]["schools"] == pytest.approx(first)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["990101", "--region", "99"], "990101"),
        (["--region", "99", "--budget", "400万"], "budget"),
        (["--region", "99", "--cost", "costs.csv"], "cost"),
        (["--region", "12"], "12"),
        (["990101", "--distances", "nowhere.csv", "--transfers", "10%"], "nowhere.csv"),
    ],
)
def test_what_a_region_does_not_know_is_told(capfd: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    code, out, err = said(capfd, *words)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.slow
def test_a_small_sum_is_no_zero_and_a_large_one_has_no_exponent(capfd: pytest.CaptureFixture[str]) -> None:
    _, _, small = said(capfd, "990101", "--budget", "300")
    assert "预算 0.03 万元" in small
    _, table, _ = said(capfd, "--region", "9901", "--reserve", "0")
    assert "e+0" not in table


@pytest.mark.slow
def test_a_goal_says_how_many_schools_a_sum_brings(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["990109", "--goal", "schools", "--budget", "400万", "--reserve", "0"]
    curve = object_of(capfd, *words)["budget_curve"]
    most = max(point["schools"] for point in curve if point["cost"] <= 4e6)
    code, _, err = said(capfd, *words)
    assert code == 0
    assert f"{curve[-1]['schools']} 所学校中的 {most} 所" in err
