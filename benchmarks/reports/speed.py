"""Reports per minute of the processor, against two peers and the floor: `python -m benchmarks.reports.speed`.

Everything starts from raw statistics: each way gets a folder of clean tables of its own, empty. A machine may be a
third slower a minute later; so one worker builds the reports of a group of counties while another process calls, over
and over, what their floor is, and the ratio of one group is that of what both spent meanwhile. The peers follow, group
by group. Medians with spread ((max - min) / median) are over the groups. What comes before the first report of a run is
counted as it falls on each of all its reports, not of a group's. One thread for each process.
Writes benchmarks/results/reports.json.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from analysis.run.processes.row import processors
from benchmarks import outcome, processor
from benchmarks.processor import SINGLE, Spent
from benchmarks.reports import floor, peers, province, workers
from benchmarks.reports.province import Province

AT_MOST, SAVED = 1.5, 0.8
#: What comes before the first report, once for all reports of a run: a process with everything imported and read.
START = """
import sys
from analysis import cli
from analysis.run.processes import forkserver
with forkserver.Pool({"data": sys.argv[1]}, threads=1):
    pass
"""


def ours(some: Province, out: Path, jobs: int) -> Spent:
    """Build the reports with `junheng reports`, as `make reports` does, clean tables included."""
    from analysis import project

    shutil.rmtree(project.processed(some.raw), ignore_errors=True)
    return processor.command(workers.command(some, out, jobs, ""), SINGLE)


def group(some: Province, twin: Path, work: Path, asked: int, reports: int) -> dict[str, Any]:
    """Build the reports of a few counties in all ways; seconds of the processor a report, and the floor's parts.

    The floor reads `some`, the reports measured beside it are built from `twin`, a copy. Peers build the reports of the
    first `asked` counties, 0 for all: what one costs them hangs little on how many there are. `start` is the part of
    `ours` that comes before the first report, shared by the `reports` of the whole run; `seconds` are those of as many
    workers as there are processors.
    """
    from analysis import project

    own, number = project.processed(some.raw), len(some.codes)
    alone = ours(some, work / "ours", processors())
    copy = Province(twin, some.codes)
    spent, low = floor.beside(lambda: ours(copy, work / "beside", 1), some.codes, some.raw, own, work / "ours")
    start = processor.command([sys.executable, "-c", START, some.raw], SINGLE).processor
    each = (spent.processor - start) / number + start / reports
    told: dict[str, Any] = {
        "ours": {"processor": each, "seconds": alone.seconds / number, "peak": alone.peak},
        "start": start / reports,
        "floor": low,
    }
    few = Province(some.raw, some.codes[: asked or None])
    for name in ("by_hand", "batch"):
        out, processed = work / name, work / f"{name}-processed"
        if name == "by_hand":
            spent = peers.by_hand(few, processed, out)
        else:
            spent = peers.batch(few, processed, out, processors())
        number = len(few.codes)
        told[name] = {"processor": spent.processor / number, "seconds": spent.seconds / number, "peak": spent.peak}
    for name in ("ours", "beside", "by_hand", "batch"):
        shutil.rmtree(work / name)
    for raw in (some.raw, twin):
        shutil.rmtree(project.processed(raw), ignore_errors=True)
    return told


def summed(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Return medians and spreads of what the groups spent and of their ratios."""
    low = [sum(one["floor"].values()) for one in groups]
    spent = {name: [one[name]["processor"] for one in groups] for name in ("ours", "by_hand", "batch")}
    ratios = {
        "ours_to_floor": [a / b for a, b in zip(spent["ours"], low, strict=True)],
        **{
            f"saved_{name}": [1 - (a - b) / (p - b) for a, p, b in zip(spent["ours"], spent[name], low, strict=True)]
            for name in ("by_hand", "batch")
        },
        **{
            f"{name}_to_ours": [p / a for p, a in zip(spent[name], spent["ours"], strict=True)]
            for name in ("by_hand", "batch")
        },
    }
    return {
        "start": outcome.spread([one["start"] / one["ours"]["processor"] for one in groups]),
        "groups_apart": groups,
        "seconds": {name: outcome.spread(values) for name, values in (spent | {"floor": low}).items()},
        "floor": {part: median(one["floor"][part] for one in groups) for part in floor.PARTS},
        "ratios": {name: outcome.spread(values) for name, values in ratios.items()},
        "peak": {name: max(one[name]["peak"] for one in groups) for name in ("ours", "by_hand", "batch")},
    }


def rows(told: dict[str, Any]) -> list[outcome.Row]:
    """Return the lines of the table."""
    spent, ratio = told["seconds"], told["ratios"]
    made = [
        outcome.Row(
            f"reports: processor seconds a report, against the floor ({told['counties']} counties)",
            spent["ours"], spent["floor"], ratio["ours_to_floor"], f"<= {AT_MOST}",
            ratio["ours_to_floor"]["median"] <= AT_MOST,
        )
    ]  # fmt: skip
    for name, called in (("by_hand", "by hand"), ("batch", "in batch")):
        saved = ratio[f"saved_{name}"]
        which = f", {told['peers']} counties" if told["peers"] != told["counties"] else ""
        what = f"reports: saved of what lies above the floor {called} ({told['renderer']}{which})"
        holds = saved["median"] >= SAVED
        made.append(outcome.Row(what, spent["ours"], spent[name], saved, f">= {SAVED}", holds))
    return made


def main(counties: int, groups: int, asked: int) -> None:
    """Measure, print and keep."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        whole = province.lay(work / "raw", counties)
        twin = Path(shutil.copytree(whole.raw, work / "twin"))
        size = -(-counties // groups)
        parts = [Province(whole.raw, whole.codes[at : at + size]) for at in range(0, counties, size)]
        found = []
        for part in parts:
            found.append(group(part, twin, work, asked, counties))
            told = {name: round(found[-1][name]["processor"], 2) for name in ("ours", "by_hand", "batch")}
            print(told | {"floor": round(sum(found[-1]["floor"].values()), 2)}, flush=True)
    kept: dict[str, Any] = {"counties": counties, "groups": len(parts), "renderer": peers.renderer()} | summed(found)
    kept["peers"] = sum(len(part.codes[: asked or None]) for part in parts)
    outcome.keep("reports", kept, rows(kept))
    print(f"of our seconds, the start that all reports share: {kept['start']['median']:.1%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=100)
    parser.add_argument("--groups", type=int, default=5)
    parser.add_argument("--peers", type=int, default=0, help="counties of each group that peers build; 0 for all")
    asked = parser.parse_args()
    os.environ.pop("JUNHENG_ROOT", None)
    main(asked.counties, min(asked.groups, asked.counties), asked.peers)
