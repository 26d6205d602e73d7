"""The forecast: cohorts on paper, futures against the ordinary judge, scenarios, what is lost and who leaves."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analysis.clean.records import NOTICES, Records
from analysis.errors import DataError, RequestError
from analysis.forecast import cohorts, forecast_of
from analysis.forecast.forecast import Outlook, outlook
from analysis.forecast.futures import past_of, rows_of
from analysis.forecast.scenario import Change, Scenario, load, of_rows
from analysis.judge import frames, resources
from analysis.measure import measure
from analysis.standards import plan
from analysis.tables import Verdict
from benchmarks.forecast import coverage
from tests.judge.given import COUNTY, YEAR, national, records, school

CLASSES = {"county": COUNTY, "class": "1"}


def graded(code: str, *pupils: int, year: int = YEAR, first: int = 1) -> list[dict[str, object]]:
    return [
        CLASSES | {"year": year, "school": code, "grade": grade, "pupils": number}
        for grade, number in enumerate(pupils, first)
        if number
    ]


@pytest.fixture(scope="module")
def held() -> Records:
    """A county that lived eight years."""
    return coverage.county(3)


@pytest.fixture(scope="module")
def seen(held: Records) -> Outlook:
    return outlook(held, national(), held.county, YEAR, [YEAR + 1, YEAR + 3], paths=4)


def test_a_cohort_moves_up_and_the_first_grade_comes_as_now() -> None:
    rows = records(school("1", 210), classes=graded("1", 40, 38, 36, 34, 32, 30))
    now = cohorts.grades_of(rows.schools, rows.classes, national())
    assert now.pupils[0, :6].tolist() == [40, 38, 36, 34, 32, 30]
    ones = np.ones(9)
    then = cohorts.stepped(now.pupils, now, ones, cohorts.kept(None, now))
    assert then[0, :6].tolist() == [40, 40, 38, 36, 34, 32]
    told = cohorts.stepped(now.pupils, now, ones, cohorts.kept(None, now), np.array([50.0]))
    assert told[0, :2].tolist() == [50, 40]


def test_the_junior_first_grade_is_the_countys_last_primary_grade_by_parts_of_now() -> None:
    rows = records(
        school("1", 60),
        school("2", 0, "junior", pupils_junior=90),
        school("3", 0, "junior", pupils_junior=30),
        classes=[
            *graded("1", 10, 10, 10, 10, 10, 10),
            *graded("2", 30, 30, 30, first=7),
            *graded("3", 10, 10, 10, first=7),
        ],
    )
    now = cohorts.grades_of(rows.schools, rows.classes, national())
    then = cohorts.stepped(now.pupils, now, np.ones(9), cohorts.kept(None, now))
    assert then[1:, 6].tolist() == [7.5, 2.5]
    assert then[1:, 7].tolist() == [30, 10]


def test_ratios_of_steps_are_those_of_schools_that_both_years_know() -> None:
    before = records(
        school("1", 60), school("9", 60), classes=[*graded("1", 10, 10, 10, 10, 10, 10), *graded("9", 9, 9, 9)]
    )
    after = records(school("1", 57), classes=graded("1", 10, 9, 9, 9, 10, 10))
    old, new = (cohorts.grades_of(held.schools, held.classes, national()) for held in (before, after))
    assert cohorts.ratios(old, new)[1:6].tolist() == [0.9, 0.9, 0.9, 1.0, 1.0]
    assert cohorts.ratios(old, new)[0] == 1


def test_a_teaching_point_sends_its_pupils_on() -> None:
    before = records(school("1", 30, "teaching_point"), classes=graded("1", 10, 10, 10))
    now = cohorts.grades_of(before.schools, before.classes, national())
    stay = cohorts.kept(now, now)
    assert stay[0, :4].tolist() == [1, 1, 1, 0]
    assert cohorts.stepped(now.pupils, now, np.ones(9), stay)[0, 3] == 0


def test_without_classes_a_stage_is_spread_evenly_and_stays() -> None:
    held = records(school("1", 600))
    now = cohorts.grades_of(held.schools, held.classes, national())
    assert now.pupils[0, :6].tolist() == [100] * 6
    assert not now.listed.any()
    told = forecast_of(held, national(), COUNTY, YEAR, paths=20)
    assert {"grades_even", "short_past", "entrants_as_now"} <= set(told["assumptions"])
    primary = next(row for row in told["enrolment"] if row["stage"] == "primary")
    assert primary["low"] < 600 < primary["high"]


def test_futures_are_judged_as_the_judge_does(held: Records, seen: Outlook) -> None:
    rows = rows_of(seen.past, seen.ahead)
    true = replace(held, schools=rows, notices=pl.DataFrame(schema=NOTICES))
    measured = measure(true, national())
    cells = rows.select("county", "year").unique().with_columns(pl.lit(value=True).alias("reported"))
    days = {year: frames.day_of(year) for year in seen.ahead.years}
    found = resources.findings(measured, national(), cells, days)
    for stage, each in seen.whole.items():
        for item, judged in each.items():
            for row in found.filter(
                pl.col("school").is_null() & (pl.col("item") == item) & (pl.col("stage") == stage)
            ).iter_rows(named=True):
                at = int(row["county"]), seen.ahead.years.index(row["year"])
                assert judged.value[at] == pytest.approx(row["value"], rel=1e-9), item
                assert judged.met[at] == (row["verdict"] == Verdict.MET), item
        rules = {
            (row["county"], row["year"], row["school"]): row["verdict"]
            for row in found.filter(item="school_rule", stage=stage).iter_rows(named=True)
        }
        rule = each.rule()
        for (path, year, place), met in np.ndenumerate(rule):
            verdict = rules.get((str(path), seen.ahead.years[year], each.schools[place]))
            assert (verdict is None) == (not each.counts[path, year, place])
            assert verdict is None or met == (verdict == Verdict.MET)
        means = measured.filter(statistic="mean", stage=stage)
        for row in means.iter_rows(named=True):
            at = int(row["county"]), seen.ahead.years.index(row["year"])
            assert each.mean(row["indicator"])[at] == pytest.approx(row["value"], rel=1e-9)


def test_a_composite_is_foretold_where_the_standard_judges_one(held: Records) -> None:
    used = national(2012)
    seen = outlook(held, used, held.county, YEAR, [YEAR + 1], paths=3)
    true = replace(held, schools=rows_of(seen.past, seen.ahead), notices=pl.DataFrame(schema=NOTICES))
    measured = measure(true, used).filter(indicator="composite", statistic="cv").drop_nulls("value")
    assert measured.height == 6
    for row in measured.iter_rows(named=True):
        judged = dict(seen.whole[row["stage"]].items())["cv_composite"]
        assert judged.value[int(row["county"]), 0] == pytest.approx(row["value"], rel=1e-9)
        assert judged.target[0] == {"primary": 0.65, "junior": 0.55}[row["stage"]]


def test_what_amounts_and_enrolment_do_adds_up(held: Records) -> None:
    told = forecast_of(held, national(), held.county, YEAR, paths=40)
    assert told == forecast_of(held, national(), held.county, YEAR, paths=40)
    json.dumps(told, allow_nan=False)
    assert told["years"] == [2025, 2026, 2027]
    for row in told["values"]:
        assert row["now"] + row["by_enrolment"] == pytest.approx(row["kept"])
        assert row["kept"] + row["by_amounts"] == pytest.approx(row["value"])
        assert row["low"] <= row["value"] <= row["high"]
        assert 0 <= row["probability"] <= 1
    for row in told["lost"]:
        assert row["probability"] >= 0.5
        assert row["year"] in told["years"]


def test_nothing_after_the_year_is_looked_at(held: Records) -> None:
    cut = replace(
        held, schools=held.schools.filter(pl.col("year") <= 2022), classes=held.classes.filter(pl.col("year") <= 2022)
    )
    assert forecast_of(held, national(), held.county, 2022, paths=4) == forecast_of(
        cut, national(), held.county, 2022, paths=4
    )


def test_milestones_are_those_of_a_plan(held: Records) -> None:
    told = forecast_of(held, national(), held.county, YEAR, plan=plan("plan-3"), paths=20)
    assert {(row["item"], row["year"]) for row in told["milestones"]} >= {
        ("schools", 2025),
        ("schools", 2026),
        ("schools", 2027),
    }
    by_stage = {(row["stage"], row["year"]): row["target"] for row in told["milestones"] if row["item"] == "schools"}
    assert by_stage["primary", 2025] == 0.5
    assert by_stage["junior", 2026] == 0.9
    # A plan of another framework has indicators of its own.
    assert forecast_of(held, national(), held.county, YEAR, plan=plan("plan-7"), paths=3)["milestones"] == []


def test_a_scenario_takes_the_place_of_cohorts(held: Records) -> None:
    fall = Scenario("fall", (Change(-0.05, "primary"), Change(-0.4, "primary", "rural")))
    told = forecast_of(held, national(), held.county, YEAR, scenario=fall, by=2026, paths=3)
    now = held.schools.filter(year=YEAR)
    rural = pl.col("area") == "rural"
    expected = now.select(pl.when(rural).then(0.6).otherwise(0.95) * pl.col("pupils_primary")).sum().item()
    last = next(row for row in told["enrolment"] if (row["stage"], row["year"]) == ("primary", 2026))
    assert last["value"] == last["low"] == pytest.approx(expected)
    assert all(row["by_amounts"] == pytest.approx(0, abs=1e-12) for row in told["values"])
    assert told["assumptions"] == ["scenario", "amounts_as_now"]


def test_scope_is_worked_out_again() -> None:
    held = records(school("1", 54, "teaching_point"), school("2", 900))
    fall = Scenario("fall", (Change(-0.2),))
    told = forecast_of(held, national(), COUNTY, YEAR, scenario=fall, by=2025, paths=3)
    assert told["scope"] == [{"school": "1", "stage": "primary", "year": 2025, "counts": False, "probability": 1.0}]


def test_what_is_diluted_is_told_as_lost_with_what_would_keep_it() -> None:
    held = records(school("1", 1000), school("2", 1000, sports_area=8_000.0))
    more = Scenario("more", (Change(0.1),))
    told = forecast_of(held, national(), COUNTY, YEAR, scenario=more, by=2025, paths=3)
    row = next(row for row in told["lost"] if row["finding"] == "resources.floor_sports_area.primary.2")
    assert row["value"] == pytest.approx(8000 / 1100)
    assert row["lacking"] == pytest.approx(7.5 * 1100 - 8000)


def test_classes_that_grow_over_their_limit_are_told() -> None:
    held = records(
        school("1", 264, classes_primary=6),
        school("1", 240, classes_primary=6) | {"year": YEAR - 1},
        school("1", 220, classes_primary=6) | {"year": YEAR - 2},
        classes=[
            *graded("1", *[44] * 6),
            *graded("1", *[40] * 6, year=YEAR - 1),
            *graded("1", *[36] * 6, year=YEAR - 2),
        ],
    )
    told = forecast_of(held, national(), COUNTY, YEAR, paths=200)
    (row,) = [row for row in told["lost"] if row["item"] == "class_size"]
    assert (row["now"], row["target"], row["year"]) == (44, 45, YEAR + 1)
    assert row["value"] == pytest.approx(48, abs=1.5)
    assert row["lacking"] == pytest.approx(row["value"] - 45)
    still = records(school("1", 240, classes_primary=6), classes=graded("1", *[40] * 6))
    assert not [row for row in forecast_of(still, national(), COUNTY, YEAR)["lost"] if row["item"] == "class_size"]


def test_entrants_take_the_place_of_now(held: Records) -> None:
    first = past_of(held, national(), held.county, YEAR).grades.pupils[:, 0]
    table = pl.DataFrame(
        {
            "county": [held.county],
            "year": [YEAR],
            "township": [""],
            "entry_year": [YEAR + 1],
            "children": [float(first.sum()) / 2],
        }
    )
    told = replace(held, others={**held.others, "entrants": table})
    past = past_of(told, national(), held.county, YEAR)
    assert past.entrants[YEAR + 1].tolist() == pytest.approx((first / 2).tolist())
    assert "entrants_told" in forecast_of(told, national(), held.county, YEAR, paths=3)["assumptions"]


@pytest.mark.parametrize("by", [YEAR, YEAR - 3])
def test_a_year_that_is_past_is_refused(held: Records, by: int) -> None:
    with pytest.raises(ValueError, match="later years"):
        forecast_of(held, national(), held.county, YEAR, by=by)


def test_a_scenario_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "fall.yml"
    path.write_text(
        "name: fall\nenrolment:\n- {stage: primary, area: rural, change: -40%}\n- {change: +10 %, by: 2026}\n",
        encoding="utf-8",
    )
    scenario = load(path)
    assert scenario.changes == (Change(-0.4, "primary", "rural"), Change(0.1, by=2026))
    assert not scenario.amounts_grow


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "scenario.yml"),
        ("enrolment: [{stage: senior, change: 1%}]", "senior"),
        ("enrolment: [{area: hill, change: 1%}]", "hill"),
        ("enrolment: [{change: many}]", "many"),
        ("enrolment: [{change: 40}]", "40"),
        ("enrolment: [{changes: 4%}]", "change"),
        ("amounts: more\nenrolment: []", "more"),
        ("births: []\nenrolment: []", "scenario.yml"),
        ("enrolment: [", "scenario.yml"),
    ],
)
def test_a_scenario_that_means_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "scenario.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((RequestError, DataError), match=said):
        load(path)
    with pytest.raises(RequestError, match="none"):
        load(tmp_path / "none.yml")


def test_a_scenario_may_be_rows_of_the_table() -> None:
    rows = pl.DataFrame(
        {"stage": ["primary", None], "area": [None, "rural"], "township": [None, None], "change": [-0.1, 0.2]}
    )
    assert of_rows("rows", rows).changes == (Change(-0.1, "primary"), Change(0.2, None, "rural"))


def test_a_forecast_of_a_year_before_is_held_against_what_came(held: Records) -> None:
    tried = forecast_of(held, national(), held.county, YEAR)["past"]["tried"]
    assert tried["from"] == YEAR - 1
    assert tried["series"] > 30
    assert 0.75 * tried["series"] < tried["held"] <= tried["series"]
    assert 0 < tried["typical"] < 0.2
    alone = records(school("1", 600))
    assert forecast_of(alone, national(), COUNTY, YEAR, paths=3)["past"]["tried"] is None
