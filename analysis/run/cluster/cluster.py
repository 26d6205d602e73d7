"""Reports of many counties on the machines of a Dask cluster, told as on one machine.

Counties are sent a few at a time, so that neither the scheduler nor this machine ever holds the whole. Where all
workers see the folders of statistics and of reports (`worker.hello`), reports are written there by whoever builds
them; else each county's slice goes with its task and the finished files come back. A task carries the content key of
its report, and a worker to which the key comes out otherwise builds nothing.
"""

import asyncio
import contextlib
import logging
import os
import queue
import re
import socket
import tempfile
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import JunhengError, RequestError, message
from analysis.run.build import placing, report, stale
from analysis.run.cluster import parcel, worker
from analysis.run.processes.row import TRIES, Row
from analysis.run.request import Request
from analysis.sources import shown

if TYPE_CHECKING:
    from distributed import Client, Future

#: Seconds to wait for the scheduler to answer; for a worker to come where there is none; between looks at the cluster.
REACH = 10
PATIENCE = 120
_LOOK = 1.0
_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?P<host>[\w.-]+|\[[\da-fA-F:]+\]):(?P<port>\d{1,5})", re.ASCII)
_DIFFERENCES = 3


@contextmanager
def connected(address: str) -> "Iterator[Client]":
    """Give a client of the scheduler at `address`.

    Raises RequestError where the address is none, where no scheduler answers there, or where it has no workers.
    """
    text = address.strip()
    match = _ADDRESS.fullmatch(text)
    if not match or not 0 < int(match["port"]) < 2**16:
        raise RequestError("scheduler_malformed", address=shown(text))
    try:
        # A closed port is told at once; Dask would go on trying.
        socket.create_connection((match["host"].strip("[]"), int(match["port"])), REACH).close()
    except (OSError, UnicodeError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise RequestError("scheduler_unreachable", address=shown(text), reason=reason) from fault
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="distributed")
    client = _client(text)
    try:
        if not _workers(client):
            raise RequestError("scheduler_empty", address=shown(text))
        yield client
    finally:
        with contextlib.suppress(OSError):
            client.close(REACH)


def _client(address: str) -> "Client":
    from distributed import Client

    try:
        # A client would wait for ever for something else that listens there.
        kind = asyncio.run(asyncio.wait_for(_identity(address), REACH))
        if kind != "Scheduler":
            raise RequestError("scheduler_other", address=shown(address), kind=kind)
        return Client(address, timeout=REACH, set_as_default=False, name="junheng")
    except TypeError as fault:  # what Dask raises where it has no certificate for tls://
        raise RequestError("scheduler_unreachable", address=shown(address), reason=message("no_tls")) from fault
    except (OSError, ValueError) as fault:
        raise RequestError("scheduler_unreachable", address=shown(address), reason=message("no_answer")) from fault


async def _identity(address: str) -> str:
    """Return what kind of Dask server listens at an address."""
    from distributed import Security, rpc

    async with rpc(address, timeout=REACH, connection_args=Security().get_connection_args("client")) as server:
        return str((await server.identity())["type"])


def _plain(fault: BaseException) -> str:
    """Return a fault's first line."""
    return next(iter(str(fault).splitlines()), "")


def _workers(client: "Client") -> dict[str, int]:
    """Return address -> number of threads of the workers there are; OSError where the scheduler is gone."""
    if client.status != "running":
        raise ConnectionError(message("scheduler_lost"))
    return {address: about["nthreads"] for address, about in client.scheduler_info()["workers"].items()}


def build_all(
    client: "Client",
    stale_ones: list[Request],
    words: dict[str, str],
    jobs: int | None,
    tick: Callable[[Row], None],
    say: Callable[[str], None],
) -> None:
    """Bring the reports of all requests up to date; `tick` hears of each as it is done, `say` how it is done.

    All requests are of the same options, which `words` mean. At most `jobs` are under way at once; None: as many as the
    workers have threads. Raises RequestError where a worker is not fit. Interrupted, it takes back what is not yet
    built and leaves finished reports as they are.
    """
    first = stale_ones[0]
    placing.check(first.out)
    with _marked(first.out) as mark:
        offer = worker.Offer(uuid.uuid4().hex, _absolute(first, words), _variables(), mark)
        try:
            shared, number = _greet(client, offer, first)
            say(message("cluster_shared" if shared else "cluster_sent", number=number))
            _Run(client, offer, shared, jobs, tick).through(stale_ones)
        finally:
            with contextlib.suppress(OSError):
                client.run(worker.bye, offer.run, on_error="ignore")


@contextmanager
def _marked(folder: Path) -> Iterator[str]:
    """Lay a mark into the folder of reports and give its name; a folder made for it goes where nothing was built."""
    existed = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.NamedTemporaryFile(prefix=".junheng-", dir=folder) as mark:
            yield Path(mark.name).name
    finally:
        if not existed:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _absolute(asked: Request, words: dict[str, str]) -> dict[str, str]:
    """Return words that mean the same on any machine that sees the same folders."""
    rules = {name: str(Path(words[name]).absolute()) for name in parcel.RULES if parcel.own(words.get(name, ""))}
    return {
        "standard": asked.standard,
        "plan": asked.plan,
        "audience": asked.audience,
        "lang": asked.lang,
        "formats": ",".join(asked.formats),
        "engine": report.engine_key(asked.engine).split()[0],
        "data": str(asked.data.absolute()),
        "out": str(asked.out.absolute()),
    } | rules


def _variables() -> dict[str, str]:
    """Return what of the environment tells in a report: the language of messages, and the day that is set."""
    return {name: os.environ[name] for name in ("REPORT_LANG", "SOURCE_DATE_EPOCH") if os.environ.get(name)}


def _greet(client: "Client", offer: worker.Offer, first: Request) -> tuple[bool, int]:
    """Have every worker start; return whether all see the same folders, and how many workers there are."""
    engine = report.engine_key(first.engine)
    mine = stale.parts() | {"engine": engine}
    key = stale.key(first, engine)
    answers = client.run(worker.hello, offer, first.county.code, str(first.year), on_error="return")
    for address, answer in answers.items():
        if isinstance(answer, BaseException):
            # A worker without this package, or with one that does not know these words.
            raise RequestError("worker_unfit", worker=address, reason=f"{type(answer).__name__}: {_plain(answer)}")
        if "fault" in answer:
            raise RequestError("worker_unfit", worker=address, reason=answer["fault"])
        different = differences(mine, answer["parts"] | {"engine": answer["engine"]})
        if different:
            raise RequestError("worker_differs", worker=address, what="、".join(different))
    return all(answer["sees"] and answer["key"] == key for answer in answers.values()), len(answers)


def differences(mine: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """Return what differs between two machines, versions with both values (theirs ≠ mine), a few at most."""

    def difference(name: str) -> str:
        if name in stale.SHARED:
            return name
        return f"{name} {theirs.get(name, '-')} ≠ {mine.get(name, '-')}"

    named = [difference(name) for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
    return named if len(named) <= _DIFFERENCES else [*named[:_DIFFERENCES], "…"]


@dataclass(frozen=True)
class _Errand:
    """A request on its way: how often a try of it was lost, and whether its slice goes with it."""

    request: Request
    sends: bool
    lost: int = 0
    key: str = ""
    #: Where it may be built; None: anywhere.
    where: frozenset[str] | None = None
    begun: float = 0.0


class _Run:
    """The errands of one run: what waits, what is under way, who is not asked any more."""

    def __init__(
        self, client: "Client", offer: worker.Offer, shared: bool, jobs: int | None, tick: Callable[[Row], None]
    ) -> None:
        self._client, self._offer, self._shared, self._jobs, self._tick = client, offer, shared, jobs, tick
        self._waiting: deque[_Errand] = deque()
        self._away: dict[Future[dict[str, Any]], _Errand] = {}
        self._done: queue.SimpleQueue[Future[dict[str, Any]]] = queue.SimpleQueue()
        self._refused: set[str] = set()
        self._workers: dict[str, int] = {}
        self._looked = self._seen = time.monotonic()

    def through(self, requests: list[Request]) -> None:
        """Have all requests done, and the caller told of each exactly once."""
        self._waiting.extend(_Errand(request, sends=not self._shared) for request in requests)
        try:
            self._look()
            while self._waiting or self._away:
                while self._waiting and len(self._away) < self._room():
                    self._send(self._waiting.popleft())
                with contextlib.suppress(queue.Empty):
                    self._settle(self._done.get(timeout=_LOOK))
                if time.monotonic() - self._looked > _LOOK:
                    self._look()
        except ConnectionError as fault:
            self._give_up(str(fault))
        finally:
            if self._away:
                with contextlib.suppress(OSError):
                    self._client.cancel(list(self._away), force=True)

    def _room(self) -> int:
        # One waits at each worker, so that none is idle while the next is on its way.
        return self._jobs or sum(self._workers.values()) + len(self._workers)

    def _look(self) -> None:
        """Look who is there; ConnectionError where the scheduler is gone, or for long no worker has been there."""
        try:
            workers = _workers(self._client)
        except OSError as fault:
            raise ConnectionError(message("scheduler_lost")) from fault
        self._looked = time.monotonic()
        self._workers = {address: threads for address, threads in workers.items() if address not in self._refused}
        if self._workers:
            self._seen = self._looked
        elif self._looked - self._seen > PATIENCE:
            raise ConnectionError(message("workers_lost", seconds=PATIENCE))
        for future, errand in list(self._away.items()):
            if errand.where is not None and not errand.where & set(self._workers):
                self._client.cancel([future], force=True)
                self._again(self._away.pop(future))

    def _send(self, errand: _Errand) -> None:
        request = errand.request
        begun = errand.begun or time.monotonic()
        try:
            key = stale.key(request, report.engine_key(request.engine))
            sent = parcel.pack(request) if errand.sends else None
        except (JunhengError, OSError) as fault:
            self._tell(replace(errand, begun=begun), "failed", " ".join(str(fault).split()))
            return
        where = frozenset(self._workers) if self._refused and self._workers else None
        task = worker.Task(request.county.code, str(request.year), key, sent, report.words_of(request))
        future = self._client.submit(
            worker.make,
            self._offer,
            task,
            key=f"junheng-{request.county.code}-{uuid.uuid4().hex}",
            workers=sorted(where) if where else None,
            pure=False,
        )
        self._away[future] = replace(errand, key=key, where=where, begun=begun)
        future.add_done_callback(self._done.put)

    def _settle(self, future: "Future[dict[str, Any]]") -> None:
        errand = self._away.pop(future, None)
        if errand is None:
            return
        try:
            answer = self._answer(future)
        finally:
            future.release()
        state = answer["state"]
        if state == "unlike" and not errand.sends:
            self._again(replace(errand, sends=True))
        elif state == "unlike":
            self._refused.add(answer["worker"])
            self._workers.pop(answer["worker"], None)
            self._lost(errand, message("worker_unlike", worker=answer["worker"]))
        elif state == "died":
            self._lost(errand, answer["reason"] or message("worker_died_there", worker=answer["worker"]))
        else:
            self._finish(errand, answer)

    def _answer(self, future: "Future[dict[str, Any]]") -> dict[str, Any]:
        """Return what a worker answered, or what there is to be said in its place."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        try:
            answer: dict[str, Any] = future.result(timeout=PATIENCE)
        except KilledWorker as fault:
            who, tries = fault.last_worker.address, fault.allowed_failures + 1
            return {"state": "failed", "seconds": None, "reason": message("worker_killed", worker=who, number=tries)}
        except (FutureCancelledError, TimeoutError):
            return {"state": "died", "reason": message("worker_silent")}
        except Exception as fault:  # noqa: BLE001 - whatever a worker may raise fails its county, not the run
            return {"state": "failed", "seconds": None, "reason": f"{type(fault).__name__}: {_plain(fault)}"}
        return answer

    def _lost(self, errand: _Errand, reason: str) -> None:
        if errand.lost + 1 < TRIES:
            self._again(replace(errand, lost=errand.lost + 1))
        else:
            self._tell(errand, "failed", reason)

    def _again(self, errand: _Errand) -> None:
        self._waiting.appendleft(errand)

    def _finish(self, errand: _Errand, answer: dict[str, Any]) -> None:
        state, reason = answer["state"], answer["reason"]
        if errand.sends and state == "built":
            try:
                self._put(errand, answer["files"])
            except (JunhengError, OSError, KeyError) as fault:
                state, reason = "failed", " ".join(str(fault).split())
        if state != "failed" and errand.lost:
            reason = message("tried_again")
        self._tell(errand, state, reason, answer["seconds"])

    def _put(self, errand: _Errand, files: parcel.Parcel) -> None:
        """Put the files that came back into the report's folder, as if they had been made here."""
        placing.check(errand.request.folder)
        with tempfile.TemporaryDirectory(prefix="junheng-") as work:
            for name in errand.request.files:
                (Path(work) / name).write_bytes(files[name])
            about = report.told_of(errand.request, report.kind_of(errand.request))
            placing.put(Path(work), errand.request, errand.key, about)

    def _tell(self, errand: _Errand, state: str, reason: str, seconds: float | None = None) -> None:
        taken = time.monotonic() - errand.begun if seconds is None else seconds
        self._tick(Row(errand.request.county, state, taken, reason))

    def _give_up(self, reason: str) -> None:
        """Tell of all that is not done that it can't be: nobody is there any more to do it."""
        rest = [*self._away.values(), *self._waiting]
        self._away.clear()
        self._waiting.clear()
        for errand in rest:
            self._tell(replace(errand, begun=errand.begun or time.monotonic()), "failed", reason)
