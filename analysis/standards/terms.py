"""The ids that readers have words for, by group: what a standard may name."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: libyaml's safe loader where PyYAML was built with it: a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Return group -> id -> {zh, en}, as vocabulary.yml holds them, and the reasons that stand with their rule."""
    vocabulary: dict[str, Any] = _read("vocabulary.yml")
    vocabulary["reasons"] |= {id: label for entry in rules().values() for id, label in entry.get("reasons", {}).items()}
    return vocabulary


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Return the entries of rules.yml by their ids."""
    return _read("rules.yml")


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((Path(__file__).parent / name).read_text(encoding="utf-8"), Loader=LOADER)
    return content


def known(group: str) -> list[str]:
    """Return the ids of a group, in its order."""
    return list(words()[group])
