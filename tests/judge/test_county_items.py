"""Government duties, quality items and recognition, on both sides of each boundary."""

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.judge import judge
from analysis.measure import measure
from analysis.standards.dated import Dated
from analysis.standards.items import Item
from analysis.tables import Stage
from tests.judge.given import COUNTY, YEAR, judged, national, records, school

Found = dict[str, dict[str, Any]]


def item(name: str, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": YEAR, "item": name} | given


def of_items(*rows: dict[str, Any]) -> Found:
    return judged(records(school("1"), school("2"), government=list(rows)))


def verdict(found: Found, name: str) -> tuple[str, str]:
    return found[name]["verdict"], found[name]["reason"]


@pytest.mark.sampled(4)
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
    assert rooms_of(12)[name]["value"] is None  # no share of schools is known: none is not nought
    assert verdict(rooms_of(None, *one), name) == ("no_data", "schools_missing")
    # A room of unknown area may be of full size: that decides only where it is needed.
    unknown = room("1", "music", 96) | {"area": None}
    assert verdict(rooms_of(12, unknown, one[1]), f"{name}.1") == ("no_data", "missing_amount")
    assert verdict(rooms_of(12, *one, unknown | {"room": "music2"}), f"{name}.1") == ("met", "")
    assert verdict(rooms_of(13, unknown, one[1]), f"{name}.1")[0] == "not_met"
    # No classes although there are pupils is a gap; a school without either needs no room.
    assert verdict(rooms_of(0, *one), f"{name}.1") == ("no_data", "missing_amount")
    empty = judged(records(school("1", 0, classes_primary=0), school("2", classes_primary=12), rooms=one))
    assert f"{name}.1" not in empty
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


def test_classes_that_are_not_listed_may_be_too_large() -> None:
    def listed(reported: int | None, *sizes: int) -> tuple[str, str]:
        rows = [
            {"county": COUNTY, "year": YEAR, "school": "1", "grade": 1, "class": str(place), "pupils": pupils}
            for place, pupils in enumerate(sizes)
        ]
        return verdict(
            judged(records(school("1", classes_primary=reported), classes=rows)), "government.class_size.primary.1"
        )

    assert listed(2, 45, 45) == ("met", "")
    assert listed(3, 45, 45) == ("no_data", "classes_missing")
    assert listed(3, 45, 46) == ("not_met", "classes_over")
    assert listed(1, 45, 45) == ("met", "")
    assert listed(None, 45, 45) == ("met", "")


def set_aside(table: str, cells: str, rule: str = "negative") -> dict[str, Any]:
    place = {"file": f"990101/{table}_2024.xlsx", "sheet": "2024", "row": 9}
    return {"county": COUNTY, "year": YEAR, "table": table, **place, "cells": cells, "rules": [rule]}


def test_rows_set_aside_neither_pass_nor_fail_their_school() -> None:
    a, b = school("9901010001", classes_primary=12), school("9901010002", classes_primary=12)
    sizes = [
        {"county": COUNTY, "year": YEAR, "school": code, "grade": 1, "class": str(place), "pupils": 45}
        for code in ("9901010001", "9901010002")
        for place in range(12)
    ]
    rooms = [
        {**room(code, kind, 96), "room": f"{kind}{code}"}
        for code, kinds in (("9901010001", ("music", "art")), ("9901010002", ("music",)))
        for kind in kinds
    ]

    def found(*rows: dict[str, Any]) -> Found:
        return judged(records(a, b, classes=sizes, rooms=rooms, quarantine=list(rows)))

    def of(which: Found, item_: str, code: str) -> tuple[str, str]:
        return verdict(which, f"government.{item_}.{code}")

    fair = found(set_aside("classes", '{"学校代码": "9901010002"}', "repeated"))
    assert of(fair, "class_size.primary", "9901010002")[0] == "met"
    assert of(fair, "special_rooms", "9901010002")[0] == "not_met"
    named = found(*(set_aside(table, '{"学校代码": "9901010002"}') for table in ("classes", "rooms")))
    assert of(named, "class_size.primary", "9901010001")[0] == "met"
    assert of(named, "class_size.primary", "9901010002") == ("no_data", "rows_set_aside")
    assert named["government.class_size"]["verdict"] == "no_data"
    assert of(named, "special_rooms", "9901010001")[0] == "met"
    assert of(named, "special_rooms", "9901010002") == ("no_data", "rows_set_aside")
    # A row that names no school may be of any; a room more leaves a school that has enough as it is.
    nameless = found(*(set_aside(table, '{"学校代码": "9.9E+09"}') for table in ("classes", "rooms")))
    assert of(nameless, "class_size.primary", "9901010001")[0] == "no_data"
    assert of(nameless, "special_rooms", "9901010001")[0] == "met"


def test_what_a_rule_asks_about_a_school_may_be_unknown() -> None:
    name = "government.small_school_funding"

    def funded(pupils: int | None, as_many: int | None, **given: Any) -> Found:
        row = school("1", 50, funded_pupils=as_many) | {"pupils_primary": pupils, "area": "rural"} | given
        return judged(records(row))

    # Perhaps a village school, perhaps under a hundred: the rule is broken for certain in neither case.
    assert verdict(funded(99, 99, area=None), f"{name}.1") == ("no_data", "attribute_missing")
    assert verdict(funded(99, 100, area=None), name)[0] == "met"
    assert verdict(funded(None, 99), f"{name}.1") == ("no_data", "missing_pupils")
    assert verdict(funded(None, 100), name)[0] == "met"
    assert verdict(funded(None, 99), name)[0] == "no_data"
    training = {"public_funds": 1000.0, "training_funds": 49.0, "run_by": None}
    assert verdict(judged(records(school("1", **training))), "quality.training_funds")[0] == "no_data"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("quality.retention", 1.0, "met"),
        ("quality.retention", 1.0001, "no_data"),
        ("quality.retention", 95, "no_data"),
        ("quality.retention", -0.1, "no_data"),
        ("government.special_school_funding", -1, "no_data"),
    ],
)
def test_a_figure_that_cannot_be_decides_nothing(name: str, given: float, expected: str) -> None:
    assert verdict(of_items(item(name.partition(".")[2], value=float(given))), name)[0] == expected


@pytest.mark.parametrize(
    ("given", "expected"), [(84.99, "not_met"), (85, "met"), (100, "met"), (100.01, "no_data"), (None, "no_data")]
)
def test_the_government_score_of_2012(given: float | None, expected: str) -> None:
    held = records(school("1"), government=[item("government_score", value=given)])
    assert verdict(judged(held, national(2012)), "government.government_score")[0] == expected


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        ([4.05] * 21, None, ("met", "")),  # 85.05
        ([4.0] * 20 + [5.0], None, ("met", "")),  # 85
        ([4.0] * 20 + [4.99], None, ("not_met", "")),  # 84.99
        ([4.7] * 20, None, ("no_data", "score_incomplete")),
        ([4.0] * 21 + [9.0], None, ("not_met", "")),  # a 22nd item is none of the 21: 84
        ([4.05] * 21, 85.05, ("met", "")),
        ([4.05] * 21, 86.0, ("no_data", "score_contradicts")),
        ([4.0] * 3, 86.0, ("met", "")),
        ([5.0] * 21, None, ("no_data", "value_impossible")),  # 105 of 100
    ],
)
def test_the_score_of_twenty_one_items(parts: list[float], total: float | None, expected: tuple[str, str]) -> None:
    rows = [item(f"score_{place + 1}", value=points) for place, points in enumerate(parts)]
    rows += [item("government_score", value=total)] if total is not None else []
    held = records(school("1") | {"year": YEAR - 1}, government=rows)
    assert verdict(judged(held, standards.load("plan-7")), "government.government_score") == expected


def test_teachers_of_a_school_that_reports_none_are_not_zero() -> None:
    plan = standards.load("plan-1")

    def staffed(*schools: str, **given: Any) -> Found:
        rows = [
            {"county": COUNTY, "year": YEAR, "school": code, "stage": "primary", "teachers": 50, "postgraduate": 5}
            | {"psychology": 1}
            | given
            for code in schools
        ]
        return judged(records(school("1"), school("2"), teachers=rows), plan)

    name = "quality.psychology_teachers"
    assert verdict(staffed("1", "2"), name) == ("met", "")
    assert staffed("1", "2")[name]["value"] == 1000
    half = staffed("1")
    assert verdict(half, name) == ("no_data", "schools_missing")
    assert half[name]["evidence"] == "2"
    assert half["government.postgraduate_share"]["value"] is None
    assert verdict(staffed("1", "2", psychology=0), name)[0] == "not_met"
    assert verdict(staffed("1", "2", psychology=None), name)[0] == "no_data"


@pytest.mark.parametrize(
    ("year", "results", "expected"),
    [
        (2023, [(2021, 0)], ("met", "")),
        (2023, [(2021, 1)], ("not_met", "round_incomplete")),
        (2022, [(2021, 0)], ("not_met", "round_incomplete")),  # no round has ended
        (2026, [(2021, 0), (2024, 1)], ("met", "")),  # one whole round is what is asked
        (2026, [(2021, 3), (2024, 1)], ("not_met", "round_incomplete")),
        (2025, [(2021, 3), (2024, 0)], ("not_met", "round_incomplete")),  # the second has not ended
        (2026, [(2021, 3), (2024, 0)], ("met", "")),
    ],
)
def test_a_round_of_the_monitoring(year: int, results: list[tuple[int, int]], expected: tuple[str, str]) -> None:
    rule = national().monitoring
    assert rule is not None
    cells = [(name, grade, one.round_year) for name, one in rule.subjects.items() for grade in one.grades]
    assert len(cells) == 17
    rows = [
        {"county": COUNTY, "year": first + place - 1, "subject": name, "grade": grade, "level": 3}
        for first, lacking in results
        for name, grade, place in cells[lacking:]
    ]
    changed = standards.load("plan-2").model_copy(
        update={"items": {"monitoring_round": _from(standards.load("plan-2").items["monitoring_round"], 2021)}}
    )
    held = records(school("1") | {"year": year}, monitoring=rows)
    found = judged(held, changed, year)["quality.monitoring_round"]
    assert (found["verdict"], found["reason"]) == expected
    if expected[0] == "not_met" and year == 2026:
        assert found["value"] == pytest.approx(16 / 17)
        assert found["evidence"] == "mathematics.4.2024"


def _from(item_: Item, year: int) -> Item:
    """`item_` with its target in force from the start of `year`."""
    assert item_.target is not None
    dated = Dated.model_validate({"from": date(year, 1, 1), "value": 1})
    return item_.model_copy(update={"target": item_.target.model_copy(update={"values": {Stage.PRIMARY: (dated,)}})})


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
    # A group that was not asked may think otherwise, whichever way the others lean.
    assert verdict(part, name) == ("no_data", "missing_groups")
    assert part["recognition.all"]["verdict"] == "no_data"
    low = asked(*(answered(group, 100, 50) for group in GROUPS[1:]))
    assert verdict(low, name) == ("no_data", "missing_groups")
    assert (
        verdict(asked(answered("pupils", 0, 0), *(answered(group, 100, 90) for group in GROUPS[1:])), name)[0]
        == "no_data"
    )
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
