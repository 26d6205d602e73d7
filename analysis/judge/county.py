"""All findings of one county and year."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

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
    measurements: pl.DataFrame, records: WithRecords, standard: Standard, county: str, year: int, day: date
) -> pl.DataFrame:
    """Return the findings of all items, without the fields; statistics are those of `statistics_lag` years before."""
    before = year - standard.statistics_lag
    held = _held(records, county, year, before)
    cells = pl.DataFrame(
        {"county": [county], "year": [before], "reported": [not held["schools"].is_empty()]},
        schema={"county": pl.String, "year": pl.Int32, "reported": pl.Boolean},
    )
    results = records.monitoring.filter(pl.col("county") == county)
    survey = records.survey.filter((pl.col("county") == county) & (pl.col("year") == year))
    of_schools = resources.findings(measurements, standard, cells, {before: day})
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


def _certificate(
    measurements: pl.DataFrame, records: WithRecords, standard: Standard, county: str, year: int, this: pl.DataFrame
) -> pl.DataFrame:
    """Return the finding on years running below the standard since the certificate; none where the standard has no
    such rule.

    The year of the certificate is the county's latest reported item `certified_year`, else follows from
    `basic_balance_years`. A year whose exceptional
    circumstances it reports with evidence (`exceptional_circumstances`) is none of the years below, and ends their run.
    """
    rule = standard.certificate
    if rule is None:
        return frames.shaped(pl.DataFrame())
    told = records.government.filter((pl.col("county") == county) & (pl.col("year") <= year)).sort("year")
    years_ago = told.filter(item=SINCE).select(pl.col("year") - pl.col("value")).to_series()
    given = pl.concat([years_ago.cast(pl.Float64), told.filter(item=CERTIFIED)["value"].alias("year")])
    excused = told.filter(item=EXCEPTIONAL, answer="yes").filter(pl.col("evidence").fill_null("") != "")["year"]
    base = {"county": county, "year": year, "field": Field.ENTRY.value, "item": "three_years"}
    base |= {"target": float(rule.years_below)}
    if given.drop_nulls().is_empty():
        row = base | {"verdict": Verdict.NO_DATA.value, "reason": "no_records"}
        return frames.shaped(pl.DataFrame([row]))
    certified = int(given.drop_nulls()[-1])
    verdicts = {year: _verdict(this)}
    for one in range(max(certified + 1, year - rule.years_below + 1), year):
        verdicts[one] = _verdict(_items(measurements, records, standard, county, one, frames.day_of(one)))
    verdicts |= dict.fromkeys(excused, Verdict.NOT_APPLICABLE.value)
    found = standing(verdicts, certified, year, rule.years_below)
    reason = {Verdict.NOT_MET: "years_below", Verdict.NO_DATA: "years_undecided"}.get(found.verdict, "")
    number = float(len(found.years))
    row = base | {"data_year": year, "value": number, "margin": rule.years_below - number}
    row |= {"verdict": found.verdict.value, "reason": reason, "evidence": frames.LIST.join(map(str, found.years))}
    return frames.shaped(pl.DataFrame([row]))


def _verdict(found: pl.DataFrame) -> str:
    return str(overall(whole_fields(found))["verdict"][0])


def judge_plan(records: WithRecords, plan: Plan, county: str, year: int, day: date | None = None) -> pl.DataFrame:
    """Return the findings on a plan's own targets, field `plan`, `plan.all` first; beside the framework's, never
    instead."""
    when = day or frames.day_of(year)
    before, rule = year - plan.standard.statistics_lag, plan.standard.certificate
    first = before - (rule.years_below - 1 if rule else 0)
    rows = records.schools.filter((pl.col("county") == county) & pl.col("year").is_between(first, before))
    measurements = measure(_Schools(rows), plan.standard)
    found = _items(measurements, records, plan.standard, county, year, when)
    found = pl.concat([found, _certificate(measurements, records, plan.standard, county, year, found)])
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
    when = day or frames.day_of(year)
    found = _items(measurements, records, standard, county, year, when)
    found = pl.concat([found, _certificate(measurements, records, standard, county, year, found)])
    fields = whole_fields(found)
    parts = [overall(fields), fields, found]
    if plan is not None:
        parts.append(judge_plan(records, plan, county, year, when))
    return pl.concat(parts).select(list(FINDINGS))


__all__ = ["ALL", "FIELDS", "SUPPLEMENTS", "combine", "judge", "judge_plan", "overall", "whole_fields"]
