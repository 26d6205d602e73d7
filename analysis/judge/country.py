"""Many counties at once: the resources of every county and year of a frame of school rows."""

from dataclasses import dataclass

import polars as pl

from analysis.judge import frames, resources
from analysis.measure import measure
from analysis.measure.indicators import WithSchools
from analysis.standards import Standard


@dataclass(frozen=True)
class Country:
    """FINDINGS of the field resources: `schools` of each school, `stages` of each county, year and stage."""

    schools: pl.DataFrame
    stages: pl.DataFrame


def judge_country(records: WithSchools, standard: Standard) -> Country:
    """Judge the resources of all counties and years in `records.schools`, each year by the rules of its last day.

    Give it the counties in batches where memory is short: no county needs another's rows.
    """
    cells = (
        records.schools.select("county", "year").unique(maintain_order=True).with_columns(reported=pl.lit(value=True))
    )
    days = {year: frames.day_of(year) for year in cells["year"].unique().sort()}
    findings = resources.findings(measure(records, standard), standard, cells, days, cut=False)
    of_school = pl.col("school").is_not_null()
    return Country(findings.filter(of_school), findings.filter(~of_school))
