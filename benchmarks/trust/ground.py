"""The ground of all attacks: one county's statistics in two states, and a report of each that nothing attacked."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.statistics.places import ROOT

COUNTY, YEAR = "990106", "2024"
#: What is told of an attack on whatever is not right.
TRACEBACK = "Traceback"


@dataclass(frozen=True)
class Ground:
    """A folder with raw statistics `raw`, whose state `turn` chooses, and SHA-256 of each file that a state makes."""

    folder: Path
    known: dict[str, frozenset[str]]

    @property
    def raw(self) -> Path:
        """Return the folder of raw statistics."""
        return self.folder / "raw"

    def turn(self, state: int) -> None:
        """Bring the statistics into state 0 or 1: other titles of sources make other documents of the same figures."""
        text = (ROOT / "data" / "raw" / "sources.yml").read_text(encoding="utf-8")
        if state:
            text = text.replace('title: "北岭县', 'title: "本期北岭县')
        (self.raw / "sources.yml").write_text(text, encoding="utf-8")

    def command(self, out: Path, *more: str) -> list[str]:
        """Return the command that builds the report."""
        return [sys.executable, "-m", "analysis", "report", COUNTY, "--data", str(self.raw), "--out", str(out), *more]

    def environment(self, processed: Path) -> dict[str, str]:
        """Return the environment of a run that keeps its clean tables in `processed`."""
        return os.environ | {"JUNHENG_PROCESSED": str(processed), "POLARS_MAX_THREADS": "1", "PYTHONPATH": str(ROOT)}

    def run(self, out: Path, processed: Path, *more: str) -> "subprocess.CompletedProcess[str]":
        """Build the report and return what became of the process.

        Folders of clean tables all have one name: the executed notebook tells it.
        """
        return subprocess.run(
            self.command(out, *more),
            env=self.environment(processed),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def faults(self, out: Path, *, complete: bool) -> list[str]:
        """Return what is wrong with the report in `out`: files that no state makes, if `complete`, missing ones too."""
        folder = out / COUNTY / YEAR
        wrong = []
        for name, digests in self.known.items():
            path = folder / name
            if not path.is_file():
                wrong += [f"{name} is missing"] if complete else []
            elif digest(path) not in digests:
                wrong.append(f"{name} is of no state")
        return wrong

    def whole(self, out: Path) -> list[str]:
        """Return what is wrong with a report that is done: of one state, and as its manifest says."""
        from analysis.run.commands.whole import places

        told = [f"{place.file} is {place.kind}" for place in places(out / COUNTY / YEAR)]
        return told + self.faults(out, complete=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def laid(folder: Path) -> Ground:
    """Lay the ground in `folder` and build the report of both states."""
    shutil.copytree(ROOT / "data" / "raw", folder / "raw")
    known: dict[str, set[str]] = {}
    for state in (0, 1):
        ground = Ground(folder, {})
        ground.turn(state)
        done = ground.run(folder / f"sound-{state}", folder / f"of-{state}" / "processed")
        assert done.returncode == 0, done.stderr
        for path in (folder / f"sound-{state}" / COUNTY / YEAR).glob("[!.]*"):
            known.setdefault(path.name, set()).add(digest(path))
    assert any(len(digests) == 2 for digests in known.values()), "the two states make the same files"
    return Ground(folder, {name: frozenset(digests) for name, digests in known.items()})
