"""Runs killed: every file is of the state before or after, and the next run makes a whole report.

Every second run is killed at a random moment, the others before a random one of the calls by which they write: opening
a file to write, syncing, renaming, removing, making a folder.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.trust.ground import TRACEBACK, Ground, Run

#: Calls that change a disk, as Python tells of them; writes through `open` are looked at for their mode.
_CALLS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "shutil.move")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def counting(folders: tuple[Path, ...], reached: Callable[[int], object]) -> Callable[[], None]:
    """Return what has a process call `reached` with the number of each call that changes something in `folders`."""
    below, count = tuple(map(str, folders)), [0]

    def call(*paths: object) -> None:
        if any(isinstance(path, str | os.PathLike) and os.fspath(path).startswith(below) for path in paths):
            count[0] += 1
            reached(count[0])

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event in _CALLS or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES):
            call(*arguments[:2])

    def begin() -> None:
        sync = os.fsync

        def synced(handle: int) -> None:
            call(Path(f"/proc/self/fd/{handle}").readlink())
            sync(handle)

        setattr(os, "fsync", synced)  # noqa: B010 - its own type knows more kinds of handles
        sys.addaudithook(heard)

    return begin


def _writes(ground: Ground, out: Path, processed: Path) -> int:
    """Return how many calls of an undisturbed run change something."""
    told = ground.folder / "calls"
    run = ground.start(
        ground.words(out),
        processed,
        counting((out, processed), lambda number: told.with_name("calls").write_text(str(number), encoding="utf-8")),
    )
    assert run.end().code == 0
    return int(told.read_text(encoding="utf-8"))


def _kill(run: Run, moment: float) -> bool:
    """Kill a run after so many seconds; tell whether it was killed before its end."""
    until = time.monotonic() + moment
    while not run.is_over() and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(run.process, signal.SIGKILL)
    return run.end().code == -signal.SIGKILL


def attack(ground: Ground, number: int, seed: int) -> tuple[int, list[str]]:
    """Kill `number` runs; return how many were killed before their end, and what was found wrong."""
    chance, out, processed = random.Random(seed), ground.folder / "killed", ground.folder / "of-killed" / "processed"
    ground.turn(0)
    ground.run(out, processed)
    ground.turn(1)
    begun = time.monotonic()
    calls = _writes(ground, out, processed)
    length, killed, wrong = time.monotonic() - begun, 0, []
    for turn in range(number):
        ground.turn(1 - ground.lies(out))
        if turn % 2:
            killed += _kill(ground.start(ground.words(out), processed), chance.uniform(0, length))
        else:
            last = chance.randint(1, calls)
            run = ground.start(ground.words(out), processed, counting((out, processed), _suicide_at(last)))
            killed += run.end().code == -signal.SIGKILL
        wrong += [f"kill {turn}: {fault}" for fault in ground.faults(out, complete=True)]
        if turn % 10 == 9:
            done = ground.run(out, processed)
            if done.code or TRACEBACK in done.said:
                wrong.append(f"after kill {turn}: {done.said[-300:]}")
            wrong += [f"after kill {turn}: {fault}" for fault in ground.whole(out)]
    return killed, wrong


def _suicide_at(last: int) -> Callable[[int], None]:
    def reached(number: int) -> None:
        if number >= last:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached
