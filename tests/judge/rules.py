"""The five rules that make a verdict, as cases that a person can check on paper.

Each case is a function that asserts; test_rules.py runs them all, test_mutations.py shows that they fail when a rule
is mutated.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.judge import combine, frames, judge, rounding, shown
from analysis.judge.county import judge_counties
from analysis.measure import measure, stage_rows
from analysis.standards import Sense, Standard

COUNTY, YEAR = "990101", 2024
CASES: dict[str, Callable[[], None]] = {}
#: Floors of 教督〔2017〕6号 for primary schools, per pupil.
FLOORS = {
    "advanced_degree_teachers": 4.2 / 100,
    "backbone_teachers": 1 / 100,
    "pe_arts_teachers": 0.9 / 100,
    "teaching_area": 4.5,
    "sports_area": 7.5,
    "equipment_value": 2000.0,
    "multimedia_rooms": 2.3 / 100,
}
COUNTED = ("advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers")


def case(function: Callable[[], None]) -> Callable[[], None]:
    CASES[function.__name__] = function
    return function


def national(year: int = 2017) -> Standard:
    return standards.load(f"national-{year}")


def school(code: str, pupils: Any = 1000, school_type: Any = "primary", **amounts: Any) -> dict[str, Any]:
    """A primary school that is exactly at every floor, but for the amounts given."""
    at_floor = {name: pupils * floor for name, floor in FLOORS.items()}
    whole = (*COUNTED, "multimedia_rooms")
    at_floor = {name: round(value) if name in whole else value for name, value in at_floor.items()}
    named = {"county": COUNTY, "year": YEAR, "school": code, "name": code, "school_type": school_type}
    return named | {"run_by": "county", "pupils_primary": pupils} | at_floor | amounts


def records(*rows: dict[str, Any], **frames: list[dict[str, Any]]) -> Records:
    given = {name: pl.DataFrame(list(entries), infer_schema_length=None) for name, entries in frames.items()}
    if rows:
        given["schools"] = pl.DataFrame(list(rows), infer_schema_length=None)
    return of_frames(COUNTY, given)


def judged(held: Records, standard: Standard | None = None, year: int = YEAR) -> dict[str, dict[str, Any]]:
    used = standard or national()
    found = judge(measure(held, used), held, used, COUNTY, year)
    return {row["id"]: row for row in found.iter_rows(named=True)}


def rule_of(**amounts: Any) -> dict[str, Any]:
    """The finding school_rule of one primary school of 1000 pupils at every floor but for `amounts`."""
    return judged(records(school("1", **amounts), school("2")))["resources.school_rule.primary.1"]


# Combination: the first of not_met, undecidable, no_data, target_not_set, met that occurs.


@case
def combination_follows_the_order() -> None:
    order = ["not_met", "undecidable", "no_data", "target_not_set", "met"]
    for place, first in enumerate(order):
        assert combine(order[place:]) == first
        assert combine(reversed(order[place:])) == first
    assert combine(["met", "not_in_force", "not_applicable"]) == "met"
    assert combine(["not_in_force", "not_applicable"]) == "not_applicable"
    assert combine([]) == "not_applicable"


@case
def combination_of_fields_and_county() -> None:
    found = judged(records(school("1"), school("2", sports_area=6000.0, teaching_area=1000.0)))
    assert found["resources.all"]["verdict"] == "not_met"
    assert found["resources.all"]["evidence"].startswith("resources.schools.primary")
    assert found["government.all"]["verdict"] == "no_data"
    assert found["overall.all"]["verdict"] == "not_met"
    assert found["overall.all"]["evidence"] == "resources.all"
    unharmed = judged(records(school("1"), school("2")))
    assert unharmed["resources.all"]["verdict"] == "met"
    assert unharmed["overall.all"]["verdict"] == "no_data"


@case
def combination_counts_every_item_whatever_it_is_called() -> None:
    plain = national()
    item = plain.items["layout"]
    named = plain.model_copy(update={"items": {"all_roofs_are_tight": item}})
    answer = {"county": COUNTY, "year": YEAR, "item": "all_roofs_are_tight", "answer": "no"}
    found = judged(records(school("1"), government=[answer]), named)
    assert found["government.all_roofs_are_tight"]["verdict"] == "not_met"
    assert found["government.all"]["verdict"] == "not_met"


@case
def combination_of_entry_stops_only_where_it_is_not_met() -> None:
    def entry(**answer: Any) -> dict[str, dict[str, Any]]:
        row = {"county": COUNTY, "year": YEAR, "item": "no_key_schools"} | answer
        alone = national().model_copy(update={"items": {"no_key_schools": national().items["no_key_schools"]}})
        alone = alone.model_copy(update={"monitoring": None, "recognition": None})
        return judged(records(school("1"), school("2"), government=[row]), alone)

    assert entry(answer="yes", evidence="核查")["overall.all"]["verdict"] == "met"
    assert entry(answer="yes")["overall.all"]["verdict"] == "met"
    assert entry(answer="yes")["entry.all"]["verdict"] == "no_data"
    assert entry(answer="no")["overall.all"]["verdict"] == "not_met"


@case
def combination_of_own_tests_stand_beside_the_national_rate() -> None:
    scores = [
        {"county": COUNTY, "year": YEAR, "school": str(j), "pupil": f"{j}-{i}", "grade": 8, "subject": "mathematics"}
        | {"score": 10.0 * j + i}
        for j in range(8)
        for i in range(10)
    ]
    rows = [result("mathematics", 8, YEAR, level=3, rate=0.14)]
    found = judged(records(school("1"), school("2"), scores=scores, monitoring=rows))
    assert found["quality.rate_own.mathematics.8"]["verdict"] == "not_met"
    assert found["quality.rate.mathematics.8"]["verdict"] == "met"
    assert found["quality.all"]["verdict"] == "no_data"


@case
def combination_of_own_tests_leave_open_what_a_few_schools_far_away_could_turn() -> None:
    def told(schools: int, spread: float) -> tuple[str, str]:
        pupils = ndtri((np.arange(60) + 0.5) / 60)
        effects = spread * ndtri((np.arange(schools) + 0.5) / schools)
        test = {"county": COUNTY, "year": YEAR, "grade": 8, "subject": "mathematics"}
        scores = [
            test | {"school": str(j), "pupil": f"{j}-{i}", "score": 70 + 10 * float(effect + pupil)}
            for j, effect in enumerate(effects)
            for i, pupil in enumerate(pupils)
        ]
        found = judged(records(school("1"), school("2"), scores=scores))["quality.rate_own.mathematics.8"]
        return found["verdict"], found["reason"]

    # 0.05 with an interval up to 0.11, and 0.26 with one from 0.16: with twenty schools that is not sure enough.
    assert told(20, 0.26) == ("undecidable", "tails_unknown")
    assert told(20, 0.15) == ("met", "")
    assert told(20, 0.40) == ("undecidable", "spans_limit")
    assert told(20, 0.61) == ("undecidable", "tails_unknown")
    assert told(20, 0.70) == ("not_met", "")


# Scope: who is counted.


@case
def scope_of_teaching_points() -> None:
    rows = {
        row["school"]: row["scope_reason"]
        for row in stage_rows(
            records(
                school("99", 99, "teaching_point"),
                school("100", 100, "teaching_point"),
                school("small", 99),
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
        "99": "small_teaching_point",
        "100": "",
        "small": "",
        "none": "no_pupils",
        "special": "special_school",
        "private": "",
        "other": "",
    }


@case
def scope_of_a_province_may_differ() -> None:
    points = [school(str(pupils), pupils, "teaching_point") for pupils in (49, 50, 99, 100)]
    for name, inside in (("hebei", ["50", "99", "100"]), ("national-2017", ["100"])):
        rows = stage_rows(records(*points).schools, standards.load(name))
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
    alone = judged(records(school("1"), school("2", 99, "teaching_point", sports_area=1.0)))
    assert alone["resources.cv_sports_area.primary"]["verdict"] == "not_applicable"
    assert alone["resources.cv_sports_area.primary"]["reason"] == "one_school"
    assert alone["resources.cv_sports_area.primary"]["value"] == 0
    assert "resources.school_rule.primary.2" not in alone
    counted = judged(records(school("1", 100), school("2", 100, "teaching_point", sports_area=1.0)))
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


# Missing: best and worst case, and what is left out of one indicator only.


def result(subject: str, grade: int, year: int, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": year, "subject": subject, "grade": grade} | given


@case
def missing_indicator_of_a_school() -> None:
    assert rule_of(sports_area=None)["verdict"] == "no_data"
    assert rule_of(sports_area=None)["reason"] == "missing_indicators"
    assert rule_of(sports_area=None)["value"] == 6
    # Two below their floors: not even the best case has six.
    assert rule_of(sports_area=None, teaching_area=4499.0, equipment_value=1.9e6)["verdict"] == "not_met"
    # One below, one missing: the best case has six and the rest at 85 %, the worst five.
    assert rule_of(sports_area=None, teaching_area=4499.0)["verdict"] == "no_data"
    # One below 85 %: whatever the missing one is, the rule is not met.
    assert rule_of(sports_area=None, teaching_area=3000.0)["verdict"] == "not_met"
    assert rule_of(sports_area=0.0)["verdict"] == "not_met"


@case
def missing_school_in_a_stage() -> None:
    found = judged(records(school("1"), school("2", sports_area=None)))
    assert found["resources.schools.primary"]["verdict"] == "no_data"
    assert found["resources.schools.primary"]["value"] == 0.5
    assert found["resources.schools.primary"]["evidence"] == "2"
    found = judged(records(school("1", teaching_area=0.0), school("2", sports_area=None)))
    assert found["resources.schools.primary"]["verdict"] == "not_met"
    assert found["resources.schools.primary"]["evidence"] == "1"


@case
def missing_amount_leaves_the_school_out_of_that_indicator_only() -> None:
    found = judged(records(school("1"), school("2"), school("3", sports_area=None)))
    sports = found["resources.cv_sports_area.primary"]
    assert (sports["verdict"], sports["reason"], sports["evidence"]) == ("met", "missing_amounts", "3")
    assert found["resources.cv_teaching_area.primary"]["reason"] == ""
    # One school with a value, one without: no difference can be seen, and none is ruled out.
    found = judged(records(school("1"), school("2", sports_area=None)))
    assert found["resources.cv_sports_area.primary"]["verdict"] == "no_data"


@case
def missing_is_not_zero() -> None:
    def third(area: float | None) -> dict[str, Any]:
        found = judged(records(school("1"), school("2"), school("3", sports_area=area)))
        return found["resources.cv_sports_area.primary"]

    missing, zero = third(None), third(0.0)
    assert missing["value"] == 0
    # Two of three at 7.5 and one at 0: mean 5, S = sqrt((2 * 2.5^2 + 5^2) / 3) = 3.5355, 0.7071.
    assert round(zero["value"], 4) == 0.7071
    assert zero["verdict"] == "not_met"


@case
def missing_enrolment_is_not_left_out_silently() -> None:
    found = judged(records(school("1"), school("2"), school("3", pupils_primary=None)))
    assert found["resources.school_rule.primary.3"]["verdict"] == "no_data"
    assert found["resources.floor_sports_area.primary.3"]["reason"] == "missing_pupils"
    assert found["resources.cv_sports_area.primary"]["evidence"] == "3"


@case
def missing_everything() -> None:
    found = judged(records())
    assert found["resources.schools.primary"]["reason"] == "no_records"
    assert {row["verdict"] for row in found.values()} == {"no_data"}


@case
def missing_coefficient_of_the_composite() -> None:
    whole = {"computers": 100, "books": 100, "teachers_primary": 50, "senior_title_teachers_primary": 9}
    found = judged(records(school("1", **whole), school("2", **whole)), national(2012))
    assert found["resources.cv_composite.primary"]["verdict"] == "met"
    lacking = whole | {"books": None}
    found = judged(records(school("1", **lacking), school("2", **lacking)), national(2012))
    assert found["resources.cv_composite.primary"]["verdict"] == "no_data"
    # Books of one of two schools: its coefficient of 0 compares nothing, so seven are known and there is no mean.
    found = judged(records(school("1", **whole), school("2", **lacking)), national(2012))
    row = found["resources.cv_composite.primary"]
    assert (row["verdict"], row["reason"], row["value"]) == ("no_data", "missing_coefficient", None)
    # Books of two of three: a coefficient, with the third left out of books alone.
    found = judged(records(school("1", **whole), school("2", **whole), school("3", **lacking)), national(2012))
    row = found["resources.cv_composite.primary"]
    assert (row["verdict"], row["reason"], row["value"]) == ("met", "missing_amounts", 0.0)


@case
def missing_mean_of_zero_has_no_coefficient() -> None:
    found = judged(records(school("1", backbone_teachers=0), school("2", backbone_teachers=0)))
    row = found["resources.cv_backbone_teachers.primary"]
    assert (row["value"], row["verdict"], row["reason"]) == (None, "no_data", "mean_zero")


# Split of shared assets.


def books_of(school_type: str, **pupils: int | None) -> dict[str, float]:
    row = {"county": COUNTY, "year": YEAR, "school": "1", "name": "1", "school_type": school_type, "books": 23226}
    rows = stage_rows(records(row | pupils).schools, national(2012))
    return {one["stage"]: one["books"] for one in rows.iter_rows(named=True)}


@case
def split_of_the_official_example() -> None:
    books = books_of("nine_year", pupils_primary=166, pupils_junior=210)
    assert round(books["primary"], 1) == 9711.6
    assert round(books["junior"], 1) == 13514.4


@case
def split_by_type_of_school() -> None:
    # 100 + 110 + 132 = 342 weighted pupils; senior pupils keep their part.
    books = books_of("twelve_year", pupils_primary=100, pupils_junior=100, pupils_senior=100)
    assert round(books["primary"], 6) == round(23226 * 100 / 342, 6)
    assert round(books["junior"], 6) == round(23226 * 110 / 342, 6)
    # Between junior and senior alone 1 to 1.2.
    books = books_of("complete_secondary", pupils_junior=100, pupils_senior=100)
    assert round(books["junior"], 6) == round(23226 * 100 / 220, 6)
    assert books_of("primary", pupils_primary=100) == {"primary": 23226}
    # Pupils of a level that the type does not have weigh nothing.
    books = books_of("nine_year", pupils_primary=100, pupils_junior=100, pupils_senior=100)
    assert books["primary"] == 23226 * 100 / 210
    assert books_of("nine_year", pupils_primary=100, pupils_junior=None) == {"primary": None, "junior": None}
    # A level without pupils takes nothing; one whose pupils are not reported leaves the parts unknown.
    assert books_of("nine_year", pupils_primary=100, pupils_junior=0)["primary"] == 23226
    books = books_of("twelve_year", pupils_primary=100, pupils_junior=100, pupils_senior=0)
    assert round(books["primary"], 6) == round(23226 * 100 / 210, 6)
    assert books_of("complete_secondary", pupils_junior=100, pupils_senior=0) == {"junior": 23226}
    assert books_of("complete_secondary", pupils_junior=100, pupils_senior=None) == {"junior": None}
    assert books_of("primary", pupils_primary=None) == {"primary": 23226}


@case
def split_of_2017_by_type_of_school() -> None:
    def area(school_type: str, **pupils: int) -> list[float]:
        row = {"county": COUNTY, "year": YEAR, "school": "1", "school_type": school_type, "teaching_area": 3420.0}
        found = stage_rows(records(row | {"pupils_primary": None} | pupils).schools, national())
        return [round(value, 6) for value in found.sort("stage", descending=True)["teaching_area"]]

    hundred = {f"pupils_{level}": 100 for level in ("primary", "junior", "senior")}
    # 100 + 110 + 132 = 342: ten square metres a weighted pupil, 1,320 of them the senior pupils'.
    assert area("twelve_year", **hundred) == [1000, 1100]
    # 100 + 110 = 210, and 100 + 120 = 220: the junior pupils' alone, the other half and more the senior pupils'.
    assert area("nine_year", **hundred) == [round(3420 * 100 / 210, 6), round(3420 * 110 / 210, 6)]
    assert area("complete_secondary", **hundred) == [round(3420 * 100 / 220, 6)]


def teachers_of(**given: Any) -> dict[str, float | None]:
    row = {"county": COUNTY, "year": YEAR, "school": "1", "name": "1", "school_type": "nine_year"}
    held = records(row | {"pupils_primary": 100, "pupils_junior": 100} | given)
    rows = stage_rows(held.schools, national())
    parts = {one["stage"]: one["backbone_teachers"] for one in rows.iter_rows(named=True)}
    return {stage: None if part is None else round(part, 9) for stage, part in parts.items()}


@case
def split_only_what_is_not_reported_by_stage() -> None:
    whole, primary, junior = "backbone_teachers", "backbone_teachers_primary", "backbone_teachers_junior"
    assert teachers_of(**{whole: 21}) == {"primary": 10, "junior": 11}
    assert teachers_of(**{whole: 21, primary: 15, junior: 6}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{primary: 15, junior: 6}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{whole: 21, primary: 15}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{whole: 21, primary: 0}) == {"primary": 0, "junior": 21}
    assert teachers_of(**{primary: 15}) == {"primary": 15, "junior": None}
    assert teachers_of(**{whole: 10, primary: 15}) == {"primary": 15, "junior": None}


# Rounding: boundaries and what is shown.


@case
def rounding_keeps_limits_closed_and_the_rate_open() -> None:
    for value, target, sense, expected in [
        (4.2, 4.2, Sense.AT_LEAST, True),
        (4.1999, 4.2, Sense.AT_LEAST, False),
        (0.50, 0.50, Sense.AT_MOST, True),
        (0.5001, 0.50, Sense.AT_MOST, False),
        (0.5000000000000001, 0.50, Sense.AT_MOST, True),
        (0.500000000001, 0.50, Sense.AT_MOST, False),
        (0.1499, 0.15, Sense.BELOW, True),
        (0.1499999999, 0.15, Sense.BELOW, True),
        (4.2 * 0.85, 3.57, Sense.AT_LEAST, True),
        (4.2 * 0.85, 3.57, Sense.AT_MOST, True),
        (7.5 * 0.849, 7.5 * 0.85, Sense.AT_LEAST, False),
        (0.15, 0.15, Sense.BELOW, False),
        (0.15 - 1e-17, 0.15, Sense.BELOW, False),
        (0.15000000000000002, 0.15, Sense.ABOVE, False),
        (0.1 + 0.2, 0.3, Sense.AT_MOST, True),
    ]:
        assert rounding.holds(value, target, sense) is expected, (value, target, sense)
        frame = pl.DataFrame({"v": [value], "t": [target]})
        assert frame.select(rounding.held(pl.col("v"), pl.col("t"), sense)).item() is expected
        margin = frame.select(rounding.margin(pl.col("v"), pl.col("t"), sense)).item()
        assert (margin >= 0) if expected else (margin <= 0)


@case
def rounding_never_contradicts_the_verdict() -> None:
    assert shown(0.1496, 0.15, 2, Sense.BELOW) == "0.1496"
    assert shown(0.1449, 0.15, 2, Sense.BELOW) == "0.14"
    assert shown(0.15, 0.15, 2, Sense.BELOW) == "0.15"
    assert shown(0.5004, 0.50, 2, Sense.AT_MOST) == "0.5004"
    assert shown(0.504, 0.50, 2, Sense.AT_MOST) == "0.504"
    assert shown(0.506, 0.50, 2, Sense.AT_MOST) == "0.51"
    assert shown(0.5000000000000001, 0.50, 2, Sense.AT_MOST) == "0.50"
    assert shown(4.1999, 4.2, 2, Sense.AT_LEAST) == "4.1999"
    assert shown(4.199951, 4.2, 2, Sense.AT_LEAST) == "4.19995"
    assert shown(1999.6, 2000, 0, Sense.AT_LEAST) == "1999.6"
    assert shown(0.125, None, 2, None) == "0.13"
    assert shown(58.0, 10.0, 2, Sense.AT_LEAST) == "58.00"


@case
def rounding_at_the_boundaries_of_a_school() -> None:
    assert rule_of()["verdict"] == "met"
    assert rule_of()["value"] == 7
    # 6 of 7, the remaining one at 85 % of 4.5 = 3.825 m2, and just below.
    assert rule_of(teaching_area=3825.0)["verdict"] == "met"
    assert rule_of(teaching_area=3825.0)["evidence"] == "teaching_area"
    below = rule_of(teaching_area=3824.9)
    assert (below["verdict"], below["reason"], below["value"]) == ("not_met", "below_part", 6)
    # 5 of 7 does not do, however near.
    five = rule_of(teaching_area=4499.0, sports_area=7499.0)
    assert (five["verdict"], five["reason"], five["value"]) == ("not_met", "fewer_met", 5)
    assert five["margin"] == -1


@case
def rounding_at_the_limit_of_a_coefficient() -> None:
    # Two schools of equal size with values 1 +- c about the mean: the coefficient is c.
    for c, verdict in [(0.50, "met"), (0.5001, "not_met"), (0.4999, "met")]:
        found = judged(records(school("1", sports_area=8000 * (1 + c)), school("2", sports_area=8000 * (1 - c))))
        row = found["resources.cv_sports_area.primary"]
        assert row["verdict"] == verdict
        assert round(row["value"], 9) == c
        assert (row["margin"] >= 0) == (verdict == "met")


@case
def rounding_at_level_and_rate() -> None:
    for level, verdict in [(2, "not_met"), (3, "met"), (4, "met")]:
        found = judged(records(school("1"), monitoring=[result("mathematics", 8, YEAR, level=level, rate=0.1)]))
        assert found["quality.level.mathematics.8"]["verdict"] == verdict
    for rate, verdict in [(0.1499, "met"), (0.15, "not_met"), (0.1501, "not_met")]:
        found = judged(records(school("1"), monitoring=[result("mathematics", 8, YEAR, level=3, rate=rate)]))
        assert found["quality.rate.mathematics.8"]["verdict"] == verdict


@case
def rounding_of_the_composite_which_is_the_plain_mean_with_closed_limits() -> None:
    names = ["teaching_area", "sports_area", "equipment_value", "computers", "books", "teachers"]
    names += ["advanced_degree_teachers", "senior_title_teachers"]
    # Two schools of equal size, eight amounts of 1000 +- d: every coefficient and the composite are d / 1000.
    for d, verdict in [(650, "met"), (651, "not_met")]:
        more, less = dict.fromkeys(names, 1000 + d), dict.fromkeys(names, 1000 - d)
        found = judged(records(school("1", **more), school("2", **less)), national(2012))
        row = found["resources.cv_composite.primary"]
        assert round(row["value"], 9) == d / 1000
        assert row["verdict"] == verdict
    # One indicator at 0.8 alone: the mean of eight is 0.1, and 0.8 has no limit of its own.
    even = dict.fromkeys(names, 1000)
    rows = [school("1", **even | {"books": 1800}), school("2", **even | {"books": 200})]
    found = judged(records(*rows), national(2012))
    assert round(found["resources.cv_composite.primary"]["value"], 9) == 0.1
    assert found["resources.cv_composite.primary"]["verdict"] == "met"
    assert "resources.cv_books.primary" not in found


__all__ = ["CASES", "judged", "national", "records", "school"]


def quarantined(rule: str, year: int = YEAR, table: str = "schools") -> dict[str, Any]:
    place = {"file": "990101/schools_2024.xlsx", "sheet": "2024", "row": 9}
    return {"county": COUNTY, "year": year, "table": table, **place, "cells": "{}", "rules": [rule]}


def resources_with(row: dict[str, Any], **amounts: Any) -> str:
    held = records(school("1", **amounts), school("2"), quarantine=[row])
    return str(judged(held)["resources.all"]["verdict"])


@case
def missing_a_school_set_aside_is_not_a_school_that_meets() -> None:
    found = judged(records(school("1"), school("2"), quarantine=[quarantined("negative")]))
    assert found["resources.schools.primary"]["verdict"] == "met"
    assert found["resources.rows_set_aside"]["verdict"] == "no_data"
    assert found["resources.rows_set_aside"]["value"] == 1
    assert found["resources.rows_set_aside"]["evidence"] == "990101/schools_2024.xlsx#2024#9"
    assert found["resources.all"]["verdict"] == "no_data"


@case
def missing_a_school_set_aside_saves_nobody() -> None:
    assert resources_with(quarantined("negative"), sports_area=0.0) == "not_met"


@case
def missing_rows_said_again_of_other_years_or_tables_hide_no_school() -> None:
    assert resources_with(quarantined("repeated")) == "met"
    assert resources_with(quarantined("negative", year=YEAR - 1)) == "met"
    assert resources_with(quarantined("negative", table="classes")) == "met"


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
