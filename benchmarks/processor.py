"""What a command costs: processor time of the process with all its descendants, wall time, greatest memory."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.statistics.places import ROOT


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of the processor; `peak` is the greatest resident memory of one process, in GB."""

    seconds: float
    processor: float
    peak: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.seconds + other.seconds, self.processor + other.processor, max(self.peak, other.peak))


NOTHING = Spent(0.0, 0.0, 0.0)
#: One thread for each of the libraries that would take a processor each.
SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "1")


def command(
    words: Sequence[str | Path], env: dict[str, str] | None = None, cwd: Path = ROOT, cores: int | None = None
) -> Spent:
    """Run a command to its end and return what it spent; SystemExit with its last words where it fails.

    It and all that it starts run on the first `cores` processors, where the system can hold a process to some (Linux).
    """
    begun = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=None if cores is None else lambda: hold(cores),
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read().decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{said[-2000:]}")
    return Spent(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * _unit() / 1e9)


def hold(cores: int) -> None:
    """Hold this process to the first `cores` of the processors that it may use, where the system knows of that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def here(work: Callable[[], Any]) -> Spent:
    """Run a function in this process and return what it and the processes that it started spent."""
    begun, before = time.perf_counter(), used()
    work()
    return Spent(time.perf_counter() - begun, used() - before, 0.0)


def used() -> float:
    """Return the processor seconds of this process and of its descendants that have ended."""
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def _unit() -> int:
    return 1 if sys.platform == "darwin" else 1024
