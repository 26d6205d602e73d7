"""A standard as data: its values at a day, its names in both languages. Read from the texts' own files alone."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: What meets a target: value on the left, target on the right.
SENSES = ("at_least", "at_most", "below", "above")


#: What judges the coefficients of a stage together.
COMPOSITE = "composite"
#: Whether a value can be judged at a day; the last two are verdicts of their own.
SET, UNSET, NOT_IN_FORCE = "set", "target_not_set", "not_in_force"


@dataclass(frozen=True)
class Dated:
    """A value from the day on which it holds; `state` says whether it is set, left open or ended.

    `stated`: the text names the day, which else is that from which the standard holds.
    """

    day: date
    value: Fraction | None
    state: str
    stated: bool


def fraction(number: Any) -> Fraction:
    """Return a number of a text exactly as it is written there."""
    return Fraction(str(number))


@cache
def texts(folder: Path, name: str) -> dict[str, Any]:
    """Return a file of the folder of standards, without what it extends."""
    loaded: dict[str, Any] = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
    return loaded


def merged(base: Any, over: Any) -> Any:
    """Return `base` with what `over` says; tables are joined key by key, all else is replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: merged(base.get(key), over[key]) if key in over else base[key] for key in {**base, **over}}
    return over


@dataclass(frozen=True)
class Standard:
    """`data` is the standard's file with what it extends below it; `words` the names that no standard owns."""

    id: str
    data: dict[str, Any]
    words: dict[str, Any]

    @property
    def document(self) -> str:
        """Return the document whose values these are."""
        return str(self.data["document"])

    @property
    def indicators(self) -> dict[str, dict[str, Any]]:
        """Return the resource indicators by id."""
        return self.data["indicators"]  # type: ignore[no-any-return]

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """Return the items beside the resources by id."""
        return self.data["items"]  # type: ignore[no-any-return]

    @property
    def since(self) -> date:
        """Return the day from which it holds."""
        return date.fromisoformat(str(self.data["from"]))

    def schedule(self, given: Any, stage: str = "primary") -> list[Dated]:
        """Return the dated values of a schedule in their order; a bare value holds from the standard's own day."""
        if isinstance(given, dict):
            given = given.get(stage)
        if given is None:
            return []
        if not isinstance(given, list):
            given = [{"unset": True} if given == "unset" else {"value": given}]
        return [self._dated(one) for one in given]

    def _dated(self, one: dict[str, Any]) -> Dated:
        value = one.get("value")
        day = date.fromisoformat(str(one.get("from", self.since)))
        state = UNSET if one.get("unset") else SET if value is not None else NOT_IN_FORCE
        return Dated(day, None if value is None else fraction(value), state, "from" in one)

    def state(self, given: Any, day: date, stage: str = "primary") -> tuple[str, Fraction | None]:
        """Return whether a value of a schedule is set at a day, left open or not in force, and which."""
        begun = [one for one in self.schedule(given, stage) if one.day <= day]
        return (begun[-1].state, begun[-1].value) if begun else (NOT_IN_FORCE, None)

    def coming(self, given: Any, day: date, stage: str = "primary") -> Fraction | None:
        """Return the first value of a schedule that comes into force after a day."""
        later = (one.value for one in self.schedule(given, stage) if one.day > day)
        return next((value for value in later if value is not None), None)

    def at(self, given: Any, day: date, stage: str = "primary") -> Fraction | None:
        """Return the value of a schedule that holds at a day; None where none does, or the text leaves it open."""
        return self.state(given, day, stage)[1]

    def floor(self, indicator: str, stage: str, day: date) -> Fraction | None:
        """Return the floor of an indicator."""
        return self.at(self.indicators[indicator].get("floor"), day, stage)

    def limit(self, indicator: str, stage: str, day: date) -> Fraction | None:
        """Return the limit of an indicator's coefficient, or of what judges all of a stage together."""
        if indicator == COMPOSITE:
            return self.at(self.data[COMPOSITE]["values"], day, stage)
        return self.at(self.indicators[indicator].get("cv"), day, stage)

    def word(self, group: str, key: str, lang: str) -> str:
        """Return what readers call an id of a group."""
        entry = self.words[group][key]
        return str(entry[lang])

    def name(self, item: str, lang: str, short: bool = False) -> str:
        """Return what readers call an indicator or an item."""
        entry = self.indicators.get(item) or self.items[item]
        return str(entry["short" if short and "short" in entry else "label"][lang])

    def term(self, indicator: str, lang: str) -> str:
        """Return an indicator's name in full, within a sentence."""
        entry = self.indicators[indicator]
        return str(entry.get("term", entry["label"])[lang])

    def thing(self, indicator: str, lang: str) -> str:
        """Return what readers call that of which an indicator counts so many."""
        entry = self.indicators[indicator]
        return str(entry.get("counted", entry.get("short", entry["label"]))[lang])


def standard(folder: Path, name: str) -> Standard:
    """Return a standard by its name, with what it extends."""
    data = texts(folder, name)
    while "extends" in data:
        base = texts(folder, str(data["extends"]))
        data = merged(base, {key: value for key, value in data.items() if key != "extends"})
    return Standard(name, data, texts(folder, "vocabulary"))


def holds(value: Fraction, target: Fraction, sense: str) -> bool:
    """Return whether a value meets a target; both are taken at twelve significant digits."""
    same = abs(value - target) <= max(abs(value), abs(target)) * Fraction(1, 10**12)
    if same:
        return sense in ("at_least", "at_most")
    return value > target if sense in ("at_least", "above") else value < target
