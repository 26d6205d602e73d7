"""What a Dask worker does for `junheng reports`: it keeps a warm process for each run and has reports built by it.

These functions are called by name from another machine (cluster), in threads of a worker; nothing here is part of
a run on one machine. A worker may start no processes of `multiprocessing`, so the warm process comes by `subprocess`;
it ends when its run ends, when nobody asked for anything for IDLE seconds, or with the worker.
"""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import JunhengError, message
from analysis.run.cluster import parcel
from analysis.run.processes import forkserver
from analysis.run.processes.row import processors

#: Seconds after which the warm process of a run whose client went away is ended.
IDLE = 900
_WATCH = 60
#: A folder that is there and holds no statistics.
NOWHERE = Path(__file__).parent


@dataclass(frozen=True)
class Offer:
    """What all tasks of one run share.

    `run` names the run, `words` are those of run.request.options with absolute paths, `variables` belong into the
    environment, `mark` is a file that the client laid into the folder of reports: who sees it there sees that folder.
    """

    run: str
    words: dict[str, str]
    variables: dict[str, str]
    mark: str


@dataclass(frozen=True)
class Task:
    """One report: `key` is its content key; `sent` its county's parcel where the folder is not shared, else None.

    `parameters` are those that the finished notebook names: the client's, not those of a copy.
    """

    county: str
    year: str
    key: str
    sent: parcel.Parcel | None
    parameters: dict[str, Any]


@dataclass
class _Warm:
    pool: forkserver.Pool
    sees: bool
    busy: int = 0
    used: float = field(default_factory=time.monotonic)


_RUNS: dict[str, _Warm] = {}
_LOCK = threading.Lock()
_WATCHES = threading.Event()


async def hello(offer: Offer, county: str, year: str, dask_worker: Any = None) -> dict[str, Any]:
    """Start the warm process of a run and return what reports are made from here (forkserver.Pool.about).

    `sees` tells whether the folder of reports is the client's; a fault comes as `fault`, one line.
    """

    def ask() -> dict[str, Any]:
        with _warm(offer, dask_worker.state.nthreads) as warm:
            return {**warm.pool.about(county, year), "sees": warm.sees}

    try:
        return await asyncio.to_thread(ask)
    except (JunhengError, OSError) as fault:
        return {"fault": str(fault)}


def make(offer: Offer, task: Task) -> dict[str, Any]:
    """Build a report if its content key is the task's; return what Pool.report answers with `worker`, its address.

    Without a parcel the report is built where it belongs, on a folder that both machines see; where it is not seen, or
    holds something else, the state is `unlike`. From a parcel it is built here, and its `files` come back.
    """
    from distributed import get_worker

    here = get_worker()
    try:
        with _warm(offer, here.state.nthreads) as warm:
            answer = _built(offer, warm, task)
    except (JunhengError, OSError) as fault:
        answer = {"state": "died", "seconds": 0.0, "reason": str(fault)}
    return {**answer, "worker": here.address}


def _built(offer: Offer, warm: _Warm, task: Task) -> dict[str, Any]:
    if task.sent is None:
        if not warm.sees:
            return {"state": "unlike", "seconds": 0.0, "reason": ""}
        return warm.pool.report(task.county, task.year, key=task.key)
    with tempfile.TemporaryDirectory(prefix="county-", dir=warm.pool.folder, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        answer = warm.pool.report(
            task.county,
            task.year,
            key=task.key,
            words=parcel.lay_out(task.sent, folder, offer.words),
            variables={"JUNHENG_PROCESSED": str(folder / "processed")},
            parameters=task.parameters,
        )
        paths = (folder / "out" / task.county / task.year).rglob("*")
        return {**answer, "files": {file.name: file.read_bytes() for file in paths if file.is_file()}}


async def bye(run: str) -> None:
    """End the warm process of a run with whatever it is still building."""
    with _LOCK:
        ended = _RUNS.pop(run, None)
    if ended:
        await asyncio.to_thread(ended.pool.__exit__)


@contextmanager
def _warm(offer: Offer, threads: int) -> Iterator[_Warm]:
    """Give the warm process of a run, started if need be, with threads for its share of the machine."""
    with _LOCK:
        if offer.run not in _RUNS:
            _RUNS[offer.run] = _started(offer, max(1, processors() // threads))
        warm = _RUNS[offer.run]
        warm.busy += 1
    try:
        yield warm
    finally:
        with _LOCK:
            warm.busy -= 1
            warm.used = time.monotonic()


def _started(offer: Offer, threads: int) -> _Warm:
    if not forkserver.possible():
        raise OSError(message("worker_without_fork"))
    words = offer.words
    folders = Path(words["out"], offer.mark).is_file() and Path(words["data"]).is_dir()
    sees = folders and all(Path(words[name]).is_file() for name in parcel.RULES if parcel.own(words[name]))
    if not sees:
        # Whatever is asked comes with its own words.
        words = words | dict.fromkeys(parcel.RULES, "") | {"data": str(NOWHERE)}
    if not _WATCHES.is_set():
        _WATCHES.set()
        threading.Thread(target=_watch, daemon=True).start()
    return _Warm(forkserver.Pool(words, threads, offer.variables).__enter__(), sees)


def _watch() -> None:
    while True:
        time.sleep(_WATCH)
        with _LOCK:
            idle = [run for run, warm in _RUNS.items() if not warm.busy and time.monotonic() - warm.used > IDLE]
            ended = [_RUNS.pop(run) for run in idle]
        for warm in ended:
            warm.pool.__exit__()
