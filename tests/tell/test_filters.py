"""Templates can print nothing that no filter turned into text, and no data that is not escaped."""

import pytest
from jinja2 import UndefinedError

from analysis.tell.case.case import Case
from analysis.tell.speech.filters import Voice, marked, spoken
from analysis.tell.speech.templates import tidy

from .conftest import school, small


@pytest.fixture(scope="module")
def voice() -> Voice:
    return marked(small([school("1"), school("2")]))


@pytest.mark.parametrize("value", [0.46, 3, None, True])
def test_a_bare_number_or_nothing_is_an_error(voice: Voice, value: object) -> None:
    with pytest.raises(TypeError, match="no filter"):
        voice.render("{{ value }}", value=value)


def test_an_unknown_name_is_an_error(voice: Voice) -> None:
    with pytest.raises(TypeError, match="Undefined"):
        voice.render("{{ nothing }}")
    with pytest.raises(UndefinedError):
        voice.render("{{ nothing.value|whole }}")


def test_data_is_escaped_and_words_of_the_template_are_not(voice: Voice) -> None:
    assert voice.render("**{{ name }}**", name="第*一*小学") == r"**第\*一\*小学**"
    assert voice.render("{% if false %}x{% endif %}{{ 'y' if false }}") == ""


def test_a_number_is_a_span_with_its_finding(voice: Voice) -> None:
    assert isinstance(voice.setting, Case)
    finding = voice.setting.finding("resources.cv_sports_area.primary")
    assert voice.render("{{ f|value }}", f=finding) == '[0.00]{.n f="resources.cv_sports_area.primary"}'
    assert voice.render("{{ f|target }}", f=finding) == '[0.50]{.n f="resources.cv_sports_area.primary" k=target}'


def test_plain_words_have_no_marks() -> None:
    report = small([school("1"), school("2")])
    finding = report.finding("resources.cv_sports_area.primary")
    assert spoken(report).render("{{ f|value }}{{ name }}", f=finding, name="a*b") == "0.00a*b"


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["甲"], "甲"), (["甲", "乙"], "甲和乙"), (["甲", "乙", "丙"], "甲、乙和丙")]
)
def test_lists_read_as_lists(voice: Voice, parts: list[str], said: str) -> None:
    assert voice.render("{{ parts|listed }}", parts=parts) == said


def test_a_name_within_a_sentence_has_no_capital_in_english() -> None:
    english = spoken(small([school("1"), school("2")], lang="en"))
    assert english.render("{{ 'sports_area'|indicator|mid }}") == "sports area per pupil"
    assert english.render("{{ 'PE teachers'|mid }}") == "PE teachers"


def test_lines_of_a_paragraph_are_joined_without_a_space_in_chinese() -> None:
    assert tidy("甲。\n乙。\n\u2029\n::: {.x}\n丙\n:::", "zh") == "甲。乙。\n\n::: {.x}\n丙\n:::"
    assert tidy("One.\nTwo.\n\n", "en") == "One. Two."


def test_items_of_a_list_keep_their_lines() -> None:
    assert tidy("- 甲\n乙\n- 丙\n1. 丁", "zh") == "- 甲乙\n- 丙\n1. 丁"
