"""The evidence list: what shows each item, and what has none yet."""

from typing import Any

import pytest

from analysis.judge import evidence, judge
from analysis.measure import measure
from tests.judge.given import COUNTY, YEAR, national, records, result, school


def listed(*government: dict[str, Any], **frames: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    rows = [{"county": COUNTY, "year": YEAR, "file": "g.xlsx", "sheet": "s"} | row for row in government]
    held = records(school("1") | {"file": "s.xlsx"}, school("2") | {"file": "s.xlsx"}, government=rows, **frames)
    found = judge(measure(held, national()), held, national(), COUNTY, YEAR)
    return {row["id"]: row for row in evidence.listed(found, held, national(), YEAR).iter_rows(named=True)}


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"answer": "yes", "evidence": "县政发〔2024〕1号"}, "have"),
        ({"answer": "yes"}, "lack"),
        ({"answer": "no"}, "lack"),
        (None, "lack"),
    ],
)
def test_what_is_reported_needs_a_document(row: dict[str, Any] | None, state: str) -> None:
    given = [{"item": "layout", "row": 4} | row] if row else []
    one = listed(*given)["government.layout"]
    assert (one["basis"], one["state"], one["rows"]) == ("reported", state, len(given))
    assert one["row"] == (4 if row else None)


def test_what_is_computed_monitored_or_asked_needs_its_rows() -> None:
    bare = listed()
    assert (bare["government.school_size"]["state"], bare["government.school_size"]["file"]) == ("have", "s.xlsx")
    assert bare["resources.cv_sports_area.primary"]["rows"] == 2
    for id in ("government.class_size", "recognition.recognition", "quality.level.mathematics.8"):
        assert bare[id]["state"] == "lack"
    one = {"county": COUNTY, "year": YEAR, "school": "1", "grade": 3, "class": "1班", "pupils": 40}
    tested = result("mathematics", 8, YEAR - 1, level=3, rate=0.1) | {"file": "m.xlsx", "row": 9}
    full = listed(classes=[one], monitoring=[tested])
    assert full["government.class_size"]["state"] == "have"
    maths = full["quality.level.mathematics.8"]
    assert (maths["state"], maths["file"], maths["row"]) == ("have", "m.xlsx", 9)


def test_every_item_of_the_standard_is_listed_once() -> None:
    found = listed()
    assert {id.split(".")[1] for id in found} >= set(national().items)
    assert len([id for id in found if id.startswith("resources.cv_")]) == 14
    assert not any(id.endswith(".all") for id in found)


def test_rows_of_another_year_show_nothing_of_this_one() -> None:
    class_ = {"county": COUNTY, "year": YEAR - 1, "school": "1", "grade": 3, "class": "1班", "pupils": 40}
    asked = {"county": COUNTY, "year": YEAR - 1, "group": "parents", "asked": 9, "satisfied": 9}
    before = {"year": YEAR - 1, "item": "layout", "answer": "yes", "evidence": "县政发〔2023〕1号"}
    found = listed(before, classes=[class_], survey=[asked])
    for id in ("government.class_size", "recognition.recognition", "government.layout"):
        assert (found[id]["state"], found[id]["rows"], found[id]["file"]) == ("lack", 0, "")


def test_what_lies_in_two_files_names_both_and_no_row() -> None:
    one = {"county": COUNTY, "year": YEAR, "school": "1", "grade": 3, "pupils": 40, "sheet": "班级"}
    classes = [one | {"class": "1班", "file": "b.xlsx", "row": 3}, one | {"class": "2班", "file": "a.xlsx", "row": 4}]
    place = listed(classes=classes)["government.class_size"]
    assert (place["file"], place["sheet"], place["row"], place["rows"]) == ("a.xlsx; b.xlsx", "班级", None, 2)


def test_a_result_stands_where_its_own_year_subject_and_grade_do() -> None:
    one = result("mathematics", 8, YEAR - 1, level=3, rate=0.1) | {"file": "m.xlsx", "sheet": "表", "row": 9}
    others = [
        one | {"subject": "chinese", "row": 10},
        one | {"grade": 4, "row": 11},
        one | {"year": YEAR - 2, "row": 12},
    ]
    place = listed(monitoring=[*others, one])["quality.level.mathematics.8"]
    assert (place["basis"], place["row"], place["rows"], place["document"]) == ("monitoring", 9, 1, "")
