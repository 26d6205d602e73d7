"""Scope: which schools, years and results count."""

import polars as pl

from analysis import standards
from analysis.judge import frames, judge
from analysis.judge.county import judge_counties
from analysis.measure import measure, stage_rows
from analysis.standards import readings
from tests.judge.given import COUNTY, FLOORS, YEAR, case, judged, national, quarantined, records, result, school


@case
def scope_of_teaching_points() -> None:
    rows = {
        row["school"]: row["scope_reason"]
        for row in stage_rows(
            records(
                school("49", 49, "teaching_point"),
                school("50", 50, "teaching_point"),
                school("small", 49),
                school("none", 0),
                school("special", 300, "special", pupils_junior=0),
                school("private", 300, run_by="private"),
                school("other", 300, run_by="other_public"),
            ).schools,
            national(),
        ).iter_rows(named=True)
        if row["stage"] == "primary"
    }
    assert rows == {
        "49": "small_teaching_point",
        "50": "",
        "small": "",
        "none": "no_pupils",
        "special": "special_school",
        "private": "",
        "other": "",
    }


@case
def scope_of_a_province_may_differ() -> None:
    points = [school(str(pupils), pupils, "teaching_point") for pupils in (49, 50, 99, 100)]
    other = readings.otherwise(national(), national().practice[0])
    inside_50 = (standards.load("hebei"), ["50", "99", "100"]), (national(), ["50", "99", "100"])
    for standard, inside in (*inside_50, (other, ["100"]), (national(2012), ["100"])):
        rows = stage_rows(records(*points).schools, standard)
        assert rows.filter("in_scope")["school"].to_list() == inside


@case
def scope_of_one_school_leaves_nothing_to_compare() -> None:
    found = judged(records(school("1"), school("2", pupils_primary=0)))
    for name in FLOORS:
        row = found[f"resources.cv_{name}.primary"]
        assert (row["verdict"], row["reason"], row["value"]) == ("not_applicable", "one_school", 0)
    # It is judged by its floors all the same, and the coefficients stand in nobody's way.
    assert found["resources.schools.primary"]["verdict"] == "met"
    assert found["resources.all"]["verdict"] == "met"
    whole = {"computers": 100, "books": 100, "teachers_primary": 50, "senior_title_teachers_primary": 9}
    one = judged(records(school("1", **whole)), national(2012))
    assert one["resources.cv_composite.primary"]["verdict"] == "not_applicable"


@case
def scope_of_the_monitoring_window_is_three_years() -> None:
    for year, expected in [(2024, "met"), (2023, "met"), (2022, "met"), (2021, "no_data"), (2025, "no_data")]:
        rows = [result("mathematics", 4, year, level=3, rate=0.1)]
        found = judged(records(school("1"), monitoring=rows))
        assert found["quality.level.mathematics.4"]["verdict"] == expected
        assert found["quality.rate.mathematics.4"]["verdict"] == expected


@case
def scope_of_2012_leaves_out_private_schools() -> None:
    by = {"a": "county", "b": "private", "c": "other_public", "d": None}
    held = records(*(school(code, run_by=who) for code, who in by.items()))
    rows = stage_rows(held.schools, national(2012))
    assert rows["scope_reason"].to_list() == ["", "private_school", "not_run_by_county", ""]


@case
def scope_decides_the_coefficient() -> None:
    alone = judged(records(school("1"), school("2", 49, "teaching_point", sports_area=1.0)))
    assert alone["resources.cv_sports_area.primary"]["verdict"] == "not_applicable"
    assert alone["resources.cv_sports_area.primary"]["reason"] == "one_school"
    assert alone["resources.cv_sports_area.primary"]["value"] == 0
    assert "resources.school_rule.primary.2" not in alone
    counted = judged(records(school("1", 50), school("2", 50, "teaching_point", sports_area=1.0)))
    assert counted["resources.cv_sports_area.primary"]["verdict"] == "not_met"
    assert counted["resources.cv_sports_area.junior"]["reason"] == "no_schools"


@case
def scope_of_monitoring_years() -> None:
    rows = [
        result("mathematics", 8, 2024, level=3, rate=0.10),
        result("mathematics", 8, 2021, level=1, rate=0.90),
        result("chinese", 8, 2022, level=3, rate=0.10),
        result("science", 8, 2021, level=3, rate=0.10),
        result("science", 4, 2023, tested="no"),
        result("english", 8, 2025, level=3, rate=0.10),
    ]
    found = judged(records(school("1"), monitoring=rows))
    assert found["quality.level.mathematics.8"]["verdict"] == "met"
    assert found["quality.level.mathematics.8"]["data_year"] == 2024
    assert found["quality.rate.chinese.8"]["verdict"] == "met"
    assert found["quality.rate.chinese.8"]["data_year"] == 2022
    for item in ("level", "rate"):
        assert found[f"quality.{item}.science.8"]["verdict"] == "no_data"
        assert found[f"quality.{item}.science.8"]["reason"] == "older_result"
        assert found[f"quality.{item}.science.4"]["reason"] == "not_tested"
        assert found[f"quality.{item}.english.8"]["reason"] == "no_result"


@case
def scope_of_counties_and_years_judged_together() -> None:
    # The same school codes in both counties and years; rooms, results and rows set aside in one of the four alone.
    here, there = COUNTY, "990102"
    rows = [
        school(code, county=county, year=year, classes_primary=12)
        for county in (here, there)
        for year in (YEAR - 1, YEAR)
        for code in ("1", "2")
    ]
    rooms = [
        {"county": here, "year": YEAR, "school": code, "room": kind, "room_type": kind, "area": 96.0}
        for code in ("1", "2")
        for kind in ("music", "art")
    ]
    answer = {"county": here, "year": YEAR, "item": "layout", "answer": "yes", "evidence": "规划"}
    asked = [
        {"county": here, "year": YEAR, "group": group, "asked": 100, "satisfied": 90}
        for group in national().recognition.groups  # type: ignore[union-attr]
    ]
    aside = quarantined("negative", year=YEAR - 1) | {"county": there}
    held = records(
        *rows,
        rooms=rooms,
        government=[answer],
        survey=asked,
        quarantine=[aside, quarantined("negative", table="rooms") | {"county": there}],
        monitoring=[result("mathematics", 8, YEAR, level=3, rate=0.1)],
    )
    cells = pl.DataFrame({"county": [here, here, there, there], "year": [YEAR - 1, YEAR] * 2})
    cells = cells.cast({"year": pl.Int32})
    days = {year: frames.day_of(year) for year in (YEAR - 1, YEAR)}
    measured = measure(held, national())
    together = judge_counties(measured, held, national(), cells, days)
    for county, year in cells.iter_rows():
        alone = judge(measured, held, national(), county, year)
        assert together.filter(county=county, year=year).equals(alone), (county, year)
        found = {row["id"]: row["verdict"] for row in alone.iter_rows(named=True)}
        first = (county, year) == (here, YEAR)
        expected = "met" if first else "no_data"
        for one in ("government.special_rooms", "government.layout", "recognition.all"):
            assert found[one] == expected, (county, year, one)
        assert found["quality.level.mathematics.8"] == expected
        assert ("resources.rows_set_aside" in found) == ((county, year) == (there, YEAR - 1))
