"""A plan laid over the statistics, and judged again by the ordinary judge."""

from collections.abc import Collection

import numpy as np
import polars as pl

from analysis.clean import Records, of_frames
from analysis.judge import frames, resources
from analysis.least_cost.model import Problem
from analysis.least_cost.reading import Reading
from analysis.measure import measure
from analysis.standards import Standard
from analysis.statistics.arrays import Floats
from analysis.tables import Kind, Verdict


class BrokenPromiseError(RuntimeError):
    """A plan that the ordinary judge does not confirm: a fault of ours."""


def changed(records: Records, problem: Problem, units: Floats, year: int) -> Records:
    """Return the clean tables with what a plan adds to the schools' rows of a year; nothing else differs."""
    added: dict[str, dict[str, float]] = {}
    for number in np.flatnonzero(units):
        step = problem.steps[number]
        for school, columns, sign in ((step.school, step.columns, step.sign), (step.start, step.left, -1)):
            for column in columns:
                of = added.setdefault(column, {})
                of[school] = of.get(school, 0.0) + sign * float(units[number])
    schools = records.schools
    mine = pl.col("year") == year
    rows = schools.with_columns(
        (
            pl.col(column)
            + pl.when(mine)
            .then(pl.col("school").replace_strict(of, default=0.0, return_dtype=pl.Float64))
            .otherwise(0.0)
            .cast(schools.schema[column])
        ).alias(column)
        for column, of in added.items()
    )
    return of_frames(records.county, records.frames() | {"schools": rows})


def judged_again(records: Records, standard: Standard, county: str, reading: Reading) -> pl.DataFrame:
    """Return the FINDINGS of resources of the year by the rules of the plan's day."""
    mine = pl.col("year") == reading.year
    frames_given = records.frames() | {"schools": records.schools.filter(mine)}
    of_year = of_frames(records.county, frames_given)
    days = {reading.year: reading.day}
    cells = frames.cells(county, [reading.year]).with_columns(pl.lit(value=True).alias("reported"))
    return resources.findings(measure(of_year, standard), standard, cells, days)


def check(findings: pl.DataFrame, schools: Collection[str] | None = None) -> None:
    """Raise BrokenPromiseError where a plan leaves the share of schools, or a coefficient, not met; with `schools`,
    where it leaves one of these below its rule."""
    kinds = [Kind.SCHOOLS.value, Kind.CV.value] if schools is None else [Kind.SCHOOL_RULE.value]
    named = pl.lit(value=True) if schools is None else pl.col("school").is_in(list(schools))
    broken = findings.filter((pl.col("verdict") == Verdict.NOT_MET.value) & pl.col("kind").is_in(kinds) & named)
    if not broken.is_empty():
        raise BrokenPromiseError("; ".join(broken["id"]))
