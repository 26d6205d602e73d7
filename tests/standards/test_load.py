# ruff: noqa: E501
"""Standards: what they hold, how they are merged, and how their faults are told."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from analysis import standards
from analysis.clean.records import of_frames
from analysis.errors import RequestError
from analysis.judge import judge
from analysis.measure import measure, stage_rows
from analysis.read.fields import tables
from analysis.run.commands.standards import faults as of_file
from analysis.standards.dated import State, in_force
from analysis.standards.load import faults, merged, own, problems, read
from analysis.standards.model import Standard
from analysis.tables import Field, Stage, Verdict

EVERY = standards.names()


def limits(standard: Standard, what: str) -> dict[str, tuple[float | None, float | None]]:
    found = {}
    for name, indicator in standard.indicators.items():
        schedules = getattr(indicator, what)
        if schedules:
            found[name] = (schedules[Stage.PRIMARY][0].value, schedules[Stage.JUNIOR][0].value)
    return found


def test_national_2017_is_the_rule_book() -> None:
    standard = standards.load("national-2017")
    assert limits(standard, "floor") == {
        "advanced_degree_teachers": (4.2, 5.3),
        "backbone_teachers": (1, 1),
        "pe_arts_teachers": (0.9, 0.9),
        "teaching_area": (4.5, 5.8),
        "sports_area": (7.5, 10.2),
        "equipment_value": (2000, 2500),
        "multimedia_rooms": (2.3, 2.4),
    }
    assert set(limits(standard, "cv").values()) == {(0.50, 0.45)}
    assert standard.school_rule is not None
    assert (standard.school_rule.must_meet, standard.school_rule.rest_part) == (6, 0.85)
    by_field = {field: {one.number for one in standard.items.values() if one.field == field} for field in Field}
    assert by_field[Field.GOVERNMENT] == set(range(1, 16))
    assert by_field[Field.QUALITY] | {9} == set(range(1, 10))
    assert standard.recognition is not None
    assert len(standard.recognition.groups) == 7


def test_national_2012_judges_the_composite_alone() -> None:
    standard = standards.load("national-2012")
    assert len(standard.indicators) == 8
    assert limits(standard, "cv") == limits(standard, "floor") == {}
    assert standard.composite is not None
    values = standard.composite.values
    assert (values[Stage.PRIMARY][0].value, values[Stage.JUNIOR][0].value) == (0.65, 0.55)
    assert standard.recognition is not None
    assert "pupils" not in standard.recognition.groups


@pytest.mark.parametrize("name", EVERY)
def test_every_standard_is_whole(name: str) -> None:
    assert faults(name) == []
    standard = standards.load(name)
    columns = tables()["schools"].columns
    words = standards.vocabulary()
    for indicator in standard.indicators.values():
        assert indicator.amount in columns
        assert not indicator.by_stage or f"{indicator.amount}_primary" in columns
        assert indicator.unit in words["units"]
    for rule in standard.scope:
        assert rule.reason in words["scope_reasons"]
    assert set(standard.school_types) <= set(words["school_types"])
    names = [*standard.indicators, *standard.items, *(f"cv_{one}" for one in standard.indicators)]
    for lang in ("zh", "en"):
        told = [standards.label(standard, item, lang) for item in names]
        assert all(told)
        assert len(set(told)) == len(told)


def test_the_vocabulary_names_every_verdict_and_field() -> None:
    words = standards.vocabulary()
    assert set(words["verdicts"]) == set(Verdict)
    assert set(words["fields"]) >= set(Field)
    assert [words["verdicts"][one.value].zh for one in Verdict] == [
        "达到",
        "未达到",
        "尚不能判定",
        "无数据",
        "未生效",
        "未设目标",
        "不适用",
    ]


def test_a_standard_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        standards.load("national-2017").id = "other"


def test_an_unknown_standard_is_told_with_those_that_are_known() -> None:
    with pytest.raises(RequestError, match="national-2017") as told:
        standards.load("national-2071")
    assert told.value.exit_code == 2


def written(folder: Path, **changes: object) -> Path:
    file = folder / "mine.yml"
    given = {"id": "mine", "extends": "national-2017", **changes}
    file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    return file


def test_a_file_overrides_by_name(tmp_path: Path) -> None:
    file = written(tmp_path, indicators={"sports_area": {"floor": {"primary": 8}}})
    standard = standards.load(file)
    usual = standards.load("national-2017")
    changed = standard.indicators["sports_area"].floor
    assert changed is not None
    assert (changed[Stage.PRIMARY][0].value, changed[Stage.JUNIOR][0].value) == (8, 10.2)
    assert standard.indicators["teaching_area"] == usual.indicators["teaching_area"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        school_rule={"must_meet": 9},
        monitoring={"window_years": 0, "rate": {"sense": "under"}},
        indicators={"sports_area": {"per": 10, "colour": "red"}},
    )
    told = faults(file)
    for key in ("monitoring.window_years", "monitoring.rate.sense", "sports_area.per", "sports_area.colour"):
        assert any(key in one for one in told), (key, told)
    assert any("0" in one for one in told if "window_years" in one)
    with pytest.raises(RequestError) as error:
        standards.load(file)
    assert all(one in " ".join(str(error.value).split()) for one in (" ".join(each.split()) for each in told))


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("items: {retention: {target: {values: 95}}}", "items.retention.target", "value_impossible"),
        ("items: {retention: {target: {values: 0.95}}, retention: {}}", "items.retention", "key_repeated"),
        ("school_rule: {must_meet: 8}", "-", "value_error"),
        ("items: {x: {field: quality, number: 1, label: {zh: 甲, en: a}, kind: computed, rule: magic}}", "items.x.rule", "rule_unknown"),
        ("items: {class_size: {schools: [{school_type: [lyceum]}]}}", "items.class_size.schools.0.school_type.0", "term_unknown"),
        ("items: {class_size: {schools: [{area: [village]}]}}", "items.class_size.schools.0.area.0", "term_unknown"),
        ("items: {special_rooms: {parameters: {music_area: many}}}", "items.special_rooms.parameters.music_area", "float_type"),
        ("items: {recognition: {field: quality, number: 1, label: {zh: 甲, en: a}, kind: answer}}", "items.recognition", "id_reserved"),
        ("items: {recognition_day: {field: quality, number: 1, label: {zh: 甲, en: a}, kind: answer}}", "items.recognition_day", "id_reserved"),
        ("indicators: {sports_area: {unit: acres}}", "indicators.sports_area.unit", "term_unknown"),
        ("indicators: {sports_area: {floor: {primary: [{from: 2025-01-01, value: 8}, {from: 2024-01-01, value: 7}]}}}", "indicators.sports_area.floor.primary", "dates_disorder"),
        ("indicators: {sports_area: {floor: {primary: [{from: 2025-01-01, value: 8}, {from: 2025-01-01, value: 7}]}}}", "indicators.sports_area.floor.primary", "dates_disorder"),
        ("phases: [{label: {zh: 甲, en: a}, from: 2025-01-01, until: 2024-12-31}]", "phases.0", "dates_disorder"),
        ("calendar: [{label: {zh: 甲, en: a}, month: 2, day: 30}]", "calendar.0", "date_impossible"),
        ("scope: [{reason: dislike, school_type: [special]}]", "scope.0.reason", "term_unknown"),
        ("duty_holders: {nobody: {zh: 甲, en: a}}", "duty_holders.nobody", "id_unknown"),
        ("notes: [{about: [nothing], text: {zh: 甲, en: a}}]", "notes.0.about", "id_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_fault(text: str, key: str, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"id: mine\nextends: national-2017\n{text}\n", encoding="utf-8")
    assert [(one.key, one.kind) for one in problems(file)] == [(key, kind)]
    with pytest.raises(RequestError, match=r"mine\.yml"):
        standards.load(file)


def test_an_amount_is_a_column_of_the_schools_table(tmp_path: Path) -> None:
    file = written(tmp_path, indicators={"sports_area": {"amount": "sprots_area"}, "books": {"by_stage": 3}})
    assert "indicators.sports_area.amount" in of_file(file)["key"].to_list()
    file = written(tmp_path, indicators={"sports_area": {"by_stage": True}})
    assert of_file(file)["key"].to_list() == ["indicators.sports_area.amount"]
    with pytest.raises(RequestError, match="sports_area_primary"):
        stage_rows(of_frames("990101", {}).schools, standards.load(file))


def test_a_plan_on_a_plan_speaks_for_both(tmp_path: Path) -> None:
    (tmp_path / "city.yml").write_text(
        "id: city\nextends: plan-3\nitems: {senior_places: {target: {values: 0.80}}}\n", encoding="utf-8"
    )
    file = tmp_path / "county.yml"
    # What it extends lies beside it, wherever the reader stands.
    file.write_text("id: county\nextends: city.yml\nitems: {rotation: {target: {values: 0.12}}}\n", encoding="utf-8")
    plan = standards.plan(file)
    assert plan.framework == "national-2017"
    assert plan.items == standards.plan("plan-3").items
    targets = {name: plan.standard.items[name].target for name in ("senior_places", "rotation", "retention")}
    assert [one.values[Stage.PRIMARY][0].value for one in targets.values() if one] == [0.80, 0.12, 0.95]
    assert own(file)["items"]["charter"]["from"] == date(2021, 12, 31)
    (tmp_path / "city.yml").write_text("id: city\nextends: plan-3\nhue: red\nhue: blue\n", encoding="utf-8")
    assert [(one.key, one.kind) for one in problems(file)] == [("hue", "key_repeated"), ("hue", "extra_forbidden")]


def test_a_region_fills_in_the_annex_that_its_text_lacks(tmp_path: Path) -> None:
    file = tmp_path / "region.yml"
    floors = ", ".join(
        f"{name}: {{floor: {{primary: {value}}}}}"
        for name, value in {"teaching_area": 4, "sports_area": 6, "equipment_value": 500, "computers": 6}.items()
    )

    def verdict(books: int) -> str:
        text = f"id: region\nextends: plan-7\nindicators: {{{floors}, books: {{floor: {{primary: {books}}}}}}}\n"
        file.write_text(text, encoding="utf-8")
        standards.load.cache_clear()
        row = {"county": "990101", "year": 2012, "school": "1", "school_type": "primary", "pupils_primary": 100}
        row |= {"run_by": "county", "teaching_area": 400.0, "sports_area": 600.0, "equipment_value": 50_000.0}
        held = of_frames("990101", {"schools": pl.DataFrame([row | {"computers": 6, "books": 1500}])})
        standard = standards.load(file)
        found = judge(measure(held, standard), held, standard, "990101", 2013)
        return str(found.filter(id="resources.schools.primary")["verdict"][0])

    assert verdict(15) == "met"
    assert verdict(16) == "not_met"


def test_a_standard_that_extends_itself_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(yaml.safe_dump({"id": "mine", "extends": str(file)}), encoding="utf-8")
    with pytest.raises(RequestError):
        standards.load(file)


def test_a_file_that_is_no_mapping_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    for text in ("- 1\n", "a: [\n", "\x00"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(RequestError):
            standards.load(file)


def test_values_hold_from_their_day() -> None:
    target = standards.load("national-2012").composite
    assert target is not None
    schedule = target.values[Stage.PRIMARY]
    start = date(2012, 1, 20)
    assert in_force(schedule, start, date(2012, 1, 19)) == (State.NOT_IN_FORCE, None)
    assert in_force(schedule, start, date(2012, 1, 20)) == (State.SET, 0.65)


def test_milestones_repeal_and_open_targets(tmp_path: Path) -> None:
    values = [
        {"from": date(2023, 12, 31), "value": 0.35},
        {"from": date(2025, 12, 31), "value": 0.5},
        {"from": date(2026, 12, 31), "unset": True},
        {"from": date(2027, 12, 31), "value": None},
    ]
    rule = {"schools": {"sense": "at_least", "unit": "share", "values": {"primary": values, "junior": "unset"}}}
    standard = standards.load(written(tmp_path, school_rule=rule))
    assert standard.school_rule is not None
    schedules = standard.school_rule.schools.values
    states = [standard.value_at(schedules[Stage.PRIMARY], date(year, 12, 31)) for year in range(2022, 2028)]
    assert states == [
        (State.NOT_IN_FORCE, None),
        (State.SET, 0.35),
        (State.SET, 0.35),
        (State.SET, 0.5),
        (State.UNSET, None),
        (State.NOT_IN_FORCE, None),
    ]
    assert standard.value_at(schedules[Stage.JUNIOR], date(2024, 1, 1)) == (State.UNSET, None)


def test_merging_leaves_both_sides_alone() -> None:
    below, above = {"a": {"b": 1, "c": [1]}, "d": 4}, {"a": {"c": [2]}, "e": 5}
    assert merged(below, above) == {"a": {"b": 1, "c": [2]}, "d": 4, "e": 5}
    assert below == {"a": {"b": 1, "c": [1]}, "d": 4}


@pytest.mark.parametrize(("grades", "fault"), [([6], ""), ([4, 10], "monitoring.subjects.mathematics.grades: 10 ")])
def test_any_grade_of_the_standard_may_be_tested_and_no_other(grades: list[int], fault: str, tmp_path: Path) -> None:
    told = read("national-2017")
    told["monitoring"]["subjects"]["mathematics"]["grades"] = grades
    file = tmp_path / "own.yml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    if fault:
        with pytest.raises(RequestError, match=re.escape(fault)):
            standards.load(file)
    else:
        assert standards.load(file).monitoring.subjects["mathematics"].grades == (6,)  # type: ignore[union-attr]
