"""The numbers of the rule book's texts, and of the cases that prove them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.standards.inputs import loaded

FOLDER = Path(__file__).parent / "texts"
#: What is no number of a target: references to lines, words in quotes, the ministry's documents.
_NO_TARGET = re.compile(r'L\d+(?:[-,]\d+)*|"[^"]*"|〔\d+〕\d+号')
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@cache
def texts(name: str) -> Any:
    """Return the entries of a list of texts: plans.yml by plan, practice.yml in order."""
    return loaded(FOLDER / f"{name}.yml")["texts"]


def numbers(text: str) -> list[float]:
    """Return the numbers of a text, each once, in order.

    >>> numbers('vice-senior posts P 15 % J 20 %: L39 "15%"')
    [15.0, 20.0]
    """
    return list(dict.fromkeys(float(each.replace(",", "")) for each in _NUMBER.findall(_NO_TARGET.sub(" ", text))))


def proved(case: dict[str, Any]) -> set[float]:
    """Return the numbers that a case proves: its year, its inputs (a share as per cent too), what it says in words."""
    shown = {float(each) for each in _all(case)}
    return shown | {round(100 * number, 6) for number in shown if 0 < number <= 1}


def _all(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _all(each)
    elif isinstance(value, list):
        for each in value:
            yield from _all(each)
    elif isinstance(value, str):
        yield from (float(each.replace(",", "")) for each in _NUMBER.findall(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
