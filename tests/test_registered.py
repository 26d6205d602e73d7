"""Everything that is registered has its words, units and titles, in both languages: rules, items, indicators, tables,
columns, verdicts, reasons, kinds of documents."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import project, standards
from analysis.errors import LANGUAGES
from analysis.kinds import Kind, kinds
from analysis.read.fields import tables
from analysis.run.request import FILES
from analysis.standards import Standard, vocabulary
from analysis.tell.documents.document import maker
from analysis.tell.language import wording

#: Standards by themselves, and plans laid over theirs.
EVERY = {name: standards.load(name) for name in standards.names()} | {
    name: standards.plan(name).standard for name in (f"plan-{number}" for number in range(1, 9))
}
BOTH = set(LANGUAGES)
#: Folders and files whose entries are worded per language, key by key.
BY_LANGUAGE = (
    "figures.yml",
    "tables.yml",
    "region.yml",
    "school.yml",
    "subject.yml",
    "township.yml",
    "fieldcheck.yml",
    "deadlines.yml",
    "warning.yml",
    "forms.yml",
    "review.yml",
)


def entries(told: Any, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every entry of nested data that is worded in languages."""
    if isinstance(told, dict) and set(told) & BOTH and all(not isinstance(one, dict) for one in told.values()):
        yield key, told
    elif isinstance(told, dict):
        for name, one in told.items():
            yield from entries(one, f"{key}.{name}".strip("."))


def keys(told: Any, key: str = "") -> set[str]:
    """Return the keys of nested data, dotted."""
    if isinstance(told, dict):
        return {below for name, one in told.items() for below in keys(one, f"{key}.{name}".strip("."))}
    return {key}


def read(*parts: str) -> Any:
    return yaml.safe_load(Path(project.templates(), *parts).read_text(encoding="utf-8"))


def test_every_word_of_no_standard_is_there_in_both_languages() -> None:
    for key, told in entries(read("words.yml")):
        assert set(told) == BOTH, key
        assert all(one is not None for one in told.values()), key


def test_every_term_is_there_in_both_languages() -> None:
    for group, told in vocabulary().items():
        for id, label in told.items():
            assert label.zh, f"{group}.{id}"
            assert label.en, f"{group}.{id}"


@pytest.mark.parametrize("file", BY_LANGUAGE)
def test_texts_of_one_language_have_those_of_the_other_beside_them(file: str) -> None:
    assert keys(read("zh", file)) == keys(read("en", file))


def test_templates_of_one_language_have_those_of_the_other_beside_them() -> None:
    zh, en = ({path.name for path in (project.templates() / lang).iterdir()} for lang in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_indicator_can_be_told(name: str, lang: str) -> None:
    standard: Standard = EVERY[name]
    for id, one in standard.indicators.items():
        for kind in ("", "floor_", "cv_"):
            assert standards.label(standard, f"{kind}{id}", lang)
            assert standards.label(standard, f"{kind}{id}", lang, short=True)
        assert vocabulary()["units"][one.unit].text(lang)
        assert wording.word("measures", one.unit, lang) is not None
        for group in ("things", "amounts", "bases"):
            assert isinstance(wording.of_unit(group, one.unit, lang).format(name="x"), str)
        assert "x" in wording.of_unit("things", one.unit, lang).format(name="x"), "what is missing is named"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_can_be_told(name: str, lang: str) -> None:
    standard: Standard = EVERY[name]
    for id, one in standard.items.items():
        assert standards.label(standard, id, lang)
        unit = one.target.unit if one.target else "answer"
        assert isinstance(wording.word("measures", unit, lang), str)
        assert vocabulary()["units"][unit].text(lang)
        assert wording.word("fields", one.field, lang)
    for reason in {rule.reason for rule in standard.scope}:
        assert wording.word("scope_reasons", reason, lang)
    for group in standard.recognition.groups if standard.recognition else ():
        assert wording.word("groups", group, lang)
    for subject, rule in (standard.monitoring.subjects if standard.monitoring else {}).items():
        assert wording.word("subjects", subject, lang)
        assert all(wording.word("grades", str(grade), lang) for grade in rule.grades)


def test_every_unit_of_the_standards_has_its_measure_word() -> None:
    assert set(vocabulary()["units"]) <= set(read("words.yml")["measures"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_and_column_of_statistics_has_a_name(lang: str) -> None:
    for name, table in tables().items():
        assert table.title[lang], name
        assert wording.word("tables", name, lang), name
        for column in table.columns.values():
            assert column.called(lang), f"{name}.{column.name}"
            assert isinstance(column.measured_in(lang), str)


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.id)
def test_every_kind_of_document_is_whole(kind: Kind) -> None:
    """Its notebook is there, every part that the notebook shows can be made, and its titles are there."""
    cells = json.loads((project.notebooks() / kind.notebook).read_text(encoding="utf-8"))["cells"]
    shown = [call for cell in cells if cell["cell_type"] == "code" for call in calls("".join(cell["source"]))]
    assert shown
    for what, name in shown:
        if what == "chapter":
            assert all((project.templates() / lang / f"{kind.texts}{name}.md.j2").is_file() for lang in LANGUAGES)
        elif what == "table":
            assert callable(maker(f"{kind.package}.tables", name, "table"))
        elif kind.parts == "parts":
            assert callable(getattr(importlib.import_module(f"{kind.package}.figures.{name}"), f"draw_{name}"))
        else:
            assert callable(maker(f"{kind.package}.figures", name or "distribution", "figure"))
    for table in (each for what, name in shown if what == "chapter" for each in embedded(kind, name)):
        assert callable(maker(f"{kind.package}.tables", table, "table"))
    assert set(kind.formats) <= set(FILES)
    if kind.titles:
        assert set(kind.titles) == BOTH
        assert all(told["title"] and told["subtitle"] for told in kind.titles.values())


def embedded(kind: Kind, name: str) -> set[str]:
    """Return the tables that a chapter's template shows itself, in either language."""
    texts = [(project.templates() / lang / f"{kind.texts}{name}.md.j2").read_text("utf-8") for lang in LANGUAGES]
    return {table for text in texts for table in re.findall(r'told\.show\("(\w+)"\)', text)}


def calls(source: str) -> list[tuple[str, str]]:
    """Return the parts that a cell shows: chapter, table or figure, with its name."""
    called = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        (node.func.attr, "".join(str(one.value) for one in node.args if isinstance(one, ast.Constant)))
        for node in called
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("chapter", "table", "figure")
    ]
