"""A county's first day: what its workbooks say when they are mended, and what is told while they are not."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean import Records
from analysis.judge import judge
from analysis.measure import measure
from tests.workbooks import cleaned

CASES = Path(__file__).parent / "cases" / "county"
COUNTY = "510116"
INDICATORS = [
    "advanced_degree_teachers",
    "backbone_teachers",
    "pe_arts_teachers",
    "teaching_area",
    "sports_area",
    "equipment_value",
    "multimedia_rooms",
]
#: Worked out with pandas (cases/county/README.md), in the order of INDICATORS.
COEFFICIENTS = {
    (2024, "primary"): [0.1687, 0.2041, 0.1810, 0.1736, 0.2038, 0.1715, 0.0491],
    (2023, "primary"): [0.1680, 0.1573, 0.1723, 0.2086, 0.1642, 0.1809, 0.0487],
    (2024, "junior"): [0.1390, 0.1543, 0.1752, 0.1458, 0.1547, 0.1600, 0.0464],
    (2023, "junior"): [0.1457, 0.1546, 0.1351, 0.1282, 0.1578, 0.1794, 0.0491],
}
COMPOSITES = {
    (2024, "primary"): 0.1696,
    (2024, "junior"): 0.1439,
    (2023, "primary"): 0.1773,
    (2023, "junior"): 0.1454,
}
#: In scope, meet the school rule, meet all seven.
SCHOOLS = {
    (2024, "primary"): (24, 17, 13),
    (2024, "junior"): (12, 7, 4),
    (2023, "primary"): (24, 16, 14),
    (2023, "junior"): (12, 7, 6),
}
#: Changes of single coefficients of 2012 from 2023 to 2024; all others are smaller than 0.01.
CHANGES = {
    ("primary", "teaching_area"): -0.042,
    ("primary", "sports_area"): 0.030,
    ("primary", "computers"): -0.039,
    ("primary", "books"): -0.011,
    ("junior", "sports_area"): -0.020,
    ("junior", "computers"): -0.035,
    ("junior", "books"): 0.032,
    ("junior", "senior_title_teachers"): 0.012,
}


def of(case: str, folder: Path) -> Records:
    shutil.copytree(CASES / case, folder / COUNTY)
    return cleaned(folder, COUNTY)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return of("mended", tmp_path_factory.mktemp("mended"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return of("first", tmp_path_factory.mktemp("first"))


def coefficients(records: Records, standard: str) -> dict[tuple[int, str, str], float]:
    found = measure(records, standards.load(standard)).filter(statistic="cv")
    return {
        (year, stage, one): cv for year, stage, one, cv in found.select("year", "stage", "indicator", "value").rows()
    }


def test_coefficients_of_the_mended_county(mended: Records) -> None:
    assert mended.quarantine.is_empty()
    found = coefficients(mended, "national-2017")
    for (year, stage), expected in COEFFICIENTS.items():
        assert [round(found[year, stage, one], 4) for one in INDICATORS] == expected, (year, stage)


def test_composites_and_changes_by_the_framework_of_2012(mended: Records) -> None:
    found = coefficients(mended, "national-2012")
    assert {key: round(found[*key, "composite"], 4) for key in COMPOSITES} == COMPOSITES
    for stage in ("primary", "junior"):
        for one in standards.load("national-2012").indicators:
            change = found[2024, stage, one] - found[2023, stage, one]
            expected = CHANGES.get((stage, one))
            assert abs(change) < 0.01 if expected is None else round(change, 3) == expected, (stage, one)


def test_schools_of_the_mended_county(mended: Records) -> None:
    standard = standards.load("national-2017")
    measured = measure(mended, standard)
    for (year, stage), expected in SCHOOLS.items():
        rules = judge(measured, mended, standard, COUNTY, year).filter(item="school_rule", stage=stage)
        told = rules.height, rules.filter(verdict="met").height, rules.filter(value=7).height
        assert told == expected, (year, stage)


def test_mended_there_is_nothing_to_mend(mended: Records) -> None:
    assert set(mended.notices["rule"]) == {"unregistered", "number_written"}


def said(records: Records, *rules: str) -> list[tuple[Any, ...]]:
    found = records.notices.filter(pl.col("rule").is_in(rules))
    return found.select("table", "year", "row", "column", "rule", "before", "after").rows()


def test_each_slip_of_the_first_day_is_told(first: Records) -> None:
    assert said(first, "likely_ten_thousands") == [
        ("schools", 2024, 13, "equipment_value", "likely_ten_thousands", "157.94", "1579400")
    ]
    assert said(first, "enrolment_missing") == [
        ("schools", 2024, 19, "pupils_primary", "enrolment_missing", None, None)
    ]
    assert said(first, "likely_percent") == [("government", 2024, 15, "value", "likely_percent", "96.3", "0.963")]
    assert said(first, "text_in_number_value") == [
        ("schools", 2024, 20, "sports_area", "text_in_number_value", "约7000", None)
    ]
    # Absent pupils are no fault, and told once.
    assert said(first, "absent_mark") == [("scores", 2024, None, "score", "absent_mark", "缺考", None)]
    assert said(first, "duplicate", "repeated") == [
        ("schools", 2024, 11, "", "repeated", "义务教育学校基本情况统计表", "10"),
        ("schools", 2024, 17, "school", "duplicate", "义务教育学校基本情况统计表", "40"),
        ("schools", 2024, 40, "school", "duplicate", "义务教育学校基本情况统计表", "17"),
    ]


def test_one_bad_cell_costs_no_school_and_decides_nothing(first: Records) -> None:
    standard = standards.load("national-2017")
    found = judge(measure(first, standard), first, standard, COUNTY, 2024)
    (school,) = first.schools.filter(year=2024, row=20)["school"]
    floor = found.filter(item="floor_sports_area", school=school)
    assert floor.select("verdict", "reason").rows() == [("undecidable", "value_set_aside")]
    (cv,) = found.filter(item="cv_sports_area", stage="primary").rows(named=True)
    assert (cv["verdict"], cv["reason"], school in cv["evidence"]) == ("undecidable", "values_set_aside", True)
    others = found.filter(school=school, field="resources").filter(pl.col("item").str.starts_with("floor_"))
    assert others.filter(pl.col("verdict") == "undecidable").height == 1
    assert others.height == len(INDICATORS)


def test_a_year_without_enrolment_is_not_a_year_in_which_no_school_meets_the_rule(first: Records) -> None:
    standard = standards.load("national-2017")
    found = judge(measure(first, standard), first, standard, COUNTY, 2023).filter(item="school_rule")
    year = first.schools.filter(year=2023)
    read = year["pupils_primary"].null_count() < year.height
    told = {row[3] for row in said(first, "enrolment_of_none")}
    assert read or (told == {"pupils_primary", "pupils_junior", "pupils_senior"} and "not_met" not in found["verdict"])
