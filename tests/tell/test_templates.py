"""Templates word what is decided elsewhere: short lines, a clause each, and nothing gathered by hand."""

import re

import pytest
from markupsafe import Markup

from analysis import project
from analysis.errors import LANGUAGES
from analysis.tell.speech.filters import items_of, marked

from .conftest import school, small

#: Characters of code (statements and expressions) that a line may have, and that those listed have at most.
CODE, MOST = 120, 165
#: Lines that have more today, by file; the numbers only fall.
LONGER = {
    "en/_macros.j2": 6,
    "en/conclusion.md.j2": 1,
    "en/government.md.j2": 2,
    "en/region_conclusion.md.j2": 1,
    "en/resources.md.j2": 1,
    "en/township.md.j2": 1,
    "zh/_macros.j2": 3,
    "zh/conclusion.md.j2": 2,
    "zh/government.md.j2": 1,
    "zh/plan.md.j2": 2,
    "zh/region_conclusion.md.j2": 1,
    "zh/school.md.j2": 2,
    "zh/subject.md.j2": 1,
    "zh/township.md.j2": 1,
}
FILES = {path.relative_to(project.templates()).as_posix(): path.read_text(encoding="utf-8")
         for path in sorted(project.templates().rglob("*.j2"))}  # fmt: skip
TAG = re.compile(r"\{[%{].*?[%}]\}")


def code(line: str) -> int:
    return sum(map(len, TAG.findall(line)))


def test_lines_hold_little_code() -> None:
    longer = {name: sum(code(line) > CODE for line in text.splitlines()) for name, text in FILES.items()}
    assert {name: number for name, number in longer.items() if number} == LONGER
    assert max(code(line) for text in FILES.values() for line in text.splitlines()) <= MOST


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
    assert voice.render("{{ names|map('school')|listed }}", names=["1"]) == Markup("1小学")


def test_names_of_the_data_are_escaped_in_items() -> None:
    voice = marked(small([school("1")]))
    text = "{% filter clauses %}\n- {{ name }}\n{% endfilter %}"
    assert voice.render(text, name="[甲](x)") == voice.render("{{ name }}", name="[甲](x)")
