"""The findings of all items of any number of counties and years, from their measurements and records."""

from datetime import date

import polars as pl

from analysis import ids
from analysis.clean import Records, values
from analysis.judge import duties, frames, monitoring, recognition, resources, set_aside
from analysis.standards import Standard
from analysis.tables import Kind

#: Tables of the statistics, which may be those of years before the year judged.
STATISTICS = ("schools", "classes", "rooms", "teachers")


def findings(
    measurements: pl.DataFrame, records: Records, standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of all items without the fields, in the order of `cells` (county, year).

    `days` maps each year to the day whose rules hold. Statistics are those of `statistics_lag` years before.
    """
    lag = standard.statistics_lag
    before = cells.select("county", pl.col("year") - lag)
    reported = records.schools.select(frames.KEYS).unique().with_columns(pl.lit(value=True).alias("reported"))
    before = before.join(reported, on=frames.KEYS, how="left", maintain_order="left")
    of_schools = resources.findings(
        measurements,
        standard,
        before.with_columns(pl.col("reported").fill_null(value=False)),
        {year - lag: day for year, day in days.items()},
    ).with_columns(pl.col("year") + lag)
    wanted = cells.select(frames.KEYS)

    def marked(name: str) -> pl.DataFrame:
        return values.marked(getattr(records, name), records.notices, name)

    held = {name: rows_of(marked(name).with_columns(pl.col("year") + lag), wanted) for name in STATISTICS}
    held["quarantine"] = rows_of(records.quarantine.with_columns(pl.col("year") + lag), wanted)
    held |= {"government": rows_of(marked("government"), wanted), "monitoring": marked("monitoring")}
    held |= {"floors": of_schools.filter(ids.is_kind(Kind.FLOOR))}
    parts = [
        of_schools,
        set_aside.findings(held["quarantine"], held["schools"], standard),
        monitoring.levels(held["monitoring"], standard, cells, days),
        monitoring.rates(held["monitoring"], standard, cells, days),
        monitoring.own_rates(records.scores, standard, cells, days),
        duties.findings(held, standard, cells, days),
        recognition.findings(rows_of(marked("survey"), wanted), standard, cells, days),
    ]
    return pl.concat(parts).sort(frames.KEYS, maintain_order=True)


def rows_of(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the counties and years of `cells`."""
    return rows if rows.is_empty() else rows.join(cells, on=frames.KEYS, how="semi", maintain_order="left")
