"""One mutant, one child process: forked, bounded in time and memory, with folders of its own."""

import json
import os
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

#: Bytes that a mutant may take beside what its process has taken, and seconds of the processor beside what is expected.
MEMORY = 4 << 30
SPARE = 20
#: A child that sleeps is killed after so many times the seconds of the processor that it may use: so late, for one that
#: works gets few of them on a busy machine.
ASLEEP = 60


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: `killed` by the test `by` ("time", "crash" and "import" are no tests) or not; how many
    tests ran, and the seconds that they took."""

    killed: bool
    by: str = ""
    tests: int = 0
    seconds: float = 0.0


def judged(run: Callable[[], Outcome], expected: float) -> Outcome:
    """Return what `run` returns in a forked child; it is killed after three times the expected seconds and some."""
    begun, limit = time.monotonic(), round(SPARE + 3 * expected)
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    child = os.fork()
    if not child:
        _child(run, folder, limit)
    status = _ended(child, begun + ASLEEP * limit)
    told = folder / "outcome"
    outcome = Outcome(**json.loads(told.read_text(encoding="utf-8"))) if told.is_file() else Outcome(True, _why(status))
    shutil.rmtree(folder, ignore_errors=True)
    return Outcome(outcome.killed, outcome.by, outcome.tests, round(time.monotonic() - begun, 2))


def _child(run: Callable[[], Outcome], folder: Path, limit: int) -> None:
    os.setpgid(0, 0)
    os.environ |= {"TMPDIR": str(folder), "JUNHENG_PROCESSED": str(folder / "processed")}
    tempfile.tempdir = None
    taken = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)
    try:
        try:
            outcome = run()
        except BaseException as fault:  # noqa: BLE001 - of this program, not of the mutant: pytest catches what tests raise
            outcome = Outcome(False, f"fault: {fault!r}")
        (folder / "outcome.part").write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        (folder / "outcome.part").rename(folder / "outcome")
    finally:
        os._exit(0)


def _ended(child: int, until: float) -> int:
    """Return how a child ended; kill it and all that it started when its time is over."""
    while time.monotonic() < until:
        process, status = os.waitpid(child, os.WNOHANG)
        if process:
            return status
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return signal.SIGXCPU


def _why(status: int) -> str:
    return "time" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU else "crash"
