"""What `junheng data` does: bring the clean tables and findings of counties up to date, side by side."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import project, sources
from analysis.errors import DataError, language, message
from analysis.run.commands.reports import batched, chosen, jobs_of
from analysis.run.processes.row import processors
from analysis.run.request import STANDARD

if TYPE_CHECKING:
    from analysis.clean import Records
    from analysis.judge.cached import Judged

#: Counties below which a second process costs more than it saves.
FEW = 4


@dataclass(frozen=True)
class Done:
    """What became of one county: `seconds` are its part of what its batch took, `sums` are rows read, kept, quarantined
    and other; `fault` is empty where all is well.
    """

    code: str
    seconds: float
    sums: dict[str, int]
    fault: str = ""


def run(counties: str, data: str, jobs: str = "") -> int:
    """Clean and judge `counties` (codes, names or prefixes between commas; "" for all), `jobs` at once, a line each.

    Returns the exit code: 1 where a county's files can't be used, each told on standard error. Raises RequestError for
    an unknown county. No more than one batch of counties is in the memory
    of a process.
    """
    catalogue = sources.load(sources.folder_of(data, counties.partition(",")[0]))
    picked = [county.code for county in chosen(catalogue, counties)]
    failed = 0
    for done in _side_by_side(catalogue, picked, jobs_of(jobs) or processors()):
        called = f"{done.code} {catalogue.counties[done.code].name(language())}"
        if done.fault:
            failed += 1
            sys.stderr.write(f"{called}  {done.fault}\n")
        else:
            values: dict[str, Any] = {"county": called, "seconds": f"{done.seconds:.1f}"} | done.sums
            sys.stdout.write(message("data_done", **values) + "\n")
    return 1 if failed else 0


def _side_by_side(catalogue: sources.Catalogue, codes: list[str], jobs: int) -> Iterator[Done]:
    """Yield what became of each county, in their order."""
    batches = batched(codes, jobs)
    if jobs == 1 or len(codes) < FEW:
        for some in batches:
            yield from _of_batch(catalogue, some)
        return
    # Set for the processes that are started: threads of each shall not crowd the others.
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, processors() // jobs)))
    done: set[str] = set()
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for batch in pool.map(_of_folder, [str(catalogue.folder)] * len(batches), batches):
                for county in batch:
                    done.add(county.code)
                    yield county
    except BrokenProcessPool:
        yield from (Done(code, 0.0, {}, message("worker_died")) for code in codes if code not in done)


@cache
def _catalogue(folder: str) -> sources.Catalogue:
    return sources.load(Path(folder))


def _of_folder(folder: str, codes: Sequence[str]) -> list[Done]:
    return _of_batch(_catalogue(folder), codes)


def _of_batch(catalogue: sources.Catalogue, codes: Sequence[str]) -> list[Done]:
    from analysis.judge.cached import open_counties

    begun = time.monotonic()
    opened = open_counties(catalogue, codes, project.processed(catalogue.folder), STANDARD)
    seconds = (time.monotonic() - begun) / len(codes)
    return [_done(code, seconds, result) for code, result in opened.items()]


def _done(code: str, seconds: float, opened: "tuple[Records, Judged | None] | DataError") -> Done:
    if isinstance(opened, DataError):
        return Done(code, seconds, {}, str(opened))
    sums = opened[0].accounts.select("read", "kept", "quarantined", "other").sum().row(0, named=True)
    return Done(code, seconds, sums)
