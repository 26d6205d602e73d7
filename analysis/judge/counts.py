"""What a county counts: rows of its sheet that hold people, places and money, and sums of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.clean.records import ASIDE as ASIDE_COLUMNS
from analysis.judge.computed import NOTHING, Cell, Figure
from analysis.judge.resources import ASIDE

#: The table of what a county reports, and the same table of the year before.
REPORTED, BEFORE = "government", "before"


@dataclass(frozen=True)
class Counted:
    """The counts of one county and year by their ids; `aside` names those whose value is set aside."""

    known: Mapping[str, float]
    aside: frozenset[str] = frozenset()

    def missing(self, names: Iterable[str]) -> Figure | None:
        """Return why there is no sum of `names`: a value is set aside, not reported, or below zero; None where all are
        known."""
        asked = list(names)
        if any(name in self.aside for name in asked):
            return Figure(None, ASIDE)
        if not any(name in self.known for name in asked):
            return Figure(None, "no_records")
        if any(name not in self.known for name in asked):
            return Figure(None, "value_missing")
        return Figure(None, "value_impossible") if any(self.known[name] < 0 for name in asked) else None

    def sum(self, plus: Iterable[str], less: Iterable[str] = ()) -> float:
        """Return the sum of counts that are known, some taken away."""
        return sum(self.known[name] for name in plus) - sum(self.known[name] for name in less)


#: A county and year that counts nothing.
NONE = Counted({})


def of(frame: pl.DataFrame | None, names: Iterable[str]) -> dict[Cell, Counted]:
    """Return the counts of each county and year among the rows of county items."""
    if frame is None or frame.is_empty():
        return {}
    rows = frame.filter(pl.col("item").is_in(list(names)))
    by_cell: dict[Cell, tuple[dict[str, float], set[str]]] = {}
    for row in rows.iter_rows(named=True):
        known, aside = by_cell.setdefault((row["county"], row["year"]), ({}, set()))
        if "value" in (row[ASIDE_COLUMNS] or ()):
            aside.add(row["item"])
        elif row["value"] is not None:
            known[row["item"]] = float(row["value"])
    return {cell: Counted(known, frozenset(aside)) for cell, (known, aside) in by_cell.items()}


def named(parameters: Mapping[str, Any], *keys: str) -> list[str]:
    """Return the names under some keys of a rule's parameters, in their order."""
    return [str(name) for key in keys for name in parameters.get(key, ())]


def grown(now: Figure, before: Figure) -> Figure:
    """Return a figure as a part of that of the year before; why there is none where either lacks."""
    if now.value is None or before.value is None:
        return now if now.value is None else before
    return part(now.value, before.value)


def part(numerator: float, denominator: float) -> Figure:
    """Return a figure that is one sum over another; nothing where the other is none, none where one is below zero."""
    if numerator < 0 or denominator < 0:
        return Figure(None, "value_impossible")
    return Figure(numerator / denominator) if denominator else Figure(None, NOTHING)
