"""The report of a county of which nothing but published coefficients is known: no school rows, so nothing else."""

from pathlib import Path
from typing import Any

import polars as pl

from analysis import clean, judge, measure, project, sources, standards
from analysis.errors import RequestError, language
from analysis.files import inside
from analysis.measure import COMPOSITE
from analysis.read.anytable import open_table
from analysis.read.published import checked
from analysis.standards import Standard
from analysis.statistics import dispersion
from analysis.tables import MEASUREMENTS
from analysis.tell.case.setting import SourceFile
from analysis.tell.documents import injected
from analysis.tell.documents.county import Report

#: Statistic of a composite as it was published; ours, from the coefficients, has `cv`.
PUBLISHED = "published"
STATISTICS = ("mean", "cv")


def open_published(
    county: str,
    year: int | None = None,
    audience: str | None = None,
    lang: str | None = None,
    data: str | Path | None = None,
    status: str = "final",
    date: str = "",
) -> Report:
    """Return the report of a county's published coefficients, judged by the standard of their publication.

    `year` None is the latest published. Raises RequestError for an unknown county or year and for a cell that is no
    figure, DataError for a file that can't be read.
    """
    injected.check()
    catalogue = sources.load(sources.folder_of(data, str(county)))
    found_county = sources.find_county(catalogue, str(county))
    known = catalogue.published_of(found_county.code)
    chosen = (list(known)[-1] if known else None) if year is None else year
    if chosen is None or chosen not in known:
        listed = ", ".join(map(str, known)) or "-"
        raise RequestError("year_without_data", county=found_county.name(language()), year=year or "", years=listed)
    entry = known[chosen]
    rule = standards.load(entry.standard)
    records = clean.of_frames(found_county.code, {})
    measurements = measurements_of(
        _rows(inside(catalogue.folder, entry.file), rule, found_county), rule, found_county.code, chosen
    )
    source = SourceFile(
        entry.file, entry.title, entry.publisher, entry.date, PUBLISHED, entry.year, True,
        sources.file_hash(catalogue.folder, entry),
    )  # fmt: skip
    return Report(
        county=found_county.code,
        names={"zh": found_county.zh, "en": found_county.en},
        province={},  # that of sources.yml is of the counties with school rows
        synthetic=found_county.synthetic,
        year=chosen,
        standard=rule,
        audience=audience or project.audience(),
        lang=lang or language(),
        records=records,
        stages=measure.stage_rows(records.schools, rule),
        measurements=measurements,
        history=judge.judge(measurements, records, rule, found_county.code, chosen),
        source_files=(source,),
        status=status,
        date=date,
    )


def _rows(path: Path, rule: Standard, county: sources.County) -> pl.DataFrame:
    """Return a county's rows of the file: stage, statistic, one column per indicator, composite."""
    table = open_table(path)
    frame = table.collect(table.columns({}, {name: name for name in table.schema}), {})
    rows, present = checked(frame, rule, path.name, table.first_row, STATISTICS)
    names = [county.code, county.zh, county.en]
    mine = rows.filter(pl.col("county").str.strip_chars().is_in(names))
    if mine.is_empty():
        raise RequestError("published_lacking", file=path.name, county=county.name(language()))
    absent = [name for name in ("statistic", COMPOSITE) if name not in mine.columns]
    return mine.with_columns(
        *(pl.lit("cv" if name == "statistic" else None).alias(name) for name in absent),
        *(pl.lit(None, pl.Float64).alias(name) for name in rule.indicators if name not in present),
    ).with_columns(pl.col(COMPOSITE).cast(pl.Float64))


def measurements_of(rows: pl.DataFrame, rule: Standard, county: str, year: int) -> pl.DataFrame:
    """Return published figures as MEASUREMENTS, with our composite (教督〔2012〕3号) and the published."""
    values: list[dict[str, Any]] = []
    for row in rows.iter_rows(named=True):
        base = {"county": county, "year": year, "stage": row["stage"], "note": ""}
        statistic = str(row["statistic"]).strip()
        values += [
            base | {"indicator": indicator, "statistic": statistic, "value": row[indicator]}
            for indicator in rule.indicators
        ]
        if statistic == "cv" and rule.composite:
            figures = [row[indicator] for indicator in rule.indicators]
            ours = None if None in figures else dispersion.composite(figures)
            both = (("cv", ours), (PUBLISHED, row[COMPOSITE]))
            values += [base | {"indicator": COMPOSITE, "statistic": name, "value": value} for name, value in both]
    return pl.DataFrame(values, schema=MEASUREMENTS)
