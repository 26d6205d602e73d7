"""All findings of any number of counties and years."""

from datetime import date

import polars as pl

from analysis.clean import Records
from analysis.judge import all_items, certificates, frames
from analysis.judge import plan as laid
from analysis.judge.field_verdicts import overall, whole_fields
from analysis.judge.plan import judge_plan
from analysis.standards import Plan, Standard
from analysis.tables import FINDINGS


def judge(
    measurements: pl.DataFrame,
    records: Records,
    standard: Standard,
    county: str,
    year: int,
    day: date | None = None,
    plan: Plan | None = None,
) -> pl.DataFrame:
    """Return the FINDINGS of one county and year, `overall.all` first, then the fields, then their items, then a
    plan's.

    `day` is the date whose rules hold; without it the last day of `year`. Order of items is the standard's own.
    """
    days = {year: day or frames.day_of(year)}
    return judge_counties(measurements, records, standard, frames.cells(county, [year]), days, plan)


def judge_counties(
    measurements: pl.DataFrame,
    records: Records,
    standard: Standard,
    cells: pl.DataFrame,
    days: dict[int, date],
    plan: Plan | None = None,
) -> pl.DataFrame:
    """Return what `judge` returns for each county and year of `cells`, in the order of counties and years.

    `cells` has the columns county and year (Int32); `days` maps each year to the day whose rules hold. `measurements`
    and `records` may be of any number of counties, and no county's findings depend on another's.
    """
    item_findings = all_items.findings(measurements, records, standard, cells, days)
    item_findings = pl.concat(
        [item_findings, certificates.findings(measurements, records, standard, cells, days, item_findings)]
    )
    fields = whole_fields(item_findings)
    parts = [overall(fields), fields, item_findings]
    if plan is not None:
        parts.append(laid.findings(records, plan, cells, days))
    return pl.concat(parts).select(list(FINDINGS)).sort(frames.KEYS, maintain_order=True)


__all__ = ["judge", "judge_counties", "judge_plan"]
