"""The whole country: `python -m benchmarks.country.nation [--counties 2844] [--small 10]`.

Simulated counties of about 74 schools, six years, school statistics as CSV and results of monitoring; `junheng data`
takes them to clean tables and findings, a process for each processor. Time per county is compared between a few
counties and all; a few counties whose statistics are workbooks are stated apart. Also: how long `junheng reports`
takes over reports that are all current. Writes benchmarks/results/nation.json.
"""

import argparse
import shutil
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from analysis import project
from analysis.run.build import stale
from analysis.run.build.report import engine_key, is_current
from analysis.run.processes.row import processors
from analysis.run.request import options, request_of
from analysis.sample import write
from benchmarks import outcome, processor
from benchmarks.processor import SINGLE, Spent

MINUTES, GIGABYTES, FLAT = 5.0, 4.0, 1.1
COUNTRY = 2844
CURRENT = 150


def data(raw: Path) -> Spent:
    """Take a folder of raw statistics to findings as a user does."""
    shutil.rmtree(project.processed(raw), ignore_errors=True)
    words: list[str | Path] = [sys.executable, "-m", "analysis", "data", "--data", raw, "--jobs", str(processors())]
    return processor.command(words, SINGLE)


def measured(work: Path, counties: int, rounds: int, form: str = "csv") -> dict[str, Any]:
    """Return what that number of counties spends, in all and by county; `form` is what their statistics are kept in."""
    raw = work / f"raw-{form}-{counties}"
    years = write(raw, counties=counties, formats=(form,)).years
    spent = [data(raw) for _ in range(rounds)]
    clean = project.processed(raw)
    rows = pl.scan_parquet(clean / "*" / "schools.parquet").select(pl.len()).collect().item()
    found = pl.scan_parquet(clean / "*" / "*" / "findings.parquet").select(pl.len()).collect().item()
    shutil.rmtree(clean)
    shutil.rmtree(raw)
    return {
        "counties": counties,
        "schools": rows / len(years),
        "years": len(years),
        "findings": found,
        "seconds": outcome.spread([one.seconds for one in spent]),
        "processor": outcome.spread([one.processor for one in spent]),
        "each": outcome.spread([one.processor / counties for one in spent]),
        "peak": max(one.peak for one in spent),
    }


def current(work: Path, counties: int) -> dict[str, float]:
    """Return seconds to find that all reports of that many counties are current; their states are laid by hand."""
    raw, out = work / "current", work / "out"
    write(raw, counties=counties)
    asked = options(data=str(raw), out=str(out), engine="embedded")
    requests = [request_of(asked, county) for county in asked.catalogue.counties.values()]
    digest = sha256(b"0").hexdigest()
    for request in requests:
        request.folder.mkdir(parents=True)
        for name in request.files:
            (request.folder / name).write_bytes(b"0")
        key = stale.key(request, engine_key("embedded"))
        stale.write_state(request.folder, stale.State(key, dict.fromkeys(request.files, (digest,))))
    stale.shared.cache_clear()
    begun = time.perf_counter()
    again = options(data=str(raw), out=str(out), engine="embedded")
    assert all(is_current(request_of(again, county)) for county in again.catalogue.counties.values())
    return {"counties": counties, "seconds": time.perf_counter() - begun}


def main(counties: int, small: int, rounds: int) -> None:
    """Measure, print and keep; a smaller country is scaled to the whole in the table, and said to be."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        few, all_ = measured(work, small, rounds), measured(work, counties, 1)
        books = measured(work, small, rounds, "xlsx")
        unchanged = current(work, CURRENT)
    flat = {"median": all_["each"]["median"] / few["each"]["median"], "spread": few["each"]["spread"]}
    minutes = all_["seconds"]["median"] / 60 * COUNTRY / counties
    called = f"{counties} counties" + ("" if counties == COUNTRY else f", minutes scaled to {COUNTRY}")
    once = {"spread": 0.0}
    rows = [
        outcome.Row(f"CSV to findings, minutes by the clock ({called})", all_["seconds"], None,
                    {"median": minutes, **once}, f"<= {MINUTES:.0f}", minutes <= MINUTES),
        outcome.Row("the same, greatest memory of a process in GB, times processes", {"median": all_["peak"], **once},
                    None, {"median": all_["peak"] * processors(), **once}, f"< {GIGABYTES:.0f}",
                    all_["peak"] * processors() < GIGABYTES),
        outcome.Row(f"processor seconds a county, {counties} counties against {small}", all_["each"], few["each"], flat,
                    f"<= {FLAT}", flat["median"] <= FLAT),
        outcome.Row(f"the same from workbooks, {small} counties, against CSV", books["each"], few["each"],
                    {"median": books["each"]["median"] / few["each"]["median"], **once}, "", True),
        outcome.Row(f"nothing changed, seconds for {CURRENT} counties", {"median": unchanged["seconds"], **once}, None,
                    {"median": unchanged["seconds"], **once}, "<= 5", unchanged["seconds"] <= 5),
    ]  # fmt: skip
    outcome.keep("nation", {"few": few, "all": all_, "workbooks": books, "unchanged": unchanged}, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=COUNTRY)
    parser.add_argument("--small", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    main(asked.counties, asked.small, asked.rounds)
