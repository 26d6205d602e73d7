"""Values, means, coefficients and shares: the official worked example, and what is left out."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.measure import measure, stage_rows

COUNTY = "990101"
#: data/cv_worked_example.csv, the official example: pupils and books of five schools.
EXAMPLE = [(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)]


def of_books(pairs: list[tuple[int | None, int | None]], year: int = 2024) -> Records:
    rows = [
        {"county": COUNTY, "year": year, "school": str(place), "school_type": "primary"}
        | {"pupils_primary": pupils, "books": books}
        for place, (pupils, books) in enumerate(pairs)
    ]
    return of_frames(COUNTY, {"schools": pl.DataFrame(rows, infer_schema_length=None)})


def books(held: Records) -> tuple[dict[str, dict[str, Any]], pl.DataFrame]:
    found = measure(held, standards.load("national-2012")).filter(indicator="books")
    stage = {row["statistic"]: row for row in found.filter(pl.col("school").is_null()).iter_rows(named=True)}
    return stage, found.filter(pl.col("school").is_not_null())


def test_official_worked_example() -> None:
    stage, schools = books(of_books(list(EXAMPLE)))
    assert stage["cv"]["pupils"] == 302
    assert stage["cv"]["amount"] == 1913
    assert round(stage["mean"]["value"], 2) == 6.33
    assert round(stage["cv"]["value"], 4) == 0.5153
    assert stage["schools"]["value"] == 5
    assert stage["missing"]["value"] == 0
    assert round(schools["share"].sum(), 12) == 1
    # 89 pupils at 10.5 books: 89 (10.506 - 6.334)^2 = 1548 of 3217.
    assert round(schools["share"][2], 3) == 0.481


def test_a_missing_amount_is_counted_and_left_out() -> None:
    stage, schools = books(of_books([*EXAMPLE, (1000, None), (None, 50)]))
    assert round(stage["cv"]["value"], 4) == 0.5153
    assert stage["schools"]["value"] == 5
    assert stage["missing"]["value"] == 2
    assert stage["cv"]["note"] == "missing_amounts"
    assert schools["note"].to_list() == [""] * 5 + ["missing_amount", "missing_pupils"]
    assert schools["value"].null_count() == 2


def test_a_school_without_pupils_is_out_of_scope_and_named() -> None:
    held = of_books([*EXAMPLE, (0, 500)])
    stage, schools = books(held)
    assert round(stage["cv"]["value"], 4) == 0.5153
    assert schools.height == 5
    rows = stage_rows(held.schools, standards.load("national-2012"))
    assert rows.filter(scope_reason="no_pupils")["school"].to_list() == ["5"]


def test_notes_of_one_school_and_of_a_mean_of_zero() -> None:
    stage, _ = books(of_books([(45, 279)]))
    assert (stage["cv"]["value"], stage["cv"]["note"]) == (0, "one_school")
    stage, _ = books(of_books([(45, 0), (50, 0)]))
    assert (stage["cv"]["value"], stage["cv"]["note"]) == (None, "mean_zero")


def test_years_and_counties_do_not_mix() -> None:
    both = pl.concat([of_books(list(EXAMPLE), 2023).schools, of_books([(10, 10), (10, 30)], 2024).schools])
    far = both.with_columns(pl.lit("990102").alias("county"))
    found = measure(of_frames(COUNTY, {"schools": pl.concat([both, far])}), standards.load("national-2012"))
    cv = found.filter(indicator="books", statistic="cv").sort("county", "year")
    assert cv["value"].round(4).to_list() == [0.5153, 0.5, 0.5153, 0.5]


def test_no_schools_give_no_rows() -> None:
    assert measure(of_frames(COUNTY, {}), standards.load("national-2017")).is_empty()


def test_a_type_that_the_standard_does_not_know_is_kept_by_name() -> None:
    row = {"county": COUNTY, "year": 2024, "school": "1", "school_type": "kindergarten", "pupils_primary": 30}
    rows = stage_rows(of_frames(COUNTY, {"schools": pl.DataFrame([row])}).schools, standards.load("national-2017"))
    assert rows.select("school", "stage", "in_scope", "scope_reason").rows() == [("1", None, False, "type_unknown")]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 10**6)), min_size=2, max_size=30), st.integers(2, 50))
def test_a_coefficient_has_no_unit(pairs: list[tuple[int, int]], factor: int) -> None:
    one, _ = books(of_books(list(pairs)))
    other, _ = books(of_books([(pupils, amount * factor) for pupils, amount in pairs]))
    if one["cv"]["value"] is None:
        assert other["cv"]["value"] is None
    else:
        assert other["cv"]["value"] == pytest.approx(one["cv"]["value"], rel=1e-9, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 10**6))
def test_a_split_loses_nothing(primary: int, junior: int, senior: int, area: int) -> None:
    row = {"county": COUNTY, "year": 2024, "school": "1", "school_type": "nine_year", "teaching_area": float(area)}
    row |= {"pupils_primary": primary, "pupils_junior": junior, "pupils_senior": senior}
    rows = stage_rows(of_frames(COUNTY, {"schools": pl.DataFrame([row])}).schools, standards.load("national-2017"))
    if primary + junior:
        assert rows["teaching_area"].sum() == pytest.approx(area)


def test_worked_example_file(shared: Path) -> None:
    given_ = pl.read_csv(shared / "data" / "cv_worked_example.csv")
    assert list(zip(given_["students"], given_["books"], strict=True)) == EXAMPLE
