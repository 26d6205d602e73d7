"""Kinds of documents: what the notebook of each is, where its parts, texts and files lie, what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis.sources import parse_yaml


@dataclass(frozen=True)
class Kind:
    """One entry of kinds.yml, which says what each value means."""

    id: str
    notebook: str
    parts: str
    formats: tuple[str, ...]
    options: tuple[str, ...]
    texts: str = ""
    folder: str = ""
    brief: bool = False
    titles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def public(self) -> bool:
        """Whether the public may see it; else it is for the school and the office alone."""
        return "audience" in self.options

    @property
    def package(self) -> str:
        """The package in which its tables and figures are looked up."""
        return f"analysis.tell.{self.parts}"


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its id."""
    declared = parse_yaml((Path(__file__).with_suffix(".yml")).read_text(encoding="utf-8"))
    lists = ("formats", "options")
    return {id: Kind(id, **{**entry, **{name: tuple(entry[name]) for name in lists}}) for id, entry in declared.items()}


def kind(id: str) -> Kind:
    """Return a kind by its id; KeyError where there is none."""
    return kinds()[id]
