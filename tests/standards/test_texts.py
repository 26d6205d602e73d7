"""Every number of the rule book's texts has a case, or a word that says what it is instead."""

import re
from pathlib import Path
from typing import Any

import pytest

from analysis import standards
from tests.judge import test_concessions
from tests.measure import test_stages
from tests.standards.inputs import cases, plan_of
from tests.standards.texts import FOLDER, numbers, proved, texts

#: The texts that are not a plan's own are those of the national framework.
OF = {"procedure": "national-2017"}
ENTRIES = [
    pytest.param(name, entry, id=f"{name}-{place}")
    for name, entries in texts("plans").items()
    for place, entry in enumerate(entries)
]
PRACTICE = [pytest.param(entry, id=entry["subject"]) for entry in texts("practice")]


def unproved(entry: dict[str, Any], text: str, name: str) -> list[float]:
    """The numbers of an entry that no case of its items proves, and that no word explains."""
    known = {float(number) for number in entry.get("plain", {})}
    for item in entry.get("items", ()):
        known |= set().union(*(proved(case) for case in cases(name) if case["item"] == item))
    return [number for number in numbers(text) if number not in known]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_every_number_of_a_plan_has_a_case(name: str, entry: dict[str, Any]) -> None:
    plan = OF.get(name, name)
    assert ("items" in entry) != ("word" in entry), "what it is where no item is named"
    assert unproved(entry, entry["text"], plan) == []
    for item in entry.get("items", ()):
        assert item in plan_of(plan).items
        assert any(case["item"] == item for case in cases(plan))


@pytest.mark.parametrize("name", [name for name in texts("plans") if name not in OF])
def test_every_item_of_a_plan_has_its_words(name: str) -> None:
    """What a case asks stands among the texts of its plan, or bears the year and words of the plan's own file."""
    assert {case["item"] for case in cases(name)} >= {
        item for entry in texts("plans")[name] for item in entry.get("items", ())
    }


@pytest.mark.parametrize("entry", PRACTICE)
def test_every_number_of_the_practice_has_a_case(entry: dict[str, Any]) -> None:
    known = {practice.id: practice for practice in standards.load("national-2017").practice}
    named = [known[name] for name in entry.get("practice", ())]
    local = entry["sure"].startswith("local")
    assert bool(named) != local, "what is local enters no national file, all else does"
    assert all(practice.sure in entry["sure"] or practice.otherwise for practice in named)
    text = f"{entry['done']}; {entry['sure']}"
    plain = dict(entry.get("plain", {}))
    if "test" in entry:
        files = (Path(str(module.__file__)) for module in (test_concessions, test_stages))
        source = "".join(file.read_text(encoding="utf-8") for file in files)
        given = source[: source.index(entry["test"])].rsplit("@pytest", 1)[1]
        plain |= dict.fromkeys(re.findall(r"\d+", given), "in the test")
    assert unproved(entry | {"plain": plain}, text, "national-2017") == []


def test_a_number_without_a_case_is_found() -> None:
    entry: dict[str, Any] = {"items": ["new_schools"]}
    assert unproved(entry, "new schools 40 in three years: L19", "plan-1") == [40.0]
    assert unproved(entry | {"plain": {"40": "notes"}}, "new schools 40 in three years: L19", "plan-1") == []
    assert unproved(entry, "new schools 39", "plan-1") == []


def test_numbers_of_texts() -> None:
    assert numbers('classes of 60+: none, 2018: L15 "2018年66人", L20-22') == [60.0, 2018.0]
    assert numbers("2,000, nine-year 2,500; 教督〔2017〕6号") == [2000.0, 2500.0]
    assert {path.stem for path in FOLDER.glob("*.yml")} == {"plans", "practice"}
