"""Government duties, quality items and recognition, on both sides of each boundary."""

import json
from typing import Any

import polars as pl
import pytest

from analysis.judge import judge
from analysis.measure import measure
from tests.judge.rules import COUNTY, YEAR, judged, national, records, school

Found = dict[str, dict[str, Any]]


def item(name: str, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": YEAR, "item": name} | given


def of_items(*rows: dict[str, Any]) -> Found:
    return judged(records(school("1"), school("2"), government=list(rows)))


def verdict(found: Found, name: str) -> tuple[str, str]:
    return found[name]["verdict"], found[name]["reason"]


@pytest.mark.parametrize(
    ("name", "field", "short", "enough"),
    [
        ("special_school_funding", "government", 5999.9, 6000),
        ("teacher_training", "government", 0.9999, 1),
        ("rotation", "government", 0.0999, 0.10),
        ("rotation_backbone", "government", 0.1999, 0.20),
        ("certificates", "government", 0.9999, 1),
        ("nearest_primary", "government", 0.9999, 1),
        ("nearest_junior", "government", 0.9499, 0.95),
        ("senior_places", "government", 0.4999, 0.50),
        ("migrant_places", "government", 0.8499, 0.85),
        ("retention", "quality", 0.9499, 0.95),
        ("disabled_enrolment", "quality", 0.9499, 0.95),
        ("basic_balance_years", "entry", 2, 3),
    ],
)
def test_county_values(name: str, field: str, short: float, enough: float) -> None:
    assert verdict(of_items(item(name, value=short)), f"{field}.{name}")[0] == "not_met"
    found = of_items(item(name, value=float(enough), evidence="册"))
    assert verdict(found, f"{field}.{name}") == ("met", "")
    assert found[f"{field}.{name}"]["evidence"] == "册"
    assert verdict(of_items(item(name, answer="yes", evidence="册")), f"{field}.{name}") == ("no_data", "value_missing")
    assert verdict(of_items(), f"{field}.{name}") == ("no_data", "no_records")


def test_an_answer_needs_evidence() -> None:
    assert verdict(of_items(item("layout", answer="yes", evidence="规划")), "government.layout") == ("met", "")
    assert verdict(of_items(item("layout", answer="yes")), "government.layout") == ("no_data", "no_evidence")
    assert verdict(of_items(item("layout", answer="no")), "government.layout") == ("not_met", "")
    assert verdict(of_items(item("layout")), "government.layout") == ("no_data", "value_missing")


def test_a_veto_stops_the_county_and_silence_does_not() -> None:
    fair = of_items(item("no_false_data", answer="yes", evidence="核查"))
    assert fair["entry.all"]["verdict"] == "no_data"
    assert "entry.all" not in fair["overall.all"]["evidence"]
    stopped = of_items(item("no_false_data", answer="no"))
    assert stopped["overall.all"]["verdict"] == "not_met"
    assert stopped["overall.all"]["evidence"] == "entry.all"


def room(code: str, kind: str, area: float, place: int = 1) -> dict[str, Any]:
    return {"county": COUNTY, "year": YEAR, "school": code, "room": f"{kind}{place}", "room_type": kind, "area": area}


def rooms_of(classes: int | None, *rooms: dict[str, Any]) -> Found:
    return judged(records(school("1", classes_primary=classes), rooms=list(rooms)))


def test_special_rooms_per_twelve_classes() -> None:
    name = "government.special_rooms"
    one = [room("1", "music", 96), room("1", "art", 90)]
    assert verdict(rooms_of(12, *one), name) == ("met", "")
    assert verdict(rooms_of(13, *one), name) == ("not_met", "schools_short")
    two = [*one, room("1", "music", 96, 2), room("1", "art", 90, 2)]
    assert verdict(rooms_of(13, *two), name)[0] == "met"
    assert verdict(rooms_of(24, *two), name)[0] == "met"
    assert verdict(rooms_of(25, *two), name)[0] == "not_met"
    # A room that is too small does not count, and neither kind stands for the other.
    small = [[room("1", "music", 95.9), one[1]], [one[0], room("1", "art", 89.9)], [one[0], room("1", "music", 96, 2)]]
    for rooms in small:
        found = rooms_of(12, *rooms)
        assert verdict(found, name)[0] == "not_met"
        assert verdict(found, f"{name}.1") == ("not_met", "rooms_short")
        assert found[name]["evidence"] == "1"
    assert json.loads(found[f"{name}.1"]["evidence"]) == {"music": 2.0, "art": 0.0, "needed": 1.0}
    assert verdict(rooms_of(12), name) == ("no_data", "no_records")
    assert verdict(rooms_of(None, *one), name) == ("no_data", "schools_missing")
    # Another school has rows, this one has none: nothing shows that it has no rooms.
    assert verdict(rooms_of(12, room("2", "music", 96)), f"{name}.1") == ("no_data", "no_rows_of_school")


@pytest.mark.parametrize(
    ("kind", "pupils", "limit"),
    [
        ("primary", {"pupils_primary": 1}, 2000),
        ("junior", {"pupils_junior": 1}, 2000),
        ("complete_secondary", {"pupils_junior": 1, "pupils_senior": 3}, 2000),
        ("nine_year", {"pupils_primary": 0.6, "pupils_junior": 0.4}, 2500),
        ("twelve_year", {"pupils_primary": 0.6, "pupils_junior": 0.4, "pupils_senior": 1}, 2500),
    ],
)
def test_school_size(kind: str, pupils: dict[str, float], limit: int) -> None:
    for total, expected in [(limit, "met"), (limit + 5, "not_met")]:
        enrolment = {"pupils_primary": None} | {name: round(part * total) for name, part in pupils.items()}
        found = judged(records({"county": COUNTY, "year": YEAR, "school": "1", "school_type": kind} | enrolment))
        assert verdict(found, "government.school_size")[0] == expected
        assert found["government.school_size.1"]["value"] == total
        assert found["government.school_size.1"]["target"] == limit


def classes_of(*sizes: tuple[int, int | None]) -> Found:
    rows = [
        {"county": COUNTY, "year": YEAR, "school": "1", "grade": grade, "class": str(place), "pupils": pupils}
        for place, (grade, pupils) in enumerate(sizes)
    ]
    base = {"county": COUNTY, "year": YEAR, "school": "1", "school_type": "nine_year"}
    return judged(records(base | {"pupils_primary": 90, "pupils_junior": 90}, classes=rows))


def test_class_size() -> None:
    name = "government.class_size"
    assert verdict(classes_of((1, 45), (6, 45), (7, 50), (9, 50)), name) == ("met", "")
    found = classes_of((1, 45), (6, 46), (7, 50))
    assert verdict(found, f"{name}.primary.1") == ("not_met", "classes_over")
    assert verdict(found, f"{name}.junior.1")[0] == "met"
    assert verdict(found, name)[0] == "not_met"
    assert json.loads(found[f"{name}.primary.1"]["evidence"]) == {"over": 1, "classes": 2}
    assert verdict(classes_of((1, 45), (7, 51)), f"{name}.junior.1")[0] == "not_met"
    # A class of unknown size may be over; one that is over is over.
    assert verdict(classes_of((1, 45), (2, None), (7, 50)), f"{name}.primary.1")[0] == "no_data"
    assert verdict(classes_of((1, 46), (2, None), (7, 50)), f"{name}.primary.1")[0] == "not_met"
    assert verdict(classes_of((1, 45)), f"{name}.junior.1") == ("no_data", "no_rows_of_school")
    assert verdict(classes_of(), name) == ("no_data", "no_records")


def test_small_schools_are_funded_as_a_hundred() -> None:
    name = "government.small_school_funding"

    def funded(pupils: int, as_many: int | None, **given: Any) -> Found:
        return judged(records(school("1", pupils, area="rural", funded_pupils=as_many) | given))

    assert verdict(funded(99, 100), name) == ("met", "")
    assert verdict(funded(99, 99), name)[0] == "not_met"
    assert verdict(funded(99, None), name)[0] == "no_data"
    assert verdict(funded(100, 99), name) == ("not_applicable", "no_such_schools")
    assert verdict(funded(99, 99, area="town"), name)[0] == "not_applicable"
    assert verdict(funded(99, 99, area="town", school_type="teaching_point"), name)[0] == "not_met"


def test_training_funds() -> None:
    name = "quality.training_funds"

    def spent(training: float | None, **given: Any) -> Found:
        return judged(records(school("1", public_funds=1000.0, training_funds=training) | given))

    assert verdict(spent(50), name) == ("met", "")
    assert verdict(spent(49.9), name)[0] == "not_met"
    assert verdict(spent(None), name)[0] == "no_data"
    assert verdict(spent(None, run_by="private"), name)[0] == "not_applicable"


def answered(group: str, asked: int, satisfied: int) -> dict[str, Any]:
    return {"county": COUNTY, "year": YEAR, "group": group, "asked": asked, "satisfied": satisfied}


GROUPS = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")


def test_recognition() -> None:
    name = "recognition.recognition"

    def asked(*rows: dict[str, Any]) -> Found:
        return judged(records(school("1"), survey=list(rows)))

    met = asked(*(answered(group, 100, 85) for group in GROUPS))
    assert verdict(met, name) == ("met", "")
    assert met["recognition.all"]["verdict"] == "met"
    short = asked(answered("pupils", 100, 84), *(answered(group, 100, 85) for group in GROUPS[1:]))
    assert verdict(short, name)[0] == "not_met"
    assert verdict(short, "recognition.recognition_parents")[0] == "met"
    # A group below 85 % stands beside: the whole is judged.
    mixed = asked(answered("pupils", 100, 80), *(answered(group, 100, 90) for group in GROUPS[1:]))
    assert verdict(mixed, "recognition.recognition_pupils")[0] == "not_met"
    assert mixed["recognition.all"]["verdict"] == "met"
    part = asked(*(answered(group, 100, 90) for group in GROUPS[1:]))
    assert verdict(part, name) == ("met", "missing_groups")
    told = json.loads(part[name]["evidence"])
    assert told["missing"] == ["pupils"]
    # Wilson's interval of 540 of 600.
    assert (round(told["ci_low"], 4), round(told["ci_high"], 4)) == (0.8734, 0.9215)
    assert verdict(asked(), name) == ("no_data", "no_records")


def test_recognition_of_2012_is_for_reference_and_asks_no_pupils() -> None:
    held = records(school("1"), survey=[answered("pupils", 100, 0), answered("parents", 100, 70)])
    found = judged(held, national(2012))
    assert verdict(found, "recognition.recognition") == ("not_applicable", "for_reference")
    assert found["recognition.recognition"]["value"] == 0.7
    assert found["recognition.all"]["verdict"] == "not_applicable"


def test_findings_have_ids_of_their_own() -> None:
    held = records(school("1"), school("2"), government=[item("layout", answer="yes", evidence="x")])
    found = judge(measure(held, national()), held, national(), COUNTY, YEAR)
    assert found["id"].is_unique().all()
    assert found["verdict"].null_count() == found["reason"].null_count() == 0
    assert found.filter(pl.col("county") != COUNTY).is_empty()
