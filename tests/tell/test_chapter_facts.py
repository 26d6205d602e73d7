"""What a chapter says is decided in a frozen record; its templates word that, and nothing in it is left unsaid."""

import importlib
import pkgutil
import re
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest

from analysis import project
from analysis.errors import LANGUAGES
from analysis.tell.parts import chapters

MODULES = [
    importlib.import_module(module.name) for module in pkgutil.iter_modules(chapters.__path__, f"{chapters.__name__}.")
]


def name_of(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_the_facts_of_a_chapter_are_a_frozen_record(module: ModuleType) -> None:
    assert is_dataclass(module.Facts)
    parameters: Any = vars(module.Facts)["__dataclass_params__"]
    assert parameters.frozen


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_fact_is_worded(module: ModuleType, lang: str) -> None:
    text = (project.templates() / lang / f"{name_of(module)}.md.j2").read_text(encoding="utf-8")
    code = " ".join(re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL))
    unsaid = [field.name for field in fields(module.Facts) if not re.search(rf"(?<![.\w]){field.name}\b", code)]
    assert unsaid == []
