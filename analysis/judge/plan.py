"""The findings on a plan's own targets, beside those of the framework."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from analysis import ids
from analysis.clean import Records
from analysis.judge import all_items, certificates, frames
from analysis.judge.field_verdicts import as_all
from analysis.judge.verdicts import combined
from analysis.measure import measure
from analysis.standards import Plan
from analysis.tables import Field, Kind, Verdict

#: Kinds of items that are judged from the rows of all schools.
OF_ROWS = (Kind.SCHOOLS, Kind.SCHOOL_RULE, Kind.CV, Kind.FLOOR)


def judge_plan(records: Records, plan: Plan, county: str, year: int, day: date | None = None) -> pl.DataFrame:
    """Return the findings on a plan's own targets, field `plan`, `plan.all` first; beside the framework's, never
    instead."""
    return findings(records, plan, frames.cells(county, [year]), {year: day or frames.day_of(year)})


def findings(records: Records, plan: Plan, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return what `judge_plan` returns, for each county and year of `cells`."""
    rule, years = plan.standard.certificate, cells["year"] - plan.standard.statistics_lag
    first = years - (rule.years_below - 1 if rule else 0)
    asked = cells.select("county", first.alias("first"), years.alias("last"))
    wanted = (
        asked.select("county", pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32).alias("year"))
        .explode("year")
        .unique()
    )
    measurements = measure(_Schools(all_items.rows_of(records.schools, wanted), records.notices), plan.standard)
    item_findings = all_items.findings(measurements, records, plan.standard, cells, days)
    item_findings = pl.concat(
        [item_findings, certificates.findings(measurements, records, plan.standard, cells, days, item_findings)]
    )
    own = item_findings.filter(pl.col("item").is_in(list(plan.items))).with_columns(
        pl.lit(Field.PLAN.value).alias("field")
    )
    own = frames.shaped(own)
    # Schools that were set aside could break any target that school rows are to meet.
    of_rows = own.filter(ids.is_kind(*OF_ROWS)).select(frames.KEYS)
    aside = item_findings.filter(ids.is_kind(Kind.ROWS_SET_ASIDE))
    aside = aside.join(of_rows, on=frames.KEYS, how="semi", maintain_order="left")
    counting = pl.concat([own.filter(ids.counts()), frames.shaped(aside)])
    verdicts = counting.group_by(frames.KEYS).agg(combined(pl.col("verdict")).alias("whole"))
    deciding = pl.col("verdict") == pl.col("whole")
    decides = (
        counting.join(verdicts, on=frames.KEYS, maintain_order="left")
        .filter(deciding & ~pl.col("whole").is_in([Verdict.MET.value, Verdict.NOT_APPLICABLE.value]))
        .group_by(frames.KEYS)
        .agg(pl.col("id").str.join(frames.LIST).alias("evidence"))
    )
    whole = (
        cells.select(frames.KEYS)
        .join(verdicts.rename({"whole": "verdict"}), on=frames.KEYS, how="left", maintain_order="left")
        .join(decides, on=frames.KEYS, how="left", maintain_order="left")
        .with_columns(
            pl.lit(Field.PLAN.value).alias("field"), pl.col("verdict").fill_null(Verdict.NOT_APPLICABLE.value)
        )
    )
    return pl.concat([frames.shaped(as_all(whole)), own])


@dataclass(frozen=True)
class _Schools:
    schools: pl.DataFrame
    notices: pl.DataFrame
