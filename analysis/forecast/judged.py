"""Futures judged by the ordinary judge: measured and compared as any year is, path by path."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from analysis.clean.records import NOTICES, Records
from analysis.judge import frames, resources
from analysis.measure import measure
from analysis.standards import Standard

#: The county of the future that is expected.
EXPECTED = "0"


@dataclass(frozen=True)
class Judged:
    """Findings of resources and measurements of futures; the county of a row is its path."""

    findings: pl.DataFrame
    measurements: pl.DataFrame


def judged(records: Records, rows: pl.DataFrame, standard: Standard) -> Judged:
    """Return what school rows of paths and years come to, each year by the rules of its last day."""
    held = replace(records, schools=rows, notices=pl.DataFrame(schema=NOTICES))
    measurements = measure(held, standard)
    cells = rows.select("county", "year").unique(maintain_order=True).with_columns(pl.lit(value=True).alias("reported"))
    days: dict[int, date] = {year: frames.day_of(year) for year in rows["year"].unique()}
    return Judged(resources.findings(measurements, standard, cells, days, cut=False), measurements)
