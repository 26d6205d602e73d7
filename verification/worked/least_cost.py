"""The plan of least cost, laid over the raw rows again: what each school then has, and whether that keeps the promise.

What a plan does is read from results.json; what comes of it is worked out from the raw statistics. That nothing cheaper
does is proven by a solver, not here: of the proof only the arithmetic of the gap is looked at. To the public
results.json tells sums and coefficients alone: these are traced to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from verification import numbers
from verification.rules import Standard, fraction
from verification.worked.dispersion import known, pairs
from verification.worked.findings import Year
from verification.worked.stages import STAGES, Place, placed

#: Amounts come as doubles: a bar is reached within this part of it.
NEAR = Fraction(1, 10**10)


@dataclass
class Planned:
    """One plan of results.json; `said` is what it says, `now` the year that it is laid over."""

    said: dict[str, Any]
    now: Year
    standard: Standard
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def actions(self) -> list[dict[str, Any]]:
        """Return what is done, action by action."""
        return list(self.said["actions"])

    @property
    def sums_alone(self) -> bool:
        """Whether nothing is told of what is done where, as to the public."""
        return not self.actions and bool(self.said["cost"])

    @property
    def schools(self) -> int:
        """Return in how many schools something is done."""
        return int(self.said["schools"]) if self.sums_alone else len({one["school"] for one in self.actions})

    @property
    def reserve(self) -> Fraction:
        """Return the part by which it goes beyond floors and limits."""
        return Fraction(str(self.said["reserve"]))

    @cached_property
    def cost(self) -> Fraction:
        """Return the sum of what its actions cost, by their amounts and prices."""
        if self.sums_alone:
            return Fraction(str(self.said["cost"]))
        return sum((Fraction(str(one["amount"])) * Fraction(str(one["price"])) for one in self.actions), Fraction(0))

    @cached_property
    def places(self) -> list[Place]:
        """Return every school in each stage with what the plan adds to its row."""
        rows = {row["school"]: dict(row) for row in self.now.county.rows("schools", self.now.year)}
        for one in self.actions:
            self._add(rows[one["school"]], one, Fraction(str(one["amount"])))
            if one["from"]:
                self._add(rows[one["from"]], one, -Fraction(str(one["amount"])))
        return placed(list(rows.values()), self.standard)

    def _add(self, row: dict[str, Any], action: dict[str, Any], amount: Fraction) -> None:
        entry = self.standard.indicators[action["indicator"]]
        own = f"{entry['amount']}_{action['stage']}"
        for column in [own] if entry["by_stage"] and row.get(own) is not None else []:
            row[column] += amount
        if row.get(entry["amount"]) is not None:
            row[entry["amount"]] += amount

    def inside(self, stage: str) -> list[Place]:
        """Return the schools of a stage that count, after the plan."""
        return [one for one in self.places if one.stage == stage and not one.out]

    def value(self, school: str, stage: str, indicator: str) -> Fraction | None:
        """Return what a school has of an indicator after the plan."""
        found = next((one for one in self.inside(stage) if one.school == school), None)
        return None if found is None else found.per_pupil(indicator, self.standard)

    def coefficient(self, indicator: str, stage: str) -> Fraction | None:
        """Return a coefficient after the plan; None where fewer than two schools count."""
        if self.sums_alone:
            rows = [row for row in self.said["coefficients"] if (row["indicator"], row["stage"]) == (indicator, stage)]
            return None if not rows or rows[0]["after"] is None else Fraction(str(rows[0]["after"]))
        held = known(pairs(self.places, indicator, stage))
        if len(held) < 2:
            return None
        total, pupils = (sum((pair[at] for pair in held.values()), Fraction(0)) for at in (0, 1))
        squares = sum((x * x / p for x, p in held.values()), Fraction(0))
        return numbers.root(squares * pupils / total**2 - 1) if total else None

    def broken(self) -> Iterator[str]:
        """Return what the plan promises and does not keep: floors of schools, limits of coefficients."""
        rule = self.standard.data["school_rule"]
        part, asked = Fraction(str(rule["rest_part"])), int(rule["must_meet"])
        for stage in STAGES:
            for one in self.inside(stage):
                if one.pupils and not self.sums_alone and not self._kept(one, part, asked):
                    yield f"{one.school} {stage}"
            for name in self.standard.indicators:
                limit, found = self.standard.limit(name, stage, self.now.day), self.coefficient(name, stage)
                if limit is not None and found is not None and found > limit / (1 + self.reserve) * (1 + NEAR):
                    yield f"cv_{name} {stage}"

    def _kept(self, one: Place, part: Fraction, asked: int) -> bool:
        met = 0
        for name in self.standard.indicators:
            floor, value = self.standard.floor(name, one.stage, self.now.day), one.per_pupil(name, self.standard)
            if floor is None:
                continue
            bar = floor * (1 + self.reserve) * (1 - NEAR)
            if value is not None and value < bar * part:
                return False
            met += value is None or value >= bar
        return met >= asked

    def met_now(self, *, every: bool) -> list[Place]:
        """Return the schools that keep the promise before anything is done, in each of their stages: `every` floor, or
        what their rule asks."""
        rule = self.standard.data["school_rule"]
        part, asked = Fraction(str(rule["rest_part"])), int(rule["must_meet"])
        if every:
            part, asked = Fraction(1), len(self.standard.indicators)
        held = [one for one in self.now.places if not one.out and one.pupils]
        short = {one.school for one in held if not self._kept(one, part, asked)}
        return [one for one in held if one.school not in short]

    @property
    def untouched(self) -> int:
        """Return how many values stay below their floor without anything being done there."""
        return int(self.said["left"]) if self.sums_alone else len(self.left() - self.done())

    def left(self) -> set[tuple[str, str, str]]:
        """Return what the plan leaves below its floor."""
        found = set()
        for stage in STAGES:
            for one in self.inside(stage):
                for name in self.standard.indicators:
                    floor, value = self.standard.floor(name, stage, self.now.day), one.per_pupil(name, self.standard)
                    if floor is not None and value is not None and value < floor * (1 - NEAR):
                        found.add((one.school, stage, name))
        return found

    def done(self) -> set[tuple[str, str, str]]:
        """Return where something is done."""
        return {(one["school"], one["stage"], one["indicator"]) for one in self.actions}

    @cached_property
    def most_spent(self) -> tuple[str, str]:
        """Return the stage and indicator on which most is spent."""
        spent: dict[tuple[str, str], Fraction] = {}
        for one in self.actions:
            key = (one["stage"], one["indicator"])
            spent[key] = spent.get(key, Fraction(0)) + Fraction(str(one["amount"])) * Fraction(str(one["price"]))
        return max(spent, key=lambda key: (spent[key], key))

    def turn(self) -> tuple[Fraction, int]:
        """Return from where on more only raises that coefficient, mean (1 + CV^2), and how many schools lie above."""
        stage, name = self.most_spent
        held = known(pairs(self.now.places, name, stage))
        squares = sum((x * x / p for x, p in held.values()), Fraction(0))
        turn = squares / sum((x for x, _ in held.values()), Fraction(0))
        per = fraction(self.standard.indicators[name]["per"])
        return turn * per, sum(x / p > turn for x, p in held.values())


@cache
def _entries() -> list[dict[str, Any]]:
    """Return the example prices that come with the program: read as data."""
    path = Path(__file__).parents[2] / "analysis" / "least_cost" / "costs.yml"
    held: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
    return held


def usual_price(indicator: str) -> Fraction:
    """Return the least example price of what is meant for an indicator."""
    return min(Fraction(str(one["cost"])) for one in _entries() if one["lifts"][0] == indicator)


def meant_first(indicator: str) -> list[str]:
    """Return the indicators for which someone is hired who counts for this one too."""
    return sorted({str(one["lifts"][0]) for one in _entries() if indicator in one["lifts"][1:]})
