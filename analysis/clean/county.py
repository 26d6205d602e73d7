"""All sources of one county to its clean tables: read, correct, type, check, set aside, account, write."""

import hashlib
import os
import shutil
from functools import cache
from io import BytesIO
from pathlib import Path

import polars as pl

from analysis import project, sources
from analysis.clean import aside, between, corrections, identity, notices, totals
from analysis.clean.gather import gather
from analysis.clean.records import KEY_FILE, NOTICES, Records, load, of_frames, stacked
from analysis.clean.sheets import BROKEN
from analysis.errors import DataError
from analysis.read.fields import table
from analysis.sources import Catalogue
from analysis.tables import ACCOUNTS, QUARANTINE

#: Parts of the package whose change makes clean tables stale.
_MADE_BY = ("read", "clean", "tables.py", "sources.py")


def clean_county(catalogue: Catalogue, county: str, processed: Path) -> Records:
    """Read, clean and write all tables of a county, and return them; where nothing changed they are only loaded.

    Written beside and renamed, so that there is always one whole state or none. Raises DataError for the first source
    that can't be read; nothing is written then.
    """
    key = _key(catalogue, county)
    folder = processed / county
    if (folder / KEY_FILE).is_file() and (folder / KEY_FILE).read_text(encoding="utf-8") == key:
        return load(processed, county)
    records = clean(catalogue, county)
    beside = processed / f".{county}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        for name, frame in records.frames().items():
            _write(frame, beside / f"{name}.parquet")
        (beside / KEY_FILE).write_text(key, encoding="utf-8")
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return records


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame without statistics, for it is only read whole; one without rows, as most are, from kept bytes."""
    if frame.is_empty():
        path.write_bytes(_nothing(tuple(frame.schema.items())))
    else:
        frame.write_parquet(path, statistics=False)


@cache
def _nothing(schema: tuple[tuple[str, pl.DataType], ...]) -> bytes:
    written = BytesIO()
    pl.DataFrame(schema=dict(schema)).write_parquet(written)
    return written.getvalue()


def _swap(beside: Path, folder: Path) -> None:
    old = beside.with_name(f"{beside.name}.old")
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _key(catalogue: Catalogue, county: str) -> str:
    told = sources.key(catalogue, county) + project.code(*_MADE_BY) + pl.__version__
    return hashlib.sha256(told.encode()).hexdigest()


def clean(catalogue: Catalogue, county: str, faults: list[DataError] | None = None) -> Records:
    """Return the clean tables of a county without writing them.

    A source that can't be read raises its DataError; where a list of `faults` is given, it is noted there and the
    others are read.
    """
    entries = corrections.load(catalogue.folder)
    changes = identity.load(catalogue.folder, county)
    told = [notices.about_files(catalogue, county, entries)]
    gathered = gather(catalogue, county, entries, told, faults)
    rows = {name: identity.moved(found.rows(), changes) for name, found in gathered.items()}
    broken = {
        name: stacked([found.broken(), *aside.broken(rows[name], table(name))], BROKEN)
        for name, found in gathered.items()
    }
    good = {name: aside.without(frame, aside.places(broken[name])) for name, frame in rows.items()}
    related = _related(good, changes)
    made: dict[str, pl.DataFrame] = {}
    quarantine, accounts = [], []
    for name, found in gathered.items():
        wanted, frame = table(name), rows[name]
        rules = stacked([broken[name], _placed(frame, related.filter(pl.col("table") == name))], BROKEN)
        places = aside.places(rules)
        rejected = aside.rejected(frame, rules, places)
        made[name] = aside.without(frame, places)
        quarantine.append(aside.quarantine(found.raws, wanted, rejected))
        accounts.append(aside.accounts(found.raws, wanted, rejected))
        told += [one.notices.drop("of") for one in found.typed]
        told.append(notices.of_rows(frame, rules, wanted))
        told += [totals.differences(one, wanted) for one in found.typed]
    told.append(notices.of_relations(related, list(rows.values())))
    made["quarantine"] = stacked(quarantine, QUARANTINE)
    made["accounts"] = stacked(accounts, ACCOUNTS)
    made["notices"] = stacked(told, NOTICES)
    return of_frames(county, made)


def _related(good: dict[str, pl.DataFrame], changes: list[identity.Change]) -> pl.DataFrame:
    """Return what lies between tables and years in the rows that broke no rule so far."""
    found = between.find(good)
    if "schools" not in good:
        return found
    asked = identity.questions(good["schools"], changes)
    columns = pl.lit("schools").alias("table"), pl.lit("name").alias("column")
    return pl.concat([found, asked.with_columns(*columns).select(found.columns)])


def _placed(rows: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Return findings between tables and years by the places of their rows."""
    if related.is_empty():
        return pl.DataFrame(schema=BROKEN)
    place = ["file", "sheet", "row"]
    return (
        rows.select(place).with_row_index("place").join(related.select(*place, "rule"), on=place).select(list(BROKEN))
    )
