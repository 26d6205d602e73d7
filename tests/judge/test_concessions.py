"""Concessions of the national framework as it is carried out, on both sides of each limit; what is not reported claims
none of them, and takes nothing away."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean.records import Records
from analysis.judge import judge
from analysis.judge.readings import changed
from analysis.measure import measure, stage_rows
from analysis.standards import Standard, readings
from analysis.tables import Field, Verdict
from tests.judge.given import COUNTY, YEAR, judged, national, records, school

Row = dict[str, Any]


def item(name: str, *schools: Row, **frames: list[Row]) -> tuple[str, str]:
    found = judged(records(*schools, **frames))[f"government.{name}"]
    return found["verdict"], found["reason"]


ROOM = {"county": COUNTY, "year": YEAR, "school": "1"}


def rooms(music: float, art: float, largest: int | None = None, **given: Any) -> str:
    listed = [ROOM | {"room": kind, "room_type": kind, "area": area} for kind, area in (("music", music), ("art", art))]
    classes = [ROOM | {"grade": 1, "class": "1", "pupils": largest}] if largest else []
    told = {"rooms": listed} | ({"classes": classes} if classes else {})
    return item("special_rooms", school("1", **{"classes_primary": 6} | given), **told)[0]


@pytest.mark.parametrize(
    ("built", "music", "art", "verdict"),
    [
        ("2016-12", 73, 67, "met"),
        ("2016-12", 72.9, 67, "not_met"),
        ("2016-12", 73, 66.9, "not_met"),
        ("2017-01", 73, 67, "not_met"),
        ("2017-01", 96, 90, "met"),
        (None, 73, 67, "not_met"),
        (None, 96, 90, "met"),
    ],
)
def test_rooms_of_early_schools_may_be_smaller(built: str | None, music: float, art: float, verdict: str) -> None:
    assert rooms(music, art, built=built) == verdict


def test_rooms_of_small_rural_schools_may_be_smaller() -> None:
    small = {"pupils": 99, "area": "rural"}
    assert rooms(54, 54, 29, **small) == "met"
    assert rooms(53.9, 54, 29, **small) == "not_met"
    assert rooms(54, 54, 30, **small) == "not_met"
    assert rooms(54, 54, 29, **small | {"pupils": 100}) == "not_met"
    assert rooms(54, 54, 29, **small | {"area": "town"}) == "not_met"
    assert rooms(54, 54, None, **small) == "not_met"  # no classes told: nothing is claimed
    junior = {"school_type": "nine_year", "pupils_junior": 20, "classes_junior": 3, "pupils": 60, "area": "rural"}
    assert rooms(61, 61, 29, **junior) == "met"
    assert rooms(60.9, 61, 29, **junior) == "not_met"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"pupils": 2400, "built": "2010-12"}, "met"),
        ({"pupils": 2401, "built": "2010-12"}, "not_met"),
        ({"pupils": 2001, "built": "2011-01"}, "not_met"),
        ({"pupils": 2000, "built": "2011-01"}, "met"),
        ({"pupils": 2001, "built": None}, "not_met"),
        ({"pupils": 2400, "migrants": 1201}, "met"),
        ({"pupils": 2400, "migrants": 1200}, "not_met"),
        ({"pupils": 2400, "migrants": None}, "not_met"),
        ({"pupils": 1500, "pupils_junior": 1500, "school_type": "nine_year", "built": "2010-12"}, "met"),
        ({"pupils": 1500, "pupils_junior": 1501, "school_type": "nine_year", "built": "2010-12"}, "not_met"),
        ({"pupils": 1500, "pupils_junior": 1001, "school_type": "twelve_year", "built": "2011-01"}, "not_met"),
    ],
)
def test_early_schools_and_those_of_migrants_may_be_larger(given: Row, verdict: str) -> None:
    assert item("school_size", school("1", **given))[0] == verdict


def special(value: float, year: int) -> Row:
    held = records(
        school("1") | {"year": year},
        government=[{"county": COUNTY, "year": year, "item": "special_school_funding", "value": value}],
    )
    return judged(held, year=year)["government.special_school_funding"]


@pytest.mark.parametrize("year", [2024, 2025])
def test_special_schools_are_judged_by_6000_before_and_after_the_subsidy(year: int) -> None:
    assert (special(6000.0, year)["verdict"], special(5999.0, year)["verdict"]) == ("met", "not_met")
    assert special(6500.0, year)["target"] == 6000
    (beside,) = national().items["special_school_funding"].beside
    assert (beside.since.year, beside.value) == (2025, 7000)


def dated(practice: str, day: date) -> Standard:
    """The national standard as it would be with a concession from a day of its own."""
    told = [one.model_copy(update={"since": day}) if one.id == practice else one for one in national().practice]
    return national().model_copy(update={"practice": tuple(told)})


@pytest.mark.parametrize(("day", "held"), [(date(2024, 12, 31), True), (date(2025, 1, 1), False)])
def test_a_concession_holds_from_its_own_day_on(day: date, held: bool) -> None:
    """Of 2024 it holds where its day is no later than the last of the year; before, the other reading does."""
    point = records(school("1", 60, "teaching_point", area="rural"))
    rows = stage_rows(point.schools, dated("small_schools", day))
    assert rows["scope_reason"].to_list() == ["" if held else "small_teaching_point"]
    visited = records(school("1", 60, pe_arts_teachers=1, visiting_pe_arts_teachers_primary=2))
    assert stage_rows(visited.schools, dated("visiting_teachers", day))["pe_arts_teachers"].to_list() == [
        3 if held else 1
    ]
    early = records(school("1", 2400, built="2010-12"))
    standard = dated("school_sizes", day)
    found = judge(measure(early, standard), early, standard, COUNTY, YEAR)
    (verdict,) = found.filter(id="government.school_size")["verdict"]
    assert verdict == ("met" if held else "not_met")
    # The verdict hangs on it where it holds; where it does not yet, on nothing.
    hangs = {one.practice.id for one in changed(early, standard, YEAR, found)}
    assert ("school_sizes" in hangs) == held


def test_each_year_is_read_as_it_was_then() -> None:
    rows = [school("1", 60, "teaching_point", area="rural") | {"year": year} for year in (2023, 2024)]
    scope = stage_rows(records(*rows).schools, dated("small_schools", date(2024, 6, 1)))
    assert dict(scope.select("year", "scope_reason").iter_rows()) == {2023: "small_teaching_point", 2024: ""}


def test_what_is_local_enters_no_national_file() -> None:
    for name in ("national-2017", "national-2012"):
        standard = standards.load(name)
        assert all(practice.sure != "local" for practice in standard.practice)
        assert all(one.sure != "local" for item in standard.items.values() for one in item.beside)


def test_every_concession_has_its_source_and_other_reading() -> None:
    """What is adjusted, and every parameter of a concession, stands in an entry that says from where it is."""
    about = {key for practice in national().practice for key in practice.about}
    for name, indicator in national().indicators.items():
        assert not indicator.adjusted or f"indicators.{name}.adjusted" in about
    for name, one in national().items.items():
        if {"built_before", "small_class_below"} & set(one.parameters):
            assert f"items.{name}.parameters" in about
    for practice in readings.doubtful(national()):
        assert readings.otherwise(national(), practice) != national()


def whole(held: Records) -> pl.DataFrame:
    return judge(measure(held, national()), held, national(), COUNTY, YEAR)


def test_what_decides_a_verdict_and_is_not_sure_is_named() -> None:
    """A school of 2,400 pupils built in 2010: without the concession the item, and with it the field, is not met."""
    held = records(school("1", 2400, built="2010-12"), school("2"))
    found = changed(held, national(), YEAR, whole(held))
    assert {(one.practice.id, one.field, one.before, one.after) for one in found} == {
        ("school_sizes", Field.GOVERNMENT, Verdict.NO_DATA, Verdict.NOT_MET),
        ("school_sizes", Field.OVERALL, Verdict.NO_DATA, Verdict.NOT_MET),
    }
    # Nobody hangs on a concession that no school claims, or that a school claims in vain.
    for pupils, built in ((2000, "2010-12"), (2401, "2010-12"), (2400, "2011-01")):
        held = records(school("1", pupils, built=built), school("2"))
        assert changed(held, national(), YEAR, whole(held)) == []


def test_a_teaching_point_in_scope_for_the_smaller_limit_is_named() -> None:
    """A teaching point of 60 pupils without teachers: it fails the rule, and would be left out below 100."""
    poor = school("2", 60, "teaching_point", advanced_degree_teachers=0, backbone_teachers=0)
    held = records(school("1"), school("3"), poor)
    found = changed(held, national(), YEAR, whole(held))
    assert {(one.practice.id, one.field) for one in found if one.field == Field.RESOURCES} == {
        ("small_schools", Field.RESOURCES)
    }
