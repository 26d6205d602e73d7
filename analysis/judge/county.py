"""All findings of any number of counties and years."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from analysis.judge import duties, frames, monitoring, recognition, resources, set_aside
from analysis.judge.standing import standing
from analysis.judge.verdicts import combine, combined
from analysis.measure import measure
from analysis.standards import Plan, Standard
from analysis.tables import FINDINGS, Field, Verdict

#: Items that stand beside those that are judged and don't count in a field's verdict: what they begin with.
SUPPLEMENTS = ("rate_own", "recognition_")
FIELDS = (Field.RESOURCES, Field.GOVERNMENT, Field.QUALITY, Field.RECOGNITION)
#: Entry conditions and vetoes stop a county where one is not met, and otherwise stand beside.
BESIDE = (Field.ENTRY,)
#: Items that are judged from the rows of all schools.
OF_ROWS = r"^(schools$|school_rule$|cv_|floor_)"
#: The reported item that names the year of a certificate.
CERTIFIED = "certified_year"
#: The reported item that counts the years since, where the year itself is not named.
SINCE = "basic_balance_years"
#: The reported item that a year's circumstances were exceptional: yes, with evidence.
EXCEPTIONAL = "exceptional_circumstances"
ALL = "all"


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


def _counts() -> pl.Expr:
    """Return whether a finding counts in its field: not a school's own (the stage has them), not a supplement."""
    beside = pl.any_horizontal(pl.col("item").str.starts_with(one) for one in SUPPLEMENTS)
    return pl.col("school").is_null() & (pl.col("item") != ALL) & ~beside


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


#: Tables of the statistics, which may be those of years before the year judged.
STATISTICS = ("schools", "classes", "rooms", "teachers", "quarantine")


def _items(
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
    held = {name: _of(getattr(records, name).with_columns(pl.col("year") + lag), wanted) for name in STATISTICS}
    held |= {"government": _of(records.government, wanted), "monitoring": records.monitoring}
    held |= {"floors": of_schools.filter(pl.col("item").str.starts_with("floor_"))}
    parts = [
        of_schools,
        set_aside.findings(records.quarantine, cells),
        monitoring.levels(records.monitoring, standard, cells, days),
        monitoring.rates(records.monitoring, standard, cells, days),
        monitoring.own_rates(records.scores, standard, cells, days),
        duties.findings(held, standard, cells, days),
        recognition.findings(_of(records.survey, wanted), standard, cells, days),
    ]
    return pl.concat(parts).sort(frames.KEYS, maintain_order=True)


def _of(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the counties and years of `cells`."""
    return rows if rows.is_empty() else rows.join(cells, on=frames.KEYS, how="semi", maintain_order="left")


def _certificates(
    measurements: pl.DataFrame,
    records: WithRecords,
    standard: Standard,
    cells: pl.DataFrame,
    days: dict[int, date],
    items: pl.DataFrame,
) -> pl.DataFrame:
    """Return a finding for each county and year of `cells` on years running below the standard since the certificate;
    none where the standard has no such rule.

    A year whose exceptional circumstances it reports with evidence (`exceptional_circumstances`) is none of the years
    below, and ends their run. `items` are the findings of `cells`; earlier years that a run may hold are judged here.
    """
    rule = standard.certificate
    if rule is None:
        return frames.shaped(pl.DataFrame())
    told = {county: records.government.filter(county=county).sort("year") for county in cells["county"].unique()}
    certified = {
        (county, year): _certified(told[county].filter(pl.col("year") <= year))
        for county, year in cells.select(frames.KEYS).iter_rows()
    }
    runs = {
        (county, year): range(max(first + 1, year - rule.years_below + 1), year)
        for (county, year), first in certified.items()
        if first is not None
    }
    earlier = sorted({(county, one) for (county, _), run in runs.items() for one in run} - certified.keys())
    if earlier:
        before = {year: frames.day_of(year) for _, year in earlier}
        asked = pl.DataFrame(earlier, schema=cells.select(frames.KEYS).schema, orient="row")
        items = pl.concat([items, _items(measurements, records, standard, asked, before)])
    verdicts = _verdicts(items) if runs else {}
    base = {"field": Field.ENTRY.value, "item": "three_years", "target": float(rule.years_below)}
    rows: list[dict[str, Any]] = []
    for (county, year), first in certified.items():
        here = base | {"county": county, "year": year}
        if first is None:
            rows.append(here | {"verdict": Verdict.NO_DATA.value, "reason": "no_records"})
            continue
        excused = told[county].filter(item=EXCEPTIONAL, answer="yes").filter(pl.col("evidence").fill_null("") != "")
        of_run = {one: verdicts[county, one] for one in (*runs[county, year], year)}
        of_run |= dict.fromkeys(excused.filter(pl.col("year") <= year)["year"], Verdict.NOT_APPLICABLE.value)
        found = standing(of_run, first, year, rule.years_below)
        reason = {Verdict.NOT_MET: "years_below", Verdict.NO_DATA: "years_undecided"}.get(found.verdict, "")
        number = float(len(found.years))
        row = here | {"data_year": year, "value": number, "margin": rule.years_below - number}
        row |= {"verdict": found.verdict.value, "reason": reason, "evidence": frames.LIST.join(map(str, found.years))}
        rows.append(row)
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"}
    return frames.shaped(pl.DataFrame(rows, schema=schema, orient="row"))


def _certified(told: pl.DataFrame) -> int | None:
    """Return the year of a county's certificate: its latest reported item `certified_year`, else follows from
    `basic_balance_years`; `told` are the items reported up to a year, in order of years."""
    years_ago = told.filter(item=SINCE).select(pl.col("year") - pl.col("value")).to_series()
    given = pl.concat([years_ago.cast(pl.Float64), told.filter(item=CERTIFIED)["value"].alias("year")]).drop_nulls()
    return int(given[-1]) if len(given) else None


def _verdicts(found: pl.DataFrame) -> dict[tuple[str, int], str]:
    """Return the verdict of the whole by county and year."""
    whole = overall(whole_fields(found)).select("county", "year", "verdict")
    return {(county, year): verdict for county, year, verdict in whole.iter_rows()}


def judge_plan(records: WithRecords, plan: Plan, county: str, year: int, day: date | None = None) -> pl.DataFrame:
    """Return the findings on a plan's own targets, field `plan`, `plan.all` first; beside the framework's, never
    instead."""
    return _of_plan(records, plan, _cells(county, [year]), {year: day or frames.day_of(year)})


def _of_plan(records: WithRecords, plan: Plan, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return what `judge_plan` returns, for each county and year of `cells`."""
    rule, years = plan.standard.certificate, cells["year"] - plan.standard.statistics_lag
    first = years - (rule.years_below - 1 if rule else 0)
    asked = cells.select("county", first.alias("first"), years.alias("last"))
    wanted = (
        asked.select("county", pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32).alias("year"))
        .explode("year")
        .unique()
    )
    measurements = measure(_Schools(_of(records.schools, wanted)), plan.standard)
    found = _items(measurements, records, plan.standard, cells, days)
    found = pl.concat([found, _certificates(measurements, records, plan.standard, cells, days, found)])
    own = found.filter(pl.col("item").is_in(list(plan.items))).with_columns(pl.lit(Field.PLAN.value).alias("field"))
    own = frames.shaped(own)
    # Schools that were set aside could break any target that school rows are to meet.
    of_rows = own.filter(pl.col("item").str.contains(OF_ROWS)).select(frames.KEYS)
    aside = found.filter(item=set_aside.ITEM).join(of_rows, on=frames.KEYS, how="semi", maintain_order="left")
    counting = pl.concat([own.filter(_counts()), frames.shaped(aside)])
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
    return pl.concat([frames.shaped(_all(whole)), own])


@dataclass(frozen=True)
class _Schools:
    schools: pl.DataFrame


def judge(
    measurements: pl.DataFrame,
    records: WithRecords,
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
    return judge_years(measurements, records, standard, county, {year: day or frames.day_of(year)}, plan)


def judge_years(
    measurements: pl.DataFrame,
    records: WithRecords,
    standard: Standard,
    county: str,
    days: dict[int, date],
    plan: Plan | None = None,
) -> pl.DataFrame:
    """Return what `judge` returns for each year of `days`, in order of years, each by the rules of its day."""
    return judge_counties(measurements, records, standard, _cells(county, list(days)), days, plan)


def judge_counties(
    measurements: pl.DataFrame,
    records: WithRecords,
    standard: Standard,
    cells: pl.DataFrame,
    days: dict[int, date],
    plan: Plan | None = None,
) -> pl.DataFrame:
    """Return what `judge` returns for each county and year of `cells`, in the order of counties and years.

    `cells` has the columns county and year (Int32); `days` maps each year to the day whose rules hold. `measurements`
    and `records` may be of any number of counties, and no county's findings depend on another's.
    """
    found = _items(measurements, records, standard, cells, days)
    found = pl.concat([found, _certificates(measurements, records, standard, cells, days, found)])
    fields = whole_fields(found)
    parts = [overall(fields), fields, found]
    if plan is not None:
        parts.append(_of_plan(records, plan, cells, days))
    return pl.concat(parts).select(list(FINDINGS)).sort(frames.KEYS, maintain_order=True)


def _cells(county: str, years: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {"county": [county] * len(years), "year": years}, schema={"county": pl.String, "year": pl.Int32}
    )


__all__ = [
    "ALL",
    "FIELDS",
    "SUPPLEMENTS",
    "combine",
    "judge",
    "judge_counties",
    "judge_plan",
    "judge_years",
    "overall",
    "whole_fields",
]
