"""What the program says: every sentence that code asks for is there, in both languages, with the values it is given."""

import ast
import string
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize(("place", "key", "values"), asked(), ids=lambda part: part if isinstance(part, str) else "")
def test_a_sentence_that_is_asked_for_is_there(place: str, key: str, values: frozenset[str] | None) -> None:
    assert key in SENTENCES, f"{place} asks for {key}"
    for lang in LANGUAGES:
        needs = values_of(SENTENCES[key][lang])
        assert values is None or needs <= values, f"{place}: {key} ({lang}) lacks {sorted(needs - values)}"


def test_both_languages_name_the_same_values() -> None:
    differing = {key for key, said in SENTENCES.items() if values_of(said["zh"]) != values_of(said["en"])}
    assert not differing


def test_no_sentence_is_written_twice() -> None:
    text = Path(PACKAGE / "messages.yml").read_text(encoding="utf-8")
    keys = [line.split(":")[0] for line in text.splitlines() if line and line[0] not in "# "]
    assert len(keys) == len(set(keys))
