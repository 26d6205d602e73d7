"""What a county calls itself: a district says 本区 where a county says 本县, in all texts but those of its data."""

import re
from collections.abc import Mapping
from typing import Any

#: The last letter of a county's Chinese name by what it calls itself.
CALLED = {"区": ("区", "district"), "市": ("市", "city"), "旗": ("旗", "banner")}


def here(text: str, name: str, lang: str) -> str:
    """Return a text as the county with this Chinese name says it."""
    if name[-1:] not in CALLED:
        return text
    zh, en = CALLED[name[-1]]
    if lang == "zh":
        return re.sub("(本|全)县(?!区)", rf"\1{zh}", text)
    return re.sub(r"\b([Tt]he|[Tt]his) county\b(?!-)", rf"\1 {en}", text)


def labels_here(given: Any, name: str) -> Any:
    """Return a nested text in which each label (zh, en) is as the county says it."""
    if isinstance(given, Mapping):
        lang = {"zh", "en"} & set(given)
        return {
            key: here(one, name, key) if key in lang and isinstance(one, str) else labels_here(one, name)
            for key, one in given.items()
        }
    return [labels_here(one, name) for one in given] if isinstance(given, list) else given
