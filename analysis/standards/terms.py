"""The ids that readers have words for, by group of vocabulary.yml: what a standard may name."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: libyaml's safe loader where PyYAML was built with it: a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Return group -> id -> {zh, en}, as vocabulary.yml holds them."""
    given: dict[str, Any] = yaml.load(
        (Path(__file__).parent / "vocabulary.yml").read_text(encoding="utf-8"), Loader=LOADER
    )
    return given


def known(group: str) -> list[str]:
    """Return the ids of a group, in its order."""
    return list(words()[group])
