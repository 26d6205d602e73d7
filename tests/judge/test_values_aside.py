"""Values set aside: they neither let a county pass nor fail it, unless the best and the worst case agree."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import standards
from analysis.clean.records import Records
from analysis.measure import measure
from analysis.statistics import dispersion, expressions
from tests.judge.given import COUNTY, YEAR, judged, national, records, school

Found = dict[str, dict[str, Any]]
FILE = "990101/schools_2024.xlsx"


def placed(rows: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    place = {"file": f"990101/{table}_2024.xlsx", "sheet": ""}
    return [place | {"row": number} | row for number, row in enumerate(rows, 2)]


def aside(
    table: str, row: int, column: str, rule: str = "text_in_number_value", before: str = "约7000"
) -> dict[str, Any]:
    """A notice that the value in `column` of a row (from 0) of a table is set aside."""
    place = {"county": COUNTY, "year": YEAR, "table": table, "file": f"990101/{table}_2024.xlsx", "sheet": ""}
    return place | {"row": row + 2, "column": column, "rule": rule, "before": before, "after": None}


def held(*rows: dict[str, Any], notices: list[dict[str, Any]], **frames: list[dict[str, Any]]) -> Records:
    others = {name: placed(entries, name) for name, entries in frames.items()}
    return records(*placed(list(rows), "schools"), notices=notices, **others)


def of(found: Found, name: str) -> tuple[str, str]:
    return found[name]["verdict"], found[name]["reason"]


def first(column: str = "sports_area", **amounts: Any) -> Found:
    """Two primary schools at every floor but for `amounts` of the first, of which one value is set aside."""
    rows = school("1", **amounts | {column: None}), school("2")
    return judged(held(*rows, notices=[aside("schools", 0, column)]))


def test_the_rule_of_a_school_is_open_unless_best_and_worst_case_agree() -> None:
    assert of(first(), "resources.floor_sports_area.primary.1") == ("undecidable", "value_set_aside")
    # Six are met, and at best the seventh is; at worst it is below 85 %.
    assert of(first(), "resources.school_rule.primary.1") == ("undecidable", "values_set_aside")
    assert of(first(), "resources.schools.primary") == ("undecidable", "values_set_aside")
    assert first()["resources.schools.primary"]["evidence"] == "1"
    assert of(first(), "resources.all")[0] == "undecidable"
    # Two others are below their floors: not even the best case has six.
    low = first(teaching_area=4499.0, equipment_value=1.9e6)
    assert of(low, "resources.school_rule.primary.1") == ("not_met", "fewer_met")
    # One other is below 85 % of its floor: whatever the value is, the rule is not met.
    assert of(first(teaching_area=3000.0), "resources.school_rule.primary.1") == ("not_met", "below_part")
    assert of(first(teaching_area=3000.0), "resources.schools.primary") == ("not_met", "schools_below")


def test_a_value_that_no_indicator_hangs_on_changes_nothing() -> None:
    assert first("books")["resources.all"]["verdict"] == "met"


@pytest.mark.parametrize("rule", ["column_twice", "unit_unknown", "group_apart"])
def test_a_column_that_is_asked_about_is_known_of_no_school(rule: str) -> None:
    rows = school("1", sports_area=None), school("2", sports_area=None)
    asked = aside("schools", 0, "sports_area", rule) | {"row": None, "place": "H2:I3", "unused": 4}
    found = judged(held(*rows, notices=[asked]))
    for school_ in "12":
        assert of(found, f"resources.floor_sports_area.primary.{school_}") == ("undecidable", "value_set_aside")
    assert of(found, "resources.school_rule.primary.1") == ("undecidable", "values_set_aside")
    assert of(found, "resources.cv_sports_area.primary") == ("undecidable", "values_set_aside")
    # What stands empty below such heads was not reported.
    missing = judged(held(*rows, notices=[asked | {"unused": 0}]))
    assert of(missing, "resources.floor_sports_area.primary.1") == ("no_data", "missing_amount")
    assert of(missing, "resources.cv_sports_area.primary") == ("no_data", "missing_amounts")
    # A column that is of another sheet leaves these as they are.
    other = judged(held(*rows, notices=[asked | {"sheet": "表2"}]))
    assert of(other, "resources.floor_sports_area.primary.1") == ("no_data", "missing_amount")


def test_a_missing_amount_stays_a_missing_amount() -> None:
    found = judged(held(school("1", sports_area=None), school("2"), notices=[]))
    assert of(found, "resources.school_rule.primary.1") == ("no_data", "missing_indicators")


def test_a_coefficient_is_decided_only_where_its_least_and_its_most_agree() -> None:
    name = "resources.cv_sports_area.primary"

    def third(*areas: float) -> dict[str, Any]:
        rows = [school(str(number), sports_area=area) for number, area in enumerate(areas)]
        known = judged(held(*rows, school("x", sports_area=None), notices=[aside("schools", len(rows), "sports_area")]))
        return known[name]

    # Alike but for the one not known: it may be alike too, or the only one that has any.
    row = third(7500.0, 7500.0)
    assert (row["verdict"], row["reason"], row["value"], row["margin"]) == ("undecidable", "values_set_aside", 0, None)
    assert row["evidence"] == "x"
    # 0 and 10 per pupil: CV 1. With a third school of equal size at Q / L = 100 / 10 = 10 per pupil the mean is 20 / 3,
    # S^2 = (2 * (10 / 3)^2 + (20 / 3)^2) / 3 = 200 / 9, CV = 0.7071, and no amount gives less: above 0.50 for certain.
    row = third(0.0, 10_000.0)
    assert (row["verdict"], row["reason"], row["evidence"]) == ("not_met", "values_agree", "x")
    # 5 and 10 per pupil: CV 1 / 3, at worst sqrt(3 - 1) and at least 0.27: nothing is decided.
    assert third(5000.0, 10_000.0)["verdict"] == "undecidable"


def test_a_garbled_outlier_never_turns_not_met_into_met() -> None:
    def county(amount: float | None, *notices: dict[str, Any]) -> tuple[str, str]:
        rows = [school(str(number)) for number in range(3)]
        found = judged(held(*rows, school("x", sports_area=amount), notices=list(notices)))
        return found["resources.cv_sports_area.primary"]["verdict"], found["resources.all"]["verdict"]

    assert county(75_000.0) == ("not_met", "not_met")
    # The outlier that makes the coefficient can't be read: without it all are alike, and yet it is not met for sure.
    assert county(None, aside("schools", 3, "sports_area")) == ("undecidable", "undecidable")
    # A missing amount is left out and told.
    assert county(None)[0] == "met"


def test_a_small_school_beside_large_ones_can_make_no_difference_that_matters() -> None:
    # One pupil of 12,001 can have all there is, so even a tiny school is not ruled out: sqrt(12,001 - 1) is far above.
    tiny = school("x", pupils=1, sports_area=None)
    found = judged(held(*(school(str(n)) for n in range(12)), tiny, notices=[aside("schools", 12, "sports_area")]))
    assert found["resources.cv_sports_area.primary"]["verdict"] == "undecidable"


def test_a_stage_hangs_on_the_column_that_its_amount_is_taken_from() -> None:
    both = {"school_type": "nine_year", "pupils_junior": 1000, "backbone_teachers": 40}
    staged = {"backbone_teachers_primary": None, "backbone_teachers_junior": 15}
    row = school("1", **both | staged)
    # 40 in all less 15 leave 25, but the school reported a number of its own that can't be read.
    found = judged(held(row, school("2"), notices=[aside("schools", 0, "backbone_teachers_primary")]))
    assert of(found, "resources.floor_backbone_teachers.primary.1")[0] == "undecidable"
    assert of(found, "resources.floor_backbone_teachers.junior.1")[0] == "met"
    # The whole is not known: what is reported by stage stands.
    row |= {"backbone_teachers": None, "backbone_teachers_primary": 25}
    found = judged(held(row, school("2"), notices=[aside("schools", 0, "backbone_teachers")]))
    assert of(found, "resources.floor_backbone_teachers.primary.1")[0] == "met"
    row |= {"backbone_teachers_primary": None}
    found = judged(held(row, school("2"), notices=[aside("schools", 0, "backbone_teachers")]))
    assert of(found, "resources.floor_backbone_teachers.primary.1")[0] == "undecidable"
    # The floor area is the whole school's: both stages.
    found = judged(held(row | {"sports_area": None}, school("2"), notices=[aside("schools", 0, "sports_area")]))
    assert {of(found, f"resources.floor_sports_area.{one}.1")[0] for one in ("primary", "junior")} == {"undecidable"}


def test_the_composite_lies_between_the_means_of_the_bounds() -> None:
    whole = {"computers": 100, "books": 100, "teachers_primary": 50, "senior_title_teachers_primary": 9}
    rows = school("1", **whole), school("2", **whole), school("3", **whole | {"books": None})
    found = judged(held(*rows, notices=[aside("schools", 2, "books")]), national(2012))
    # Seven are 0, the eighth at most sqrt(3 - 1): the mean at most 0.177, whatever the books.
    row = found["resources.cv_composite.primary"]
    assert (row["verdict"], row["reason"], row["value"]) == ("met", "values_agree", 0)
    measured = measure(held(*rows, notices=[aside("schools", 2, "books")]), standards.load("national-2012"))
    most = measured.filter(indicator="composite", statistic="cv_most")["value"][0]
    assert most == pytest.approx(np.sqrt(2) / 8)
    # Four of eight not known: at most sqrt(2) / 2 = 0.707 > 0.65, at least 0.
    names = ("books", "computers", "sports_area", "teaching_area")
    none = school("3", **whole | dict.fromkeys(names))
    found = judged(held(*rows[:2], none, notices=[aside("schools", 2, name) for name in names]), national(2012))
    assert of(found, "resources.cv_composite.primary") == ("undecidable", "values_set_aside")


def test_who_runs_a_school_decides_whether_2012_counts_it() -> None:
    rows = school("1"), school("2", run_by=None)
    notices = [aside("schools", 1, "run_by", "choice_unknown_value")]
    assert "resources.rows_set_aside" not in judged(held(*rows, notices=notices))
    found = judged(held(*rows, notices=notices), national(2012))
    assert found["resources.rows_set_aside"]["evidence"] == f"{FILE}##3"
    assert "resources.rows_set_aside" not in judged(held(*rows, notices=[]), national(2012))


def item(name: str, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": YEAR, "item": name} | given


def test_a_reported_item_that_is_set_aside_is_open() -> None:
    rows = [item("training_hours"), item("layout")]
    notices = [aside("government", 0, "value"), aside("government", 1, "answer", "choice_unknown_value")]
    found = judged(held(school("1"), government=rows, notices=notices))
    assert of(found, "government.layout") == ("undecidable", "value_set_aside")
    name = next(one for one, told in national().items.items() if told.kind == "value")
    found = judged(held(school("1"), government=[item(name)], notices=[aside("government", 0, "value")]))
    assert of(found, f"{national().items[name].field}.{name}") == ("undecidable", "value_set_aside")


def test_rooms_and_classes() -> None:
    def room(kind: str, area: float | None) -> dict[str, Any]:
        return {"county": COUNTY, "year": YEAR, "school": "1", "room": kind, "room_type": kind, "area": area}

    def rooms(music: float | None, classes: int | None, *notices: dict[str, Any]) -> tuple[str, str]:
        made = school("1", classes_primary=classes)
        told = judged(held(made, rooms=[room("music", music), room("art", 90.0)], notices=list(notices)))
        return of(told, "government.special_rooms.1")

    area = aside("rooms", 0, "area")
    assert rooms(96.0, 12) == ("met", "")
    assert rooms(None, 12, area) == ("undecidable", "value_set_aside")
    assert rooms(None, 13, area)[0] == "not_met"  # one of each is too few whatever its size
    assert rooms(96.0, None, aside("schools", 0, "classes_primary")) == ("undecidable", "value_set_aside")

    def sizes(pupils: int) -> tuple[str, str]:
        row = {"county": COUNTY, "year": YEAR, "school": "1", "grade": 1, "class": "1", "pupils": pupils}
        told = held(school("1", classes_primary=None), classes=[row], notices=[aside("schools", 0, "classes_primary")])
        return of(judged(told), "government.class_size.primary.1")

    # The table of classes may lack some: none too large is not certain, one too large is.
    assert sizes(45) == ("undecidable", "value_set_aside")
    assert sizes(46) == ("not_met", "classes_over")


def test_teachers_without_certificates_may_be_as_many_as_there_are() -> None:
    item_ = (
        national()
        .items["certificates"]
        .model_copy(update={"kind": "computed", "rule": "teacher_share", "parameters": {"column": "certified"}})
    )
    counted = national().model_copy(update={"items": {"certificates": item_}})

    def certified(known: int, *notices: dict[str, Any], teachers: int | None = 10) -> dict[str, Any]:
        rows = [
            {"county": COUNTY, "year": YEAR, "school": "1", "stage": "primary", "teachers": 90, "certified": known},
            {
                "county": COUNTY,
                "year": YEAR,
                "school": "2",
                "stage": "primary",
                "teachers": teachers,
                "certified": None,
            },
        ]
        told = judged(held(school("1"), school("2"), teachers=rows, notices=list(notices)), counted)
        return told["government.certificates"]

    open_ = aside("teachers", 1, "certified")
    assert (certified(90, open_)["verdict"], certified(90, open_)["evidence"]) == ("undecidable", "2")
    # 89 and at best all ten: 99 of 100, and the item asks for all.
    assert (certified(89, open_)["verdict"], certified(89, open_)["value"]) == ("not_met", 0.99)
    assert certified(90)["verdict"] == "no_data"
    assert certified(89, open_, aside("teachers", 1, "teachers"), teachers=None)["verdict"] == "undecidable"


def test_no_earlier_result_takes_the_place_of_one_that_is_set_aside() -> None:
    rows = [
        {"county": COUNTY, "year": year, "subject": "mathematics", "grade": 4, "level": 3, "rate": rate}
        for year, rate in ((YEAR - 1, 0.1), (YEAR, None))
    ]
    found = judged(
        held(school("1"), monitoring=rows, notices=[aside("monitoring", 1, "rate", "share_above_one_value")])
    )
    assert of(found, "quality.rate.mathematics.4") == ("undecidable", "value_set_aside")
    assert found["quality.level.mathematics.4"]["verdict"] == "met"
    found = judged(held(school("1"), monitoring=rows, notices=[]))
    assert found["quality.rate.mathematics.4"]["verdict"] == "met"
    rows[1]["level"] = None
    found = judged(held(school("1"), monitoring=rows, notices=[aside("monitoring", 1, "level")]))
    assert of(found, "quality.level.mathematics.4") == ("undecidable", "value_set_aside")


def test_a_group_whose_answers_are_set_aside() -> None:
    rule = national().recognition
    assert rule is not None

    def survey(satisfied: int, asked: int) -> dict[str, Any]:
        rows = [
            {"county": COUNTY, "year": YEAR, "group": group, "asked": 100, "satisfied": satisfied}
            for group in rule.groups
        ]
        rows[0] |= {"satisfied": None, "asked": asked}
        return judged(held(school("1"), survey=rows, notices=[aside("survey", 0, "satisfied")]))[
            "recognition.recognition"
        ]

    # Six groups of 100: 540 of 600 and none, or all, of 100: 77 % or 91 %.
    assert (survey(90, 100)["verdict"], survey(90, 100)["reason"]) == ("undecidable", "value_set_aside")
    # None of 10: 540 of 610, 88.5 %.
    assert (survey(90, 10)["verdict"], survey(90, 10)["reason"]) == ("met", "values_agree")
    # All of 10: 490 of 610, 80.3 %.
    assert (survey(80, 10)["verdict"], survey(80, 10)["reason"]) == ("not_met", "values_agree")


SIZES = st.lists(st.integers(1, 2000), min_size=1, max_size=6)


@given(st.data(), SIZES, SIZES)
def test_no_amounts_give_a_coefficient_outside_the_bounds(
    data: st.DataObject, known: list[int], hidden: list[int]
) -> None:
    amounts = data.draw(st.lists(st.just(0.0) | st.floats(1e-9, 1e4), min_size=len(known), max_size=len(known)))
    there = dispersion.coefficient(amounts, known)
    least = dispersion.least(there.cv, sum(known), sum(hidden))
    most = dispersion.most(there.cv, sum(known), sum(hidden), min(hidden))
    given = data.draw(st.lists(st.just(0.0) | st.floats(1e-9, 1e7), min_size=len(hidden), max_size=len(hidden)))
    whole = dispersion.coefficient([*amounts, *given], [*known, *hidden])
    assert np.isnan(whole.cv) or least - 1e-9 <= whole.cv <= most + 1e-9
    # The least is reached: where the unknown ones have Q / L per pupil of the known ones.
    if sum(amounts) > 0:
        x, p = np.array(amounts), np.array(known, float)
        best = [one * float((x**2 / p).sum() / x.sum()) for one in hidden]
        assert dispersion.coefficient([*amounts, *best], [*known, *hidden]).cv == pytest.approx(least, abs=1e-6)


def test_expressions_are_the_same() -> None:
    frame = pl.DataFrame({"c": [0.3, None, 0.0, 1.2], "p": [100.0, 50.0, 10.0, 7.0], "u": [20.0, 30.0, 5.0, 7.0]})
    frame = frame.with_columns(one=pl.lit(5.0))
    told = frame.select(
        expressions.cv_least("c", "p", "u").alias("least"), expressions.cv_most("c", "p", "u", "one").alias("most")
    )
    for (c, p, u, one), (least, most) in zip(frame.iter_rows(), told.iter_rows(), strict=True):
        known = np.nan if c is None else c
        assert least == pytest.approx(dispersion.least(known, p, u))
        assert most == pytest.approx(dispersion.most(known, p, u, one))
