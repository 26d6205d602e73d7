"""Missing: best and worst case, and what is left out of one indicator only; a row that is set aside saves nobody."""

from typing import Any

from tests.judge.given import YEAR, case, judged, national, quarantined, records, rule_of, school


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
