"""Templates word what is decided elsewhere: short lines, a clause each, and nothing gathered by hand."""

import re
from typing import Any

import pytest
from markupsafe import Markup

from analysis import project
from analysis.errors import LANGUAGES
from analysis.standards import vocabulary
from analysis.tell.language import wording
from analysis.tell.speech.filters import items_of, marked
from analysis.tell.speech.templates import environment_of

from .conftest import school, small

#: Characters of code (statements and expressions) that a line may have, and of words.
CODE, WORDS = 120, 140
FILES = {path.relative_to(project.templates()).as_posix(): path.read_text(encoding="utf-8")
         for path in sorted(project.templates().rglob("*.j2"))}  # fmt: skip
TAG = re.compile(r"\{[%{].*?[%}]\}")
STATEMENT = re.compile(r"\{%.*?%\}")
LIST = re.compile(r"filter (listed|enumerated|clauses|joined\(.*?\))")


def code(line: str) -> int:
    return sum(map(len, TAG.findall(line)))


@pytest.mark.parametrize("name", FILES)
def test_lines_hold_little_code(name: str) -> None:
    longer = {number: line for number, line in enumerate(FILES[name].splitlines(), 1) if code(line) > CODE}
    assert not longer


def words(line: str) -> int:
    """Return the characters of words in a line; a row of a table and a comment are no clause."""
    return 0 if line.startswith(("|", "<#")) else len(" ".join(TAG.sub("", line).split()))


@pytest.mark.parametrize("name", FILES)
def test_lines_hold_a_clause(name: str) -> None:
    longer = {number: line for number, line in enumerate(FILES[name].splitlines(), 1) if words(line) > WORDS}
    assert not longer


def test_words_are_counted_without_code_and_runs_of_blanks() -> None:
    assert words("{% if a %}one   {{ b }} two{% endif %}") == len("one two")
    assert words("| a | {{ b }} |") == words("<# a note #>") == 0


def test_an_entry_comes_before_a_method_of_its_name() -> None:
    template = environment_of("zh", str, lambda value: value).from_string
    assert template("{{ listed.items + 1 }}").render(listed={"items": 3}) == "4"
    assert template("{% for a, b in listed.items() %}{{ a }}{{ b }}{% endfor %}").render(listed={"c": 3}) == "c3"


#: Where texts with code stand beside the templates.
TEXTS = {
    path.relative_to(project.templates()).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(project.templates().glob("*/*.yml"))
}


def lost(text: str) -> set[str]:
    """Return what a template asks of emphasis.yml that is not there."""
    gone = set()
    for name in re.findall(r"\bemphasis((?:\.\w+)+)", text):
        entry: Any = wording.emphasis()
        for part in name.strip(".").split("."):
            if not isinstance(entry, dict) or part not in entry:
                gone.add(name.strip("."))
                break
            entry = entry[part]
    return gone


@pytest.mark.parametrize("name", FILES | TEXTS)
def test_what_is_put_first_is_asked_by_names_that_there_are(name: str) -> None:
    assert lost((FILES | TEXTS)[name]) == set()


def test_a_name_that_is_gone_is_found() -> None:
    assert lost("emphasis.named emphasis.listed.gone emphasis.region.items emphasis.named.x") == {
        "listed.gone",
        "named.x",
    }


def compared(text: str, of: str) -> set[str]:
    """Return the words that a template compares something of a finding with, or puts into words."""
    code = " ".join(TAG.findall(text))
    said = {"verdict": r'"(\w+)"\|verdict', "reason": r'"(\w+)"\|reason'}[of]
    return set(re.findall(rf'\b{of} (?:==|!=) "(\w+)"', code)) | set(re.findall(said, code))


@pytest.mark.parametrize("of", ["verdict", "reason"])
def test_templates_name_verdicts_and_reasons_that_there_are(of: str) -> None:
    named = {name: compared(text, of) for name, text in FILES.items()}
    assert any(named.values())
    assert {name: unknown for name, words in named.items() if (unknown := words - set(vocabulary()[f"{of}s"]))} == {}


def test_a_verdict_that_is_none_is_found() -> None:
    assert compared('{% if a.verdict == "mett" %}{{ "open"|verdict }}{% endif %} == "x"', "verdict") == {"mett", "open"}


def statements(text: str) -> list[list[str]]:
    """Return the statements of each line that is not empty.

    How a list is joined is the language's (、 or a comma, 和 or "and"), and so is the space around a statement.
    """
    lines = [[" ".join(tag[2:-2].strip("-").split()) for tag in STATEMENT.findall(line)] for line in text.splitlines()
             if line.strip()]  # fmt: skip
    return [[LIST.sub("filter list", statement) for statement in line] for line in lines]


@pytest.mark.parametrize("name", sorted({name.split("/", 1)[1] for name in FILES}))
def test_both_languages_have_the_same_statements_line_by_line(name: str) -> None:
    zh, en = (statements(FILES[f"{lang}/{name}"]) for lang in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize(
    ("en", "alike"),
    [
        ("{%- for s in a %}{{ s }}, {% endfor %}\n", True),
        ("\n{% for  s in a %}{{ s|sentence }} {% endfor %}", True),
        ("{% for s in a %}\n{{ s }}{% endfor %}", False),
        ("{% for s in b %}{{ s }}{% endfor %}", False),
        ("{% for s in a %}{% if s %}{{ s }}{% endif %}{% endfor %}", False),
    ],
)
def test_statements_are_compared_and_not_words(en: str, alike: bool) -> None:
    assert (statements("{% for s in a %}{{ s }}、{% endfor %}") == statements(en)) is alike


@pytest.mark.parametrize("name", FILES)
def test_no_template_gathers_by_hand(name: str) -> None:
    assert not re.search(r"\bnamespace\b|\.append\(|\.update\(|\{%-? set \w+ %\}", FILES[name])


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("\n- a\n- b\n", ["a", "b"]),
        ("- a\n  and more\n\n- b", ["a\n  and more", "b"]),
        ("- a - b", ["a - b"]),
        ("- 0.46\n- -0.1", ["0.46", "-0.1"]),
    ],
)
def test_a_text_is_cut_into_its_items(text: str, items: list[str]) -> None:
    assert items_of(text) == items


def test_what_is_no_item_is_said_and_not_lost() -> None:
    with pytest.raises(ValueError, match="lost"):
        items_of("lost\n- a")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_items_are_joined_as_the_language_does(lang: str) -> None:
    voice = marked(small([school("1")], lang=lang))
    text = "{% for one in names %}\n- {{ one }}\n{% endfor %}"
    said = {how: voice.render(f"{{% filter {how} %}}{text}{{% endfilter %}}", names=["甲", "乙", "丙"])
            for how in ("listed", "enumerated", "clauses")}  # fmt: skip
    assert (
        said
        == {
            "zh": {"listed": "甲、乙和丙", "enumerated": "甲、乙、丙", "clauses": "甲；乙；丙"},
            "en": {"listed": "甲, 乙 and 丙", "enumerated": "甲, 乙, 丙", "clauses": "甲; 乙; 丙"},
        }[lang]
    )
    assert voice.render("{{ names|map('school')|listed }}", names=["1"]) == Markup(
        {"zh": "1小学", "en": "1 Primary School"}[lang]
    )


def test_names_of_the_data_are_escaped_in_items() -> None:
    voice = marked(small([school("1")]))
    text = "{% filter clauses %}\n- {{ name }}\n{% endfilter %}"
    assert voice.render(text, name="[甲](x)") == voice.render("{{ name }}", name="[甲](x)")
