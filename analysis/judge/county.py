"""All findings of one county and year."""

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


def _held(records: WithRecords, county: str, year: int, before: int) -> dict[str, pl.DataFrame]:
    """Return the tables that a county's items are computed from: school tables of `before`, what it reported in
    `year`."""
    years = dict.fromkeys(("schools", "classes", "rooms", "teachers"), before) | {"government": year}
    return {
        name: getattr(records, name).filter((pl.col("county") == county) & (pl.col("year") == when))
        for name, when in years.items()
    }


def _items(
    measurements: pl.DataFrame, records: WithRecords, standard: Standard, county: str, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of all items, year by year, without the fields; `days` maps each year to the day whose rules
    hold. Statistics are those of `statistics_lag` years before."""
    before = {year - standard.statistics_lag: day for year, day in days.items()}
    reported = set(records.schools.filter(pl.col("county") == county)["year"].unique())
    cells = pl.DataFrame(
        {"county": [county] * len(before), "year": list(before), "reported": [year in reported for year in before]},
        schema={"county": pl.String, "year": pl.Int32, "reported": pl.Boolean},
    )
    of_schools = resources.findings(measurements, standard, cells, before)
    return pl.concat(_of_year(of_schools, records, standard, county, year, day) for year, day in days.items())


def _of_year(
    of_schools: pl.DataFrame, records: WithRecords, standard: Standard, county: str, year: int, day: date
) -> pl.DataFrame:
    """Return the findings of all items of one year, those of its schools first (`of_schools` has those of all
    years)."""
    before = year - standard.statistics_lag
    of_schools = of_schools.filter(pl.col("year") == before)
    held = _held(records, county, year, before)
    results = records.monitoring.filter(pl.col("county") == county)
    survey = records.survey.filter((pl.col("county") == county) & (pl.col("year") == year))
    held |= {"quarantine": records.quarantine.filter(pl.col("county") == county)}
    held |= {"monitoring": results, "floors": of_schools.filter(pl.col("item").str.starts_with("floor_"))}
    parts = [
        of_schools,
        set_aside.findings(held["quarantine"], before),
        monitoring.levels(results, standard, year, day),
        monitoring.rates(results, standard, year, day),
        monitoring.own_rates(records.scores.filter(pl.col("county") == county), standard, year, day),
        duties.findings(held, standard, year, day),
        recognition.findings(survey, standard, year, day),
    ]
    return pl.concat(parts).with_columns(pl.lit(county).alias("county"), pl.lit(year, pl.Int32).alias("year"))


def _certificates(
    measurements: pl.DataFrame,
    records: WithRecords,
    standard: Standard,
    county: str,
    days: dict[int, date],
    items: pl.DataFrame,
) -> pl.DataFrame:
    """Return a finding for each year on years running below the standard since the certificate; none where the
    standard has no such rule.

    A year whose exceptional circumstances it reports with evidence (`exceptional_circumstances`) is none of the years
    below, and ends their run. `items` are the findings of `days`; earlier years that a run may hold are judged here.
    """
    rule = standard.certificate
    if rule is None:
        return frames.shaped(pl.DataFrame())
    told = records.government.filter(pl.col("county") == county).sort("year")
    certified = {year: _certified(told.filter(pl.col("year") <= year)) for year in days}
    runs = {
        year: range(max(first + 1, year - rule.years_below + 1), year)
        for year, first in certified.items()
        if first is not None
    }
    earlier = sorted({one for run in runs.values() for one in run} - days.keys())
    if earlier:
        more = _items(measurements, records, standard, county, {one: frames.day_of(one) for one in earlier})
        items = pl.concat([items, more])
    verdicts = _verdicts(items) if runs else {}
    excused = told.filter(item=EXCEPTIONAL, answer="yes").filter(pl.col("evidence").fill_null("") != "")["year"]
    base = {"county": county, "field": Field.ENTRY.value, "item": "three_years", "target": float(rule.years_below)}
    rows: list[dict[str, Any]] = []
    for year, first in certified.items():
        if first is None:
            rows.append(base | {"year": year, "verdict": Verdict.NO_DATA.value, "reason": "no_records"})
            continue
        of_run = {one: verdicts[one] for one in (*runs[year], year)}
        of_run |= dict.fromkeys(excused.filter(excused <= year), Verdict.NOT_APPLICABLE.value)
        found = standing(of_run, first, year, rule.years_below)
        reason = {Verdict.NOT_MET: "years_below", Verdict.NO_DATA: "years_undecided"}.get(found.verdict, "")
        number = float(len(found.years))
        row = base | {"year": year, "data_year": year, "value": number, "margin": rule.years_below - number}
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


def _verdicts(found: pl.DataFrame) -> dict[int, str]:
    """Return the verdict of the whole by year."""
    return dict(overall(whole_fields(found)).select("year", "verdict").iter_rows())


def judge_plan(records: WithRecords, plan: Plan, county: str, year: int, day: date | None = None) -> pl.DataFrame:
    """Return the findings on a plan's own targets, field `plan`, `plan.all` first; beside the framework's, never
    instead."""
    when = day or frames.day_of(year)
    before, rule = year - plan.standard.statistics_lag, plan.standard.certificate
    first = before - (rule.years_below - 1 if rule else 0)
    rows = records.schools.filter((pl.col("county") == county) & pl.col("year").is_between(first, before))
    measurements = measure(_Schools(rows), plan.standard)
    found = _items(measurements, records, plan.standard, county, {year: when})
    found = pl.concat([found, _certificates(measurements, records, plan.standard, county, {year: when}, found)])
    own = found.filter(pl.col("item").is_in(list(plan.items))).with_columns(pl.lit(Field.PLAN.value).alias("field"))
    own = frames.shaped(own)
    # Schools that were set aside could break any target that school rows are to meet.
    of_rows = own.filter(pl.col("item").str.contains(OF_ROWS))
    aside = found.filter(item=set_aside.ITEM) if not of_rows.is_empty() else found.clear()
    counting = pl.concat([own.filter(_counts()), frames.shaped(aside)])
    verdict = combine(counting["verdict"])
    deciding = (
        counting.filter(pl.col("verdict") == verdict.value)["id"] if verdict != Verdict.MET else counting["id"][:0]
    )
    whole = pl.DataFrame({"county": [county], "year": [year], "field": [Field.PLAN.value], "verdict": [verdict.value]})
    evidence = frames.LIST.join(deciding if verdict != Verdict.NOT_APPLICABLE else [])
    return pl.concat([frames.shaped(_all(whole.with_columns(pl.lit(evidence).alias("evidence")))), own])


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
    found = _items(measurements, records, standard, county, days)
    found = pl.concat([found, _certificates(measurements, records, standard, county, days, found)])
    fields = whole_fields(found)
    parts = [overall(fields), fields, found]
    if plan is not None:
        parts += [judge_plan(records, plan, county, year, day) for year, day in days.items()]
    return pl.concat(parts).select(list(FINDINGS)).sort("year", maintain_order=True)


__all__ = ["ALL", "FIELDS", "SUPPLEMENTS", "combine", "judge", "judge_plan", "judge_years", "overall", "whole_fields"]
