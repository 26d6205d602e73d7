"""Judge the whole country, and the same arithmetic as one Polars query written by hand.

    python -m benchmarks.judge.country [--schools 210000] [--years 6]

Both get the same school rows, county by county in batches, and both national frameworks; both give, per school and
stage, whether each
floor is met and whether the school meets the rule, and per stage the share of schools, each mean and coefficient,
and its verdict.
"""

import argparse
import resource
import time
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from analysis import standards
from analysis.clean.records import NOTICES
from analysis.judge import country
from analysis.standards import Standard
from analysis.tables import Stage
from benchmarks import outcome

SCHOOLS_PER_COUNTY = 75
AT_MOST, GIGABYTES = 3.0, 3.0
TYPES = {
    "primary": 0.55,
    "teaching_point": 0.15,
    "junior": 0.17,
    "nine_year": 0.1,
    "twelve_year": 0.01,
    "complete_secondary": 0.02,
}
AMOUNTS = {
    "teachers": 1 / 16,
    "advanced_degree_teachers": 0.05,
    "backbone_teachers": 0.012,
    "pe_arts_teachers": 0.011,
    "senior_title_teachers": 0.03,
    "teaching_area": 5.5,
    "sports_area": 9.0,
    "equipment_value": 2600.0,
    "multimedia_rooms": 0.026,
    "computers": 0.15,
    "books": 30.0,
}
STAGED = ("teachers", "advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers", "senior_title_teachers")


@dataclass(frozen=True)
class Held:
    """School rows, as records hold them, about which there is nothing to tell."""

    schools: pl.DataFrame
    notices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NOTICES))


def made(schools: int, years: int, seed: int = 0) -> pl.DataFrame:
    """Return school rows of a country: counties of 75 schools, amounts by enrolment with noise, two in a hundred
    missing.
    """
    rng = np.random.default_rng(seed)
    number = schools * years
    code = np.tile(np.arange(schools), years)
    kind = np.tile(rng.choice(list(TYPES), schools, p=list(TYPES.values())), years)
    levels = {
        "primary": ("primary", "teaching_point", "nine_year", "twelve_year"),
        "senior": ("twelve_year", "complete_secondary"),
    }
    levels["junior"] = ("junior", "nine_year", "twelve_year", "complete_secondary")
    pupils = {
        level: np.where(np.isin(kind, types), rng.integers(40, 1500, number), 0) for level, types in levels.items()
    }
    total = sum(pupils.values())
    frame = pl.DataFrame(
        {
            "county": (100_000 + code // SCHOOLS_PER_COUNTY).astype(str),
            "year": np.repeat(np.arange(2019, 2019 + years, dtype=np.int32), schools),
            "school": (code + 10**9).astype(str),
            "name": (code + 10**9).astype(str),
            "school_type": kind,
            "township": np.full(number, "t"),
            "area": np.full(number, "rural"),
            "run_by": np.full(number, "county"),
        }
        | {f"pupils_{level}": values for level, values in pupils.items()}
        | {f"classes_{level}": pupils[level] // 40 for level in ("primary", "junior")}
    )
    columns = {}
    for name, mean in AMOUNTS.items():
        values = np.round(total * mean * rng.lognormal(0, 0.35, number), 0)
        columns[name] = pl.Series(name, np.where(rng.random(number) < 0.02, np.nan, values)).fill_nan(None)
    blank = [pl.lit(None, pl.Float64).alias(f"{name}_{stage}") for name in STAGED for stage in ("primary", "junior")]
    return frame.with_columns(*columns.values()).with_columns(blank)


def by_hand(schools: pl.DataFrame, standard: Standard) -> tuple[int, int]:
    """The arithmetic as one query: split, values, floors, rule, shares, means, coefficients, verdicts; no names, no
    reasons."""
    names = {name: one.amount for name, one in standard.indicators.items()}
    per = {name: one.per for name, one in standard.indicators.items()}
    p, j, s = (pl.col(f"pupils_{level}").cast(pl.Float64) for level in ("primary", "junior", "senior"))
    kind = pl.col("school_type")
    both = kind == "complete_secondary"
    weights = {"primary": p, "junior": pl.when(both).then(j).otherwise(1.1 * j)}
    total = weights["primary"] + weights["junior"] + pl.when(both).then(1.2 * s).otherwise(1.32 * s)
    parts = []
    for number, stage in enumerate(("primary", "junior")):
        pupils = (p, j)[number]
        rows = schools.lazy().filter(
            (pupils > 0) & ~((kind == "teaching_point") & (p < 100)) & ~kind.is_in(["special", "vocational_junior"])
        )
        part = weights[stage] / total
        rows = rows.select(
            "county", "year", "school", pl.lit(stage).alias("stage"), pupils.alias("pupils"),
            *((pl.col(column) * part).alias(name) for name, column in names.items()),
        )  # fmt: skip
        floors = {name: one.floor[Stage(stage)][0].value or 0 for name, one in standard.indicators.items() if one.floor}
        if floors:
            rows = rows.with_columns(
                (pl.col(name) / pl.col("pupils") * per[name]).alias(f"x_{name}") for name in floors
            ).with_columns(
                *((pl.col(f"x_{name}") >= floor).alias(f"met_{name}") for name, floor in floors.items()),
                *((pl.col(f"x_{name}") >= 0.85 * floor).alias(f"near_{name}") for name, floor in floors.items()),
            )
            met, near = [pl.col(f"met_{name}") for name in floors], [pl.col(f"near_{name}") for name in floors]
            low = pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int8) for one in met)
            high = pl.sum_horizontal(one.fill_null(value=True).cast(pl.Int8) for one in met)
            best = (high >= 6) & pl.all_horizontal(one.fill_null(value=True) for one in near)
            worst = (low >= 6) & pl.all_horizontal(one.fill_null(value=False) for one in near)
            rows = rows.with_columns(pl.when(worst).then(1).when(best).then(0).otherwise(-1).alias("rule"))
        aggregates = []
        for name in names:
            x = pl.col(name)
            size = pl.when(x.is_not_null()).then(pl.col("pupils"))
            mean = x.sum() / size.sum()
            spread = (size * (x / size - mean) ** 2).sum() / size.sum()
            aggregates += [(mean * per[name]).alias(f"mean_{name}"), (spread.sqrt() / mean).alias(f"cv_{name}")]
            aggregates.append(x.count().alias(f"n_{name}"))
            share = size * (x / size - x.sum().over("county", "year") / size.sum().over("county", "year")) ** 2
            rows = rows.with_columns((share / share.sum().over("county", "year")).alias(f"share_{name}"))
        if floors:
            aggregates += [(pl.col("rule") == 1).mean().alias("schools"), (pl.col("rule") == -1).any().alias("below")]
        stages = rows.group_by("county", "year", "stage", maintain_order=True).agg(aggregates)
        cvs = pl.concat_list(pl.col(f"cv_{name}") for name in names)
        limits = {"primary": (0.50, 0.65), "junior": (0.45, 0.55)}[stage]
        if standard.composite:
            stages = stages.with_columns((cvs.list.mean() <= limits[1]).alias("ok"))
        else:
            stages = stages.with_columns(*((pl.col(f"cv_{name}") <= limits[0]).alias(f"ok_{name}") for name in names))
        parts.append((rows, stages))
    done = pl.collect_all([frame for pair in parts for frame in pair])
    return sum(frame.height for frame in done[::2]), sum(frame.height for frame in done[1::2])


def judged(schools: pl.DataFrame, standard: Standard) -> tuple[int, int]:
    found = country.judge_country(Held(schools), standard)
    return found.schools.height, found.stages.height


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--schools", type=int, default=210_000)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--batch", type=int, default=200, help="counties at a time")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows = made(options.schools, options.years).sort("county", maintain_order=True)
    counties = rows["county"].unique(maintain_order=True)
    batches = [
        rows.filter(pl.col("county").is_in(group.implode()))
        for group in (counties[place : place + options.batch] for place in range(0, len(counties), options.batch))
    ]
    print(
        f"{rows.height:,} school rows, {len(counties):,} counties, {rows.estimated_size() / 1e6:.0f} MB, {date.today()}"
    )
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    ways = {"by hand": by_hand, "junheng": judged}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(options.rounds + 1):  # the first warms up
        for name, function in ways.items():
            cpu, count = time.process_time(), np.zeros(2, int)
            for standard in (standards.load("national-2017"), standards.load("national-2012")):
                count = count + np.sum(
                    [function(each, standard) for each in (batches if turn else batches[:1])], axis=0
                )
            times[name] += [time.process_time() - cpu] if turn else []
            if turn:
                print(f"{name:8} {times[name][-1]:6.1f} s of processor, {count} rows", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    ratio = outcome.spread([a / b for a, b in zip(times["junheng"], times["by hand"], strict=True)])
    spent = {name: outcome.spread(values) for name, values in times.items()}
    held = {"median": peak, "spread": 0.0}
    outcome.keep(
        "judge",
        {"school_rows": rows.height, "counties": len(counties), "rounds": options.rounds, "input_gigabytes": base},
        [
            outcome.Row(f"judging {rows.height:,} school rows twice, processor seconds, against one query by hand",
                        spent["junheng"], spent["by hand"], ratio, f"<= {AT_MOST:.0f}", ratio["median"] <= AT_MOST),
            outcome.Row("the same, greatest memory in GB, input included", held, None, held, f"< {GIGABYTES:.0f}",
                        peak < GIGABYTES),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
