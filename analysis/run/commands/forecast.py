"""What the years to come may bring (`junheng forecast`): values, intervals and probabilities."""

import re
from pathlib import Path

import polars as pl

from analysis import sources
from analysis.errors import RequestError, message
from analysis.forecast import forecast_of
from analysis.forecast.rows import frame
from analysis.forecast.scenario import Scenario, load, of_rows
from analysis.forecast.settings import settings
from analysis.least_cost import scenario_of
from analysis.run.build.documents import opening
from analysis.run.commands.show import Format, show
from analysis.run.request import resolve
from analysis.tell import Report, open_report
from analysis.tell.language import wording


def run(county: str, by: str, scenario: str, year: str, words: dict[str, str], form: Format) -> tuple[str, list[str]]:
    """Return the rows to print (forecast.rows.ROWS), and what they take for granted, a sentence each.

    Words as in run.request.options. Raises RequestError for a year that is none to come, a scenario that means nothing,
    a county of which only coefficients are published, and what resolve and tell.open_report raise.
    """
    request = resolve(county, year, **words)
    if request.published:
        raise RequestError("forecast_published", county=request.county.name(request.lang))
    last = _year(by, request.year)
    case = open_report(**opening(request))
    read = _scenario(Path(scenario.strip()), case) if scenario.strip() else None
    foretold = forecast_of(case.records, case.standard, case.county, case.year, plan=case.laid, by=last, scenario=read)
    said = [wording.word("forecast_assumptions", id, case.lang) for id in foretold["assumptions"]]
    return show(frame(foretold), form), [*said, message("forecast_own_past")]


def _scenario(path: Path, case: Report) -> Scenario:
    """Return the scenario of a file: YAML, or a workbook or CSV of the table `scenarios`."""
    if path.suffix.lower() in (".yml", ".yaml"):
        return _fitting(load(path), path, case)
    return of_rows(path.stem, scenario_of(case.records, case.year, path))


def _fitting(scenario: Scenario, path: Path, case: Report) -> Scenario:
    """Return a scenario; RequestError where it names a township that the county does not have, or a year gone by."""
    known = set(case.records.schools.filter(pl.col("year") == case.year)["township"].drop_nulls())
    for change in scenario.changes:
        if change.township is not None and change.township not in known:
            place = sources.shown(change.township)
            raise RequestError("scenario_township", file=path.name, township=place, year=case.year)
        if change.by is not None and change.by <= case.year:
            raise RequestError("scenario_by", file=path.name, by=change.by, year=case.year)
    return scenario


def _year(by: str, year: int) -> int | None:
    """Return the last year to look at, None for an empty word."""
    if not by.strip():
        return None
    furthest = year + int(settings()["furthest"])
    if not re.fullmatch(r"[0-9]{4}", by.strip(), re.ASCII) or not year < int(by) <= furthest:
        raise RequestError("forecast_by", by=sources.shown(by), year=year, last=furthest)
    return int(by)
