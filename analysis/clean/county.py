"""All sources of a county to its clean tables: read, correct, type, check, set aside, account, write."""

import contextlib
import hashlib
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import polars as pl

from analysis import project, sources, storage
from analysis.clean import (
    accounts,
    corrections,
    identity,
    notices,
    plausible,
    private,
    quarantine,
    relations,
    reported,
    totals,
    values,
)
from analysis.clean.gather import Found, Gathered, find, gather
from analysis.clean.records import NOTICES, Records, load, of_frames, stacked
from analysis.clean.typed_sheets import BROKEN
from analysis.errors import DataError, message
from analysis.read import read_cache
from analysis.read.fields import table
from analysis.sources import Catalogue
from analysis.tables import QUARANTINE, packed

#: Parts of the package whose change makes clean tables stale.
_MADE_BY = (
    *("read", "clean", "tables.py", "registered.py", "decisions.py", "decisions.yml", "sources.py", "storage.py"),
    *("files.py", "bounds.yml", "yamlfile.py", "entries.py", "plaintext.py"),
)
_TRIES = 10


def clean_county(catalogue: Catalogue, county: str, processed: Path) -> Records:
    """Return what `clean_counties` returns for one county; raises DataError for the first source that can't be read."""
    return _alone(clean_counties(catalogue, [county], processed))


def clean_counties(catalogue: Catalogue, counties: Iterable[str], processed: Path) -> dict[str, Records | DataError]:
    """Read, clean and write all tables of counties, and return them; where nothing changed they are only loaded.

    Of a county whose sources can't be read the first DataError is returned and nothing written. The tables of a county
    are written beside and renamed, so that there is always one whole state or none; tables that are not what was
    written are made anew, and one line says so.
    """
    keys = {county: _key(catalogue, county) for county in counties}
    kept = {county: _kept(processed, county, key) for county, key in keys.items()}
    stale = [county for county, records in kept.items() if records is None]
    cleaned = _clean(catalogue, stale) if stale else {}
    for county, records in cleaned.items():
        if isinstance(records, Records):
            _put(records, processed, keys[county])
    return {county: records or cleaned[county] for county, records in kept.items()}


def _kept(processed: Path, county: str, key: str) -> Records | None:
    """Return the kept tables of a county, None where they are another state's or damaged."""
    if storage.key_of(processed / county) != key:
        return None
    try:
        return load(processed, county)
    except storage.DamagedError as fault:
        sys.stderr.write(message("kept_damaged", file=fault.file) + "\n")
        return None


def _alone(cleaned: dict[str, Records | DataError]) -> Records:
    (records,) = cleaned.values()
    if isinstance(records, DataError):
        raise records
    return records


def _put(records: Records, processed: Path, key: str) -> None:
    storage.clear_abandoned(processed, f".{records.county}.")
    beside = storage.unfinished(processed / records.county)
    beside.mkdir(parents=True)
    try:
        for name, frame in records.frames().items():
            # Made before anything is in it, so that nobody else reads what identifies people, not for a moment.
            (beside / f"{name}.parquet").touch(mode=0o600 if private.is_kept_close(name) else 0o666)
            _write(frame, beside / f"{name}.parquet")
        storage.seal(beside, key, [f"{name}.parquet" for name in records.frames()])
        _swap(beside, processed / records.county)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame; one without rows, as most are, from kept bytes."""
    if frame.is_empty():
        path.write_bytes(_nothing(tuple(frame.schema.items())))
    else:
        path.write_bytes(packed(frame))


@cache
def _nothing(schema: tuple[tuple[str, pl.DataType], ...]) -> bytes:
    written = BytesIO()
    pl.DataFrame(schema=dict(schema)).write_parquet(written)
    return written.getvalue()


def _swap(beside: Path, folder: Path) -> None:
    """Put a folder in the place of another; two that do so at once leave the tables of one of them."""
    old = beside.with_name(f"{beside.name}.old")
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        try:
            beside.rename(folder)
            break
        except OSError:  # another cleaner of the same county was here in between
            shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _key(catalogue: Catalogue, county: str) -> str:
    content = sources.key(catalogue, county) + project.code(*_MADE_BY) + pl.__version__
    return hashlib.sha256(content.encode()).hexdigest()


def clean(catalogue: Catalogue, county: str, faults: list[DataError] | None = None) -> Records:
    """Return the clean tables of a county without writing them.

    A source that can't be read raises its DataError; where a list of `faults` is given, it is noted there and the
    others are read.
    """
    return _alone(_clean(catalogue, [county], faults))


def _clean(
    catalogue: Catalogue, counties: Iterable[str], faults: list[DataError] | None = None
) -> dict[str, Records | DataError]:
    """Return the clean tables of each county, or its fault; what is alike in several is read in one go."""
    counties = list(counties)
    try:
        entries = corrections.load(catalogue.folder, counties)
    except DataError as fault:
        return dict.fromkeys(counties, fault)
    cleaned: dict[str, Records | DataError] = {}
    changes: dict[str, list[identity.Change]] = {}
    found_sheets: dict[str, Found] = {}
    for county in counties:
        try:
            changes[county] = identity.load(catalogue.folder, county)
            found_sheets[county] = find(catalogue, county, faults)
        except DataError as fault:
            cleaned[county] = fault
    gathered = gather(catalogue, list(found_sheets.values()), entries)
    for county, (tables, outcome_notices) in zip(found_sheets, gathered, strict=True):
        about = notices.about_files(catalogue, county, entries)
        cleaned[county] = _checked(county, tables, changes[county], [about, *outcome_notices])
    return cleaned


def _checked(
    county: str, gathered: dict[str, Gathered], changes: list[identity.Change], notice_parts: list[pl.DataFrame]
) -> Records:
    """Return the clean tables of a county: rows and values that break a rule set aside, all rows accounted for.

    `told` are the notices so far.
    """
    ruled = {name: _ruled(name, table_gathered, changes) for name, table_gathered in gathered.items()}
    schools = ruled["schools"].read["school"].drop_nulls() if "schools" in ruled else pl.Series(dtype=pl.String)
    rows, good = ({name: getattr(each, part) for name, each in ruled.items()} for part in ("rows", "good"))
    of_cells = {name: each.of_cells for name, each in ruled.items()}
    alone = {name: values.marked(good[name], of_cells[name], name) for name in plausible.TABLES if name in good}
    related = pl.concat([_related(good, changes), plausible.find(alone), reported.find(good)])
    serious = related.filter(pl.col("rule").is_in(quarantine.errors()))
    kept: dict[str, pl.DataFrame] = {}
    quarantined, out = [], []
    for name, table_gathered in gathered.items():
        wanted, frame = table(name), rows[name]
        rules = stacked([ruled[name].broken, _placed(frame, serious, name)], BROKEN)
        places = quarantine.places(rules)
        rejected = quarantine.rejected(frame, rules, places)
        kept[name] = quarantine.without(frame, places)
        quarantined.append(quarantine.quarantine(table_gathered.raws, wanted, rejected, schools))
        out.append(accounts.rejected_rows(table_gathered.raws, wanted, rejected))
        notice_parts += [
            notices.of_sheet(raw, wanted, accounts.rows_of(raw, rejected))
            for raw in table_gathered.raws
            if not raw.left_out
        ]
        notice_parts.append(of_cells[name])
        notice_parts.append(notices.of_rows(frame, rules, wanted, table_gathered.raws))
        notice_parts += [
            read_cache.once(("totals", sheets), partial(totals.differences, sheets, wanted))
            for sheets in table_gathered.typed
        ]
    notice_parts.append(notices.of_relations(related, list(rows.values())))
    kept["quarantine"] = stacked(quarantined, QUARANTINE)
    gone = stacked(out, accounts.REJECTED)
    kept["notices"] = private.masked_notices(notices.counted(stacked(notice_parts, NOTICES), gone), schools)
    raws = [raw for table_gathered in gathered.values() for raw in table_gathered.raws]
    kept["accounts"] = accounts.of_sheets(raws, gone, kept["notices"])
    return of_frames(county, kept)


@dataclass(frozen=True, eq=False)
class _Ruled:
    """A table by its own rules: its rows as they are `read`, as `rows` without values in doubt, the `good` of these."""

    read: pl.DataFrame
    rows: pl.DataFrame
    good: pl.DataFrame
    broken: pl.DataFrame
    of_cells: pl.DataFrame


def _ruled(name: str, gathered: Gathered, changes: list[identity.Change]) -> _Ruled:
    """Return a table by its own rules, the very one that is remembered where its sheets are the same."""
    key = "ruled", name, tuple(gathered.raws), tuple(gathered.typed), repr(changes)
    return read_cache.once(key, partial(_by_its_rules, name, gathered, changes))


def _by_its_rules(name: str, gathered: Gathered, changes: list[identity.Change]) -> _Ruled:
    read = private.numbered(identity.moved(gathered.rows(), changes), table(name))
    doubtful = values.contradicted(read, name)
    rows = values.without(read, doubtful)
    broken = stacked([gathered.broken(), *quarantine.broken(rows, table(name), gathered.raws)], BROKEN)
    good = quarantine.without(rows, quarantine.places(broken))
    return _Ruled(read, rows, good, broken, _of_cells(gathered, read, doubtful, name))


def _of_cells(table_gathered: Gathered, read: pl.DataFrame, doubtful: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return what there is to tell of the cells of a table (NOTICES)."""
    typed = [sheets.notices.drop("of") for sheets in table_gathered.typed if sheets.notices.height]
    return stacked([*typed, values.notices(read, doubtful, name, table_gathered.raws)], NOTICES)


def _related(good: dict[str, pl.DataFrame], changes: list[identity.Change]) -> pl.DataFrame:
    """Return what lies between tables and years in the rows that broke no rule so far."""
    between = relations.find(good)
    if "schools" not in good:
        return between
    asked = identity.questions(good["schools"], changes)
    columns = pl.lit("schools").alias("table"), pl.lit("name").alias("column")
    return pl.concat([between, asked.with_columns(*columns).select(between.columns)])


def _placed(rows: pl.DataFrame, serious: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return findings between tables and years that set rows aside, those of one table by the places of these rows."""
    if serious.is_empty():
        return pl.DataFrame(schema=BROKEN)
    place = ["file", "sheet", "row"]
    related = serious.filter(pl.col("table") == table)
    return (
        rows.select(place).with_row_index("place").join(related.select(*place, "rule"), on=place).select(list(BROKEN))
    )
