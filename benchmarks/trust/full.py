"""A disk that is full: what was there stays whole, and one line says so. It needs a small tmpfs, so root."""

import subprocess
from pathlib import Path

from benchmarks.trust.ground import TRACEBACK, Ground

#: Kilobytes of the disk at each of the twenty levels, from nearly nothing to almost enough.
LEVELS = tuple(range(64, 64 + 20 * 620, 620))


def attack(ground: Ground, disk: Path) -> tuple[int, list[str]]:
    """Build on disks of twenty sizes, anew and over a report; return how many runs were told so, and the faults."""
    told, wrong = 0, []
    disk.mkdir(exist_ok=True)
    for level in LEVELS:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={level}k", "tmpfs", str(disk)], check=True)
        try:
            ground.turn(0)
            for state in (0, 1):
                ground.turn(state)
                done = ground.run(disk / "out", disk / "processed")
                lines = [line for line in done.stderr.splitlines() if line.strip() and "  " not in line]
                if TRACEBACK in done.stderr or done.returncode not in (0, 1, 2):
                    wrong.append(f"{level} kB: exit {done.returncode}: {done.stderr[-300:]}")
                told += done.returncode != 0 and len(lines) >= 1
                wrong += [
                    f"{level} kB: {fault}" for fault in ground.faults(disk / "out", complete=done.returncode == 0)
                ]
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    return told, wrong
