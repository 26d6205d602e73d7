"""Rules of computed items: each has its entry and its module, and what an item gives it is checked."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_core import ValidationError

from analysis import project, standards
from analysis.errors import LANGUAGES
from analysis.judge import rules as computed
from analysis.read.fields import tables
from analysis.run.commands.standards import faults as of_file
from analysis.standards import rules, vocabulary
from analysis.standards.items import COUNTS
from analysis.standards.load import problems
from analysis.standards.rules import Rule
from analysis.tell.language import wording
from tests.judge.given import YEAR, judged, records, school
from tests.standards.inputs import loaded

EVERY = rules.every()
CASES = Path(__file__).parent / "cases"


def written(folder: Path, **parameters: Any) -> Path:
    """A standard in which one item has other parameters: school_size, class_size ... by the item's id."""
    items = {name: {"parameters": given} for name, given in parameters.items()}
    file = folder / "mine.yml"
    file.write_text(yaml.safe_dump({"id": "mine", "extends": "national-2017", "items": items}), encoding="utf-8")
    return file


def test_every_rule_has_its_module_and_every_module_its_rule() -> None:
    modules = {path.stem for path in Path(str(computed.__file__)).parent.glob("*.py")} - {"__init__"}
    assert modules == set(EVERY)


@pytest.mark.parametrize(("name", "rule"), EVERY.items())
def test_every_rule_computes_what_its_entry_says(name: str, rule: Rule) -> None:
    module = computed.module(name)
    assert hasattr(module, "schools") == (rule.of == "schools")
    assert hasattr(module, "figures") == (rule.of == "county")


@pytest.mark.parametrize("rule", EVERY.values(), ids=list(EVERY))
def test_what_an_entry_names_is_there(rule: Rule) -> None:
    columns = tables()[rule.table].columns
    for table, needed in rule.rests.items():
        assert set(needed) <= set(tables()[table].columns)
    if rule.looked_at:
        assert {rule.looked_at.column, *rule.looked_at.where} <= set(columns)
    assert rule.unit is None or rule.unit in vocabulary()["units"]
    for lang in LANGUAGES:
        assert rule.lacking is None or wording.word("lacking", rule.lacking, lang)
        assert rule.detail is None or rule.detail.text(lang)


def test_every_rule_has_a_case_on_paper() -> None:
    told = [case for file in CASES.glob("*.yml") for case in loaded(file)]
    items = {name: one for each in standards.names() for name, one in standards.load(each).items.items()}
    used = {name: {one.rule, one.rows and one.rows.rule, one.counts and COUNTS} - {None} for name, one in items.items()}
    assert {rule for case in told for rule in used.get(case["item"], ())} >= set(EVERY)


@pytest.mark.parametrize(
    ("item", "given", "key", "kind"),
    [
        ("school_size", {"built_before": "2018-9"}, "built_before", "month_malformed"),
        ("school_size", {"built_before": "2018-13"}, "built_before", "month_malformed"),
        ("school_size", {"built_before": 201809}, "built_before", "string_type"),
        ("school_size", {"primry_before": 2400}, "primry_before", "extra_forbidden"),
        ("school_size", {"primary": "2000"}, "primary", "float_type"),
        ("school_size", {"primary": True}, "primary", "float_type"),
        ("school_size", {"primary": float("nan")}, "primary", "finite_number"),
        ("school_size", {"primary": float("inf")}, "primary", "finite_number"),
        ("school_size", {"primary": 0}, "primary", "greater_than"),
        ("class_size", {"first_grades": 2}, "first_grades", "bool_parsing"),
        ("class_size", {"pirmary": 45}, "pirmary", "extra_forbidden"),
        ("training_funds", {"part": 5}, "part", "less_than_equal"),
        ("layout", {"part": 5}, "part", "extra_forbidden"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_named_with_its_mend(
    item: str, given: dict[str, Any], key: str, kind: str, tmp_path: Path
) -> None:
    file = written(tmp_path, **{item: given})
    assert [(one.key, one.value, one.kind) for one in problems(file)] == [
        (f"items.{item}.parameters.{key}", repr(given[key]), kind)
    ]
    row = of_file(file).row(0, named=True)
    assert row["mend"] not in ("", vocabulary()["mends"]["other"].zh, vocabulary()["mends"]["other"].en)


def test_all_parameters_at_fault_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    target = "{sense: at_least, unit: share, values: 1}"
    item = f"field: quality, number: 1, label: {{zh: 甲, en: a}}, kind: computed, target: {target}"
    file.write_text(
        "id: mine\nextends: national-2017\nitems:\n"
        f"  x: {{{item}, rule: class_size}}\n"
        f"  y: {{{item}, rule: special_rooms, parameters: {{music_area: many, art: 90}}}}\n"
        f"  z: {{{item}, rule: teacher_share, parameters: {{column: sex}}}}\n",
        encoding="utf-8",
    )
    told = {(one.key, one.kind): one.expected for one in problems(file)}
    assert told["items.x.parameters", "parameters_missing"] == "primary, junior"
    assert ("items.y.parameters.music_area", "float_type") in told
    assert ("items.y.parameters.art", "extra_forbidden") in told
    assert {key for key, _ in told} == {
        "items.x.parameters",
        "items.y.parameters",
        "items.y.parameters.music_area",
        "items.y.parameters.art",
    }
    # Which columns there are, `read` knows; the check of the command does.
    assert "items.z.parameters.column" in of_file(file)["key"].to_list()


@pytest.mark.parametrize(
    "text",
    [
        "items: {retention: {target: {values: .nan}}}",
        "composite: {sense: at_most, unit: coefficient, values: .inf}",
        "school_types: {nine_year: {junior: .nan}}",
        "monitoring: {level_from_shares: {share: .nan}}",
    ],
)
def test_no_number_of_a_standard_is_infinite_or_none(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"id: mine\nextends: national-2017\n{text}\n", encoding="utf-8")
    assert {one.kind for one in problems(file)} == {"finite_number"}


@pytest.mark.parametrize(
    ("given", "verdict"), [(0, "not_met"), (False, "not_met"), (1, "met"), (True, "met"), (None, "not_met")]
)
def test_a_no_is_no_yes(given: Any, verdict: str, tmp_path: Path) -> None:
    """A class of 51 in grade 3: too large, but where only the grades that begin a stage count."""
    flag = {} if given is None else {"first_grades": given}
    standard = standards.load(written(tmp_path, class_size=flag))
    classes = [
        {"county": "990101", "year": YEAR, "school": "1", "grade": grade, "class": "1", "pupils": pupils}
        for grade, pupils in ((1, 45), (3, 51))
    ]
    found = judged(records(school("1"), classes=classes), standard)
    assert found["government.class_size.primary.1"]["verdict"] == verdict


@pytest.mark.parametrize(("built", "verdict"), [("2018-08", "met"), ("2018-09", "not_met"), ("2018-10", "not_met")])
def test_a_school_built_before_has_its_own_limit(built: str, verdict: str, tmp_path: Path) -> None:
    standard = standards.load(written(tmp_path, school_size={"built_before": "2018-09", "primary_before": 2400}))
    found = judged(records(school("1", 2300, built=built)), standard)
    assert found["government.school_size.1"]["verdict"] == verdict


def test_the_words_of_a_rule_stand_in_its_entry_alone() -> None:
    for lang in LANGUAGES:
        text = (project.templates() / lang / "school.yml").read_text(encoding="utf-8")
        assert not [name for name in EVERY if f"{name}:" in text]


@pytest.mark.parametrize(
    ("rule", "given", "missing"),
    [
        ("school_size", {"primary": 2000, "primary_before": 2400}, "built_before"),
        ("school_size", {"primary": 2000, "migrants_above": 0.5}, "built_before"),
        (
            "special_rooms",
            {"classes_per_room": 12, "music_area": 96, "art_area": 90, "built_before": "2017-01"},
            "area",
        ),
        ("county_counts", {"over": ["teachers_full_time"]}, "of"),
        ("county_counts", {"of": ["junior_graduates"], "over_less": ["junior_died"]}, "over"),
    ],
)
def test_parameters_that_others_need_are_asked_for(rule: str, given: dict[str, Any], missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        rules.checked(rule, given)


@pytest.mark.parametrize("given", [["teachers_ful_time"], [], "teachers_full_time", [3]])
def test_counts_that_nobody_knows_are_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        rules.checked("county_counts", {"of": given})
    assert rules.checked("county_counts", {"of": ["teachers_full_time"]}) == {"of": ("teachers_full_time",)}
