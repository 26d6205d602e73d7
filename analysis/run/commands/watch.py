"""While it runs, saving a workbook shows at once what is wrong and how each verdict stands; documents follow behind.

It asks the disk for sizes and times of files again and again: network drives tell nobody of changes. No port is opened.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import typer

from analysis import project, sources
from analysis.errors import JunhengError, language, message
from analysis.read.read_cache import Memory
from analysis.render import watch as page
from analysis.run.build import placing
from analysis.run.build.placing import near
from analysis.run.commands import state_of_county, status
from analysis.run.commands.state_of_county import Change, Standing
from analysis.run.commands.template import year_of
from analysis.sources import Catalogue, County

#: Seconds between two looks; a file that was as long and as old at two looks is whole.
LOOK = 0.1
#: Seconds without a change after which the documents are built.
QUIET = 4.0
#: Seconds in which a process may clear up, and how far behind others it runs.
_PATIENCE, _BEHIND = 20, 10
_CAUSES = 8
#: A file's time and size.
Stamps = dict[str, tuple[int, int]]


def stamps(catalogue: Catalogue, county: str) -> Stamps:
    """Return time and size of each file that a county's verdicts hang on; locks of open workbooks are none."""
    folder = catalogue.folder
    paths = {folder / "sources.yml", *(folder / name for name in sources.beside(county))}
    paths |= {folder / source.file for source in catalogue.of(county)}
    filled = sources.filled_folder(folder, catalogue.counties[county])
    for place in (folder / county, filled / "ledger", filled / "fieldcheck", filled / "evidence"):
        with contextlib.suppress(OSError):
            paths |= {Path(entry.path) for entry in os.scandir(place) if entry.is_file()}
    stamp_of: Stamps = {}
    for path in paths:
        if path.name.startswith((".", "~$")):
            continue
        with contextlib.suppress(OSError):
            known = path.stat()
            near_to = folder if path.is_relative_to(folder) else filled
            stamp_of[path.relative_to(near_to).as_posix()] = (known.st_mtime_ns, known.st_size)
    return stamp_of


def changed(before: Stamps, after: Stamps) -> list[str]:
    """Return the files that are new, gone or other than before."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


class Documents:
    """The documents of a county, built by a process of its own that is ended when the data change again."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: list[subprocess.Popen[bytes]] = []
        self._due = 0.0

    def later(self) -> None:
        """Have the documents built when nothing has changed for a while; what is under way is told to end."""
        self._stop()
        self._due = time.monotonic() + QUIET

    def look(self) -> str:
        """Begin what is due; return the key of what there is to say of it, "" where nothing."""
        self._ending = [process for process in self._ending if process.poll() is None]
        if self._process is None and not self._ending and self._due and time.monotonic() >= self._due:
            self._due = 0.0
            self._process = _started(self._command)
            return "watch_building"
        if self._process is not None and self._process.poll() is not None:
            built = self._process.returncode == 0
            self._process = None
            return "watch_built" if built else "watch_not_built"
        return ""

    def end(self) -> None:
        """End every process that was begun, and wait for it."""
        self._stop()
        for process in self._ending:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._ending = []

    def _stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._ending.append(self._process)
            self._process = None


def _started(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a process apart from the terminal, so that Ctrl-C is ours alone, and behind whatever else runs."""
    null = subprocess.DEVNULL
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]))
    variables = os.environ | {"PYTHONPATH": paths}
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        return subprocess.Popen(command, env=variables, creationflags=apart, stdin=null, stdout=null, stderr=null)
    process = subprocess.Popen(command, env=variables, start_new_session=True, stdin=null, stdout=null, stderr=null)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _BEHIND)
    return process


class Watch:
    """A county that is being watched: how it stood at the last look, its page, its documents."""

    def __init__(self, folder: Path, county: County, year: int | None, target: Path, documents: Documents) -> None:
        self._folder, self._county, self._year = folder, county, year
        self.page, self._documents = target, documents
        self._catalogue = sources.load(folder)
        self._memory = Memory()
        self._seen: Stamps = {}
        self._pending: Stamps | None = None
        self.standing: Standing | None = None
        self._lines: list[str] = []
        self._state = ""

    def look(self) -> list[str]:
        """Look once: return what there is to say where something changed, nothing where not."""
        now = stamps(self._catalogue, self._county.code)
        if now == self._seen:
            self._pending = None
            return self._of_documents()
        if self.standing is not None and now != self._pending:  # still being written, perhaps
            self._pending = now
            return []
        self._pending = None
        return self._read(now)

    def _read(self, now: Stamps) -> list[str]:
        files = changed(self._seen, now)
        first, before = self.standing is None, self.standing
        self._seen = now
        try:
            self._catalogue = sources.load(self._folder)
            with self._memory.used():
                self.standing = state_of_county.of_county(self._catalogue, self._county, self._year)
        except JunhengError as fault:
            self.standing = Standing(self._county.code, self._county.name(language()), self._year or 0, str(fault))
        moved = state_of_county.changes(before, self.standing) if before is not None else []
        known = before.causes if before is not None else self.standing.causes
        fresh = [cause for cause in self.standing.causes if cause not in known]
        self._lines = [line for _, line in fresh] + [status.change_line(change) for change in moved]
        self._documents.later()
        self._write()
        head = [] if first else [message("watch_changed", time=_clock(), files=", ".join(files[:3]))]
        return [*head, *_said(self.standing, fresh, moved, whole=first)]

    def _of_documents(self) -> list[str]:
        key = self._documents.look()
        if not key:
            return []
        self._state = message(key, time=_clock())
        self._write()
        return [self._state]

    def _write(self, ended: bool = False) -> None:
        if self.standing is not None:
            at = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
            page.write(self.page, self.standing, at, self._lines, self._state, ended)

    def end(self) -> None:
        """End what is under way, and have the page say so."""
        self._documents.end()
        self._write(ended=True)


def _said(now: Standing, fresh: list[tuple[str, str]], moved: list[Change], whole: bool) -> list[str]:
    """Return what the terminal shows: what is wrong, first what a save brought, and the verdicts; later what moved, and
    the verdicts in a line."""
    lines = [message("status_data", errors=now.errors, others=len(now.causes) - now.errors)]
    told = [*fresh, *(cause for cause in now.causes if cause not in fresh)]
    lines += [f"  {status.MARKS.get(severity, '·')} {line}" for severity, line in told[:_CAUSES]]
    if len(told) > _CAUSES:
        lines.append("  " + message("watch_more", number=len(told) - _CAUSES))
    if whole or now.fault:
        return [*lines, *status.verdicts(now)]
    short = "　".join(f"{status.sign(line.verdict)} {line.name} {line.said}" for line in now.verdicts.values())
    return [*lines, *(f"  → {status.change_line(change)}" for change in moved), short]


def _clock() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")


def run(county: str, year: str, data: str, out: str, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Watch a county until someone stops it (Ctrl-C) or `goes_on` says so; return the exit code.

    Raises RequestError for an unknown county or a folder that can't be written to.
    """
    folder = sources.folder_of(data, county)
    chosen = sources.find_county(sources.load(folder), county)
    target = (Path(out) if out else project.output()) / "watch"
    placing.check(target)
    command = [sys.executable, "-m", "analysis", "report", chosen.code, "--data", str(folder.resolve())]
    command += [*(["--out", str(Path(out).resolve())] if out else []), *([f"--year={year}"] if year.strip() else [])]
    watch = Watch(folder, chosen, year_of(year), target / f"{chosen.code}.html", Documents(command))
    typer.echo(message("watch_begun", county=chosen.name(language()), page=near(watch.page)))
    try:
        while goes_on():
            begun = time.monotonic()
            for line in watch.look():
                typer.echo(line)
            time.sleep(max(LOOK - (time.monotonic() - begun), LOOK / 2))
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        watch.end()
    typer.echo(message("watch_ended"))
    return 0
