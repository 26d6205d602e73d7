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
    given: dict[str, Any] = _read("vocabulary.yml")
    given["reasons"] |= {id: told for entry in rules().values() for id, told in entry.get("reasons", {}).items()}
    return given


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Return the entries of rules.yml by their ids."""
    return _read("rules.yml")


def _read(name: str) -> dict[str, Any]:
    given: dict[str, Any] = yaml.load((Path(__file__).parent / name).read_text(encoding="utf-8"), Loader=LOADER)
    return given


def known(group: str) -> list[str]:
    """Return the ids of a group, in its order."""
    return list(words()[group])
