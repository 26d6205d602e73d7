"""What an English report calls a school, worked out apart: kinds and places in English, the rest in pinyin."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "english.yml").read_text(encoding="utf-8"))
    return loaded


def called(names: Mapping[str, str], given: Mapping[str, str], places: Sequence[str]) -> dict[str, str]:
    """Return what schools are called, by code; those that would be called alike have their characters behind."""
    words = _words()
    ends = sorted(words["places"], key=len, reverse=True)
    own = [place.removesuffix(next((end for end in ends if place.endswith(end)), "")) for place in places]
    own = [name for name in own if len(name) > 1]  # of 彭镇 nobody says the one syllable alone
    said = {code: given.get(code) or _called(name, own, words) for code, name in names.items()}
    often = Counter(said.values())
    return {code: f"{one} ({names[code]})" if often[one] > 1 else one for code, one in said.items()}


def _called(name: str, own: Sequence[str], words: Mapping[str, Any]) -> str:
    if not re.search(r"[\u4e00-\u9fff]", name):
        return name
    if bracket := re.fullmatch(r"(.+)[（(](.+)[）)]", name):
        return f"{_called(bracket[1], own, words)} ({_called(bracket[2], own, words)})"
    tail: list[str] = []
    rest, endings = name, words["kinds"]
    while rest and (ending := max((one for one in endings if rest.endswith(one)), key=len, default="")):
        tail.insert(0, endings[ending])
        rest, endings = rest[: -len(ending)], words["before"]
    parts: list[str] = []
    while rest:
        cut = min((rest.find(one, 2) for one in words["places"] if rest.find(one, 2) > 0), default=-1)
        known = next((one for one in sorted(own, key=len, reverse=True) if rest.startswith(one)), "")
        if cut > 0:
            place = max((one for one in words["places"] if rest.startswith(one, cut)), key=len)
            parts += [_pinyin(rest[:cut], words), words["places"][place]]
            rest = rest[cut + len(place) :]
        elif known:
            parts.append(_pinyin(known, words))
            rest = rest[len(known) :]
        else:
            pairs = [rest[:2], rest[2:]] if len(rest) == 4 else [rest]
            parts += [_pinyin(one, {}) for one in pairs]
            rest = ""
    return " ".join([*parts, *tail])


def _pinyin(name: str, words: Mapping[str, Any]) -> str:
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    if name[0] in words.get("openings", {}):
        syllables[0] = words["openings"][name[0]]
    joined = syllables[0] + "".join(f"'{one}" if one[0] in "aeo" else one for one in syllables[1:])
    return joined[:1].upper() + joined[1:]
