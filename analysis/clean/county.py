"""All sources of one county to its clean tables: read, correct, type, check, set aside, account, write."""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

import polars as pl

import analysis
from analysis import sources
from analysis.clean import corrections
from analysis.clean.checks import checks, within_rows
from analysis.clean.records import KEY_FILE, NOTICES, Records, load, of_frames, schemas
from analysis.clean.sheets import RULES, TypedSheet, raw_cells, type_rows
from analysis.errors import DataError
from analysis.read import read_source
from analysis.read.fields import Table, table, tables
from analysis.sources import Catalogue, Source
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
            frame.write_parquet(beside / f"{name}.parquet")
        (beside / KEY_FILE).write_text(key, encoding="utf-8")
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return records


def _swap(beside: Path, folder: Path) -> None:
    old = beside.with_name(f"{beside.name}.old")
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


@cache
def _code() -> str:
    digest = hashlib.sha256(pl.__version__.encode())
    package = Path(analysis.__file__).parent
    for part in _MADE_BY:
        files = [package / part] if part.endswith(".py") else sorted((package / part).rglob("*.[py]*"))
        for file in files:
            if file.suffix in (".py", ".yml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _key(catalogue: Catalogue, county: str) -> str:
    return hashlib.sha256((sources.key(catalogue, county) + _code()).encode()).hexdigest()


def clean(catalogue: Catalogue, county: str) -> Records:
    """Return the clean tables of a county without writing them."""
    _check_one_file_a_year(catalogue.of(county))
    entries = corrections.load(catalogue.folder)
    made: dict[str, list[pl.DataFrame]] = {name: [] for name in schemas()}
    for name in tables():
        of_table = [source for source in catalogue.of(county) if source.table == name]
        for frame_name, frame in clean_table(catalogue, table(name), of_table, entries).items():
            made[frame_name].append(frame)
    made["notices"] += _about_files(catalogue, county, entries)
    frames = {name: pl.concat(found) for name, found in made.items() if found}
    return of_frames(county, frames)


def _check_one_file_a_year(found: tuple[Source, ...]) -> None:
    seen: dict[tuple[str, int], Source] = {}
    for source in found:
        place = (source.table, source.year)
        other = seen.setdefault(place, source)
        if other is not source and not (other.registered and source.registered):
            raise DataError("years_twice", table=source.table, file=other.file, other=source.file)


def clean_table(
    catalogue: Catalogue, wanted: Table, found: list[Source], entries: list[corrections.Correction]
) -> dict[str, pl.DataFrame]:
    """Return the frames made from all sources of one table: records, quarantine, accounts, notices."""
    sheets: list[TypedSheet] = []
    notices: list[pl.DataFrame] = []
    for source in found:
        raw = read_source(catalogue, source)
        raw, outcomes = corrections.apply(raw, wanted, [entry for entry in entries if entry.file == source.file])
        notices += [_told(source, wanted, outcome) for outcome in outcomes]
        sheets += [type_rows(one, wanted) for one in raw]
    if not sheets:
        return {}
    rows = pl.concat([sheet.rows for sheet in sheets])
    rows = _across_rows(_within_rows(rows, wanted), wanted)
    errors = [check.id for check in checks().values() if check.severity == "error"]
    aside = pl.col(RULES).list.eval(pl.element().is_in(errors)).list.any().fill_null(False)
    rejected = rows.filter(aside)
    kept = rows.filter(~aside)
    notices += [sheet.notices for sheet in sheets]
    notices.append(_row_notices(rows, wanted))
    return {
        wanted.name: kept.drop(RULES),
        "quarantine": _quarantine(sheets, wanted, rejected),
        "accounts": _accounts(sheets, wanted, rejected),
        "notices": pl.concat(notices),
    }


def _within_rows(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    found = [pl.when(breaks).then(pl.lit(check.id)) for check, breaks in within_rows(wanted.name)]
    if not found:
        return rows
    more = pl.concat_list(found).list.drop_nulls()
    return rows.with_columns(pl.col(RULES).list.concat(more).alias(RULES))


def _across_rows(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Mark rows that share a key: of rows that say the same the later, of rows that differ all."""
    key = ["year", *[name for name in wanted.key if name != "year"]]
    whole = pl.all_horizontal(pl.col(key).is_not_null())
    told = [name for name in wanted.columns if name not in key]
    several = whole & (pl.len().over(key) > 1)
    if not rows.select(several.any()).item():
        return rows
    content = pl.struct(told, eager=False) if told else pl.lit(0)
    differ = content.n_unique().over(key) > 1
    first = pl.int_range(pl.len()).over(key) == 0
    rule = pl.when(several & differ).then(pl.lit("duplicate")).when(several & ~first).then(pl.lit("repeated"))
    return rows.with_columns(pl.concat_list(RULES, rule).list.drop_nulls().alias(RULES))


def _quarantine(sheets: list[TypedSheet], wanted: Table, rejected: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for sheet in sheets:
        mine = _mine(rejected, sheet)
        if mine.height:
            mine = mine.join(raw_cells(sheet, wanted, mine), on="row", how="left", maintain_order="left")
            year = pl.lit(sheet.raw.source.year, pl.Int32).alias("year")
            rules = pl.col(RULES).list.unique(maintain_order=True)
            parts.append(mine.with_columns(year, rules, pl.lit(wanted.name).alias("table")).select(list(QUARANTINE)))
    return pl.concat(parts) if parts else pl.DataFrame(schema=QUARANTINE)


def _mine(rows: pl.DataFrame, sheet: TypedSheet) -> pl.DataFrame:
    return rows.filter((pl.col("file") == sheet.raw.source.file) & (pl.col("sheet") == sheet.raw.name))


def _accounts(sheets: list[TypedSheet], wanted: Table, rejected: pl.DataFrame) -> pl.DataFrame:
    told = []
    for sheet in sheets:
        source, read, data = sheet.raw.source, sheet.raw.rows.height, sheet.rows.height
        aside = _mine(rejected, sheet).height
        place = (source.county, source.year, wanted.name, source.file, sheet.raw.name)
        told.append((*place, read, data - aside, aside, read - data))
    return pl.DataFrame(told, schema=ACCOUNTS, orient="row")


def _row_notices(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return a notice for each rule of a whole row (those of a cell are told with their cell)."""
    whole = [check.id for check in checks().values() if check.holds] + ["duplicate", "repeated"]
    told = rows.explode(RULES).filter(pl.col(RULES).is_in(whole))
    columns = {check.id: ",".join(check.columns) for check in checks().values()} | {"duplicate": ",".join(wanted.key)}
    empty = pl.lit(None, pl.String)
    return told.with_columns(
        pl.lit(wanted.name).alias("table"),
        pl.col(RULES).replace_strict(columns, default="", return_dtype=pl.String).alias("column"),
        pl.col(RULES).alias("rule"),
        empty.alias("before"),
        empty.alias("after"),
    ).select(list(NOTICES))


def _told(source: Source, wanted: Table, outcome: corrections.Outcome) -> pl.DataFrame:
    entry = outcome.correction
    column = next((one for one in wanted.columns.values() if entry.column in (one.name, *one.headers)), None)
    shown = (entry.before, entry.after) if column is None or not column.hashed else ("", "")
    place = (source.county, source.year, wanted.name, source.file, outcome.sheet, outcome.row)
    return pl.DataFrame([(*place, entry.column, outcome.rule, *shown)], schema=NOTICES, orient="row")


def _about_files(catalogue: Catalogue, county: str, entries: list[corrections.Correction]) -> list[pl.DataFrame]:
    """Return notices about whole files: without an entry, not read, or named by a correction and not there."""
    told: list[tuple[object, ...]] = [
        (county, source.year, source.table, source.file, None, None, None, "unregistered", None, None)
        for source in catalogue.of(county)
        if not source.registered
    ]
    told += [
        (county, None, None, file, None, None, None, "stray", None, None)
        for file in catalogue.strays
        if file.startswith(f"{county}/")
    ]
    known = {source.file for source in catalogue.of(county)}
    told += [
        (county, None, None, one.file, one.sheet, one.row, one.column, "correction_unmatched", one.before, one.after)
        for one in entries
        if one.file.startswith(f"{county}/") and one.file not in known
    ]
    return [pl.DataFrame(told, schema=NOTICES, orient="row")]
