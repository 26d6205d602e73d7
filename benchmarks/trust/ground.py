"""The ground of all attacks: one small county's statistics in two states, and a report of each that nothing attacked.

Runs are children of this process, which has imported all that they need and executes no Polars: of a run it is what it
reads and writes that is attacked, and its start would only take time.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis import cli
from analysis.run.processes import forkserver
from benchmarks.statistics.places import ROOT

COUNTY, YEAR = "990106", "2024"
#: Files of the sample that make a county small and yet give every format its tables and figures.
FILES = ("schools_2023.xlsx", "schools_2024.xlsx", "government_2024.xlsx", "monitoring_2024.xlsx")
#: What is told of an attack on whatever is not right.
TRACEBACK = "Traceback"
#: What the county is called in each state, and so in every document.
_NAMES = {0: "北岭县", 1: "北陵县"}


@dataclass(frozen=True)
class Ended:
    """What became of a run: its exit code, negative where a signal ended it, and what it said on standard error."""

    code: int
    said: str


@dataclass(frozen=True)
class Run:
    """A run under way: a child of this process, and the file of what it says."""

    process: int
    said: Path

    def is_over(self) -> bool:
        """Tell whether the child has ended; it stays to be waited for."""
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> Ended:
        """Wait for the end and return what became of the run."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return Ended(code, self.said.read_text(encoding="utf-8", errors="replace"))


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
        """Bring the statistics into state 0 or 1: another name of the county makes other documents."""
        entries = [
            f'  - {{file: {COUNTY}/{name}, county: "{COUNTY}", table: {name[:-10]}, year: {name[-9:-5]}, '
            f"title: 统计表, publisher: 统计局, date: {name[-9:-5]}-10-15}}\n"
            for name in FILES
        ]
        text = f'counties:\n  "{COUNTY}": {{zh: {_NAMES[state]}, en: Beiling}}\nsources:\n{"".join(entries)}'
        (self.raw / "sources.yml").write_text(text, encoding="utf-8")

    def lies(self, out: Path) -> int:
        """Return the state of the page that lies in `out`."""
        page = Path(COUNTY) / YEAR / "report.html"
        return int(digest(out / page) == digest(self.folder / "sound-1" / page))

    def words(self, out: Path) -> list[str]:
        """Return the words of the command that builds the report."""
        return ["report", COUNTY, "--data", str(self.raw), "--out", str(out)]

    def start(self, words: Iterable[str], processed: Path, first: Callable[[], None] = lambda: None) -> Run:
        """Start a command in a child that keeps its clean tables in `processed` and does `first` before.

        Folders of clean tables all have one name: the executed notebook tells it.
        """
        handle, name = tempfile.mkstemp(dir=self.folder)
        child = os.fork()
        if child == 0:
            _in_child(list(words), handle, {"JUNHENG_PROCESSED": str(processed)}, self.folder, first)
        os.close(handle)
        return Run(child, Path(name))

    def run(self, out: Path, processed: Path) -> Ended:
        """Build the report and return what became of it."""
        return self.start(self.words(out), processed).end()

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
        from analysis.run.commands.unaltered import places

        told = [f"{place.file} is {place.kind}" for place in places(out / COUNTY / YEAR)]
        return told + self.faults(out, complete=True)


def _in_child(words: list[str], said: int, variables: dict[str, str], folder: Path, first: Callable[[], None]) -> None:
    """Run a command and end: nothing returns into what belongs to the parent."""
    code = 70
    try:
        os.dup2(said, 2)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.environ.update(variables)
        os.chdir(folder)
        first()
        code = cli.main(words)
    except BaseException:  # noqa: BLE001 - whatever it is, it is what we look for
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def laid(folder: Path) -> Ground:
    """Lay the ground in `folder` and build the report of both states."""
    forkserver.ready("zh", "national-2017")
    (folder / "raw" / COUNTY).mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(ROOT / "data" / "raw" / COUNTY / name, folder / "raw" / COUNTY / name)
    known: dict[str, set[str]] = {}
    for state in (0, 1):
        ground = Ground(folder, {})
        ground.turn(state)
        done = ground.run(folder / f"sound-{state}", folder / f"of-{state}" / "processed")
        assert done.code == 0, done.said
        for path in (folder / f"sound-{state}" / COUNTY / YEAR).glob("[!.]*"):
            known.setdefault(path.name, set()).add(digest(path))
    same = [name for name, digests in known.items() if len(digests) < 2]
    assert not same, f"the two states make the same {', '.join(same)}"
    return Ground(folder, {name: frozenset(digests) for name, digests in known.items()})
