"""What draws found, kept in benchmarks/results/mutation.json, and why a survivor survives (survivors.yml)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks import outcome
from benchmarks.mutation.child import Outcome
from benchmarks.mutation.mutants import ROOMS, Mutant

FILE = outcome.FOLDER / "mutation.json"


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed: where, what instead of what, by how many tests it was run."""

    place: str
    operator: str
    before: str
    after: str
    tests: int


@dataclass(frozen=True)
class Draw:
    """What became of the mutants of a draw, by room: how many were `drawn`, and judged by the `day`."""

    seed: int
    day: str
    drawn: dict[str, int]
    judged: dict[str, int]
    killed: dict[str, int]
    survivors: tuple[Survivor, ...]


@dataclass(frozen=True)
class Reason:
    """Why a survivor survives; `equivalent` where no input could tell it from what it is a mutant of."""

    reason: str
    equivalent: bool


@cache
def reasons() -> dict[tuple[str, str, str], Reason]:
    """Return survivors.yml by module, line before and line after."""
    entries = yaml.safe_load(Path(__file__).with_name("survivors.yml").read_text(encoding="utf-8"))
    return {
        (f"analysis/{each['module']}.py", each["before"], each["after"]): Reason(each["reason"], each["equivalent"])
        for each in entries
    }


def reason_of(survivor: Survivor) -> Reason | None:
    """Return why a survivor survives; None where nobody has said it."""
    return reasons().get((survivor.place.partition(":")[0], survivor.before, survivor.after))


def keep(seed: int, day: str, drawn: Sequence[Mutant], found: Mapping[Mutant, Outcome]) -> Draw:
    """Keep what became of the mutants of a draw, in place of what was kept of the same seed."""
    of_room = {room: sum(one.room == room for one in drawn) for room in ROOMS}
    by_room = {room: [each.killed for one, each in found.items() if one.room == room] for room in ROOMS}
    survivors = [
        Survivor(one.place, one.operator, one.before, one.after, each.tests)
        for one, each in found.items()
        if not each.killed
    ]
    judged, killed = ({room: number(each) for room, each in by_room.items()} for number in (len, sum))
    draw = Draw(seed, day, of_room, judged, killed, tuple(sorted(survivors, key=lambda one: one.place)))
    draws = {str(each.seed): each for each in load()} | {str(seed): draw}
    told = {"machine": outcome.about(), "rows": [], "draws": {name: asdict(each) for name, each in draws.items()}}
    FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return draw


def load() -> Sequence[Draw]:
    """Return the draws that are kept, in the order in which they came."""
    draws: dict[str, Any] = outcome.load("mutation").get("draws", {})
    return [
        Draw(**each | {"survivors": tuple(Survivor(**one) for one in each["survivors"])}) for each in draws.values()
    ]
