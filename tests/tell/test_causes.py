"""Causes from records made by hand: what hangs on what, what comes first, in which words."""

from typing import Any

import polars as pl
import pytest

from analysis.clean import Records
from analysis.clean.checks import checks
from analysis.clean.records import of_frames
from analysis.errors import LANGUAGES, DataError
from analysis.tell.documents.check import causes, notices

FILE, SHEET = "990101/schools_2024.xlsx", "学校"


def notice(rule: str, row: int | None = 5, place: str = "", **more: Any) -> dict[str, Any]:
    table = more.pop("table", "schools")
    file = FILE.replace("schools", table)
    known = {"county": "990101", "year": 2024, "table": table, "file": file, "sheet": SHEET, "row": row}
    told = {"column": None, "before": None, "after": None, "place": place, "unused": 0}
    return {**known, "rule": rule, **told, **more}


def records(*notices: dict[str, Any], schools: list[dict[str, Any]] | None = None) -> Records:
    rows = [
        {"county": "990101", "year": 2024, "school": code, "name": name, "file": FILE, "sheet": SHEET, "row": row}
        for row, code, name in ((5, "9901010001", "东街小学"), (6, "9901010002", "西街小学"))
    ]
    given = {"notices": pl.DataFrame(list(notices), infer_schema_length=None), "schools": pl.DataFrame(schools or rows)}
    return of_frames("990101", given)


def found(one: Records, *faults: DataError) -> list[causes.Cause]:
    return causes.causes(notices.of_records(one), one, faults)


def classes(number: int, school: str) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Rows of the class table and what is said of each: its school has no row."""
    rows = range(2, 2 + number)
    place = {"county": "990101", "year": 2024, "file": FILE.replace("schools", "classes"), "sheet": SHEET}
    frame = pl.DataFrame([{**place, "row": row, "school": school} for row in rows], schema_overrides={"row": pl.Int32})
    return [notice("classes_without_school", row, f"{row}:{row}", table="classes") for row in rows], frame


@pytest.mark.parametrize("number", [0, 1, 44])
def test_what_hangs_on_a_school_set_aside_is_told_with_it(number: int) -> None:
    hanging, frame = classes(number, "9901010001")
    error = notice("negative", place="D5", column="pupils_primary", before="-3")
    base = records(error, *hanging)
    one = of_frames("990101", {"notices": base.notices, "schools": base.schools, "classes": frame})
    (cause,) = found(one)
    assert (cause.kind, cause.severity, len(cause.notices), len(cause.hanging)) == ("school", "error", 1, number)
    line = causes.line(cause)
    assert line.startswith(f"{FILE} {SHEET} D5（9901010001 东街小学）: 在校学生数/小学为负数（-3）。")
    assert line.endswith("请核对更正；确实没有的填 0，不知道的留空。")
    assert (f"因此还有 {number} 处对不上（班额统计表 {number} 处）" in line) == (number > 0)


def test_rows_of_another_school_do_not_hang_on_it() -> None:
    hanging, frame = classes(3, "9901010009")
    base = records(notice("negative", place="D5", column="pupils_primary", before="-3"), *hanging)
    one = of_frames("990101", {"notices": base.notices, "schools": base.schools, "classes": frame})
    school, absent = found(one)
    assert school.hanging == ()
    assert absent.kind == "absent"
    assert "2024 年的学校统计表里没有 1 所学校，其他表里却有。班额统计表 3 处。" in causes.line(absent)


def test_causes_come_by_their_weight_whatever_their_order() -> None:
    notices = [
        notice("unregistered", None, sheet=None),
        notice("choice_unknown", 3, "A3", table="survey", column="group", before="众人"),
        notice("jump", 6, "6:6", column="books", before="9000.0", after="90.0"),
        notice("duplicate", 5, "5:5", column="school"),
        notice("name_changed", 5, "5:5", column="name", before="甲", after="乙"),
    ]
    fault = DataError("file_empty", file="990101/rooms_2024.xlsx")
    kinds = ["file", "school", "doubt", "item", "other", "origin"]
    assert [one.kind for one in found(records(*notices), fault)] == kinds
    assert [one.kind for one in found(records(*reversed(notices)), fault)] == kinds


def test_a_column_that_an_indicator_needs_outweighs_rows_and_another_column_does_not() -> None:
    assert "books" in causes.needed()
    assert "sports_area" in causes.needed()
    assert "teachers_primary" not in causes.needed() or "teachers" in causes.needed()
    row = notice("negative", place="D5", column="pupils_primary", before="-3")
    for column, kind in (("sports_area", "column"), ("funded_pupils", "other")):
        read = notice("sheet_without_key", None, "E2:E40", column=column)
        kinds = [one.kind for one in found(records(row, read))]
        assert sorted(kinds) == sorted([kind, "school"])
        assert kinds.index(kind) == (0 if kind == "column" else 1)


def test_the_latest_year_comes_first_within_a_kind() -> None:
    old = notice("negative", place="D5", column="books", before="-1", year=2023, file=FILE.replace("2024", "2023"))
    new = notice("negative", place="D5", column="books", before="-1")
    assert [one.year for one in found(records(old, new))] == [2024, 2023]


def test_a_sum_differs_because_a_row_stands_twice() -> None:
    total = notice("totals_differ", 9, "D9", column="pupils_primary", before="600", after="900")
    twice = notice("repeated", 6, "6:6")
    (cause,) = found(records(total, twice))
    assert [one.rule for one in cause.hanging] == ["totals_differ"]
    assert [one.kind for one in found(records(total))] == ["doubt"]


@pytest.mark.parametrize("slip", ["likely_ten_thousands", None])
def test_a_number_that_stands_out_hangs_on_the_slip_that_explains_it(slip: str | None) -> None:
    jump = notice("jump", 6, "6:6", column="equipment_value", before="1318800.0", after="157.94")
    why = [notice(slip, 6, "S6", column="equipment_value", before="157.94", after="1579400.0")] if slip else []
    (cause,) = found(records(jump, *why))
    assert [one.rule for one in (*cause.notices, *cause.hanging)] == [*([slip] if slip else []), "jump"]
    elsewhere = notice("jump", 5, "5:5", column="equipment_value", before="3.0", after="90.0")
    assert len(found(records(jump, elsewhere, *why))) == (2 if slip else 1)


@pytest.mark.parametrize(
    ("place", "said"),
    [("C17", "C17"), ("5:5", "第 5 行"), ("5:9", "第 5 至 9 行"), ("E", "E 列"), ("E:E", "E 列"), ("A5:F9", "A5:F9")],
)
def test_places_as_people_say_them(place: str, said: str) -> None:
    (one,) = notices.of_records(records(notice("negative", None, place)))
    assert causes.place(one) == said


@pytest.mark.parametrize(
    ("place", "sheet", "row", "columns", "kind"),
    [
        ("C17", SHEET, 17, ("books",), "value"),
        ("5:5", SHEET, 5, (), "row"),
        ("A5:F5", SHEET, 5, (), "row"),
        ("E2:E40", SHEET, None, ("books",), "column"),
        ("E", SHEET, None, ("books",), "column"),
        ("A5:F9", SHEET, None, (), "block"),
        ("5:9", SHEET, None, (), "block"),
        ("C17,C19", SHEET, None, (), "value"),
        ("", SHEET, None, (), "sheet"),
        ("", None, None, (), "file"),
        ("", SHEET, 5, ("books",), "value"),
        ("", SHEET, 5, (), "row"),
        ("", SHEET, None, ("books",), "column"),
    ],
)
def test_the_extent_of_a_place(
    place: str, sheet: str | None, row: int | None, columns: tuple[str, ...], kind: str
) -> None:
    assert notices.kind_of(place, sheet, row, columns) == kind


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("9000.0", "9000"),
        ("157.94000000000001", "157.94"),
        ("1.2e6", "1200000"),
        ("0.00001", "0.00001"),
        ("007", "007"),
        ("9901010001", "9901010001"),
        ("约7000", "约7000"),
        ("-0.5", "-0.5"),
        ("1e999", "1e999"),
    ],
)
def test_numbers_are_told_as_people_write_them(written: str, said: str) -> None:
    assert notices.plain(written) == said


def test_numbers_that_are_compared_have_separators_and_cells_stand_as_they_were() -> None:
    jump = notice("jump", 6, "6:6", column="equipment_value", before="1318800.0", after="157.94000000000001")
    cell = notice("not_whole", 5, "D5", column="pupils_primary", before="1318800.5")
    said = {one.rule: one.sentence for one in notices.of_records(records(jump, cell))}
    assert said["jump"] == "教学仪器设备值由上年的 1,318,800 变为 157.94，变化异常。"
    assert "1318800.5" in said["not_whole"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_check_that_asks_says_what_to_do(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", lang)
    for check in checks().values():
        if check.severity == "notice" or check.inside:
            continue
        (cause,) = found(records(notice(check.id, column="books", before="1", after="2")))
        asks = cause.remedy or ".yml" in check.text[lang] or "请" in check.text["zh"]
        assert asks, check.id
        assert "\n" not in causes.line(cause)


def test_remedies_and_conditions_name_checks_that_exist() -> None:
    rules = causes._rules()
    named = {
        *rules["remedies"],
        *rules["follows"],
        *(rule for entry in rules["order"] for rule in entry.get("rules", ())),
    }
    named |= {rule for followed in rules["follows"].values() for rule in followed}
    assert named <= set(checks())
    assert {entry["kind"] for entry in rules["order"]} | {"absent", "refuted"} == set(rules["kinds"])


@pytest.mark.parametrize(("lang", "others"), [("zh", "另有“3”、“4”。"), ("en", "Others: '3', '4'.")])
def test_each_wrong_text_of_a_column_is_named_once(lang: str, others: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", lang)
    wrong = [
        notice("choice_unknown", 3 + at, f"C{3 + at}", column="run_by", before=one) for at, one in enumerate("2343")
    ]
    (cause,) = found(records(*wrong))
    assert others in causes.line(cause)
    (alone,) = found(records(wrong[0]))
    assert others[:2] not in causes.line(alone)
