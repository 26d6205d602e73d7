"""Memory that stays flat: `python -m benchmarks.reports.memory [--counties 500] [--formats html]`.

The proportional share (PSS) of the children that a warm process forked, sampled while reports are built one after the
other; a straight line through the greatest of each report says whether it grows. Writes benchmarks/results/memory.json.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import outcome
from benchmarks.processor import SINGLE
from benchmarks.reports import province
from benchmarks.reports.province import Province
from benchmarks.reports.workers import command

GROWTH = 1.0
PAUSE = 0.2


def memory(some: Province, work: Path, formats: str) -> dict[str, Any]:
    """Return megabytes of the children that are alive at once, by report in order, and the slope by 100 reports."""
    from analysis import project

    out = work / "flat"
    shutil.rmtree(project.processed(some.raw), ignore_errors=True)
    seen: list[tuple[int, float]] = []
    with subprocess.Popen([str(word) for word in command(some, out, 1, formats)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env={**os.environ, **SINGLE}) as process:  # fmt: skip
        watch = threading.Thread(target=_watch, args=(process, out, seen))
        watch.start()
        process.wait()
        watch.join()
    most: dict[int, float] = {}
    for built, megabytes in seen:
        if built < len(some.codes):  # after the last report, the page over all of them is written
            most[built] = max(most.get(built, 0.0), megabytes)
    order = sorted(most)
    values = [most[built] for built in order]
    slope = float(np.polyfit(order, values, 1)[0]) * 100 if len(order) > 2 else 0.0
    return {
        "reports": order[-1] + 1,  # those that were done, and the one under way
        "formats": formats or "all",
        "worker": outcome.spread(values),
        "most": max(values),
        "slope_per_100": slope,
    }


def _watch(process: "subprocess.Popen[bytes]", out: Path, seen: list[tuple[int, float]]) -> None:
    """Note how many reports are done and what the forked children hold then."""
    while process.poll() is None:
        time.sleep(PAUSE)
        try:
            warm = next(
                (
                    one
                    for one in psutil.Process(process.pid).children()
                    if "analysis.run.processes.forkserver" in one.cmdline()
                ),
                None,
            )
            below = warm.children(recursive=True) if warm else []
            held = sum(one.memory_full_info().pss for one in below) / 1e6
        except psutil.Error:  # one has ended while it was looked at
            continue
        if below:
            seen.append((sum(1 for _ in out.glob("[0-9]*/*/.junheng.json")), held))


def main(counties: int, formats: str) -> None:
    """Measure, print and keep."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        held = memory(province.lay(work / "raw", counties), work, formats)
    slope = {"median": held["slope_per_100"] / held["worker"]["median"] * 100, "spread": 0.0}
    row = outcome.Row(
        f"MB of a worker with its children and programs; growth in % by 100 of {held['reports']} reports",
        held["worker"], None, slope, f"<= {GROWTH}", slope["median"] <= GROWTH,
    )  # fmt: skip
    outcome.keep("memory", held, [row])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=500)
    parser.add_argument("--formats", default="html", help="of the reports; empty for all")
    asked = parser.parse_args()
    main(asked.counties, asked.formats)
