"""`python -m benchmarks.mutation --draw 1000 --seed 1 [--room judge]`: mutants drawn at random, judged by the tests of
their own rooms.

What comes out is kept in benchmarks/results/mutation.json by seed; docs/mutation.md tells it. Each mutant is told in a
line of a file of the folder as soon as it is judged, and a run that is asked for again goes on from there, as long as
modules and tests of the room are the same.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.mutation import kept, reach, room
from benchmarks.mutation.child import Outcome
from benchmarks.mutation.mutants import ROOMS, Mutant, drawn
from benchmarks.statistics.places import ROOT

#: Where is kept which tests reach which lines, and how far a draw is; outside the checkout.
FOLDER = Path(tempfile.gettempdir()) / "junheng-mutation"


def main(words: Sequence[str]) -> int:
    """Draw, judge and say what survived, room by room; keep what was found."""
    asked = _words().parse_args(words)
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    day = datetime.now(tz=UTC).date().isoformat()
    for name in asked.room or ROOMS:
        state = _digest(f"analysis/{name}", f"tests/{name}")
        log = folder / f"{asked.seed}-{name}-{state}.jsonl"
        mutants = _drawn(asked.draw, asked.seed, name, folder)
        if left := [one for one in mutants if one not in judged(log)]:
            _in_child(name, left, _reach(name, folder / f"{name}-{state}.json"), log)
        done = judged(log)
        found = {one: done[one] for one in mutants}
        kept.keep(asked.seed, day, name, found)
        for mutant, outcome in found.items():
            if not outcome.killed:
                print(f"{mutant.place} {mutant.operator} [{outcome.tests} tests {outcome.by}]")
                print(f"    {mutant.before}\n    {mutant.after}")
        print(f"{name}: {sum(each.killed for each in found.values())} of {len(found)} killed", flush=True)
    return 0


def _words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation")
    parser.add_argument("--draw", type=int, default=1000)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--room", action="append", choices=ROOMS)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser


def _digest(*folders: str) -> str:
    """Return what names a state of modules and tests."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _drawn(number: int, seed: int, name: str, folder: Path) -> list[Mutant]:
    """Return what is drawn of a room's modules as they are, kept for the next time that it is asked for."""
    every = _digest(*(f"analysis/{room}" for room in ROOMS))
    file = folder / f"{seed}-{number}-{name}-{every}.json"
    if not file.is_file():
        told = [asdict(one) for one in drawn(number, seed, (name,))]
        file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return [Mutant(**one) for one in json.loads(file.read_text(encoding="utf-8"))]


def judged(log: Path) -> dict[Mutant, Outcome]:
    """Return what a draw's log tells of each mutant."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    told = [json.loads(line) for line in lines]
    return {Mutant(**each["mutant"]): Outcome(**each["outcome"]) for each in told}


def _reach(name: str, file: Path) -> reach.Reach:
    if not file.is_file():
        print(f"{name}: which tests reach which lines", flush=True)
        command = [sys.executable, "-m", "benchmarks.mutation.reach", name, str(file)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return reach.load(file)


def _in_child(name: str, mutants: list[Mutant], reached: reach.Reach, log: Path) -> None:
    """Judge a room's mutants in a process of its own, so that the next room begins without what this one imports."""

    def tell(mutant: Mutant, outcome: Outcome) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"mutant": asdict(mutant), "outcome": asdict(outcome)}, ensure_ascii=False) + "\n")

    print(f"{name}: {len(mutants)} mutants", flush=True)
    child = os.fork()
    if not child:
        room.judge(name, mutants, reached, tell)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"{name}: the judging process ended before its time")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
