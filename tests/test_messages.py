"""What the program says: every sentence that code asks for is there, in both languages, with the values it is given."""

import ast
import re
import string
from pathlib import Path

import pytest
import yaml

from analysis import errors
from analysis.errors import LANGUAGES
from analysis.project import root

PACKAGE = root() / "analysis"
SAYS = {"message", "RequestError", "DataError", "JunhengError", "NotebookError"}
SENTENCES: dict[str, dict[str, str]] = yaml.safe_load((PACKAGE / "messages.yml").read_text(encoding="utf-8"))


def asked() -> list[tuple[str, str, frozenset[str] | None]]:
    """Where a sentence is asked for by name, which, and with which values (None where the text doesn't tell them)."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in SAYS and isinstance(node.args[0].value, str):
                given = [keyword.arg for keyword in node.keywords]
                values = None if None in given else frozenset(filter(None, given)) - {"lang"}
                found.append((f"{path.relative_to(PACKAGE)}:{node.lineno}", node.args[0].value, values))
    return found


def values_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_a_sentence_that_is_asked_for_is_there() -> None:
    places = asked()
    assert [f"{place} asks for {key}" for place, key, _ in places if key not in SENTENCES] == []
    needed = (
        (place, key, lang, values_of(SENTENCES[key][lang]), has) for place, key, has in places for lang in LANGUAGES
    )
    lacking = [
        f"{place}: {key} ({lang}) lacks {sorted(needs - has)}"
        for place, key, lang, needs, has in needed
        if has is not None and not needs <= has
    ]
    assert lacking == []


def test_both_languages_name_the_same_values() -> None:
    differing = {key for key, said in SENTENCES.items() if values_of(said["zh"]) != values_of(said["en"])}
    assert not differing


def twice(node: yaml.Node | None) -> list[str]:
    """Return keys that stand twice in one mapping, with their lines; readers of YAML keep the last in silence."""
    if isinstance(node, yaml.SequenceNode):
        return [found for part in node.value for found in twice(part)]
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    found = []
    for key, value in node.value:
        if key.value in seen:
            found.append(f"{key.value} in line {key.start_mark.line + 1}")
        seen.add(key.value)
        found += twice(value)
    return found


def committed() -> list[Path]:
    folders = ("analysis", "reports", "data/raw", "tests")
    return sorted([*root().glob("*.yml"), *(path for folder in folders for path in (root() / folder).rglob("*.yml"))])


def test_no_key_stands_twice() -> None:
    read = {path: yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in committed()}
    assert {path: found for path, node in read.items() if (found := twice(node))} == {}


def test_a_key_that_stands_twice_is_found_however_deep() -> None:
    assert twice(yaml.compose("a: {b: 1}\nc:\n- {d: 1, e: {f: 1, f: 2}}\na: 2")) == ["f in line 3", "a in line 4"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_make_are_for_those_whom_make_started(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    named = {key: errors.as_started(texts[lang], lang) for key, texts in errors._messages().items()}
    assert [key for key, text in named.items() if re.search(r"\b[A-Z]{2,}=|\bmake [a-z-]+ [A-Z]", text)] == []
    assert "--date 2025-01-15" in named["date_unknown"]
    assert "COUNTY" not in named["county_missing"]
    assert " 990101" in named["county_missing"]
    monkeypatch.setenv("MAKELEVEL", "1")
    assert "DATE=2025-01-15" in errors.message("date_unknown", lang, value="x")


def test_no_hint_leads_to_a_file_of_ours_alone_where_a_workbook_will_do() -> None:
    checks = yaml.safe_load((PACKAGE / "clean" / "checks.yml").read_text(encoding="utf-8"))
    told = [entry["zh"] for entry in (*SENTENCES.values(), *checks["checks"].values()) if "zh" in entry]
    asking = [
        text
        for text in told
        if re.search(r"\b(sources|aliases|identity)\.yml[^。；]*(加上|写上|写明|加一行|说明)", text)
    ]
    assert [text for text in asking if "decisions 工作簿" not in text] == []
    assert len(asking) > 20
