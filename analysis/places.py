"""What a county or township calls itself (places.yml): a district says 本区 where a county says 本县."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from analysis.sources import parse_yaml

#: Digits of a county's code, and how codes of cities and provinces end that are written with as many: these speak of
#: counties, as shorter ones do.
COUNTY_DIGITS, OF_REGION = 6, "00"


@cache
def _declared() -> dict[str, dict[str, dict[str, Any]]]:
    loaded: dict[str, dict[str, dict[str, Any]]] = parse_yaml(
        Path(__file__).with_name("places.yml").read_text(encoding="utf-8")
    )
    return loaded


def kind(name: str, of: str = "counties") -> str:
    """Return the kind of a place by its Chinese name, "" for one that texts are written for."""
    kinds = _declared()[of].items()
    return next((kind for kind, entry in kinds if name.endswith(tuple(entry["ends"]))), "")


def of_county(code: str, name: str) -> str:
    """Return the kind of a county by its Chinese name; a region's is ""."""
    return kind(name) if len(code) == COUNTY_DIGITS and not code.endswith(OF_REGION) else ""


@cache
def here(text: str, kinds: tuple[str, ...], lang: str) -> str:
    """Return a text of the project's own as places of these kinds say it."""
    words: dict[str, str] = {}
    for declared in _declared().values():
        for kind in kinds:
            words |= declared[kind][lang] if kind in declared else {}
    if not words:
        return text
    boundary = r"\b" if lang == "en" else ""
    pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    not_before = "(?!区)" if lang == "zh" else r"(?!-)"
    return re.sub(f"{boundary}(?:{pattern}){boundary}{not_before}", lambda found: words[found[0]], text)


def here_in(texts: Any, kinds: tuple[str, ...], lang: str) -> Any:
    """Return texts of a nested declaration as places of these kinds say them."""
    if isinstance(texts, dict):
        return {key: here_in(value, kinds, lang) for key, value in texts.items()}
    if isinstance(texts, list):
        return [here_in(value, kinds, lang) for value in texts]
    return here(texts, kinds, lang) if isinstance(texts, str) else texts
