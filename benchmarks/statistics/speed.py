"""How long the rate takes, as ratios within one run: `python -m benchmarks.statistics.speed [repeats]`.

Writes docs/benchmarks/speed.json; without the pupils of chem97, which a clone does not hold, or without statsmodels the
figures that compare with them are left as they were. Three comparisons, each beside its floor, the time Polars needs
for n, mean and variance alone: chem97 by authority against a loop of statsmodels' MixedLM (which gives neither interval
nor confidence); 2,844 counties of that size, per county; 20 million scores from a Parquet file, with integer and with
text keys, and how time grows up to there. Every reading of a file is a process of its own, so that its greatest memory
is known. Times are medians, spread is (max - min) / median.
"""

import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.run.commands import pupils
from analysis.run.commands import rates as tables
from analysis.statistics import sufficient, variance
from benchmarks.statistics.places import ROOT, SHARED, SPEED, machine

COUNTIES, SUBJECTS = 2844, 3
MILLIONS = (1, 2, 5, 10, 20)
KEYS = ["county", "subject", "school"]


def processor() -> float:
    """Return the processor seconds that this process has used, on all cores."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return how long a run takes, by the clock and by the processor."""
    before, start = processor(), time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start, "processor": processor() - before}


def told(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return medians, the spread by the clock, and the greatest memory where it was taken."""
    times = [run["seconds"] for run in runs]
    middle = float(np.median(times))
    result = {"seconds": middle, "spread": (max(times) - min(times)) / middle}
    result["processor"] = float(np.median([run["processor"] for run in runs]))
    if "gigabytes" in runs[0]:
        result["gigabytes"] = max(run["gigabytes"] for run in runs)
    return result


def repeated(work: Callable[[], object], repeats: int) -> dict[str, float]:
    """Return what several runs take, after one that warms up."""
    work()
    return told([timed(work) for _ in range(repeats)])


def ratio(one: dict[str, float], other: dict[str, float], share: float = 1.0) -> dict[str, float]:
    """Return how many times as long `one` takes, by the clock and by the processor; `share` scales."""
    return {name: share * one[name] / other[name] for name in ("seconds", "processor")}


def reduce(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return what is the floor: n, mean and variance by school."""
    y = pl.col("score")
    return frame.group_by(keys).agg(n=y.count(), mean=y.mean(), variance=y.var())


def rates(frame: pl.DataFrame, by: list[str]) -> variance.Estimates:
    """Return rates with intervals and confidence from pupils in memory."""
    found = sufficient.sufficient(frame, "score", "school", by)
    labels = found.select(by).to_struct("group").rank("dense") if len(by) > 1 else found[by[0]]
    return variance.estimate(found["n"], found["mean"], found["ss"], labels, limit=0.15)


def loop(frame: pl.DataFrame) -> tuple[Callable[[], object], int]:
    """Return statsmodels for all authorities, data laid out beforehand, and how many there are."""
    import statsmodels.api as sm

    parts = [
        (part["score"].to_numpy().astype(float), part["school"].to_numpy())
        for _, part in frame.group_by("lea", maintain_order=True)
        if part["school"].n_unique() > 1
    ]

    def fit() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for y, school in parts:
                sm.MixedLM(y, np.ones(len(y)), groups=school).fit(reml=True)

    return fit, len(parts)


def many(frame: pl.DataFrame) -> pl.DataFrame:
    """Return 2,844 counties: authorities of chem97 in turn, the scores of each school drawn anew from its own."""
    draw = np.random.default_rng(2844)
    rated = frame.filter(pl.col("school").n_unique().over("lea") > 1)
    parts = [part for _, part in rated.group_by("lea", maintain_order=True)]
    made = []
    for county in range(COUNTIES):
        part = parts[county % len(parts)]
        noise = draw.normal(0, 1, part.height)
        made.append(part.select(pl.lit(county).alias("lea"), "school", pl.col("score") + pl.Series(noise)))
    return pl.concat(made)


def scores(million: int, text: bool, file: Path) -> None:
    """Write pupils' scores of 2,844 counties in three subjects: 5 to 59 schools a county, unequal."""
    draw = np.random.default_rng(million)
    pupils_each = million * 1_000_000 // (COUNTIES * SUBJECTS)
    number = draw.integers(5, 60, COUNTIES)
    county = np.repeat(np.arange(COUNTIES), pupils_each * SUBJECTS)
    subject = np.tile(np.repeat(np.arange(SUBJECTS), pupils_each), COUNTIES)
    school = county * 100 + (draw.random(len(county)) ** 1.5 * number[county]).astype(np.int64)
    effect = draw.normal(0, 30, COUNTIES * 100)
    frame = pl.DataFrame(
        {
            "county": (county + 100_000).astype(np.int32),
            "subject": subject.astype(np.int8),
            "school": school.astype(np.int32),
            "score": 500 + effect[school] + draw.normal(0, 80, len(county)),
        }
    )
    if text:
        frame = frame.with_columns(pl.col(*KEYS).cast(pl.String)).with_columns(pl.col("school").str.zfill(10))
    frame.write_parquet(file)


def peak() -> float:
    """Return the greatest memory of this process in GB: its own, not that of the process it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9


def one(what: str, file: str) -> None:
    """Do one reading and print its times and greatest memory: what the processes of their own run."""

    def floor() -> None:
        y = pl.col("score")
        query = pl.scan_parquet(file).group_by(KEYS).agg(n=y.count(), mean=y.mean(), variance=y.var())
        query.collect(engine="streaming")

    def rate() -> None:
        tables.icc(Path(file), pupils.Question("school", ("score",), ("county", "subject")))

    print(json.dumps(timed({"floor": floor, "rate": rate}[what]) | {"gigabytes": peak()}))


def apart(what: str, file: Path, repeats: int) -> dict[str, float]:
    """Return what readings take in processes of their own."""
    command = [sys.executable, "-m", "benchmarks.statistics.speed", what, str(file)]
    runs = [subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout for _ in range(repeats)]
    return told([json.loads(run) for run in runs])


def lacking(file: Path) -> str:
    """Return one line on what a comparison with statsmodels on this file lacks; nothing where it is all there."""
    if not file.exists():
        return (
            f"{file.name} is not in {file.parent.name}/ beside the clone (or in JUNHENG_SHARED): not compared with it."
        )
    if importlib.util.find_spec("statsmodels") is None:
        return "statsmodels is not installed (pip install statsmodels): not compared with it."
    return ""


def memory(repeats: int) -> dict[str, object]:
    """Return chem97 and 2,844 counties like it, pupils in memory, against statsmodels and the floor.

    Nothing, and one line that says so, where the pupils of chem97 or statsmodels are not there.
    """
    file = SHARED / "chem97.csv.gz"
    if missing := lacking(file):
        print(missing)
        return {}
    chem = pl.read_csv(file)
    fit, groups = loop(chem)
    peer = repeated(fit, 3)
    ours, floor = repeated(lambda: rates(chem, ["lea"]), 40), repeated(lambda: reduce(chem, ["lea", "school"]), 40)
    few: dict[str, Any] = {"groups": groups, "pupils": chem.height, "rate": ours, "floor": floor, "statsmodels": peer}
    country = many(chem)
    ours = repeated(lambda: rates(country, ["lea"]), 4 * repeats)
    floor_ = repeated(lambda: reduce(country, ["lea", "school"]), 4 * repeats)
    more: dict[str, Any] = {"groups": COUNTIES, "pupils": country.height, "rate": ours, "floor": floor_}
    return {
        "chem97": few | {"times_statsmodels": ratio(peer, few["rate"]), "times_the_floor": ratio(few["rate"], floor)},
        "counties": more
        | {
            "times_statsmodels_per_group": ratio(peer, ours, COUNTIES / groups),
            "times_the_floor": ratio(ours, floor_),
        },
    }


def files(repeats: int) -> list[dict[str, object]]:
    """Return how time grows with the scores in a file."""
    growth: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for million in MILLIONS:
            for text in (False, True) if million == MILLIONS[-1] else (False,):
                file = Path(folder) / "scores.parquet"
                scores(million, text, file)
                rate, floor = apart("rate", file, repeats), apart("floor", file, repeats)
                row: dict[str, object] = {
                    "millions": million,
                    "keys": "text" if text else "integer",
                    "rate": rate,
                    "floor": floor,
                }
                growth.append(row | {"times_the_floor": ratio(rate, floor)})
                print(json.dumps(growth[-1]), flush=True)
                file.unlink()
    return growth


def main(repeats: int) -> None:
    result: dict[str, object] = {"machine": machine(), "repeats": repeats} | memory(repeats)
    print(json.dumps(result, indent=1), flush=True)
    result["scores"] = files(repeats)
    SPEED.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(SPEED.read_text(encoding="utf-8")) if SPEED.exists() else {}
    SPEED.write_text(json.dumps(before | result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(sys.argv[1], sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
