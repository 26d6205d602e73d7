"""What the years to come may bring, and what of the past came from pupils leaving rather than from more resources."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import ids
from analysis.forecast import forecast_of
from analysis.judge import rounding
from analysis.standards import Sense
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class Gained:
    """Floors of schools that are met now and were not in the year `since`: how many, and how many of them would not be
    with the enrolment of then."""

    since: int
    number: int
    by_leaving: int


@once
def foretold(case: Case) -> dict[str, Any] | None:
    """Return the forecast of a case (forecast.forecast_of); None to the public where a school is hidden, and where no
    school has pupils."""
    if any(case.hides(stage, case.year) for stage in case.stage_ids) or not case.stage_ids:
        return None
    return forecast_of(case.records, case.standard, case.county, case.year, plan=case.laid, findings=case.findings)


@dataclass(frozen=True)
class Losing:
    """An item that is met and likely not to be from a year on: its finding, the value expected then and how likely it
    is missed; `lacking` as forecast.forecast_of has it."""

    finding: Finding
    year: int
    value: float
    probability: float
    lacking: float | None


@once
def losing(case: Case) -> list[Losing]:
    """Return what is met now and likely not to be, in the order of the forecast."""
    forecast = foretold(case)
    rows = [(case.finding(row["finding"]), row) for row in forecast["lost"]] if forecast else []
    return [
        Losing(finding, row["year"], row["value"], row["probability"], row["lacking"])
        for finding, row in rows
        if finding is not None and row["value"] is not None
    ]


@once
def gained(case: Case) -> Gained | None:
    """Return what of the floors met since the first year came from pupils leaving; None where no floor is new."""
    if len(case.years) < 2 or any(
        case.hides(stage, year) for stage in case.stage_ids for year in (case.years[0], case.year)
    ):
        return None
    since, keys = case.years[0], ["item", "stage", "school"]
    floors = case.history.filter((pl.col("field") == Field.RESOURCES.value) & ids.is_kind(Kind.FLOOR))
    was = floors.filter((pl.col("year") == since) & (pl.col("verdict") == Verdict.NOT_MET.value)).select(keys)
    new = floors.filter((pl.col("year") == case.year) & (pl.col("verdict") == Verdict.MET.value)).join(
        was, on=keys, how="semi"
    )
    if new.is_empty():
        return None
    values = case.measurements.filter(statistic="value").with_columns(
        ids.of_kind(Kind.FLOOR, pl.col("indicator")).alias("item")
    )
    per = {ids.floor(name): float(indicator.per) for name, indicator in case.standard.indicators.items()}
    now = values.filter(year=case.year).select(*keys, "amount")
    then = values.filter(year=since).select(*keys, pl.col("pupils").alias("taught"))
    as_then = pl.col("amount") / pl.col("taught") * pl.col("item").replace_strict(per, return_dtype=pl.Float64)
    would = (
        new.join(now, on=keys)
        .join(then, on=keys)
        .select(rounding.reaches(as_then, pl.col("target"), Sense.AT_LEAST).alias("met"))
    )
    return Gained(since, new.height, would.filter(~pl.col("met")).height)
