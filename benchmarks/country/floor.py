"""The least that a country costs in Polars: one query by hand, against `junheng data`.

`python -m benchmarks.country.floor [--counties 100] [--rounds 3]`: school statistics of six years as CSV in the layout
of the sample; the query reads them as text, casts, parts schools by stage, divides, compares with floors and limits,
joins the year before and writes clean rows and findings, a county at a time. It looks at no cell twice, knows no other
layout, checks nothing and says nothing. Processor seconds a county, taking turns, one process each with one thread.
Writes benchmarks/results/country_floor.json.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl

from analysis import project
from analysis.run.processes.row import processors
from analysis.sample import write
from benchmarks import outcome, processor
from benchmarks.country.nation import data
from benchmarks.outcome import Row
from benchmarks.processor import SINGLE

AT_MOST, CORES = 3.0, 0.9
#: Names of the sample's columns in their order; of the middle ones each comes once, or once for each stage.
TEXTS = ["school", "name", "school_type", "township", "area", "run_by", "built"]
FIRST = ["pupils_primary", "pupils_junior", "pupils_senior", "classes_primary", "classes_junior"]
MIDDLE = ["teachers", "advanced", "backbone", "arts", "senior"]
LAST = ["teaching", "sports", "equipment", "rooms", "computers", "books", "land", "budget", "training", "funded"]
#: Indicator -> (floor of primary, of junior schools, pupils to which it is counted); amounts of a school are shared.
OWN = {"advanced": (4.2, 5.3, 100), "backbone": (1.0, 1.0, 100), "arts": (0.9, 0.9, 100)}
SHARED = {"teaching": (4.5, 5.8, 1), "sports": (7.5, 10.2, 1), "equipment": (2000, 2500, 1), "rooms": (2.3, 2.4, 100)}
LIMITS = {"primary": 0.5, "junior": 0.45}
MOST = 6


def read(file: Path) -> pl.DataFrame:
    """Return the rows of a file, in numbers and yuan."""
    with file.open(encoding="utf-8") as lines:
        head = [next(lines) for _ in range(4)][2]
    by_stage = head.count(",") + 1 > len(TEXTS + FIRST + MIDDLE + LAST)
    middle = [f"{name}_{stage}" for name in MIDDLE for stage in LIMITS] if by_stage else MIDDLE
    names = TEXTS + FIRST + middle + LAST
    rows = pl.read_csv(file, skip_lines=4, has_header=False, schema=dict.fromkeys(names, pl.String))
    rows = rows.filter(pl.col("school").str.contains(r"^\d{10}$")).with_columns(
        pl.lit(int(file.stem[-4:])).alias("year"), pl.col(FIRST + middle + LAST).cast(pl.Float64, strict=False)
    )
    if not by_stage:
        rows = rows.with_columns(pl.col(name).alias(f"{name}_{stage}") for name in MIDDLE for stage in LIMITS)
    return rows.with_columns(pl.col("equipment") * (10_000 if "教学仪器设备值（万元）" in head else 1))


def county(folder: Path, out: Path) -> None:
    """Take a county's school statistics to rows and findings."""
    rows = pl.concat([read(file) for file in sorted(folder.glob("schools_*.csv"))], how="diagonal")
    both = (pl.col("pupils_primary").fill_null(0) + 1.1 * pl.col("pupils_junior").fill_null(0)).alias("weight")
    parts = []
    for stage, weight in (("primary", 1.0), ("junior", 1.1)):
        pupils = pl.col(f"pupils_{stage}")
        share = weight * pupils / both
        own = [(pl.col(f"{name}_{stage}") / pupils * per).alias(name) for name, (*_, per) in OWN.items()]
        shared = [(pl.col(name) * share / pupils * per).alias(name) for name, (*_, per) in SHARED.items()]
        parts.append(
            rows.filter((pupils > 0) & (pl.col("school_type") != "教学点")).select(
                "year", "school", pl.lit(stage).alias("stage"), pupils.alias("pupils"), *own, *shared
            )
        )
    long = pl.concat(parts).unpivot(index=["year", "school", "stage", "pupils"], variable_name="indicator")
    every = OWN | SHARED
    floors = pl.DataFrame(
        [(name, stage, float(every[name][place])) for name in every for place, stage in enumerate(LIMITS)],
        schema=["indicator", "stage", "floor"],
        orient="row",
    )
    long = long.join(floors, on=["indicator", "stage"]).with_columns((pl.col("value") >= pl.col("floor")).alias("met"))
    schools = long.group_by("year", "stage", "school").agg(
        pl.col("met").sum(), (pl.col("value") >= 0.85 * pl.col("floor")).all().alias("near")
    )
    schools = schools.with_columns(((pl.col("met") >= MOST) & pl.col("near")).alias("verdict"))
    weights, value = pl.col("pupils"), pl.col("value")
    mean = (weights * value).sum() / weights.sum()
    spread = ((weights * (value - mean) ** 2).sum() / weights.sum()).sqrt()
    found = long.group_by("year", "stage", "indicator").agg((spread / mean).alias("cv"), mean.alias("mean"))
    found = found.with_columns((pl.col("cv") <= pl.col("stage").replace_strict(LIMITS)).alias("verdict"))
    before = found.select(pl.col("year") + 1, "stage", "indicator", pl.col("cv").alias("before"))
    found = found.join(before, on=["year", "stage", "indicator"], how="left").sort("year", "stage", "indicator")
    place = out / folder.name
    place.mkdir(parents=True, exist_ok=True)
    for name, frame in (("rows", rows), ("values", long), ("schools", schools), ("findings", found)):
        frame.write_parquet(place / f"{name}.parquet")


def counties(raw: Path, out: Path) -> None:
    """Take each county of a folder there."""
    for folder in sorted(path for path in raw.iterdir() if path.is_dir()):
        county(folder, out)


def main(number: int, rounds: int) -> int:
    """Measure, keep and print; 1 where a target is missed."""
    ours, floor, cores = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        raw, out = Path(folder) / "raw", Path(folder) / "out"
        write(raw, counties=number, formats=("csv",))
        own = [sys.executable, "-m", "benchmarks.country.floor", "--raw", str(raw), "--out", str(out)]
        nothing = processor.command([sys.executable, "-c", "import benchmarks.country.floor"], SINGLE).processor
        for _ in range(rounds):
            spent = data(raw)
            begun = processor.command([sys.executable, "-m", "analysis", "data", "--data", raw], SINGLE).processor
            ours.append((spent.processor - begun) / number)
            cores.append(spent.processor / spent.seconds / processors())
            floor.append((processor.command(own, SINGLE).processor - nothing) / number)
        assert project.processed(raw).is_dir()
    ratio = outcome.spread([mine / least for mine, least in zip(ours, floor, strict=True)])
    used = outcome.spread(cores)
    rows = [
        Row(f"CSV to findings, processor seconds a county ({number}), against a query by hand", outcome.spread(ours),
            outcome.spread(floor), ratio, f"<= {AT_MOST:.0f}", ratio["median"] <= AT_MOST),
        Row(f"share of {processors()} processors that as many workers use", used, None, used, f">= {CORES}",
            used["median"] >= CORES),
    ]  # fmt: skip
    outcome.keep("country_floor", {"counties": number, "ours": ours, "floor": floor}, rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.raw:
        counties(asked.raw, asked.out)
    else:
        sys.exit(main(asked.counties, asked.rounds))
