"""The ledger: how much is lacking in things, and lines that stay, close and reopen."""

from datetime import date
from typing import Any

import polars as pl

from analysis import standards
from analysis.clean.records import of_frames
from analysis.judge import judge, ledger
from analysis.measure import measure
from tests.judge.given import COUNTY, YEAR, national, school

Rows = dict[str, dict[str, Any]]


def of_years(years: dict[int, list[dict[str, Any]]], plan: str | None = None, **tables: list[dict[str, Any]]) -> Rows:
    """Lines of the last year by id."""
    rows = [row | {"year": year} for year, each in years.items() for row in each]
    frames = {"schools": pl.DataFrame(rows, infer_schema_length=None)}
    frames |= {name: pl.DataFrame([{"county": COUNTY} | row for row in each]) for name, each in tables.items()}
    held = of_frames(COUNTY, frames)
    measured = measure(held, national())
    used = standards.plan(plan) if plan else None
    history = pl.concat([judge(measured, held, national(), COUNTY, year, plan=used) for year in years])
    found = ledger.lines(history, measured, held.schools, national(), max(years), plan=used)
    assert found["id"].is_unique().all()
    return {row["id"]: row for row in found.iter_rows(named=True)}


def test_a_plan_adds_no_line_twice_and_does_not_decide() -> None:
    # Six of seven and 90 % of the last: the national rule is met, the plan's 项项达标 is not.
    rows = [school("1", sports_area=6750.0), school("2", sports_area=3000.0)]
    lines = of_years({2027: rows}, plan="plan-2")
    assert lines["resources.floor_sports_area.primary.1"]["decides"] is False
    assert lines["resources.floor_sports_area.primary.2"]["decides"] is True


def test_lacking_is_countable() -> None:
    # 1000 pupils: 0.9 PE and arts teachers per 100 are 9, sports 7.5 m2 each are 7500.
    lines = of_years({2024: [school("1", pe_arts_teachers=6, sports_area=7190.0, equipment_value=1.5e6), school("2")]})
    pe = lines["resources.floor_pe_arts_teachers.primary.1"]
    assert (pe["lacking"], pe["unit"], pe["state"]) == (3, "persons", "open")
    sports = lines["resources.floor_sports_area.primary.1"]
    assert (sports["lacking"], sports["unit"]) == (310, "square_metres")
    assert lines["resources.floor_equipment_value.primary.1"]["lacking"] == 500_000
    assert all(row["decides"] for row in lines.values() if row["school"] == "1")
    assert not [one for one in lines if one.endswith(".2")]


def test_parts_of_a_person_are_a_whole_one() -> None:
    # 990 pupils need 8.91 teachers: with 8 there lacks 1.
    lines = of_years({2024: [school("1", 990, pe_arts_teachers=8), school("2")]})
    assert lines["resources.floor_pe_arts_teachers.primary.1"]["lacking"] == 1


def test_parts_of_a_square_metre_and_of_a_yuan_are_told_as_they_are() -> None:
    lines = of_years({2024: [school("1", sports_area=7189.5, equipment_value=1_999_999.5), school("2")]})
    lacking = [lines[f"resources.floor_{name}.primary.1"]["lacking"] for name in ("sports_area", "equipment_value")]
    assert lacking == [310.5, 0.5]


def test_special_rooms_classes_and_size() -> None:
    base = school("1", 2040, area="urban", classes_primary=25)
    rooms = [
        {"year": 2024, "school": "1", "room": f"{kind}{n}", "room_type": kind, "area": 100.0}
        for kind, n in (("music", 1), ("music", 2), ("art", 1))
    ]
    classes = [
        {"year": 2024, "school": "1", "grade": 1, "class": str(n), "pupils": p} for n, p in enumerate((45, 46, 50))
    ]
    lines = of_years({2024: [base, school("2")]}, rooms=rooms, classes=classes)
    # 25 classes need three rooms of each kind: one music and two art rooms are lacking.
    assert lines["government.special_rooms.1"]["lacking"] == 3
    assert (lines["government.class_size.primary.1"]["lacking"], lines["government.class_size.primary.1"]["unit"]) == (
        2,
        "classes",
    )
    assert lines["government.school_size.1"]["lacking"] == 40
    # The county's sum of its schools is no line of its own.
    assert "government.special_rooms" not in lines


def test_what_is_lacking_goes_by_the_rule_not_by_the_id_of_the_item() -> None:
    usual = national().items["class_size"]
    second = usual.model_copy(update={"parameters": {"primary": 55.0, "junior": 55.0}})
    standard = national().model_copy(update={"items": {**national().items, "all_large_classes": second}})
    rows = [
        {"county": COUNTY, "school": "1", "grade": 1, "class": str(n), "pupils": p} for n, p in enumerate((56, 62, 55))
    ]
    held = of_frames(
        COUNTY,
        {
            "schools": pl.DataFrame([school("1"), school("2")], infer_schema_length=None),
            "classes": pl.DataFrame([row | {"year": YEAR} for row in rows]),
        },
    )
    measured = measure(held, standard)
    history = judge(measured, held, standard, COUNTY, YEAR)
    found = ledger.lines(history, measured, held.schools, standard, YEAR)
    lines = {row["id"]: row for row in found.iter_rows(named=True)}
    line = lines["government.all_large_classes.primary.1"]
    assert (line["value"], line["lacking"], line["unit"]) == (62, 2, "classes")
    assert lines["government.class_size.primary.1"]["lacking"] == 3


def test_training_funds_are_lacking_in_yuan() -> None:
    lines = of_years({2024: [school("1", public_funds=100_000.0, training_funds=4_000.0), school("2")]})
    row = lines["quality.training_funds.1"]
    assert (round(row["lacking"], 6), row["unit"]) == (1000, "yuan")


def course(*areas: float | None) -> dict[str, Any]:
    years = {2020 + n: [school("1", sports_area=area), school("2")] for n, area in enumerate(areas)}
    found = of_years(years).get("resources.floor_sports_area.primary.1")
    return {} if found is None else {name: found[name] for name in ("state", "opened", "closed")}


def test_a_line_keeps_its_identity_closes_and_reopens() -> None:
    good, bad = 8000.0, 7000.0
    assert course(good, good) == {}
    assert course(bad, bad) == {"state": "open", "opened": 2020, "closed": None}
    assert course(good, bad) == {"state": "open", "opened": 2021, "closed": None}
    assert course(bad, good) == {"state": "closed", "opened": 2020, "closed": 2021}
    assert course(bad, good, good) == {"state": "closed", "opened": 2020, "closed": 2021}
    assert course(bad, good, bad) == {"state": "reopened", "opened": 2022, "closed": None}
    assert course(bad, good, bad, bad) == {"state": "reopened", "opened": 2022, "closed": None}
    assert course(bad, good, bad, good) == {"state": "closed", "opened": 2022, "closed": 2023}
    assert course(good, bad, bad) == {"state": "open", "opened": 2021, "closed": None}
    # Not judged is not closed.
    assert course(bad, None) == {"state": "unknown", "opened": 2020, "closed": None}
    assert course(bad, None, good) == {"state": "closed", "opened": 2020, "closed": 2022}


def test_county_items_have_holders_and_due_years_of_the_plan() -> None:
    answers: list[dict[str, Any]] = [{"year": 2024, "item": item, "answer": "no"} for item in ("layout", "teacher_pay")]
    reported = [{"year": 2024, "item": "senior_places", "value": 0.4}, *answers]
    lines = of_years({2024: [school("1"), school("2")]}, plan="plan-1", government=reported)
    row = lines["government.senior_places"]
    assert row["school"] is None
    assert row["holder"] == "区教育局、区财政局、区人社局"
    assert round(row["lacking"], 9) == 0.1
    assert lines["government.layout"]["holder"] == "区教育局、区国土局、区规建局、各镇（街道）"
    assert lines["government.teacher_pay"]["holder"] == ""
    floor = of_years({2024: [school("1", sports_area=1.0), school("2")]}, plan="plan-1")
    assert floor["resources.floor_sports_area.primary.1"]["due"] is None


def test_due_year_is_the_next_date_of_the_plan() -> None:
    plan = standards.plan("plan-3").standard
    assert ledger.due_year(plan, "cv_sports_area", "primary", date(2024, 12, 31)) == 2027
    assert ledger.due_year(plan, "canteens", None, date(2024, 12, 31)) == 2021
    assert ledger.due_year(plan, "rotation", None, date(2024, 12, 31)) is None
    # An answer is due in the year from which it is asked; so are level, rate and recognition.
    assert ledger.due_year(plan, "charter", None, date(2020, 12, 31)) == 2021
    assert ledger.due_year(standards.load("plan-2"), "level", None, date(2024, 12, 31)) == 2027
    assert ledger.due_year(standards.load("plan-4"), "recognition", None, date(2020, 12, 31)) == 2022
    assert ledger.due_year(standards.load("plan-4"), "floor_sports_area", "primary", date(2020, 12, 31)) == 2022


def test_entries_of_people_are_merged_and_lost_ones_told() -> None:
    held = of_years({2024: [school("1", sports_area=7000.0), school("2")]})
    found = pl.DataFrame(list(held.values()), schema=ledger.LINES)
    identity = "resources.floor_sports_area.primary.1"
    entries = pl.DataFrame(
        {
            "id": [identity, "resources.floor_books.primary.9"],
            "measure": ["扩建", "x"],
            "person": ["张", "y"],
            "date": ["2025", "z"],
            "holder": ["县体育局", ""],
            "due": ["2027年底前", ""],
        },
    )
    both, lost = ledger.merged(found, entries)
    assert both.filter(id=identity)["measure"].to_list() == ["扩建"]
    (line,) = both.filter(id=identity).to_dicts()
    assert (line["holder"], line["due"]) == ("县体育局", 2027)
    assert both.height == found.height
    assert lost == ["resources.floor_books.primary.9"]


def test_lines_stand_by_state_then_whether_they_decide_then_how_far_they_are_from_the_target() -> None:
    # Number 1 meets the rule all the same (six of seven, the seventh at 90 %); numbers 2 and 3 miss it.
    far, near = {"sports_area": 3000.0, "equipment_value": 1.9e6}, {"sports_area": 4500.0, "teaching_area": 4000.0}
    last = [school("1", sports_area=6750.0), school("2", **far), school("3", **near), school("4")]
    first = [*last[:3], school("4", sports_area=1.0)]
    no = [{"year": YEAR, "item": "layout", "answer": "no"}, {"year": YEAR, "item": "senior_places", "value": 0.49}]
    lines = [
        (row["item"].removeprefix("floor_"), row["school"], row["state"], row["decides"])
        for row in of_years({YEAR - 1: first, YEAR: last}, government=no).values()
        if row["item"] != "cv_sports_area"
    ]
    assert lines == [
        ("sports_area", "2", "open", True),  # 60 % below
        ("sports_area", "3", "open", True),  # 40 %
        ("teaching_area", "3", "open", True),  # 11 %
        ("equipment_value", "2", "open", True),  # 5 %
        ("layout", None, "open", False),  # an answer is in no measure far from its target: it stands first
        ("sports_area", "1", "open", False),  # 10 %
        ("senior_places", None, "open", False),  # 2 %
        ("sports_area", "4", "closed", False),
    ]


def test_what_is_above_its_limit_stands_by_its_distance_too() -> None:
    classes = [
        {"year": YEAR, "school": code, "grade": 1, "class": "1", "pupils": pupils}
        for code, pupils in (("1", 46), ("2", 90))
    ]
    lines = of_years({YEAR: [school("1", sports_area=6750.0), school("2")]}, classes=classes)
    # 90 of 45 is 100 % above, 6.75 of 7.5 is 10 % below, 46 of 45 is 2 % above.
    assert [(row["item"], row["school"]) for row in lines.values()] == [
        ("class_size", "2"), ("floor_sports_area", "1"), ("class_size", "1")
    ]  # fmt: skip


def test_what_people_fill_in_is_theirs_only_where_they_filled_it_in() -> None:
    held = of_years({YEAR: [school("1", sports_area=7000.0), school("2", sports_area=7000.0)]}, plan="plan-1")
    found = pl.DataFrame(list(held.values()), schema=ledger.LINES)
    one, other = (f"resources.floor_sports_area.primary.{code}" for code in "12")
    blank = {"measure": "", "person": "", "date": "", "holder": "", "due": ""}
    rows = [blank | {"id": one, "due": "年底"}, blank | {"id": "government.gone"}, blank | {"id": other, "date": "3月"}]
    both, lost = ledger.merged(found, pl.DataFrame([*rows, blank | {"id": "quality.gone", "person": "张"}]))
    before = {row["id"]: (row["holder"], row["due"]) for row in found.iter_rows(named=True)}
    after = {row["id"]: (row["holder"], row["due"], row["date"]) for row in both.iter_rows(named=True)}
    # Blank cells and what names no year change nothing; a line without any entry is none that is lost.
    assert after == {one: (*before[one], ""), other: (*before[other], "3月")}
    assert lost == ["quality.gone"]
