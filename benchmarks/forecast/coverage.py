"""How often the intervals of a forecast hold: `python -m benchmarks.forecast.coverage [counties]`.

Generated counties live eight years: pupils move for good and by chance, drop out and repeat, counties gain and lose as
a whole, schools build (sample/life.py; how much of each is drawn for each county). Nothing later than one, two or three
years before the last is looked at, and the last year is forecast. Of each kind of series: how often its 90 % interval
holds what came, beside naive intervals, which take every school to err by itself and nothing to last. Writes
benchmarks/results/forecast.json and fills docs/forecast.md; `page` alone does that.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.forecast.forecast import Outlook
from analysis.forecast.futures import futures, past_of
from analysis.measure import measure
from analysis.sample import records
from analysis.sample.nation import code_of, invented
from analysis.sample.schools import Schools, simulate, stream
from analysis.tables import Stage
from benchmarks.statistics.places import RESULTS, ROOT

Array = npt.NDArray[np.float64]
YEARS = tuple(range(2017, 2025))
HORIZONS = (1, 2, 3)
KINDS = ("enrolment", "totals", "schools", "means", "coefficients")
PAGE = ROOT / "docs" / "forecast.md"
START, END = "<!-- table -->", "<!-- /table -->"
#: Between these a life is drawn for each county.
LIFE = {
    "moves": (0.0, 0.04),
    "common": (0.005, 0.03),
    "noise": (0.01, 0.05),
    "dropout": (0.0, 0.02),
    "repeat": (0.0, 0.02),
    "build": (0.0, 0.08),
}
BUILT = ["teaching_area", "sports_area", "equipment_value", "multimedia_rooms"]


def county(number: int, years: tuple[int, ...] = YEARS, seed: int = 1) -> Records:
    """Return the records of a generated county that has lived."""
    spec = invented(number, seed, "csv")
    rng = stream(seed, spec.code, 12)
    life: dict[str, Any] = {name: float(rng.uniform(*between)) for name, between in LIFE.items()}
    life |= {"of": BUILT, "build_by": [0.1, 0.6]}
    schools = simulate(replace(spec, says=spec.says | {"life": life}), years, seed)
    code = code_of(number)
    frame = records.school_years(schools).with_columns(pl.lit(code).alias("county"))
    return of_frames(code, {"schools": frame, "classes": classes(schools, code)})


def classes(schools: Schools, code: str) -> pl.DataFrame:
    """Return the table of classes, each grade of a school as one."""
    parts, first = [], 1
    for stage in Stage:
        each = schools.grades[stage.value]
        n, grade, year = np.nonzero(each)
        part = {
            "county": [code] * len(n),
            "year": np.array(schools.years)[year],
            "school": np.array(schools.code)[n],
            "grade": grade + first,
            "class": ["1"] * len(n),
            "pupils": each[n, grade, year],
        }
        parts.append(pl.DataFrame(part))
        first += each.shape[1]
    return pl.concat(parts)


def covered(held: Records, horizon: int, *, naive: bool = False) -> dict[str, list[float]]:
    """Return of each series, by kind, where the last year's value lies in its interval: 1 inside, 0 outside."""
    standard, last = standards.load("national-2017"), YEARS[-1]
    past = past_of(held, standard, held.county, last - horizon)
    if naive:
        calm: dict[str, Any] = {"common": 0.0, "own_sd": 0.0, "slips": 0.0}
        past = replace(
            past,
            enrolment={name: replace(drift, **calm, own=0 * drift.own) for name, drift in past.enrolment.items()},
            amounts={name: replace(drift, **calm, own=0 * drift.own) for name, drift in past.amounts.items()},
        )
    seen = Outlook(held, standard, past, futures(past, [last], None, 200))
    true = measure(held, standard).filter(year=last)
    result: dict[str, list[float]] = {kind: [] for kind in KINDS}
    now = held.schools.filter(year=last).sort("school")
    places = {code: place for place, code in enumerate(past.grades.schools)}
    for stage in Stage:
        drawn = seen.ahead.pupils[stage.value][1:, 0]
        came = now[f"pupils_{stage.value}"].fill_null(0).to_numpy().astype(float)
        there = [
            (places[code], value)
            for code, value in zip(now["school"], came, strict=True)
            if code in places and value > 0
        ]
        low, high = np.nanquantile(np.round(drawn), seen.level, axis=0)
        result["enrolment"] += [float(low[place] <= value <= high[place]) for place, value in there]
        total = drawn[:, [place for place, _ in there]].sum(axis=1)
        ends = np.quantile(total, seen.level)
        result["totals"].append(float(ends[0] <= sum(value for _, value in there) <= ends[1]))
    known = {
        (row["stage"], row["indicator"], row["statistic"], row["school"]): row["value"]
        for row in true.drop_nulls("value").iter_rows(named=True)
    }
    for stage_name, each in seen.whole.items():
        for name in standard.indicators:
            of_schools = each.value(name)[:, 0]
            drawn_of: dict[tuple[str, str, str | None], Array] = {
                ("schools", "value", code): of_schools[:, place] for place, code in enumerate(each.schools)
            }
            drawn_of |= {
                ("means", "mean", None): each.mean(name)[:, 0],
                ("coefficients", "cv", None): each.coefficient(name).value[:, 0],
            }
            for (kind, statistic, school), drawn in drawn_of.items():
                value, told = known.get((stage_name, name, statistic, school)), seen.told(drawn)
                if value is not None and told["low"] is not None:
                    result[kind].append(float(told["low"] <= value <= told["high"]))
    return result


def run(counties: int) -> dict[str, Any]:
    """Return by horizon and kind how many series there were, and how often intervals held them."""
    rows = []
    for horizon in HORIZONS:
        sums: dict[tuple[str, bool], list[float]] = {}
        per_county: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for number in range(counties):
            held = county(number)
            for naive in (False, True):
                for kind, inside in covered(held, horizon, naive=naive).items():
                    sums.setdefault((kind, naive), []).extend(inside)
                    if not naive and inside:
                        per_county[kind].append(float(np.mean(inside)))
        rows += [
            {
                "years": horizon,
                "kind": kind,
                "series": len(sums[kind, False]),
                "held": float(np.mean(sums[kind, False])),
                "naive": float(np.mean(sums[kind, True])),
                "lowest_tenth": float(np.quantile(per_county[kind], 0.1)),
            }
            for kind in KINDS
        ]
    return {"counties": counties, "rows": rows}


def table() -> str:
    """Return the block of the page."""
    said = json.loads((RESULTS / "forecast.json").read_text(encoding="utf-8"))
    head = ["years ahead", "series", "number", "held, %", "naive, %", "a county in ten below, %"]
    rows = [
        [
            str(row["years"]),
            row["kind"],
            f"{row['series']:,}",
            f"{100 * row['held']:.1f}",
            f"{100 * row['naive']:.1f}",
            f"{100 * row['lowest_tenth']:.0f}",
        ]
        for row in said["rows"]
    ]
    marks = ["---:", "---", *["---:"] * 4]
    lines = "\n".join("| " + " | ".join(line) + " |" for line in [head, marks, *rows])
    return f"{said['counties']} generated counties, intervals of 90 %.\n\n{lines}"


def filled() -> str:
    """Return the page with the table as found."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] != ["page"]:
        found = run(int(sys.argv[1]) if sys.argv[1:] else 120)
        (RESULTS / "forecast.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if PAGE.exists():
        PAGE.write_text(filled(), encoding="utf-8")
    print(table())
