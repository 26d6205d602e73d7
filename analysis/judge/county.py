"""All findings of one county and year."""

from datetime import date
from typing import Protocol

import polars as pl

from analysis.judge import duties, frames, monitoring, recognition, resources
from analysis.judge.verdicts import combine, combined
from analysis.standards import Standard
from analysis.tables import FINDINGS, Field, Verdict

#: Items that stand beside those that are judged and don't count in a field's verdict: what they begin with.
SUPPLEMENTS = ("rate_own", "recognition_")
FIELDS = (Field.RESOURCES, Field.GOVERNMENT, Field.QUALITY, Field.RECOGNITION)
#: Entry conditions and vetoes stop a county where one is not met, and otherwise stand beside.
BESIDE = (Field.ENTRY,)
ALL = "all"


class WithRecords(Protocol):
    """Anything that holds the records of a county, such as clean.Records."""

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


def _counts() -> pl.Expr:
    """Return whether a finding counts in its field: not a school's own (the stage has them), not a supplement."""
    beside = pl.any_horizontal(pl.col("item").str.starts_with(one) for one in (*SUPPLEMENTS, ALL))
    return pl.col("school").is_null() & ~beside


def whole_fields(found: pl.DataFrame) -> pl.DataFrame:
    """Return the finding `all` of each field of each county and year: evidence = ids of the findings that decide.

    A field that stands beside (entry conditions and vetoes) has one where it has findings.
    """
    counting = found.filter(_counts())
    keys = ["county", "year", "field"]
    beside = [one.value for one in BESIDE if not found.filter(field=one.value).is_empty()]
    grid = (
        found.select("county", "year")
        .unique(maintain_order=True)
        .join(pl.DataFrame({"field": [*(one.value for one in FIELDS), *beside]}), how="cross")
    )
    verdicts = counting.group_by(keys, maintain_order=True).agg(combined(pl.col("verdict")).alias("verdict"))
    decided = (
        counting.join(verdicts.rename({"verdict": "whole"}), on=keys)
        .filter((pl.col("verdict") == pl.col("whole")) & (pl.col("verdict") != Verdict.MET.value))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("id").str.join(frames.LIST).alias("evidence"))
    )
    rows = grid.join(verdicts, on=keys, how="left", maintain_order="left").join(
        decided, on=keys, how="left", maintain_order="left"
    )
    return frames.shaped(_all(rows.with_columns(pl.col("verdict").fill_null(Verdict.NOT_APPLICABLE.value))))


def _all(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(ALL).alias("item"),
        pl.when(pl.col("verdict").is_in([Verdict.MET.value, Verdict.NOT_APPLICABLE.value]))
        .then(pl.lit(""))
        .otherwise(pl.lit("decided_by"))
        .alias("reason"),
    )


def overall(fields: pl.DataFrame) -> pl.DataFrame:
    """Return `overall.all` of each county and year: evidence = ids of the fields that decide."""
    keys = ["county", "year"]
    stops = pl.col("verdict") == Verdict.NOT_MET.value
    fields = fields.filter(~pl.col("field").is_in([one.value for one in BESIDE]) | stops)
    whole = fields.group_by(keys, maintain_order=True).agg(combined(pl.col("verdict")).alias("whole"))
    rows = (
        fields.join(whole, on=keys, maintain_order="left")
        .group_by([*keys, "whole"], maintain_order=True)
        .agg(
            pl.col("id")
            .filter((pl.col("verdict") == pl.col("whole")) & (pl.col("verdict") != Verdict.MET.value))
            .str.join(frames.LIST)
            .alias("evidence")
        )
        .rename({"whole": "verdict"})
        .with_columns(pl.lit(Field.OVERALL.value).alias("field"))
    )
    return frames.shaped(_all(rows))


def _held(records: WithRecords, here: pl.Expr) -> dict[str, pl.DataFrame]:
    """Return the tables that the items of a county are computed from, cut to one county and year."""
    tables = ("schools", "classes", "rooms", "teachers", "government")
    return {name: getattr(records, name).filter(here) for name in tables}


def judge(
    measurements: pl.DataFrame,
    records: WithRecords,
    standard: Standard,
    county: str,
    year: int,
    day: date | None = None,
) -> pl.DataFrame:
    """Return the FINDINGS of one county and year, `overall.all` first, then the fields, then their items.

    `day` is the date whose rules hold; without it the last day of `year`. Order of items is the standard's own.
    """
    when = day or frames.day_of(year)
    here = (pl.col("county") == county) & (pl.col("year") == year)
    cells = pl.DataFrame(
        {"county": [county], "year": [year], "reported": [not records.schools.filter(here).is_empty()]},
        schema={"county": pl.String, "year": pl.Int32, "reported": pl.Boolean},
    )
    results = records.monitoring.filter(pl.col("county") == county)
    parts = [
        resources.findings(measurements, standard, cells, {year: when}),
        monitoring.levels(results, standard, year, when),
        monitoring.rates(results, standard, year, when),
        monitoring.own_rates(records.scores.filter(pl.col("county") == county), standard, year, when),
        duties.findings(_held(records, here) | {"monitoring": results}, standard, year, when),
        recognition.findings(records.survey.filter(here), standard, year, when),
    ]
    found = pl.concat(parts).with_columns(pl.lit(county).alias("county"), pl.lit(year, pl.Int32).alias("year"))
    fields = whole_fields(found)
    return pl.concat([overall(fields), fields, found]).select(list(FINDINGS))


__all__ = ["ALL", "FIELDS", "SUPPLEMENTS", "combine", "judge", "overall", "whole_fields"]
