"""What a county's clean tables come to by a standard, kept beside them so that it is worked out once.

    data/processed/<county>/<standard>[-<plan>]/measurements.parquet     MEASUREMENTS of all years
    data/processed/<county>/<standard>[-<plan>]/findings.parquet         FINDINGS of all years

The file `key` beside them holds the key of all that they were made from (the sources, the standard, the plan and the
code that judges) and their SHA-256: what is damaged is made anew. Cleaning a county anew removes them with its tables.
"""

import contextlib
import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import polars as pl

from analysis import clean, project, sources, standards, storage
from analysis.errors import DataError, message
from analysis.judge import frames
from analysis.judge.county import judge_counties
from analysis.measure import measure

#: Parts of the package, and libraries, whose change makes findings stale.
_MADE_BY = ("measure", "judge", "statistics", "standards", "ids.py", "tables.py")
_LIBRARIES = ("polars", "numpy", "scipy")
_FILES = ("measurements.parquet", "findings.parquet")


@dataclass(frozen=True, eq=False)
class Judged:
    """MEASUREMENTS and FINDINGS of one county, all its years."""

    measurements: pl.DataFrame
    findings: pl.DataFrame


def of_records(
    records: clean.Records, standard: str, plan: str | None = None, years: list[int] | None = None
) -> Judged:
    """Measure all years of clean tables and judge `years` (all by default) by a standard and a plan (ids or paths).

    The tables may be those of several counties together, each of which is judged as it would be alone. Raises
    RequestError for a standard or plan that can't be read.
    """
    known, laid = standards.load(standard), standards.plan(plan) if plan else None
    measurements = measure(records, known)
    cells = records.schools.select(frames.KEYS).unique().sort(frames.KEYS)
    if years is not None:
        named = pl.DataFrame({"year": years}, schema={"year": pl.Int32})
        cells = cells.select("county").unique().sort("county").join(named, how="cross")
    days = {year: frames.day_of(year) for year in sorted(cells["year"].unique())}
    return Judged(measurements, judge_counties(measurements, records, known, cells, days, laid))


def open_county(
    catalogue: sources.Catalogue, county: str, processed: Path, standard: str, plan: str | None = None
) -> tuple[clean.Records, Judged | None]:
    """Return the clean tables of a county and what they come to, each made only where it is not kept already.

    None where the county has no school row. Raises DataError for a source that can't be used, RequestError for a
    standard or plan that can't be read.
    """
    opened = open_counties(catalogue, [county], processed, standard, plan)[county]
    if isinstance(opened, DataError):
        raise opened
    return opened


def open_counties(
    catalogue: sources.Catalogue, counties: Iterable[str], processed: Path, standard: str, plan: str | None = None
) -> dict[str, tuple[clean.Records, Judged | None] | DataError]:
    """Return by county what `open_county` returns, or the fault of its sources.

    What is not kept is judged together, which costs each county a fraction of what it costs alone. Raises RequestError
    for a standard or plan that can't be read.
    """
    judged: dict[str, Judged] = {}

    def folder(county: str) -> Path:
        return folder_of(processed, county, standard, plan)

    # Taken before the tables are: files that change in between leave findings under a key that nobody asks for.
    keys = {county: _key(catalogue, county, standard, plan) for county in counties}
    cleaned = clean.clean_counties(catalogue, keys, processed)
    for county in keys:
        kept = _load(folder(county), keys[county])
        if kept is not None:
            judged[county] = kept
    open_ = [
        records
        for county, records in cleaned.items()
        if isinstance(records, clean.Records) and county not in judged and not records.schools.is_empty()
    ]
    if open_:
        judged_counties = _by_county(of_records(clean.together(open_), standard, plan))
        for county, judged_county in judged_counties.items():
            _keep(judged_county, folder(county), keys[county])
        judged |= judged_counties
    return {
        county: records if isinstance(records, DataError) else (records, judged.get(county))
        for county, records in cleaned.items()
    }


def folder_of(processed: Path, county: str, standard: str, plan: str | None = None) -> Path:
    """Return the folder in which what a county comes to by a standard and a plan is kept."""
    return processed / county / "-".join(Path(name).stem for name in (standard, plan) if name)


def _by_county(judged: Judged) -> dict[str, Judged]:
    """Return the measurements and findings of each county that has findings."""
    measured, judged_rows = (
        {str(county): rows for (county,), rows in frame.partition_by("county", as_dict=True).items()}
        for frame in (judged.measurements, judged.findings)
    )
    nothing = judged.measurements.clear()
    return {county: Judged(measured.get(county, nothing), rows) for county, rows in judged_rows.items()}


def _key(catalogue: sources.Catalogue, county: str, standard: str, plan: str | None) -> str:
    parts = [sources.key(catalogue, county), made_by()]
    parts += [standards.load(standard).model_dump_json()]
    parts += [repr(standards.plan(plan))] if plan else []
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def made_by() -> str:
    """Return what makes findings: the code that judges, and versions of libraries."""
    return " ".join([project.code(*_MADE_BY), *(f"{name} {version(name)}" for name in _LIBRARIES)])


def _load(folder: Path, key: str) -> Judged | None:
    """Return what is kept in a folder, None where it was made from something else or is damaged, which is told."""
    if storage.key_of(folder) != key:
        return None
    try:
        return Judged(*(pl.read_parquet(content) for content in storage.read(folder, _FILES).values()))
    except storage.DamagedError as fault:
        sys.stderr.write(message("kept_damaged", file=fault.file) + "\n")
        return None


def _keep(judged: Judged, folder: Path, key: str) -> None:
    with contextlib.suppress(FileNotFoundError):  # the county is being cleaned anew elsewhere
        folder.mkdir(exist_ok=True)
        for name, frame in zip(_FILES, (judged.measurements, judged.findings), strict=True):
            written = BytesIO()
            frame.write_parquet(written)
            storage.write_whole(folder / name, written.getvalue())
        storage.seal(folder, key, _FILES)
