"""Two workers on two cores, and memory that stays flat: `python -m benchmarks.reports.workers [--counties 40]`.

Scaling: reports a second of two workers on two processors over those of one worker on one, the threads of each library
pinned to one, divided by what two busy loops reach against one just before. One worker is held to one processor: left
alone it takes what it finds of the second, for the kernel that starts beside the cleaning and the workbook beside the
notebook. Memory: the proportional share (PSS) of each child that a warm process forked,
sampled while reports are built one after the other; a straight line through the greatest of each report says whether
it grows. Writes benchmarks/results/workers.json.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import outcome, processor
from benchmarks.processor import SINGLE
from benchmarks.reports import province
from benchmarks.reports.province import Province

AT_LEAST, GROWTH = 0.9, 1.0
LOOP = "n = 0\nwhile n < 60_000_000: n += 1"
PAUSE = 0.2


def loops(number: int) -> float:
    """Return seconds until `number` busy loops, begun together, are done."""
    begun = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(number)]
    for one in running:
        one.wait()
    return time.perf_counter() - begun


def reports(some: Province, out: Path, jobs: int, formats: str) -> float:
    """Return seconds for all reports with `jobs` workers on as many processors."""
    from analysis import project

    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(project.processed(some.raw), ignore_errors=True)
    return processor.command(_command(some, out, jobs, formats), SINGLE, cores=jobs).seconds


def _command(some: Province, out: Path, jobs: int, formats: str) -> list[str | Path]:
    words: list[str | Path] = ["--data", some.raw, "--out", out, "--jobs", str(jobs), "--formats", formats]
    return [sys.executable, "-m", "analysis", "reports", "--engine", "embedded", *words, "--", ",".join(some.codes)]


def scaling(some: Province, work: Path, rounds: int) -> dict[str, Any]:
    """Return how two workers compare to one, and two loops to one, round by round."""
    busy, ours = [], []
    for _ in range(rounds):
        busy.append(2 * loops(1) / loops(2))
        ours.append(reports(some, work / "out", 1, "") / reports(some, work / "out", 2, ""))
    share = [one / other for one, other in zip(ours, busy, strict=True)]
    return {"loops": outcome.spread(busy), "ours": outcome.spread(ours), "share": outcome.spread(share)}


def memory(some: Province, work: Path, formats: str) -> dict[str, Any]:
    """Return megabytes of the children that are alive at once, by report in order, and the slope by 100 reports."""
    from analysis import project

    out = work / "flat"
    shutil.rmtree(project.processed(some.raw), ignore_errors=True)
    parents: list[float] = []
    seen: list[tuple[int, float]] = []
    with subprocess.Popen([str(word) for word in _command(some, out, 1, formats)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env={**os.environ, **SINGLE}) as process:  # fmt: skip
        watch = threading.Thread(target=_watch, args=(process, out, seen, parents))
        watch.start()
        process.wait()
        watch.join()
    most: dict[int, float] = {}
    for built, megabytes in seen:
        most[built] = max(most.get(built, 0.0), megabytes)
    order = sorted(most)
    values = [most[built] for built in order]
    slope = float(np.polyfit(order, values, 1)[0]) * 100 if len(order) > 2 else 0.0
    return {
        "reports": len(some.codes),
        "formats": formats or "all",
        "worker": outcome.spread(values),
        "most": max(values),
        "slope_per_100": slope,
        "parent_first": parents[0],
        "parent_last": parents[-1],
    }


def _watch(process: "subprocess.Popen[bytes]", out: Path, seen: list[tuple[int, float]], parents: list[float]) -> None:
    """Note how many reports are done and what the forked children hold then."""
    while process.poll() is None:
        time.sleep(PAUSE)
        try:
            warm = next(
                (one for one in psutil.Process(process.pid).children() if "analysis.run.warm" in one.cmdline()), None
            )
            if warm is None:
                continue
            below = warm.children(recursive=True)
            held = sum(one.memory_full_info().pss for one in below) / 1e6
            parents.append(warm.memory_full_info().pss / 1e6)
        except psutil.Error:
            continue
        if below:
            seen.append((len(list(out.glob("*/*/.junheng.json"))), held))


def main(counties: int, rounds: int, flat: int, formats: str) -> None:
    """Measure, print and keep."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        told: dict[str, Any] = {"counties": counties, "rounds": rounds}
        told["scaling"] = scaling(province.lay(work / "raw", counties), work, rounds)
        told["memory"] = memory(province.lay(work / "many", flat), work, formats)
    share, held = told["scaling"]["share"], told["memory"]
    slope = {"median": held["slope_per_100"] / held["worker"]["median"] * 100, "spread": 0.0}
    outcome.keep(
        "workers",
        told,
        [
            outcome.Row("two workers against one, as a share of two busy loops against one", told["scaling"]["ours"],
                        told["scaling"]["loops"], share, f">= {AT_LEAST}", share["median"] >= AT_LEAST),
            outcome.Row(f"MB of a worker with its kernel and programs; growth in % by 100 of {flat} reports",
                        held["worker"], None, slope, f"<= {GROWTH}", slope["median"] <= GROWTH),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flat", type=int, default=100)
    parser.add_argument("--formats", default="", help="of the reports whose memory is watched")
    asked = parser.parse_args()
    main(asked.counties, asked.rounds, asked.flat, asked.formats)
