"""Unit costs: the examples of costs.yml, or an office's own, by township and school where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.standards.basis import Label


@dataclass(frozen=True)
class Entry:
    """One way to raise an indicator (costs.yml): `at` holds other prices, by school code or township.

    `of_those_there`: only so many units as teachers are there who do not count yet.
    """

    kind: str
    lifts: tuple[str, ...]
    cost: float
    whole: bool = False
    scale: float = 1.0
    of_those_there: bool = False
    at: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return what names the entry: its kind, and the indicator that it is meant for."""
        return (self.kind, self.lifts[0])

    def price(self, school: str, township: str) -> float:
        """Return what a unit costs in a school: its own price, else its township's, else the usual one."""
        return self.at.get(school, self.at.get(township, self.cost))


@dataclass(frozen=True)
class Costs:
    """All entries; what moving a teacher costs, for which indicators one may move and how many kilometres at most;
    `example`: prices of ours."""

    entries: tuple[Entry, ...]
    move: float
    movable: tuple[str, ...]
    within: float
    source: Label
    example: bool = True

    def with_prices(self, prices: Mapping[tuple[str, str], Mapping[str, float]], move: float) -> "Costs":
        """Return the costs with other prices: by kind and indicator, then by school, township, or "" for all."""
        entries = tuple(
            replace(entry, cost=own.get("", entry.cost), at={name: cost for name, cost in own.items() if name})
            if (own := prices.get(entry.key))
            else entry
            for entry in self.entries
        )
        return replace(self, entries=entries, move=move, example=False)


def _content() -> dict[str, Any]:
    text = (Path(__file__).parent / "costs.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@cache
def examples() -> Costs:
    """Return the unit costs that come with the package."""
    content = _content()
    entries = tuple(
        Entry(
            entry["kind"],
            tuple(entry["lifts"]),
            float(entry["cost"]),
            entry.get("whole", False),
            float(entry.get("scale", 1)),
            entry.get("from") == "teachers",
        )
        for entry in content["entries"]
    )
    moves = content["moves"]
    return Costs(
        entries, float(moves["cost"]), tuple(moves["indicators"]), float(moves["within"]), Label(**content["source"])
    )
