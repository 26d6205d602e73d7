"""The findings of all items of any number of counties and years, from their measurements and records."""

from datetime import date

import polars as pl

from analysis import ids
from analysis.clean import Records, values
from analysis.judge import against_rows, county_items, frames, monitoring, quarantined, recognition, resources
from analysis.judge.rules.school_counts import SCHOOLS_BEFORE
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
    tables = _held(records, lag, wanted) | {"floors": of_schools.filter(ids.is_kind(Kind.FLOOR))}
    parts = [
        of_schools,
        quarantined.findings(tables["quarantine"], tables["schools"], standard),
        monitoring.levels(tables["monitoring"], standard, cells, days),
        monitoring.rates(tables["monitoring"], standard, cells, days),
        monitoring.own_rates(records.scores, standard, cells, days),
        county_items.findings(tables, standard, cells, days),
        recognition.findings(rows_of(_marked(records, "survey"), wanted), standard, cells, days),
    ]
    return pl.concat(parts).sort(frames.KEYS, maintain_order=True)


def _marked(records: Records, name: str) -> pl.DataFrame:
    """Return a clean table with the values that are set aside."""
    return values.marked(getattr(records, name), records.notices, name)


def _held(records: Records, lag: int, wanted: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables that items below the resources are judged from, statistics by the year that they feed."""
    marked = {name: _marked(records, name) for name in STATISTICS}
    tables = {name: rows_of(rows.with_columns(pl.col("year") + lag), wanted) for name, rows in marked.items()}
    tables["quarantine"] = rows_of(records.quarantine.with_columns(pl.col("year") + lag), wanted)
    reported = _marked(records, "government")
    schools = marked["schools"].with_columns(pl.col("year") + lag + 1)
    return tables | {
        SCHOOLS_BEFORE: rows_of(schools, wanted),
        "government": rows_of(reported, wanted),
        "before": rows_of(reported.with_columns(pl.col("year") + 1), wanted),
        "monitoring": _marked(records, "monitoring"),
    }


def refuted(records: Records, standard: Standard) -> pl.DataFrame:
    """Return the FINDINGS of the items that a county reports and its own rows or counts refute, of all its years."""
    asked = {name: item for name, item in standard.items.items() if item.rows or item.counts or item.kind == "computed"}
    item_findings = below_resources(
        records, standard.model_copy(update={"items": asked}), sorted(set(records.government["year"]))
    )
    return item_findings.filter(pl.col("reason").is_in(list(against_rows.CONTRADICTS.values())))


def below_resources(records: Records, standard: Standard, years: list[int]) -> pl.DataFrame:
    """Return the FINDINGS of a standard's items of some years, without those that hang on floors of indicators."""
    if not years or not standard.items:
        return frames.shaped(pl.DataFrame())
    cells = frames.cells(records.county, years)
    tables = _held(records, standard.statistics_lag, cells) | {"floors": frames.shaped(pl.DataFrame())}
    return county_items.findings(tables, standard, cells, {year: frames.day_of(year) for year in years})


def rows_of(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the counties and years of `cells`."""
    return rows if rows.is_empty() else rows.join(cells, on=frames.KEYS, how="semi", maintain_order="left")
