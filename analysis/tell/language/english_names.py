"""Names of schools and townships in English: words that are kinds or places translated, the rest in pinyin."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from analysis.project import templates
from analysis.sources import parse_yaml
from analysis.tell.language.pinyin import spelled

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"(?P<name>.+?)[（(](?P<within>[^（）()]+)[）)]")
#: A place's own name has two characters at least; four in a row without one are two names of two.
_SHORTEST, _PAIRS = 2, 4


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((templates() / "english_names.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def _place() -> re.Pattern[str]:
    words = "|".join(sorted(_words()["places"], key=len, reverse=True))
    return re.compile(f"(?P<name>.{{{_SHORTEST},}}?)(?P<word>{words})")


def english(name: str, known: Sequence[str] = ()) -> str:
    """Return a name in English: 双桥镇第二小学 is Shuangqiao Town No. 2 Primary School.

    `known` are names of places whose own part is told from what follows it: of 青溪县, 青溪 in 青溪明德初级中学.
    A name without a Chinese character stays as it is.
    """
    if not _CHINESE.search(name):
        return name
    if bracketed := _BRACKETS.fullmatch(name):
        return f"{english(bracketed['name'], known)} ({english(bracketed['within'], known)})"
    rest, said = _kind(name)
    own = {spot["name"] for spot in (_place().fullmatch(place) for place in known) if spot}
    return " ".join([*_places(rest, sorted(own, key=len, reverse=True)), *said])


def _kind(name: str) -> tuple[str, list[str]]:
    """Return what stands before the kind of school that ends a name, and the kind in words with what is before it."""
    words = _words()
    kind = next((kind for kind in sorted(words["kinds"], key=len, reverse=True) if name.endswith(kind)), "")
    rest, said = name.removesuffix(kind), [words["kinds"][kind]] if kind else []
    numbers = {f"第{number}": words["numbered"].format(number=value) for number, value in words["numbers"].items()}
    before = words["before"] | numbers
    while kind and (
        word := next((ending for ending in sorted(before, key=len, reverse=True) if rest.endswith(ending)), "")
    ):
        rest, said = rest.removesuffix(word), [before[word], *said]
    return rest, said


def _places(rest: str, own: Sequence[str]) -> list[str]:
    """Return the words of what is left of a name: places, known ones without their kind too, and names in pinyin."""
    if not rest:
        return []
    if spot := _place().match(rest):
        word = _words()["places"][spot["word"]]
        return [_spelled(spot["name"]), word, *_places(rest[spot.end() :], own)]
    for place in own:
        if rest.startswith(place):
            return [_spelled(place), *_places(rest.removeprefix(place), own)]
    if len(rest) == _PAIRS:
        return [spelled(rest[:_SHORTEST]), spelled(rest[_SHORTEST:])]
    return [spelled(rest)]


def _spelled(place: str) -> str:
    """Return the own name of a place in pinyin."""
    opening = _words()["openings"].get(place[0])
    return str(opening).capitalize() + spelled(place[1:]).lower() if opening else spelled(place)
