"""The findings of all items of any number of counties and years, from their measurements and records."""

from datetime import date
from typing import Protocol

import polars as pl

from analysis.judge import duties, frames, monitoring, recognition, resources, set_aside
from analysis.standards import Standard


class WithRecords(Protocol):
    """Anything that holds the records of counties, such as clean.Records."""

    @property
    def schools(self) -> pl.DataFrame:
        """Rows of the schools table."""

    @property
    def classes(self) -> pl.DataFrame:
        """Rows of the classes table."""

    @property
    def rooms(self) -> pl.DataFrame:
        """Rows of the special rooms."""

    @property
    def teachers(self) -> pl.DataFrame:
        """Rows of the teachers table."""

    @property
    def quarantine(self) -> pl.DataFrame:
        """Rows that were set aside."""

    @property
    def government(self) -> pl.DataFrame:
        """Rows of the county items."""

    @property
    def monitoring(self) -> pl.DataFrame:
        """Rows of the national monitoring."""

    @property
    def scores(self) -> pl.DataFrame:
        """Rows of the county's own tests."""

    @property
    def survey(self) -> pl.DataFrame:
        """Rows of the recognition survey."""


#: Tables of the statistics, which may be those of years before the year judged.
STATISTICS = ("schools", "classes", "rooms", "teachers", "quarantine")


def findings(
    measurements: pl.DataFrame, records: WithRecords, standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of all items without the fields, in the order of `cells` (county, year).

    `days` maps each year to the day whose rules hold. Statistics are those of `statistics_lag` years before.
    """
    lag = standard.statistics_lag
    cells = cells.with_columns((pl.col("year") - lag).alias("before"))
    before = cells.select("county", pl.col("before").alias("year"))
    reported = records.schools.select(frames.KEYS).unique().with_columns(pl.lit(value=True).alias("reported"))
    before = before.join(reported, on=frames.KEYS, how="left", maintain_order="left")
    of_schools = resources.findings(
        measurements,
        standard,
        before.with_columns(pl.col("reported").fill_null(value=False)),
        {year - lag: day for year, day in days.items()},
    ).with_columns(pl.col("year") + lag)
    wanted = cells.select(frames.KEYS)
    held = {name: rows_of(getattr(records, name).with_columns(pl.col("year") + lag), wanted) for name in STATISTICS}
    held |= {"government": rows_of(records.government, wanted), "monitoring": records.monitoring}
    held |= {"floors": of_schools.filter(pl.col("item").str.starts_with("floor_"))}
    parts = [
        of_schools,
        set_aside.findings(records.quarantine, cells),
        monitoring.levels(records.monitoring, standard, cells, days),
        monitoring.rates(records.monitoring, standard, cells, days),
        monitoring.own_rates(records.scores, standard, cells, days),
        duties.findings(held, standard, cells, days),
        recognition.findings(rows_of(records.survey, wanted), standard, cells, days),
    ]
    return pl.concat(parts).sort(frames.KEYS, maintain_order=True)


def rows_of(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the counties and years of `cells`."""
    return rows if rows.is_empty() else rows.join(cells, on=frames.KEYS, how="semi", maintain_order="left")
