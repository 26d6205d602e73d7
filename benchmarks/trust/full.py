"""A disk that fills up: what was there stays whole, and one line says so. It needs a small tmpfs, so root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.trust.ground import COUNTY, TRACEBACK, YEAR, Ground

#: At how many levels a disk is full, from nothing that is free beside an earlier report to all that a run needs.
LEVELS = 20
#: Kilobytes that are more than a run needs.
_ENOUGH = 200_000


def attack(ground: Ground, disk: Path, levels: int) -> tuple[int, list[str]]:
    """Build on disks that fill up over an earlier report; return how many runs were told so, and the faults.

    On every second of them lies what is temporary, too.
    """
    told, wrong = 0, []
    disk.mkdir(exist_ok=True)
    taken, needed = _needs(ground, disk)
    for level in range(levels):
        free = needed * level // levels
        with _small(ground, disk, taken + free):
            first = (lambda: _temporary(disk)) if level % 2 else (lambda: None)
            done = ground.start(ground.words(disk / "out"), disk / "processed", first).end()
            lines = [line for line in done.said.splitlines() if line.strip()]
            if TRACEBACK in done.said or done.code not in (0, 1, 2):
                wrong.append(f"{free} kB: exit {done.code}: {done.said[-300:]}")
            told += bool(done.code and lines)
            wrong += [f"{free} kB: {fault}" for fault in ground.faults(disk / "out", complete=True)]
            if done.code == 0:
                wrong += [f"{free} kB: {fault}" for fault in ground.whole(disk / "out")]
    return told, wrong


@contextmanager
def _small(ground: Ground, disk: Path, size: int) -> Iterator[None]:
    """Lay an earlier report on a disk of so many kilobytes, for the time of a `with`."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(disk)], check=True)
    try:
        shutil.copytree(ground.folder / "sound-0" / COUNTY, disk / "out" / COUNTY)
        ground.turn(1)
        yield
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _needs(ground: Ground, disk: Path) -> tuple[int, int]:
    """Return what an earlier report takes and what a run takes beside it while it moves files, in kilobytes."""
    with _small(ground, disk, _ENOUGH):
        before = shutil.disk_usage(disk).used // 1024
        assert ground.run(disk / "out", disk / "processed").code == 0
        largest = max(path.stat().st_size for path in (disk / "out" / COUNTY / YEAR).iterdir() if path.is_file())
        return before, (shutil.disk_usage(disk).used + largest) // 1024 - before


def _temporary(disk: Path) -> None:
    (disk / "tmp").mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(disk / "tmp")
