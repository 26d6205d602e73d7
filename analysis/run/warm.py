"""Processes that start warm: one process imports everything once and forks a child for each piece of work.

The process that is forked from (`python -m analysis.run.warm SOCKET`) starts no thread and never executes Polars, whose
threads a fork would lose; a child that was forked executes what it likes and ends. A child that builds a report asks
the same process for a second child to be its notebook's kernel, so that nothing leaks from county to county.

Over the Unix socket go lines of JSON: a request `{"do": "report" | "kernel", ...}`, answers until the work is done.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.errors import JunhengError
from analysis.run import kernel, request
from analysis.run.progress import Progress, silent

#: Set in children: where the process that they were forked from listens.
ADDRESS = "JUNHENG_WARM"
#: Seconds until the imports must be done.
START_LIMIT = 120
#: What takes time to import and is needed for every report.
LIBRARIES = (
    *kernel.LIBRARIES,
    "analysis.clean",
    "analysis.render.annex",
    "analysis.render.embedded",
    "analysis.render.results",
    "analysis.run.build",
    "analysis.run.execute",
    "analysis.run.front",
    "ipykernel.kernelapp",
)

Answer = dict[str, Any]


def possible() -> bool:
    """Tell whether this system can fork."""
    return hasattr(os, "fork") and sys.platform != "win32"


class Pool:
    """A warm process for the time of a `with`; `report` may be called from several threads at once.

    `address` is where it listens, `process` its id.
    """

    address: str
    process: int

    def __init__(self, words: dict[str, str], threads: int) -> None:
        """Take the words of run.request.options, and how many threads each child's numerics may use."""
        self._words = words
        self._threads = threads

    def __enter__(self) -> "Pool":
        """Start the process and wait until it listens; RuntimeError where it does not come up."""
        self._folder = Path(tempfile.mkdtemp(prefix="jh-"))
        address = self._folder / "s"
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), str(self._threads))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "analysis.run.warm", str(address), json.dumps(self._words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **limits, "TMPDIR": str(self._folder), ADDRESS: str(address)},
        )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            self.__exit__()
            raise RuntimeError("the warm process did not start")
        self.address, self.process = str(address), self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        """End the process with whatever it has still begun, and leave nothing behind."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def report(self, county: str, year: str = "", progress: Progress = silent) -> Answer:
        """Build the report of a county (by its code) and year in a child; return what became of it.

        The answer has `state` (built, unchanged, failed, or died where the child did), `seconds` and `reason`.
        """
        for answer in ask(self.address, {"do": "report", "county": county, "year": year}):
            if "state" in answer:
                return answer
            progress(answer["step"], answer["share"])
        return {"state": "died", "seconds": 0.0, "reason": ""}


def ask(address: str, request: Answer) -> Iterator[Answer]:
    """Send a request and yield the answers as they come, until the other side closes."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as answers:
            for answer in answers:
                yield json.loads(answer)


class Forked:
    """A process that someone else forked, with as much of Popen's face as a kernel's manager asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while the process lives."""
        if self.returncode is None and not self._alive():
            self.returncode = 0
            if self._handle is not None:
                os.close(self._handle)
        return self.returncode

    def _alive(self) -> bool:
        if self._handle is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return False
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._handle, selectors.EVENT_READ)
            return not selector.select(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Return at once: whoever forked the process has it reaped."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


def serve(address: str, words: dict[str, str]) -> None:
    """Listen at `address` and fork a child for each request until standard input closes; then end all children.

    `words` are those of run.request.options; children find what they mean already read.
    """
    asked = request.options(**words)
    for name in LIBRARIES:
        importlib.import_module(name)
    if threading.active_count() > 1:
        raise RuntimeError("a thread is running: forking now would lose it")
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
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
    os.killpg(0, signal.SIGKILL)


def _fork(listening: socket.socket, asked: request.Options) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as reader:
        work = json.loads(reader.readline())
        child = os.fork()
        if child:
            if work["do"] == "kernel":
                line.sendall(json.dumps({"pid": child}).encode() + b"\n")
            return
        listening.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _in_child(work, line, asked)


def _in_child(work: Answer, line: socket.socket, asked: request.Options) -> None:
    """Do the work and end without returning into what belongs to the parent."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        if work["do"] == "kernel":
            line.close()
            _kernel(work)
        else:
            _report(request.request_of(asked, asked.catalogue.counties[work["county"]], work["year"]), line)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here, and says so
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _kernel(work: Answer) -> None:
    os.chdir(work["cwd"])
    os.environ.update(work["env"])
    kernel.start(work["arguments"], parent_handle=os.getppid())


def _report(asked: request.Request, line: socket.socket) -> None:
    from analysis.run.build import build

    def say(answer: Answer) -> None:
        line.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    begun = time.monotonic()
    try:
        outcome = build(asked, lambda step, share=0.0: say({"step": step, "share": share}))
        say({"state": outcome.state, "seconds": outcome.seconds, "reason": ""})
    except (JunhengError, OSError) as fault:
        say({"state": "failed", "seconds": time.monotonic() - begun, "reason": " ".join(str(fault).split())})


if __name__ == "__main__":
    serve(sys.argv[1], json.loads(sys.argv[2]))
