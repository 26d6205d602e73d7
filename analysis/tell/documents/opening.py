"""How a county's report comes to be: from its name, from its catalogue, or from frames at hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis import clean, decisions, measure, project, regions, sources, standards
from analysis.clean import corrections
from analysis.errors import RequestError, language
from analysis.judge import cached
from analysis.judge.cached import Judged
from analysis.judge.ledger import ENTRIES
from analysis.read import fieldcheck as visited
from analysis.read import register
from analysis.read.ledger import entries
from analysis.tell.case.setting import SourceFile
from analysis.tell.documents import injected
from analysis.tell.documents.county import Report
from analysis.tell.speech import display


def from_records(
    records: clean.Records,
    *,
    names: dict[str, str],
    province: dict[str, str] | None = None,
    synthetic: bool = True,
    year: int | None = None,
    standard: str = "national-2017",
    plan: str | None = None,
    audience: str = "internal",
    lang: str = "zh",
    source_files: tuple[SourceFile, ...] = (),
    entries: pl.DataFrame | None = None,
    last: int | None = None,
    status: str = "final",
    date: str = "",
    judged: Judged | None = None,
    acceptance: int | None = None,
    former: tuple[str, ...] = (),
    office: dict[str, str] | None = None,
    kept: Path | None = None,
) -> Report:
    """Return the report of clean tables that are at hand; `open_report` finds them by the county's name.

    `last`: how many years up to the report's are judged; None is all, later ones too. Raises RequestError where the
    tables hold no schools, or none of `year`.
    """
    known = standards.load(standard)
    years = sorted(records.schools["year"].unique().to_list())
    if not years or (year is not None and year not in years):
        raise RequestError(
            "year_without_data", county=records.county, year=year or "", years=", ".join(map(str, years)) or "-"
        )
    laid = standards.plan(plan) if plan else None
    wanted = years if last is None else [each for each in years if year is None or each <= year][-last:]
    judged = judged or cached.of_records(records, standard, plan, wanted)
    return Report(
        county=records.county,
        names=names,
        province=province or {},
        synthetic=synthetic,
        year=year or years[-1],
        standard=known,
        audience=audience,
        lang=lang,
        records=records,
        stages=measure.stage_rows(records.schools, known),
        measurements=judged.measurements,
        history=judged.findings.filter(pl.col("year").is_in(wanted)),
        source_files=source_files,
        plan=plan,
        laid=laid,
        entries=pl.DataFrame(schema=ENTRIES) if entries is None else entries,
        status=status,
        date=date,
        acceptance=acceptance,
        former=former,
        office=office or {},
        kept=kept,
    )


def open_report(
    county: str,
    year: int | None = None,
    standard: str = "national-2017",
    plan: str | None = None,
    audience: str | None = None,
    lang: str | None = None,
    data: str | Path | None = None,
    processed: str | Path | None = None,
    status: str = "final",
    date: str = "",
) -> Report:
    """Return the report of a county (code, exact name or unique prefix), cleaning its sources first where they changed.

    `year` None is the county's latest, `audience` and `lang` None those of the environment (a profile of Quarto's sets
    them); `data` and `processed` are the folders of raw and of clean tables. Raises
    RequestError for an unknown county, year or standard, DataError for a source that can't be used.
    """
    injected.check()
    display.frames()
    catalogue = sources.load(sources.folder_of(data, str(county)))
    found_county = sources.find_county(catalogue, str(county))  # `quarto -P county:990101` gives a number
    words = {"year": year, "standard": standard, "plan": plan, "status": status, "date": date}
    words |= {"audience": audience or project.audience(), "lang": lang or language()}
    tables = Path(processed) if processed else project.processed(catalogue.folder)
    return open_county(catalogue, found_county, tables, **words)


def open_county(catalogue: sources.Catalogue, county: sources.County, processed: Path, **words: Any) -> Report:
    """Return the report of a county of a catalogue that is loaded; `words` are those of `from_records`."""
    law, plan = words.get("standard", "national-2017"), words.get("plan")
    records, judged = cached.open_county(catalogue, county.code, processed, law, plan)
    kept = cached.folder_of(processed, county.code, law, plan)
    return of_county(catalogue, county, records, judged, **words, kept=kept)


def of_county(
    catalogue: sources.Catalogue, county: sources.County, records: clean.Records, judged: Judged | None, **words: Any
) -> Report:
    """Return the report of a county whose clean tables are at hand with what they come to, as `open_county` does."""
    filled = sources.filled_folder(catalogue.folder, county)
    files = tuple(
        SourceFile(
            each.file, each.title, each.publisher, each.date, each.table, each.year, each.registered,
            sources.file_hash(catalogue.folder, each),
        )
        for each in catalogue.of(county.code)
    )  # fmt: skip
    report = from_records(
        records,
        names={"zh": county.zh, "en": county.en},
        province=regions.province_of(catalogue, county.code),
        synthetic=county.synthetic,
        source_files=files,
        entries=entries(filled / "ledger" / f"{county.code}.xlsx"),
        judged=judged,
        acceptance=county.acceptance,
        office={"zh": county.office, "en": county.office_en},
        former=tuple(sorted(old for old, new in catalogue.former.items() if new == county.code)),
        **words,
    )
    checked = visited.read(visited.path_of(filled, county.code, report.year)).entries
    known = corrections.load(catalogue.folder, [county.code])
    return replace(
        report,
        source_files=used(report),
        checked=checked,
        papers=register.entries(register.path_of(filled, county.code, report.year)),
        corrections=tuple(source for file in files for source in known.of(file.file)),
        texts=decisions.of_county(catalogue.folder, county.code).texts,
    )


def used(report: Report) -> tuple[SourceFile, ...]:
    """Return the files up to the report's year, and those of later years with results of the monitoring up to it."""
    monitoring = report.records.monitoring
    late = set(monitoring.filter(pl.col("year") <= report.year)["file"]) if monitoring.height else set()
    return tuple(file for file in report.source_files if file.year <= report.year or file.file in late)
