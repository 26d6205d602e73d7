"""Runs killed at random moments: every file is of the state before or after, and the next run makes a whole report."""

import random
import signal
import subprocess
import time
from pathlib import Path

from benchmarks.trust.ground import COUNTY, TRACEBACK, YEAR, Ground


def _when(process: "subprocess.Popen[str]", out: Path, chance: random.Random, length: float) -> None:
    """Wait for the moment of a kill: anywhere in the run, or, every second time, where files are put into place."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, length))
        return
    state = out / COUNTY / YEAR / ".junheng.json"
    before = state.read_bytes() if state.is_file() else b""
    while process.poll() is None and (not state.is_file() or state.read_bytes() == before):
        time.sleep(0.0005)
    time.sleep(chance.uniform(0, 0.03))


def attack(ground: Ground, number: int, seed: int) -> tuple[int, list[str]]:
    """Kill `number` runs; return how many were killed before their end, and what was found wrong."""
    chance, out, processed = random.Random(seed), ground.folder / "killed", ground.folder / "of-killed" / "processed"
    ground.turn(0)
    begun = time.monotonic()
    ground.run(out, processed)
    length, killed, wrong = time.monotonic() - begun, 0, []
    for turn in range(number):
        ground.turn((turn + 1) % 2)
        with subprocess.Popen(
            ground.command(out),
            env=ground.environment(processed),
            cwd=ground.folder,
            stderr=subprocess.PIPE,
            text=True,
            stdout=subprocess.DEVNULL,
        ) as process:
            _when(process, out, chance, length)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
        wrong += [f"kill {turn}: {fault}" for fault in ground.faults(out, complete=True)]
        if turn % 10 == 9:
            done = ground.run(out, processed)
            if done.returncode or TRACEBACK in done.stderr:
                wrong.append(f"after kill {turn}: {done.stderr[-300:]}")
            wrong += [f"after kill {turn}: {fault}" for fault in ground.whole(out)]
    return killed, wrong
