"""docs/sentences.md is that of today's templates, and some county of tests/tell is told each of its phrases."""

import re

import pytest

from analysis.errors import LANGUAGES
from analysis.project import root
from tests.sentences import page
from tests.sentences.branches import Probe, branches, names
from tests.sentences.watching import FOLDER, watched
from tests.tell.conftest import school, small

PAGE = root() / "docs" / "sentences.md"


def test_the_page_lists_the_phrases_of_todays_templates() -> None:
    nothing = page.text({lang: {} for lang in LANGUAGES}, "nothing")
    assert page.bones(PAGE.read_text(encoding="utf-8")) == page.bones(nothing)


def test_no_phrase_is_listed_that_nobody_is_told() -> None:
    """What no data can trigger is deleted, and what some can has a test that does and asserts what it claims."""
    listed = PAGE.read_text(encoding="utf-8").split("\n- ")
    assert [entry.splitlines()[0] for entry in listed if page.LOST in entry] == []


@pytest.mark.slow
def test_each_phrase_is_reached() -> None:
    code, said = watched([FOLDER, "-m", "not slow"])
    assert code == 0
    every = [pair for name in names() for pair in page.spoken(name)]
    assert [page.entry(pair) for pair in every if not page.reached(pair, said)] == []


def test_a_phrase_has_the_conditions_around_it() -> None:
    found = [one for one in branches("zh", "plan.md.j2") if "没有县级目标" in one.said]
    inner = ("for_schools", "not (for_schools)")
    assert [one.conditions for one in found] == [("plan", "not (targets)", last) for last in inner]


def test_a_watched_template_says_what_a_plain_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    report = small([school("1"), school("2", sports_area=500.0)])
    said = report.chapter("resources").text
    probe = Probe("zh")
    monkeypatch.setattr("analysis.tell.speech.filters.environment_of", lambda _, *words: probe.environment(*words))
    again = small([school("1"), school("2", sports_area=500.0)]).chapter("resources").text
    assert again == said
    reached = {number for name, number in probe.said if name == "resources.md.j2"}
    assert 0 in reached
    assert len(reached) < len(branches("zh", "resources.md.j2"))
    assert any(re.search("[一-龥]", text) for (name, _), text in probe.said.items() if name == "resources.md.j2")
