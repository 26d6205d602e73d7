"""Processes that start warm: one process imports everything once and forks a child for each piece of work.

The process that is forked from (`python -m analysis.run.processes.forkserver SOCKET`) starts no thread and never
executes Polars, whose threads a fork would lose; a child that was forked executes what it likes and ends. A child that
builds a report asks the same process for a second child to execute the notebook's cells (run.build.cell_server), so
that nothing leaks from county to county, nor from a notebook into what makes documents of it.

Over the Unix socket go lines of JSON: a request `{"do": "report" | "cells" | "open" | "about" | "site", ...}`,
answers until the work is done. A child that executes cells ends when the line of whoever asked for it closes.
When the standard input of the process closes (whoever started it has ended, however that came), it ends with all its
children.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis import project, sources
from analysis.errors import JunhengError, of_file
from analysis.run import request
from analysis.run.build import kernel, report, stale
from analysis.run.build.line import ADDRESS, Answer, ask
from analysis.run.build.progress import Progress, silent

#: Seconds until the imports must be done.
START_LIMIT = 120
#: What takes time to import and is needed for every report.
LIBRARIES = (
    *kernel.LIBRARIES,
    "analysis.clean",
    "analysis.render.annex",
    "analysis.render.embedded",
    "analysis.render.results",
    "analysis.render.site",
    "analysis.render.quarto",
    "analysis.run.build.report",
    "analysis.run.build.cell_server",
    "analysis.run.build.execute",
    "analysis.run.build.cell_client",
    "analysis.run.build.titles",
    *kernel.LATER,
)


class WarmError(JunhengError):
    """The process that children are forked from does not come up; why, it has said on standard error."""


def possible() -> bool:
    """Tell whether this system can fork."""
    return hasattr(os, "fork") and sys.platform != "win32"


class Pool:
    """A warm process for the time of a `with`; `report` may be called from several threads at once.

    `address` is where it listens, `process` its id, `folder` what is cleared away with it. A process that was killed is
    started again for the next report.
    """

    address: str
    process: int
    folder: Path

    def __init__(self, words: dict[str, str], threads: int, environment: dict[str, str] | None = None) -> None:
        """Take the words of run.request.options, how many threads each child's numerics may use, and variables."""
        self._words = words
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), str(threads))
        # Threads of a child work by turns: of one arena (glibc) they touch a sixth fewer pages than of one each.
        self._environment = limits | {"MALLOC_ARENA_MAX": "1"} | (environment or {})
        self._lock = threading.Lock()
        self._open = False

    def __enter__(self) -> "Pool":
        """Start the process and wait until it listens; WarmError where it does not come up."""
        self._start()
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        """End the process with whatever it has still begun, and leave nothing behind."""
        with self._lock:
            self._open = False
            self._end()

    def _start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jh-"))
        self.address = str(self.folder / "s")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "analysis.run.processes.forkserver", self.address, json.dumps(self._words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **self._environment, "TMPDIR": str(self.folder), ADDRESS: self.address},
        )
        self.process = self._process.pid
        try:
            assert self._process.stdout is not None
            with selectors.DefaultSelector() as selector:
                selector.register(self._process.stdout, selectors.EVENT_READ)
                if not selector.select(START_LIMIT):
                    raise WarmError("warm_slow", seconds=START_LIMIT)
                listens = bool(self._process.stdout.readline())
        except BaseException:
            self._end(patience=0)
            raise
        if not listens:
            self._end()
            raise WarmError("warm_not_started")

    def _end(self, patience: float = 10) -> None:
        """End the process: by itself within `patience` seconds, else by force."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _revive(self) -> None:
        """Start the process again where it was killed (memory was short), unless this pool has ended."""
        with self._lock:
            if self._open and self._process.poll() is not None:
                self._end()
                self._start()

    def report(self, county: str, year: str = "", progress: Progress = silent, **more: Any) -> Answer:
        """Build the report of a county (by its code) and year in a child; return what became of it.

        The answer has `state` (built, unchanged, failed, or died where the child did), `seconds` and `reason`. `more`
        may give `words` that override those of the pool, `variables` of the environment, the content `key` without
        which the state is unlike and nothing is built, and `parameters` to name in the finished notebook.
        """
        self._revive()  # killed late, it has still seen its last report done
        for answer in self._answers({"do": "report", "county": county, "year": year, **more}):
            if "state" in answer:
                return answer
            progress(answer["step"], answer["share"])
        self._revive()
        return {"state": "died", "seconds": 0.0, "reason": ""}

    def about(self, county: str, year: str) -> Answer:
        """Return what reports are made from here: `parts` (build.stale), `engine` and the content `key` of a county.

        The key is "" where the county's data are not there. Raises WarmError where the child dies.
        """
        for answer in self._answers({"do": "about", "county": county, "year": year}):
            return answer
        raise WarmError("warm_not_started")

    def open(self, counties: Sequence[str]) -> None:
        """Clean and judge counties (by their codes) together, so that their reports find it done.

        Where that fails, or the child dies, nothing is lost: each report does it, and tells what is wrong.
        """
        for _ in self._answers({"do": "open", "counties": list(counties)}):
            pass

    def site(self) -> Path | None:
        """Bring the page over all reports up to date, for which nothing need be imported here; return where it lies.

        None where there is no report to show, or the child dies.
        """
        for answer in self._answers({"do": "site"}):
            return Path(answer["page"]) if answer["page"] else None
        return None

    def _answers(self, request: Answer) -> Iterator[Answer]:
        """Yield the answers to a request; they end early where whoever gives them was killed."""
        # A line may break off in its middle (ValueError).
        with contextlib.suppress(ConnectionError, FileNotFoundError, ValueError):
            yield from ask(self.address, request)


def serve(address: str, words: dict[str, str]) -> None:
    """Listen at `address` and fork a child for each request until standard input closes; then end all children.

    `words` are those of run.request.options; children find what they mean already read.
    """
    asked = request.options(**words)
    ready(asked.lang, asked.standard)
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as selector:
        listening.bind(address)
        listening.listen(64)
        selector.register(listening, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while all(key.fileobj is listening for key, _ in selector.select()):
            _fork(listening, asked)
    shutil.rmtree(Path(address).parent, ignore_errors=True)
    _reap()
    os.killpg(0, signal.SIGKILL)


def ready(lang: str, standard: str) -> None:
    """Import and read what every report needs, so that children find it; Polars executes nothing here.

    RuntimeError where a thread runs, which a fork would lose; RequestError where the standard can't be read.
    """
    for name in LIBRARIES:
        importlib.import_module(name)
    stale.shared()
    from analysis.run.build import titles

    titles.prepare(lang, standard)
    if threading.active_count() > 1:
        raise RuntimeError("a thread is running: forking now would lose it")
    gc.collect()
    gc.freeze()


def _reap(*_: object) -> None:
    """Take leave of children that have ended; what they spent counts as ours from then on."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(listening: socket.socket, asked: request.Options) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as reader:
        try:
            work = json.loads(reader.readline())
            child = os.fork()
        except (OSError, ValueError):
            # Whoever asked was killed before all was said; or no memory: the line ends, as if the child had died.
            return
        if child:
            return
        listening.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _in_child(work, line, asked)


def _in_child(work: Answer, line: socket.socket, asked: request.Options) -> None:
    """Do the work and end without returning into what belongs to the parent."""
    code = 1
    gc.disable()  # the child ends with its report: nothing is worth looking through memory for
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        if work["do"] == "cells":
            from analysis.run.build import cell_server

            cell_server.serve(line, work["cwd"], work["env"])
        else:
            do = {"about": _about, "report": _report, "open": _open, "site": _site}[work["do"]]
            do(work, asked, lambda answer: line.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n"))
        code = 0
    except ConnectionError:
        pass  # whoever asked has ended, or what children are forked from: what is left of them tells it
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here, and says so
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _about(work: Answer, asked: request.Options, say: Callable[[Answer], None]) -> None:
    engine = report.engine_key(asked.engine)
    try:
        key = stale.key(_asked(work, asked), engine)
    except JunhengError:
        key = ""
    say({"parts": stale.parts(), "engine": engine, "key": key})


def _report(work: Answer, asked: request.Options, say: Callable[[Answer], None]) -> None:
    os.environ.update(work.get("variables", {}))
    begun = time.monotonic()
    try:
        if "words" in work:
            asked = request.options(**work["words"])
        wanted = _asked(work, asked)
        if work.get("key") not in (None, stale.key(wanted, report.engine_key(wanted.engine))):
            say({"state": "unlike", "seconds": time.monotonic() - begun, "reason": ""})
            return
        outcome = report.build(wanted, lambda step, share=0.0: say({"step": step, "share": share}))
        if "parameters" in work:
            from analysis.run.build import execute

            execute.rename(outcome.folder / "report.ipynb", work["parameters"])
        say({"state": outcome.state, "seconds": outcome.seconds, "reason": ""})
    except ConnectionError:
        raise  # the process that children are forked from has ended: this one dies with it, and is tried again
    except (JunhengError, OSError) as fault:
        reason = of_file(fault) if isinstance(fault, OSError) else str(fault)
        say({"state": "failed", "seconds": time.monotonic() - begun, "reason": reason})


def _open(work: Answer, asked: request.Options, say: Callable[[Answer], None]) -> None:
    from analysis.judge import cached

    with contextlib.suppress(JunhengError, OSError):  # the report of the county tells
        cached.open_counties(
            asked.catalogue, work["counties"], project.processed(asked.data), asked.standard, asked.plan or None
        )


def _site(work: Answer, asked: request.Options, say: Callable[[Answer], None]) -> None:
    from analysis.run.build import site

    try:
        page = str(site.update(asked.out, asked.lang, asked.audience))
    except JunhengError:
        page = ""
    say({"page": page})


def _asked(work: Answer, asked: request.Options) -> request.Request:
    return request.request_of(asked, sources.find_county(asked.catalogue, work["county"]), work["year"])


if __name__ == "__main__":
    serve(sys.argv[1], json.loads(sys.argv[2]))
