"""How long the rate takes, as ratios within one run: `python -m benchmarks.statistics.speed [repeats]`.

Writes docs/benchmarks/speed.json. Three comparisons, each beside its floor, the time Polars needs for n, mean and
variance alone: chem97 by authority against a loop of statsmodels' MixedLM (which gives neither interval nor
confidence); 2,844 counties of that size, per county; 20 million scores from a Parquet file, with integer and with text
keys, and how time grows up to there. Every reading of a file is a process of its own, so that its greatest memory is
known. Times are medians, spread is (max - min) / median.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from analysis.run import pupils, research
from analysis.statistics import sufficient, variance
from benchmarks.statistics.places import RESULTS, ROOT, SHARED, machine

COUNTIES, SUBJECTS = 2844, 3
MILLIONS = (1, 2, 5, 10, 20)
KEYS = ["county", "subject", "school"]


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Return how long each of several runs takes, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def told(times: list[float]) -> dict[str, float]:
    """Return median and spread."""
    middle = float(np.median(times))
    return {"seconds": middle, "spread": (max(times) - min(times)) / middle}


def reduce(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return what is the floor: n, mean and variance by school."""
    y = pl.col("score")
    return frame.group_by(keys).agg(n=y.count(), mean=y.mean(), variance=y.var())


def rates(frame: pl.DataFrame, by: list[str]) -> variance.Estimates:
    """Return rates with intervals and confidence from pupils in memory."""
    found = sufficient.sufficient(frame, "score", "school", by)
    labels = found.select(by).to_struct("group").rank("dense") if len(by) > 1 else found[by[0]]
    return variance.estimate(found["n"], found["mean"], found["ss"], labels)


def loop(frame: pl.DataFrame) -> tuple[float, int]:
    """Return how long statsmodels takes for all authorities, and how many there are; data laid out beforehand."""
    import statsmodels.api as sm

    parts = [
        (part["score"].to_numpy().astype(float), part["school"].to_numpy())
        for _, part in frame.group_by("lea", maintain_order=True)
        if part["school"].n_unique() > 1
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        for y, school in parts:
            sm.MixedLM(y, np.ones(len(y)), groups=school).fit(reml=True)
        return time.perf_counter() - start, len(parts)


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
    """Do one reading and print its seconds and greatest memory: what the processes of their own run."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    if what == "floor":
        y = pl.col("score")
        query = pl.scan_parquet(file).group_by(KEYS).agg(n=y.count(), mean=y.mean(), variance=y.var())
        rows = query.collect(engine="streaming").height
    else:
        rows = research.icc(Path(file), pupils.Question("school", ("score",), ("county", "subject"))).height
    taken = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": taken, "processor": processor, "gigabytes": peak(), "rows": rows}))


def apart(what: str, file: Path, repeats: int) -> dict[str, float]:
    """Return median, spread, processor time and greatest memory of readings in processes of their own."""
    command = [sys.executable, "-m", "benchmarks.statistics.speed", what, str(file)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout) for _ in range(repeats)
    ]
    rest = {
        "processor": float(np.median([run["processor"] for run in runs])),
        "gigabytes": max(run["gigabytes"] for run in runs),
    }
    return told([run["seconds"] for run in runs]) | rest


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    chem = pl.read_csv(SHARED / "chem97.csv.gz")
    ours, floor = seconds(lambda: rates(chem, ["lea"]), 20), seconds(lambda: reduce(chem, ["lea", "school"]), 20)
    peer = [loop(chem) for _ in range(3)]
    groups = peer[0][1]
    slow = told([taken for taken, _ in peer])
    result: dict[str, object] = {"machine": machine(), "repeats": repeats}
    result["chem97"] = {
        "groups": groups,
        "rate": told(ours),
        "floor": told(floor),
        "statsmodels": slow,
        "times_faster_than_statsmodels": slow["seconds"] / told(ours)["seconds"],
        "times_the_floor": told(ours)["seconds"] / told(floor)["seconds"],
    }
    country = many(chem)
    ours, floor = (
        seconds(lambda: rates(country, ["lea"]), repeats),
        seconds(lambda: reduce(country, ["lea", "school"]), repeats),
    )
    result["counties"] = {
        "groups": COUNTIES,
        "pupils": country.height,
        "rate": told(ours),
        "floor": told(floor),
        "times_faster_than_statsmodels_per_group": slow["seconds"] / groups / (told(ours)["seconds"] / COUNTIES),
        "times_the_floor": told(ours)["seconds"] / told(floor)["seconds"],
    }
    print(json.dumps(result, indent=1), flush=True)
    growth = []
    with tempfile.TemporaryDirectory() as folder:
        for million in MILLIONS:
            for text in (False, True) if million == MILLIONS[-1] else (False,):
                file = Path(folder) / "scores.parquet"
                scores(million, text, file)
                row = {"millions": million, "keys": "text" if text else "integer"}
                rate, floor_ = apart("rate", file, repeats), apart("floor", file, repeats)
                growth.append(
                    row | {"rate": rate, "floor": floor_, "times_the_floor": rate["seconds"] / floor_["seconds"]}
                )
                print(json.dumps(growth[-1]), flush=True)
                file.unlink()
    result["scores"] = growth
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(sys.argv[1], sys.argv[2])
    else:
        main()
