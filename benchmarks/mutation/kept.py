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
from benchmarks.mutation.mutants import Mutant

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
    """What became of the mutants of a draw, by room; `days` is when each was judged."""

    seed: int
    days: dict[str, str]
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


def keep(seed: int, day: str, room: str, found: Mapping[Mutant, Outcome]) -> Draw:
    """Keep what became of the mutants of a room in a draw, in place of what was kept of the same seed and room."""
    draws = {each.seed: each for each in load()}
    before = draws.get(seed, Draw(seed, {}, {}, {}, ()))
    others = [one for one in before.survivors if one.place.split("/")[1] != room]
    survivors = [
        Survivor(one.place, one.operator, one.before, one.after, each.tests)
        for one, each in found.items()
        if not each.killed
    ]
    draws[seed] = Draw(
        seed,
        before.days | {room: day},
        before.judged | {room: len(found)},
        before.killed | {room: len(found) - len(survivors)},
        tuple(sorted([*others, *survivors], key=lambda one: one.place)),
    )
    told = {str(number): asdict(each) for number, each in draws.items()}
    text = json.dumps({"machine": outcome.about(), "rows": [], "draws": told}, indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")
    return draws[seed]


def load() -> Sequence[Draw]:
    """Return the draws that are kept, in the order in which they came."""
    draws: dict[str, Any] = outcome.load("mutation").get("draws", {})
    return [
        Draw(**each | {"survivors": tuple(Survivor(**one) for one in each["survivors"])}) for each in draws.values()
    ]
