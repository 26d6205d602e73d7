"""Findings as frames: their shape and their ids."""

from datetime import date
from functools import cache

import polars as pl

from analysis import ids
from analysis.standards import Standard, Target
from analysis.standards.dated import Dated
from analysis.tables import FINDINGS, Stage

LIST = ";"
#: What one judgement is of; everything here is worked out for any number of them at once.
KEYS = ["county", "year"]


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the columns of FINDINGS: those it lacks null, reason and evidence "", `id` made from its
    parts, `kind` read off the item."""
    return frame.with_columns(_shape(tuple(frame.columns))).select(list(FINDINGS))


@cache
def _shape(columns: tuple[str, ...]) -> list[pl.Expr]:
    """Return the columns of FINDINGS, made from those that a frame has."""
    columns_given = {
        name: (pl.col(name) if name in columns else pl.lit(None)).cast(dtype) for name, dtype in FINDINGS.items()
    }
    parts = [columns_given[part].cast(pl.String) for part in ids.PARTS if part in columns]
    columns_given["id"] = pl.concat_str(parts or [pl.lit("")], separator=ids.SEPARATOR, ignore_nulls=True)
    columns_given["kind"] = ids.kind_of(columns_given["item"])
    columns_given |= {name: columns_given[name].fill_null("") for name in ("reason", "evidence")}
    return [expression.alias(name) for name, expression in columns_given.items()]


def day_of(year: int) -> date:
    """Return the day at which statistics of `year` are judged: its last."""
    return date(year, 12, 31)


def targets(
    standard: Standard, entries: dict[str, dict[Stage, tuple[Dated, ...]]], days: dict[int, date]
) -> pl.DataFrame:
    """Return what is in force of several dated values: indicator, stage, year, state (set, ...), target, and what is
    the next to come (coming).

    `entries` maps a key (an indicator) to its dated values by stage; `days` maps a year to the day of its judgement.
    """
    rows = [
        (key, stage.value, year, *_at(standard, schedule, day))
        for key, stages in entries.items()
        for stage, schedule in stages.items()
        for year, day in days.items()
    ]
    schema = {"indicator": pl.String, "stage": pl.String, "year": pl.Int32, "state": pl.String}
    return pl.DataFrame(rows, schema=schema | {"target": pl.Float64, "coming": pl.Float64}, orient="row")


def _at(standard: Standard, schedule: tuple[Dated, ...], day: date) -> tuple[str, float | None, float | None]:
    state, value = standard.value_at(schedule, day)
    return state.value, value, standard.coming_at(schedule, day)


def cells(county: str, years: list[int]) -> pl.DataFrame:
    """Return county and year (Int32), a row for each year."""
    columns = {"county": [county] * len(years), "year": years}
    return pl.DataFrame(columns, schema={"county": pl.String, "year": pl.Int32})


def in_force(standard: Standard, target: Target, days: dict[int, date], stage: Stage = Stage.PRIMARY) -> pl.DataFrame:
    """Return year, state and target (value) of a target on each of `days`, which maps years to days."""
    rows = [(year, *target_at(standard, target, day, stage)) for year, day in days.items()]
    return pl.DataFrame(rows, schema={"year": pl.Int32, "state": pl.String, "target": pl.Float64}, orient="row")


def target_at(standard: Standard, target: Target, day: date, stage: Stage = Stage.PRIMARY) -> tuple[str, float | None]:
    """Return state and value of a target that is in force on `day`."""
    state, value = standard.value_at(target.values[stage], day)
    return state.value, value
