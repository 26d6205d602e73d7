"""Reports of many counties: what is current is left, the rest built side by side, a table says what became of each."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analysis import sources
from analysis.errors import JunhengError, RequestError, language, message, of_file
from analysis.plaintext import is_digits
from analysis.run.build import placing, site
from analysis.run.build.placing import near
from analysis.run.build.report import build, is_current
from analysis.run.processes import forkserver
from analysis.run.processes.row import TRIES, Row, processors
from analysis.run.request import STANDARD, Options, Request, options, request_of

if TYPE_CHECKING:
    from distributed import Client

_Of = TypeVar("_Of")

#: Counties that are cleaned and judged together before their reports; more would save little, and cost memory.
TOGETHER = 16


def chosen(catalogue: sources.Catalogue, text: str) -> list[sources.County]:
    """Return the counties that `text` names: codes, names or prefixes between commas; for `all`, all with school rows
    or published coefficients.

    Raises RequestError for one that is unknown, or where there is none.
    """
    words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
    if _all(text):
        counties = [county for code, county in sorted(catalogue.counties.items()) if _known(catalogue, code)]
    else:
        counties = list(
            {(county := sources.find_county(catalogue, word)).code: county for word in words or [text]}.values()
        )
    if not counties:
        raise RequestError("no_counties", folder=catalogue.folder)
    return counties


def _known(catalogue: sources.Catalogue, code: str) -> bool:
    return bool(catalogue.years(code) or catalogue.published_of(code))


def fitting(counties: list[sources.County], year: str, asked: Options) -> list[sources.County]:
    """Leave out counties whose published coefficients are of another year or standard than is asked of all."""

    def fits(county: sources.County) -> bool:
        published = asked.catalogue.published_of(county.code)
        standards = {STANDARD, *(standard.standard for standard in published.values())}
        return not published or (
            not asked.plan and asked.standard in standards and year.strip() in ("", *map(str, published))
        )

    return [county for county in counties if fits(county)]


def jobs_of(text: str) -> int | None:
    """Return how many reports are built at once, None by default. RequestError for no such number."""
    if not text.strip():
        return None
    # Python reads no number of thousands of digits.
    if not is_digits(text.strip()) or len(text.strip()) > 6 or int(text) < 1:
        raise RequestError("jobs_unknown", value=sources.shown(text))
    return int(text)


def build_all(
    counties: list[sources.County],
    year: str,
    asked: Options,
    words: dict[str, str],
    jobs: int | None,
    tick: Callable[[Row], None],
    client: "Client | None" = None,
) -> Path | None:
    """Bring the reports of all counties up to date, `jobs` at once; `tick` hears of each as it is done.

    Returns the page over all reports where it was brought up to date too: by processes that were at hand.

    `words` are what `asked` was made from; `jobs` None means as many as there are processors. With a `client` of a Dask
    cluster they are built there. Interrupted, it leaves finished reports as they are.
    """
    stale = []
    for county in counties:
        begun = time.monotonic()
        try:
            request = request_of(asked, county, year)
            if is_current(request):
                tick(Row(county, "unchanged", time.monotonic() - begun))
            else:
                stale.append(request)
        except JunhengError as fault:
            tick(Row(county, "failed", time.monotonic() - begun, str(fault)))
    if not stale:
        return None
    if client is not None:
        from analysis.run.cluster import cluster

        cluster.build_all(client, stale, words, jobs, tick, _say)
        return None
    number = jobs or processors()
    if not forkserver.possible():
        _side_by_side(_here, stale, number, tick)
        return None
    with forkserver.Pool(words, threads=max(1, processors() // number)) as pool:
        batches = [_Batch(some) for some in batched(stale, number)]
        of = {request.county.code: batch for batch in batches for request in batch.requests}

        def work(request: Request) -> Row:
            of[request.county.code].open(pool)
            return _forked(pool, request, year)

        _side_by_side(work, list(_in_turns(batches, number)), number, tick)
        return None if asked.variant else pool.site()


class _Batch:
    """Reports whose counties are cleaned and judged together, by whoever builds one of them first."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self.requests = requests
        self._counties = [request.county.code for request in requests if not request.published]
        self._lock, self._waits = threading.Lock(), len(self._counties) > 1

    def open(self, pool: forkserver.Pool) -> None:
        """Return when the counties are cleaned and judged."""
        with self._lock:
            if self._waits:
                self._waits = False
                pool.open(self._counties)


def batched(counties: Sequence[_Of], jobs: int) -> list[Sequence[_Of]]:
    """Return counties, in order, by those that are cleaned and judged together, where there are `jobs` processes."""
    size = max(1, min(TOGETHER, -(-len(counties) // jobs)))
    return [counties[at : at + size] for at in range(0, len(counties), size)]


def _in_turns(batches: list[_Batch], jobs: int) -> Iterator[Request]:
    """Yield requests so that who build side by side are at different batches, and none waits for the other's."""
    for at in range(0, len(batches), jobs):
        for turn in zip_longest(*(batch.requests for batch in batches[at : at + jobs])):
            yield from (request for request in turn if request is not None)


def _side_by_side(work: Callable[[Request], Row], stale: list[Request], jobs: int, tick: Callable[[Row], None]) -> None:
    workers = ThreadPoolExecutor(jobs)
    try:
        done: list[Future[Row]] = [workers.submit(work, request) for request in stale]
        for future in as_completed(done):
            tick(future.result())
    finally:
        workers.shutdown(wait=False, cancel_futures=True)


def _here(request: Request) -> Row:
    """Build a report in this process, with a kernel of its own: where there is no fork."""
    begun = time.monotonic()
    try:
        outcome = build(request)
    except JunhengError as fault:
        return Row(request.county, "failed", time.monotonic() - begun, str(fault))
    except OSError as fault:
        return Row(request.county, "failed", time.monotonic() - begun, of_file(fault))
    return Row(request.county, outcome.state, outcome.seconds)


def _forked(pool: forkserver.Pool, request: Request, year: str) -> Row:
    begun = time.monotonic()
    for tried in range(TRIES):
        try:
            answer = pool.report(request.county.code, year)
        except JunhengError as fault:
            return Row(request.county, "failed", time.monotonic() - begun, str(fault))
        if answer["state"] != "died":
            reason = answer["reason"] or (message("tried_again") if tried else "")
            return Row(request.county, answer["state"], answer["seconds"], reason)
    return Row(request.county, "failed", time.monotonic() - begun, message("worker_died"))


def run(counties: str, jobs: str, year: str, words: dict[str, str], scheduler: str = "") -> int:
    """Bring the reports of `counties` up to date, show progress and, at the end, a table; return the exit code.

    `words` are those of run.request.options, `scheduler` the address of a Dask cluster, "" for this machine. 0 where
    all reports are there, 1 where one failed. A wrong request, a cluster that is not fit included, raises before
    anything is built.
    """
    first = "" if _all(counties) else counties.partition(",")[0]
    words = words | {"data": str(sources.folder_of(words.get("data"), first))}
    asked = options(**words)
    picked, number = chosen(asked.catalogue, counties), jobs_of(jobs)
    if _all(counties):
        picked = fitting(picked, year, asked)
    placing.check(asked.out)
    rows: list[Row] = []
    begun, wrong = time.monotonic(), False
    try:
        with _client(scheduler) as client, _shown(len(picked)) as show:

            def tick(row: Row) -> None:
                rows.append(row)
                show(row)

            page = build_all(picked, year, asked, words, number, tick, client)
    except RequestError:
        wrong = True
        raise
    except KeyboardInterrupt:
        done = {row.county.code for row in rows}
        _say(message("reports_left", number=sum(county.code not in done for county in picked)))
        if not asked.variant and any(row.state != "failed" for row in rows):
            site.update(asked.out, asked.lang, asked.audience)
        raise
    finally:
        if rows and not wrong:
            _tell(rows, time.monotonic() - begun)
            if _all(counties):
                _tell_left_out(asked.catalogue, picked)
    if not asked.variant and any(row.state != "failed" for row in rows):
        page = page or site.update(asked.out, asked.lang, asked.audience)
        sys.stdout.write(message("site_done", page=near(page)) + "\n")
    return 1 if any(row.state == "failed" for row in rows) else 0


def _client(scheduler: str) -> "AbstractContextManager[Client | None]":
    if not scheduler.strip():
        return nullcontext()
    from analysis.run.cluster import cluster

    return cluster.connected(scheduler)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _all(counties: str) -> bool:
    return counties.strip() in ("", "all")


def _tell_left_out(catalogue: sources.Catalogue, picked: list[sources.County]) -> None:
    """Name the counties that `all` leaves out: of them there is nothing that is asked for."""
    taken = {county.code for county in picked}
    left = [county for code, county in sorted(catalogue.counties.items()) if code not in taken]
    if left:
        names = "、".join(f"{county.name(language())}({county.code})" for county in left)
        sys.stdout.write(message("left_out", number=len(left), names=names) + "\n")


@contextmanager
def _shown(total: int) -> Iterator[Callable[[Row], None]]:
    """Show how many counties are done: a bar with pace and time left on a terminal, a line for each elsewhere."""
    if not sys.stderr.isatty():
        done = 0

        def line(row: Row) -> None:
            nonlocal done
            done += 1
            state = message(f"state_{row.state}")
            sys.stderr.write(f"{done}/{total}  {row.county.code} {row.county.name(language())}  {state}\n")
            sys.stderr.flush()

        yield line
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, pace="")

        built, begun = 0, time.monotonic()

        def step(row: Row) -> None:
            nonlocal built
            built += row.state == "built"  # what was unchanged took no time, and tells nothing of the pace
            minutes = max(time.monotonic() - begun, 1.0) / 60
            pace = message("pace", number=f"{built / minutes:.0f}") if built else ""
            bar.update(task, advance=1, description=f"{row.county.code} {row.county.name(language())}", pace=pace)

        yield step


def _tell(rows: list[Row], seconds: float) -> None:
    """Print what became of each county, in order of its code but for those that failed, and the sums."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        *(message(f"column_{name}") for name in ("county", "state", "seconds", "reason")), box=None, pad_edge=False
    )
    for row in sorted(rows, key=lambda row: (row.state == "failed", row.county.code)):  # what failed stands last
        name = f"{row.county.code} {row.county.name(language())}"
        table.add_row(name, message(f"state_{row.state}"), f"{row.seconds:.1f}", row.reason)
    built, unchanged, failed = (sum(row.state == state for row in rows) for state in ("built", "unchanged", "failed"))
    console = Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())
    console.print(table)
    console.print(message("reports_done", seconds=f"{seconds:.1f}", built=built, unchanged=unchanged, failed=failed))
