"""A disk that fills up: what was there stays whole, and one line says so. It needs a small tmpfs, so root."""

import shutil
import subprocess
from pathlib import Path

from benchmarks.trust.ground import COUNTY, TRACEBACK, Ground

#: Kilobytes that are free beside an earlier report, from nothing to almost enough.
LEVELS = tuple(range(0, 20 * 320, 320))
#: What an earlier report and the disk itself take, in kilobytes.
TAKEN = 6600


def attack(ground: Ground, disk: Path) -> tuple[int, list[str]]:
    """Build on disks that fill up over an earlier report; return how many runs were told so, and the faults."""
    told, wrong = 0, []
    disk.mkdir(exist_ok=True)
    ground.turn(1)
    for level in LEVELS:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TAKEN + level}k", "tmpfs", str(disk)], check=True)
        try:
            shutil.copytree(ground.folder / "sound-0" / COUNTY, disk / "out" / COUNTY)
            done = ground.run(disk / "out", disk / "processed")
            said = done.stderr.strip().splitlines()
            if TRACEBACK in done.stderr or done.returncode not in (0, 1, 2):
                wrong.append(f"{level} kB: exit {done.returncode}: {done.stderr[-300:]}")
            told += bool(done.returncode and said)
            wrong += [f"{level} kB: {fault}" for fault in ground.faults(disk / "out", complete=True)]
            if done.returncode == 0:
                wrong += [f"{level} kB: {fault}" for fault in ground.whole(disk / "out")]
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    return told, wrong
