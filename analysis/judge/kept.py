"""What a county's clean tables come to by a standard, kept beside them so that it is worked out once.

    data/processed/<county>/<standard>[-<plan>]/measurements.parquet     MEASUREMENTS of all years
    data/processed/<county>/<standard>[-<plan>]/findings.parquet         FINDINGS of all years

Each file holds the key of all that it was made from: the sources, the standard, the plan and the code that judges.
Cleaning a county anew removes them with its tables.
"""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl

from analysis import clean, project, sources, standards
from analysis.judge import frames
from analysis.judge.county import judge_years
from analysis.measure import measure

#: Parts of the package, and libraries, whose change makes findings stale.
_MADE_BY = ("measure", "judge", "statistics", "standards", "tables.py")
_LIBRARIES = ("polars", "numpy", "scipy")


@dataclass(frozen=True, eq=False)
class Judged:
    """MEASUREMENTS and FINDINGS of one county, all its years."""

    measurements: pl.DataFrame
    findings: pl.DataFrame


def of_records(
    records: clean.Records, standard: str, plan: str | None = None, years: list[int] | None = None
) -> Judged:
    """Measure all years of clean tables and judge `years` (all by default) by a standard and a plan (ids or paths).

    Raises RequestError for a standard or plan that can't be read.
    """
    known, laid = standards.load(standard), standards.plan(plan) if plan else None
    measurements = measure(records, known)
    judged = years or sorted(records.schools["year"].unique().to_list())
    days = {year: frames.day_of(year) for year in judged}
    return Judged(measurements, judge_years(measurements, records, known, records.county, days, laid))


def open_county(
    catalogue: sources.Catalogue, county: str, processed: Path, standard: str, plan: str | None = None
) -> tuple[clean.Records, Judged | None]:
    """Return the clean tables of a county and what they come to, each made only where it is not kept already.

    None where the county has no school row. Raises DataError for a source that can't be used, RequestError for a
    standard or plan that can't be read.
    """
    # Taken before the tables are: files that change in between leave findings under a key that nobody asks for.
    key = _key(catalogue, county, standard, plan)
    records = clean.clean_county(catalogue, county, processed)
    folder = processed / county / "-".join(Path(name).stem for name in (standard, plan) if name)
    kept = _load(folder, key)
    if kept is not None or records.schools.is_empty():
        return records, kept
    made = of_records(records, standard, plan)
    with contextlib.suppress(FileNotFoundError):  # the county is being cleaned anew elsewhere
        folder.mkdir(exist_ok=True)
        _put(made.measurements, folder / "measurements.parquet", key)
        _put(made.findings, folder / "findings.parquet", key)
    return records, made


def _key(catalogue: sources.Catalogue, county: str, standard: str, plan: str | None) -> str:
    told = [sources.key(catalogue, county), _made_by()]
    told += [standards.load(standard).model_dump_json()]
    told += [repr(standards.plan(plan))] if plan else []
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@cache
def _made_by() -> str:
    return " ".join([project.code(*_MADE_BY), *(f"{name} {version(name)}" for name in _LIBRARIES)])


def _load(folder: Path, key: str) -> Judged | None:
    files = [folder / "measurements.parquet", folder / "findings.parquet"]
    try:
        if all(pl.read_parquet_metadata(file).get("key") == key for file in files):
            return Judged(*(pl.read_parquet(file) for file in files))
    except FileNotFoundError:
        pass
    return None


def _put(frame: pl.DataFrame, file: Path, key: str) -> None:
    """Write beside and rename."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        frame.write_parquet(beside, metadata={"key": key})
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
