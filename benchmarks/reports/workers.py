"""Two workers on two cores: `python -m benchmarks.reports.workers [--counties 20] [--rounds 3]`.

Reports a second of two workers on two processors over those of one worker on one, the threads of each library pinned to
one, divided by what two busy loops reach against one. A round is one worker, two, two and one, with loops before,
between and after, and its ratios are those of sums: whether the machine grows slower or faster meanwhile meets both
alike. One worker is held to one processor: left alone it takes what it finds of the second, for its notebook and its
workbook are made side by side. Writes benchmarks/results/workers.json.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import outcome, processor
from benchmarks.processor import SINGLE
from benchmarks.reports import province
from benchmarks.reports.province import Province

AT_LEAST = 0.9
LOOP = "n = 0\nwhile n < 30_000_000: n += 1"


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
    return processor.command(command(some, out, jobs, formats), SINGLE, cores=jobs).seconds


def command(some: Province, out: Path, jobs: int, formats: str) -> list[str | Path]:
    """Return the words that build all reports with `jobs` workers in some formats, "" for all."""
    words: list[str | Path] = ["--data", some.raw, "--out", out, "--jobs", str(jobs), "--formats", formats]
    return [sys.executable, "-m", "analysis", "reports", "--engine", "embedded", *words, "--", ",".join(some.codes)]


def scaling(some: Province, work: Path, rounds: int) -> dict[str, Any]:
    """Return how two workers compare to one, and two loops to one, round by round."""
    busy, ours = [], []
    for _ in range(rounds):
        single, double = list[float](), list[float]()
        one, two = list[float](), list[float]()
        for jobs in (1, 2, 2, 1):
            single.append(loops(1))
            double.append(loops(2))
            (one if jobs == 1 else two).append(reports(some, work / "out", jobs, ""))
        single.append(loops(1))
        double.append(loops(2))
        busy.append(2 * sum(single) / sum(double))
        ours.append(sum(one) / sum(two))
    share = [one / other for one, other in zip(ours, busy, strict=True)]
    return {"loops": outcome.spread(busy), "ours": outcome.spread(ours), "share": outcome.spread(share)}


def main(counties: int, rounds: int) -> None:
    """Measure, print and keep."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        told = scaling(province.lay(work / "raw", counties), work, rounds)
    share = told["share"]
    row = outcome.Row(
        "two workers against one, as a share of two busy loops against one", told["ours"], told["loops"], share,
        f">= {AT_LEAST}", share["median"] >= AT_LEAST,
    )  # fmt: skip
    outcome.keep("workers", told | {"counties": counties, "rounds": rounds}, [row])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    main(asked.counties, asked.rounds)
