"""The sample of schools for a visit, what is looked at there, and the verdict with what was found."""

from functools import cache
from typing import Any

import polars as pl
import pytest

from analysis.clean.records import Records
from analysis.judge import fieldcheck, judge, visit_sample
from analysis.measure import measure
from analysis.read.fieldcheck import ENTRIES
from tests.judge.given import COUNTY, YEAR, national, records, school

TYPES = ["primary"] * 12 + ["nine_year"] * 4 + ["teaching_point"] * 2
#: Twelve primary schools of 1000 to 1011 pupils, well above every floor but for number 05.
AMPLE = {
    "advanced_degree_teachers": 90, "backbone_teachers": 90, "pe_arts_teachers": 90, "multimedia_rooms": 90,
    "teaching_area": 90_000.0, "sports_area": 90_000.0, "equipment_value": 9_000_000.0,
}  # fmt: skip


def county(**differs: Any) -> Records:
    rows = [
        school(f"{place:02}", 1000 + place, kind, pupils_junior=100 if kind == "nine_year" else None)
        | AMPLE
        | (differs if place == 5 else {})
        for place, kind in enumerate(TYPES)
    ]
    return records(*rows)


def findings(held: Records) -> pl.DataFrame:
    return judge(measure(held, national()), held, national(), COUNTY, YEAR).filter(pl.col("item") != "training_funds")


@cache
def county_at_risk() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the schools of a county where number 05 misses a floor, and its findings of resources."""
    held = county(sports_area=1.0)
    return held.schools, findings(held).filter(pl.col("field") == "resources")


def chosen(number: int, seed: int = 0) -> pl.DataFrame:
    return visit_sample.sample(*county_at_risk(), number, seed)


def test_a_sample_has_every_type_in_proportion_and_the_school_most_at_risk() -> None:
    counts = {kind: len(each) for kind, each in chosen(9).group_by("school_type")}
    assert {kind[0]: number for kind, number in counts.items()} == {"primary": 6, "nine_year": 2, "teaching_point": 1}
    assert chosen(9).filter(school="05")["chosen"].to_list() == ["risk"]
    for seed in range(8):
        assert set(chosen(3, seed)["school_type"]) == set(TYPES)
        assert "05" in chosen(3, seed)["school"].to_list()


def test_who_is_not_at_risk_is_drawn_by_lot_from_the_larger_and_the_smaller_half_in_turn() -> None:
    for seed in range(8):
        by_lot = chosen(9, seed).filter(school_type="primary", chosen="lot")
        assert by_lot.height == 5
        assert by_lot["large"].sum() in {2, 3}
    # Of 1000 to 1011 pupils those from 1006 on are the larger half.
    halves = dict(chosen(18).select("school", "large").iter_rows())
    assert (halves["05"], halves["06"]) == (False, True)


def test_the_same_seed_gives_the_same_schools_and_another_others() -> None:
    assert chosen(6, 1).equals(chosen(6, 1))
    schools, found = county_at_risk()
    assert visit_sample.sample(schools.reverse(), found.reverse(), 6, 1).equals(chosen(6, 1))
    assert len({tuple(chosen(6, seed)["school"]) for seed in range(8)}) > 1
    assert chosen(100).height == len(TYPES)
    assert chosen(100)["school"].is_unique().all()
    with pytest.raises(ValueError, match="at least one"):
        chosen(0)


@pytest.mark.parametrize(
    ("area", "risk"),
    [(7499.0, ["below"]), (7500.0, ["near"]), (7875.0, ["near"]), (7875.1, []), (None, ["missing"])],
)
def test_a_value_within_a_twentieth_above_its_floor_is_at_risk(area: float | None, risk: list[str]) -> None:
    held = records(school("1", 1000) | AMPLE | {"sports_area": area})
    found = fieldcheck.risks(findings(held)).filter(item="floor_sports_area")
    assert found["risk"].to_list() == risk


def test_a_sheet_lists_what_the_standard_rests_on_and_what_is_missing() -> None:
    classes = [
        {"county": COUNTY, "year": YEAR, "school": "1", "grade": 3, "class": f"{number}班", "pupils": pupils}
        for number, pupils in enumerate([42, 43, 46, 30], start=1)
    ]
    rooms = [
        {"county": COUNTY, "year": YEAR, "school": "1", "room": room, "room_type": kind, "area": 96.0}
        for room, kind in (("M1", "music"), ("X1", "other"))
    ]
    row = school("1", 1000, classes_primary=24, books=5.0) | AMPLE | {"sports_area": 1.0, "equipment_value": None}
    row |= {"backbone_teachers": None, "backbone_teachers_primary": 90, "land_area": 7.0}
    held = records(row, school("2"), classes=classes, rooms=rooms)
    found = findings(held)
    drawn = pl.DataFrame({"school": ["1"]})
    sheet = fieldcheck.sheet(held, found, drawn, national(), YEAR)
    assert set(sheet["school"]) == {"1"}
    columns = sheet.filter(table="schools")["column"].to_list()
    assert columns == [
        "pupils_primary", "advanced_degree_teachers", "backbone_teachers_primary", "pe_arts_teachers",
        "teaching_area", "sports_area", "equipment_value", "multimedia_rooms", "classes_primary",
    ]  # fmt: skip
    hints = dict(sheet.filter(table="schools").select("column", "hint").iter_rows())
    assert (hints["sports_area"], hints["equipment_value"], hints["teaching_area"]) == ("below", "missing", "")
    # Limit 45: 43 is within a twentieth of it, 42 is not.
    assert sheet.filter(table="classes").select("place", "reported", "hint", "limit").rows() == [
        ("3年级2班", 43.0, "near", 45.0),
        ("3年级3班", 46.0, "below", 45.0),
    ]
    assert sheet.filter(table="rooms").select("place", "hint").rows() == [("M1", "music")]


def entries(*rows: tuple[str, str, str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [(*row, str(row[4]), "核查表", number) for number, row in enumerate(rows, 4)], schema=ENTRIES, orient="row"
    )


def verify(held: Records, *rows: tuple[str, str, str, str, float | None]) -> fieldcheck.Verified:
    return fieldcheck.verified(held, entries(*rows), national(), COUNTY, YEAR)


def verdicts(done: fieldcheck.Verified) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["before"], row["after"]) for row in done.changes.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("areas", "after"),
    [((7500.0, 4500.0), None), ((7499.0, 4500.0), None), ((7499.0, 4499.0), "not_met"), ((6374.0, 4500.0), "not_met")],
)
def test_verified_values_on_either_side_of_a_floor_turn_the_rule_and_the_county(
    areas: tuple[float, float], after: str | None
) -> None:
    """Six of seven indicators suffice, the other at 85 % of its floor: 6375 m2 of 7500 for 1000 pupils."""
    held = records(school("1"), school("2"))
    found = zip(("sports_area", "teaching_area"), areas, strict=True)
    done = verify(held, *(("1", "schools", column, "", area) for column, area in found))
    changed = verdicts(done)
    assert changed.get("resources.school_rule.primary.1", (None, None))[1] == after
    assert changed.get("resources.schools.primary", (None, None))[1] == after
    assert changed.get("overall.all", (None, None))[1] == after
    assert ("resources.floor_sports_area.primary.1" in changed) == (areas[0] < 7500)
    assert not any(id.endswith(".2") for id in changed)


def test_a_failing_school_is_met_with_what_was_found() -> None:
    held = records(school("1", sports_area=6000.0), school("2"))
    changed = verdicts(verify(held, ("1", "schools", "sports_area", "", 6375.0)))
    assert changed["resources.school_rule.primary.1"] == ("not_met", "met")
    assert verdicts(verify(held, ("1", "schools", "sports_area", "", 6374.0))) == {}


def test_a_value_that_was_missing_is_filled_in() -> None:
    held = records(school("1", sports_area=None), school("2"))
    done = verify(held, ("1", "schools", "sports_area", "", 7500.0))
    assert verdicts(done)["resources.school_rule.primary.1"] == ("no_data", "met")
    assert done.compared.select("reported", "differs", "rate").row(0) == (None, True, None)


@pytest.mark.parametrize(("found", "after"), [(45.0, None), (46.0, "not_met")])
def test_a_class_counted_above_its_limit_turns_the_duty(found: float, after: str | None) -> None:
    one = {"county": COUNTY, "year": YEAR, "grade": 3, "class": "1班", "pupils": 44}
    held = records(school("1"), school("2"), classes=[one | {"school": "1"}, one | {"school": "2"}])
    changed = verdicts(verify(held, ("1", "classes", "pupils", "3年级1班", found)))
    assert changed.get("government.class_size", (None, None))[1] == after
    assert ("government.class_size.primary.1" in changed) == (after is not None)


@pytest.mark.parametrize(("found", "after"), [(96.0, None), (95.9, "not_met"), (0.0, "not_met")])
def test_a_room_found_too_small_turns_the_duty(found: float, after: str | None) -> None:
    rooms = [
        {"county": COUNTY, "year": YEAR, "school": "1", "room": room, "room_type": kind, "area": 100.0}
        for room, kind in (("M1", "music"), ("A1", "art"))
    ]
    held = records(school("1", classes_primary=12), rooms=rooms)
    changed = verdicts(verify(held, ("1", "rooms", "area", "M1", found)))
    assert changed.get("government.special_rooms.1", (None, None))[1] == after


def test_the_deviation_is_reported_less_verified_over_verified() -> None:
    held = records(school("1", teaching_area=5000.004, books=0), school("2"))
    done = verify(
        held,
        ("1", "schools", "sports_area", "", 6000.0),
        ("1", "schools", "teaching_area", "", 5000.0),
        ("1", "schools", "equipment_value", "", 0.0),
        ("2", "schools", "sports_area", "", 10_000.0),
    )
    rates = {row[:2]: row[2:] for row in done.compared.select("school", "column", "differs", "rate").rows()}
    assert rates["1", "sports_area"] == (True, 0.25)
    assert rates["2", "sports_area"] == (True, -0.25)
    assert rates["1", "teaching_area"] == (False, 0.0)
    assert rates["1", "equipment_value"] == (True, None)
    # What agrees as far as the sheet shows it stays as it was reported.
    assert done.records.schools.filter(school="1")["teaching_area"].item() == 5000.004


def test_entries_that_fit_nothing_are_lost_and_change_nothing() -> None:
    held = records(school("1"), school("2"))
    done = verify(
        held,
        ("9", "schools", "sports_area", "", 1.0),
        ("1", "schools", "colour", "", 1.0),
        ("1", "dormitories", "area", "", 1.0),
        ("1", "classes", "pupils", "3年级1班", 50.0),
        ("1", "schools", "sports_area", "", None),
        ("1", "schools", "teaching_area", "", -1.0),
        ("1", "schools", "multimedia_rooms", "", 7.5),
        ("2", "schools", "sports_area", "", 1.0),
        ("2", "schools", "sports_area", "", 2.0),
    )
    assert done.lost.select("row", "fault").rows() == [
        (4, "school_unknown"), (5, "column_unknown"), (6, "column_unknown"), (7, "place_unknown"),
        (8, "not_number"), (9, "negative"), (10, "not_whole"), (11, "twice"), (12, "twice"),
    ]  # fmt: skip
    assert done.changes.is_empty()
    assert done.compared.is_empty()


def test_a_class_that_the_school_has_not_is_lost() -> None:
    one = {"county": COUNTY, "year": YEAR, "school": "1", "grade": 3, "class": "1班", "pupils": 40}
    done = verify(records(school("1"), classes=[one]), ("1", "classes", "pupils", "3年级2班", 50.0))
    assert done.lost["fault"].to_list() == ["place_unknown"]


def test_other_years_stay_as_they_were() -> None:
    rows = [school("1") | {"year": year} for year in (YEAR - 1, YEAR)]
    done = verify(records(*rows), ("1", "schools", "sports_area", "", 1.0))
    assert done.records.schools.sort("year")["sports_area"].to_list() == [7500.0, 1.0]
