"""What a chapter or a figure says is decided in a frozen record; its templates word that, and leave nothing unsaid."""

import importlib
import pkgutil
import re
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest

from analysis import project
from analysis.errors import LANGUAGES
from analysis.tell.language import wording
from analysis.tell.parts import chapters, figures


def modules_of(package: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(each.name) for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]


def name_of(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


MODULES = modules_of(chapters)
#: Figures, but for the one that has the facts of another.
FIGURES = [each for each in modules_of(figures) if hasattr(each, f"{name_of(each)}_data") and name_of(each) != "beside"]


@pytest.mark.parametrize("module", [*MODULES, *FIGURES], ids=name_of)
def test_the_facts_of_a_chapter_or_figure_are_a_frozen_record(module: ModuleType) -> None:
    assert is_dataclass(module.Facts)
    parameters: Any = vars(module.Facts)["__dataclass_params__"]
    assert parameters.frozen


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_fact_is_worded(module: ModuleType, lang: str) -> None:
    text = (project.templates() / lang / f"{name_of(module)}.md.j2").read_text(encoding="utf-8")
    assert unsaid(module, text) == []


def unsaid(module: ModuleType, text: str) -> list[str]:
    code = " ".join(re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL))
    return [field.name for field in fields(module.Facts) if not re.search(rf"(?<![.\w]){field.name}\b", code)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("module", FIGURES, ids=name_of)
def test_every_fact_of_a_figure_is_worded(module: ModuleType, lang: str) -> None:
    texts = wording.texts("figures", lang)[name_of(module)]
    assert unsaid(module, " ".join(text for key, text in texts.items() if key != "labels")) == []
