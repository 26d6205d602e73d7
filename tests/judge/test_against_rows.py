"""What a county reports against its rows: agreement as it was typed, contradiction, rows that lack something."""

from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.judge import judge, judge_plan
from analysis.judge.against_rows import agree
from analysis.judge.evidence import listed
from analysis.measure import measure
from tests.judge.given import COUNTY, YEAR, judged, national, records, school

Row = dict[str, Any]


def staff(code: str, **counts: Any) -> Row:
    return {"county": COUNTY, "year": YEAR, "school": code, "stage": "primary", "teachers": 22} | counts


def item(name: str, **given: Any) -> Row:
    return {"county": COUNTY, "year": YEAR, "item": name, "evidence": "册"} | given


def of(name: str, reported: Row | None, *teachers: Row, field: str = "government") -> Row:
    """The finding on an item: of what is reported, and of the rows of two schools."""
    government = [item(name, **reported)] if reported is not None else [item("layout", answer="yes")]
    held = records(school("1"), school("2"), government=government, teachers=list(teachers))
    return judged(held)[f"{field}.{name}"]


def told(finding: Row) -> tuple[str, str]:
    return finding["verdict"], finding["reason"]


def test_a_figure_agrees_as_it_was_typed() -> None:
    assert agree(0.158, 0.1584, "share")
    assert agree(0.158, 0.1585, "share")
    assert not agree(0.158, 0.15851, "share")
    # A share is typed to whole per cents at the coarsest: 10 % is 9.5 to 10.5 %, and 100 % 99.5 % and more.
    assert agree(0.1, 0.105, "share")
    assert not agree(0.1, 0.1051, "share")
    assert not agree(1.0, 0.9949, "share")
    assert agree(6000.0, 6000.5, "yuan_per_pupil")
    assert not agree(6000.0, 6000.6, "yuan_per_pupil")


#: 30 of 44 certified, 10 of 44 trained, nobody rotated of 20 who are due.
POOR = ("certified", "trained", "eligible", "rotated", "rotated_backbone")
ROWS = [staff("1", **dict(zip(POOR, (20, 10, 10, 0, 0), strict=True))),
        staff("2", **dict(zip(POOR, (10, 0, 10, 0, 0), strict=True)))]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "typed", "computed"),
    [
        ("certificates", 1.0, 30 / 44),
        ("teacher_training", 1.0, 10 / 44),
        ("rotation", 0.158, 0.0),
        ("rotation_backbone", 0.3, None),  # nobody rotated: of nobody there is no share
    ],
)
def test_what_rows_refute_is_not_believed(name: str, typed: float, computed: float | None) -> None:
    found = of(name, {"value": typed}, *ROWS)
    assert told(found) == ("undecidable", "contradicts_rows")
    assert found["value"] == typed
    assert found["computed"] == (None if computed is None else pytest.approx(computed))
    assert found["margin"] is None
    # Without rows, or where one is not there or lacks a number, what is reported is judged.
    for rows in ([], ROWS[:1], [ROWS[0], ROWS[1] | {"certified": None, "trained": None, "rotated": None}]):
        assert told(of(name, {"value": typed}, *rows)) == ("met", "")


def test_what_rows_confirm_stands_with_their_figure() -> None:
    rows = [staff("1", eligible=10, rotated=2), staff("2", eligible=9, rotated=1)]
    found = of("rotation", {"value": 0.158}, *rows)  # 3 of 19: 15.79 %
    assert told(found) == ("met", "")
    assert (found["value"], found["computed"]) == (0.158, pytest.approx(3 / 19))
    assert told(of("rotation", {"value": 0.157}, *rows)) == ("undecidable", "contradicts_rows")
    # What falls short by the sheet and by the rows falls short.
    assert told(of("certificates", {"value": 30 / 44}, *ROWS)) == ("not_met", "")


def test_rounding_does_not_reach_a_target() -> None:
    """299 of 300 are 99.67 %: typed as 100 %, one who has no certificate is rounded away."""
    rows = [staff("1", teachers=150, certified=150), staff("2", teachers=150, certified=149)]
    assert told(of("certificates", {"value": 1.0}, *rows)) == ("undecidable", "contradicts_rows")
    assert told(of("certificates", {"value": 0.997}, *rows)) == ("not_met", "")


def test_rows_alone_give_the_verdict() -> None:
    found = of("certificates", None, *ROWS)
    assert told(found) == ("not_met", "from_rows")
    assert found["value"] == found["computed"] == pytest.approx(30 / 44)
    full = [staff("1", certified=22), staff("2", certified=22)]
    assert told(of("certificates", None, *full)) == ("met", "from_rows")
    assert told(of("certificates", None, *full[:1])) == ("no_data", "no_records")


def test_rows_that_give_the_verdict_are_its_evidence() -> None:
    held = records(school("1"), school("2"), government=[item("layout", answer="yes")], teachers=ROWS)
    found = judge(measure(held, national()), held, national(), COUNTY, YEAR)
    (row,) = listed(found, held, national(), YEAR).filter(id="government.certificates").rows(named=True)
    assert (row["basis"], row["rows"], row["state"]) == ("computed", 2, "have")


def test_a_computed_item_that_is_reported_otherwise() -> None:
    """One of two classes has 70 pupils, and the county's sheet has every school within the limit."""

    def size(reported: Row | None, *pupils: int) -> Row:
        rows = [
            {"county": COUNTY, "year": YEAR, "school": "1", "grade": 1, "class": str(place), "pupils": number}
            for place, number in enumerate(pupils)
        ]
        government = [item("class_size", **reported)] if reported else [item("layout", answer="yes")]
        return judged(records(school("1"), classes=rows, government=government))["government.class_size"]

    assert told(size(None, 45, 70)) == ("not_met", "schools_short")
    for reported in ({"answer": "yes"}, {"value": 1.0}):
        assert told(size(reported, 45, 70)) == ("undecidable", "contradicts_rows")
        assert told(size(reported, 45, 45)) == ("met", "")
        assert told(size(reported)) == ("no_data", "no_records")
    assert told(size({"answer": "no"}, 45, 70)) == ("not_met", "schools_short")
    assert told(size({"answer": "no"}, 45, 45)) == ("undecidable", "contradicts_rows")
    assert told(size({"value": 0.0}, 45, 70)) == ("not_met", "schools_short")


def test_training_funds_are_typed_as_a_part_of_the_funds() -> None:
    """6 of 100 and 5 of 100: each school is at 5 %, together 5.5 %."""

    def funds(reported: float, second: float) -> Row:
        rows = [
            school("1", public_funds=100.0, training_funds=6.0),
            school("2", public_funds=100.0, training_funds=second),
        ]
        held = records(*rows, government=[item("training_funds", value=reported)])
        return judged(held)["quality.training_funds"]

    assert told(funds(0.055, 5.0)) == ("met", "")
    assert told(funds(0.07, 5.0)) == ("undecidable", "contradicts_rows")
    # The county as a whole reaches the part, one school does not: each has to.
    assert told(funds(0.05, 4.0)) == ("not_met", "schools_short")


def answered(plan: str, name: str, answer: str, *schools: Row, **frames: Any) -> tuple[str, str]:
    held = records(*schools, government=[item(name, answer=answer)], **frames)
    rows = judge_plan(held, standards.plan(plan), COUNTY, YEAR).filter(pl.col("school").is_null(), item=name)
    return told(rows.row(0, named=True))


def test_a_yes_that_rows_refute() -> None:
    """大班额不反弹: a class of 56 is one, of 55 none; 破解大校额: 2,000 pupils; a multimedia room for every class."""

    def classes(pupils: int | None, answer: str = "yes") -> tuple[str, str]:
        row = {"county": COUNTY, "year": YEAR, "school": "1", "grade": 1, "class": "1", "pupils": pupils}
        return answered("plan-2", "big_classes_stay_away", answer, school("1"), classes=[row])

    assert classes(56) == ("undecidable", "contradicts_rows")
    assert classes(55) == classes(None) == ("met", "")
    # Which number is meant the plan does not say: who says no knows why.
    assert classes(56, "no") == classes(55, "no") == ("not_met", "")
    row = school("1", classes_primary=12, multimedia_rooms=12)
    assert answered("plan-6", "multimedia_everywhere", "no", row) == ("undecidable", "contradicts_rows")
    for pupils, expected in ((2000, "met"), (2001, "undecidable")):
        assert answered("plan-2", "large_schools_dissolved", "yes", school("1", pupils))[0] == expected
    for number, rooms, expected in ((12, 12, "met"), (12, 11, "undecidable"), (None, 11, "met")):
        row = school("1", classes_primary=number, multimedia_rooms=rooms)
        assert answered("plan-6", "multimedia_everywhere", "yes", row)[0] == expected


@pytest.mark.parametrize(
    ("name", "field", "short", "whole"),
    [
        ("school_size", "government", {"pupils": 2001}, {"pupils": 2000}),
        (
            "small_school_funding",
            "government",
            {"pupils": 99, "funded_pupils": 99},
            {"pupils": 99, "funded_pupils": 100},
        ),
        ("special_rooms", "government", {"classes_primary": 13}, {"classes_primary": 12}),
    ],
)
def test_every_item_that_schools_tell_refutes_what_is_typed(name: str, field: str, short: Row, whole: Row) -> None:
    """One room of each kind is enough for 12 classes; 99 pupils of a rural school are funded as 100."""
    rooms = [
        {"county": COUNTY, "year": YEAR, "school": "1", "room": kind, "room_type": kind, "area": 100.0}
        for kind in ("music", "art")
    ]

    def found(reported: Row, has: Row) -> tuple[str, str]:
        held = records(school("1", area="rural", **has), rooms=rooms, government=[item(name, **reported)])
        return told(judged(held)[f"{field}.{name}"])

    assert found({"answer": "yes"}, short) == ("undecidable", "contradicts_rows")
    assert found({"answer": "no"}, whole) == ("undecidable", "contradicts_rows")
    assert found({"answer": "yes"}, whole) == ("met", "")
    assert found({"answer": "no"}, short) == ("not_met", "schools_short")
