"""Certificates that years running below the standard put at risk."""

from datetime import date
from typing import Any

import polars as pl

from analysis.clean import Records
from analysis.judge import all_items, frames
from analysis.judge.certificate_risk import standing
from analysis.judge.field_verdicts import overall, whole_fields
from analysis.standards import Standard
from analysis.tables import FINDINGS, Field, Verdict

#: The reported item that names the year of a certificate.
CERTIFIED = "certified_year"
#: The reported item that counts the years since, where the year itself is not named.
SINCE = "basic_balance_years"
#: The reported item that a year's circumstances were exceptional: yes, with evidence.
EXCEPTIONAL = "exceptional_circumstances"


def findings(
    measurements: pl.DataFrame,
    records: Records,
    standard: Standard,
    cells: pl.DataFrame,
    days: dict[int, date],
    findings_so_far: pl.DataFrame,
) -> pl.DataFrame:
    """Return a finding for each county and year of `cells` on years running below the standard since the certificate;
    none where the standard has no such rule.

    A year whose exceptional circumstances it reports with evidence (`exceptional_circumstances`) is none of the years
    below, and ends their run. `found` are the findings of items of `cells`; earlier years that a run may hold are
    judged here.
    """
    rule = standard.certificate
    if rule is None:
        return frames.shaped(pl.DataFrame())
    government = {county: records.government.filter(county=county).sort("year") for county in cells["county"].unique()}
    certified = {
        (county, year): _certified(government[county].filter(pl.col("year") <= year))
        for county, year in cells.select(frames.KEYS).iter_rows()
    }
    runs = {
        (county, year): range(max(first + 1, year - rule.years_below + 1), year)
        for (county, year), first in certified.items()
        if first is not None
    }
    earlier = sorted({(county, year) for (county, _), run in runs.items() for year in run} - certified.keys())
    if earlier:
        before = {year: frames.day_of(year) for _, year in earlier}
        asked = pl.DataFrame(earlier, schema=cells.select(frames.KEYS).schema, orient="row")
        findings_so_far = pl.concat(
            [findings_so_far, all_items.findings(measurements, records, standard, asked, before)]
        )
    verdicts = _verdicts(findings_so_far) if runs else {}
    base = {"field": Field.ENTRY.value, "item": "three_years", "target": float(rule.years_below)}
    rows: list[dict[str, Any]] = []
    for (county, year), first in certified.items():
        here = base | {"county": county, "year": year}
        if first is None:
            rows.append(here | {"verdict": Verdict.NO_DATA.value, "reason": "no_records"})
            continue
        excused = (
            government[county].filter(item=EXCEPTIONAL, answer="yes").filter(pl.col("evidence").fill_null("") != "")
        )
        of_run = {year: verdicts[county, year] for year in (*runs[county, year], year)}
        of_run |= dict.fromkeys(excused.filter(pl.col("year") <= year)["year"], Verdict.NOT_APPLICABLE.value)
        stands = standing(of_run, first, year, rule.years_below)
        reason = {Verdict.NOT_MET: "years_below", Verdict.NO_DATA: "years_undecided"}.get(stands.verdict, "")
        number = float(len(stands.years))
        row = here | {"data_year": year, "value": number, "margin": rule.years_below - number}
        row |= {"verdict": stands.verdict.value, "reason": reason, "evidence": frames.LIST.join(map(str, stands.years))}
        rows.append(row)
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"}
    return frames.shaped(pl.DataFrame(rows, schema=schema, orient="row"))


def _certified(reported: pl.DataFrame) -> int | None:
    """Return the year of a county's certificate: its latest reported item `certified_year`, else follows from
    `basic_balance_years`; `told` are the items reported up to a year, in order of years."""
    years_ago = reported.filter(item=SINCE).select(pl.col("year") - pl.col("value")).to_series()
    years_given = pl.concat(
        [years_ago.cast(pl.Float64), reported.filter(item=CERTIFIED)["value"].alias("year")]
    ).drop_nulls()
    return int(years_given[-1]) if len(years_given) else None


def _verdicts(findings_so_far: pl.DataFrame) -> dict[tuple[str, int], str]:
    """Return the verdict of the whole by county and year."""
    whole = overall(whole_fields(findings_so_far)).select("county", "year", "verdict")
    return {(county, year): verdict for county, year, verdict in whole.iter_rows()}
