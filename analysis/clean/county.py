"""All sources of one county to its clean tables: read, correct, type, check, set aside, account, write."""

import hashlib
import os
import shutil
from pathlib import Path

import polars as pl

from analysis import project, sources
from analysis.clean import between, corrections, identity, totals
from analysis.clean.checks import checks, within_rows
from analysis.clean.records import KEY_FILE, NOTICES, Records, load, of_frames, schemas
from analysis.clean.sheets import BROKEN, TypedSheet, raw_cells, type_rows
from analysis.errors import DataError
from analysis.read import RawSheet, read_source
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
    notices = _about_files(catalogue, county, entries)
    sheets = _typed(catalogue, county, entries, notices, faults)
    rows: dict[str, pl.DataFrame] = {}
    broken: dict[str, pl.DataFrame] = {}
    for name, found in sheets.items():
        if found:
            rows[name] = identity.moved(pl.concat([sheet.rows for sheet in found]), changes)
            broken[name] = pl.concat(
                [_joined(found), _within_rows(rows[name], table(name)), _across_rows(rows[name], table(name))]
            )
    good = {name: _without(frame, _set_aside(broken[name])) for name, frame in rows.items()}
    related = _related(good, changes)
    made: dict[str, list[pl.DataFrame]] = {name: [] for name in schemas()}
    for name, frame in rows.items():
        told = pl.concat([broken[name], _placed(frame, related.filter(pl.col("table") == name))])
        aside = _set_aside(told)
        rejected = _rejected(frame, told, aside)
        made[name].append(_without(frame, aside))
        made["quarantine"].append(_quarantine(sheets[name], table(name), rejected))
        made["accounts"].append(_accounts(sheets[name], table(name), rejected))
        notices += [sheet.notices for sheet in sheets[name]]
        notices.append(_row_notices(frame, told, table(name)))
        notices += [_of_totals(sheet, table(name)) for sheet in sheets[name]]
    notices.append(_of_relations(related, rows))
    made["notices"] = notices
    return of_frames(county, {name: pl.concat(found) for name, found in made.items() if found})


def _joined(sheets: list[TypedSheet]) -> pl.DataFrame:
    """Return what the rows of several sheets broke, with their places in the sheets joined."""
    parts, before = [], 0
    for sheet in sheets:
        parts.append(sheet.broken.with_columns((pl.col("place") + before).cast(pl.UInt32)))
        before += sheet.rows.height
    return pl.concat(parts)


def _set_aside(broken: pl.DataFrame) -> pl.Series:
    """Return the places of rows that broke a rule of severity error."""
    errors = [check.id for check in checks().values() if check.severity == "error"]
    return broken.filter(pl.col("rule").is_in(errors))["place"].unique().sort()


def _without(rows: pl.DataFrame, aside: pl.Series) -> pl.DataFrame:
    if not len(aside):
        return rows
    return rows.filter(pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(aside, False))


def _rejected(rows: pl.DataFrame, broken: pl.DataFrame, aside: pl.Series) -> pl.DataFrame:
    """Return the rows set aside, with all rules they broke in the column `rules`."""
    rules = broken.group_by("place").agg(pl.col("rule").unique(maintain_order=True).alias("rules"))
    listed = pl.DataFrame({"place": aside}).join(rules, on="place", how="left", maintain_order="left")
    return rows[aside].with_columns(listed["rules"])


def _placed(rows: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Return findings between tables and years by the places of their rows."""
    if related.is_empty():
        return pl.DataFrame(schema=BROKEN)
    place = ["file", "sheet", "row"]
    return (
        rows.select(place).with_row_index("place").join(related.select(*place, "rule"), on=place).select(list(BROKEN))
    )


def _typed(
    catalogue: Catalogue,
    county: str,
    entries: list[corrections.Correction],
    notices: list[pl.DataFrame],
    faults: list[DataError] | None,
) -> dict[str, list[TypedSheet]]:
    """Return the typed sheets of each table; what is told about files and corrections is added to `notices`."""
    sheets: dict[str, list[TypedSheet]] = {name: [] for name in tables()}
    seen: dict[tuple[str, int], Source] = {}
    for source in catalogue.of(county):
        wanted = table(source.table)
        try:
            _check_alone(source, seen)
            raw = read_source(catalogue, source)
        except DataError as fault:
            if faults is None:
                raise
            faults.append(fault)
            continue
        raw, outcomes = corrections.apply(raw, wanted, [entry for entry in entries if entry.file == source.file])
        notices += [_told(source, wanted, outcome) for outcome in outcomes]
        notices += [_about_sheet(one) for one in raw if one.unread]
        sheets[source.table] += [type_rows(one, wanted) for one in raw]
    return _recovered(sheets)


def _recovered(sheets: dict[str, list[TypedSheet]]) -> dict[str, list[TypedSheet]]:
    """Type those sheets again whose codes a spreadsheet damaged, now that all names are known."""
    if not sheets["schools"] or not any(_is_damaged(sheet, None) for found in sheets.values() for sheet in found):
        lengths = {length for found in sheets.values() for sheet in found for length in _code_lengths(sheet)}
        if len(lengths) < 2 or not sheets["schools"]:
            return sheets
    known = identity.certain_codes(pl.concat([sheet.rows for sheet in sheets["schools"]]))
    codes = known["school"].implode()
    return {
        name: [type_rows(sheet.raw, table(name), known) if _is_damaged(sheet, codes) else sheet for sheet in found]
        for name, found in sheets.items()
    }


def _code_lengths(sheet: TypedSheet) -> list[int]:
    if "school" not in sheet.rows.columns:
        return []
    return sheet.rows["school"].str.len_bytes().drop_nulls().unique().to_list()


def _is_damaged(sheet: TypedSheet, codes: pl.Series | None) -> bool:
    """Tell whether a code of a sheet was damaged, or is none of the codes that names make certain."""
    if "school" not in sheet.rows.columns or sheet.rows.is_empty():
        return False
    if sheet.broken["rule"].is_in(["code_damaged"]).any():
        return True
    return codes is not None and bool(sheet.rows.select((~pl.col("school").is_in(codes)).any()).item())


def _related(good: dict[str, pl.DataFrame], changes: list[identity.Change]) -> pl.DataFrame:
    found = between.find(good)
    if "schools" not in good:
        return found
    asked = identity.questions(good["schools"], changes)
    columns = pl.lit("schools").alias("table"), pl.lit("name").alias("column")
    return pl.concat([found, asked.with_columns(*columns).select(found.columns)])


def _of_relations(related: pl.DataFrame, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    if related.is_empty():
        return pl.DataFrame(schema=NOTICES)
    place = ["file", "sheet", "row"]
    known = pl.concat([frame.select("county", "year", *place) for frame in rows.values()])
    return related.join(known, on=place, how="left", maintain_order="left").select(list(NOTICES))


def _of_totals(sheet: TypedSheet, wanted: Table) -> pl.DataFrame:
    source = sheet.raw.source
    return totals.differences(sheet, wanted).select(
        pl.lit(source.county).alias("county"),
        pl.lit(source.year, pl.Int32).alias("year"),
        pl.lit(wanted.name).alias("table"),
        pl.lit(source.file).alias("file"),
        pl.lit(sheet.raw.name).alias("sheet"),
        "row",
        "column",
        "rule",
        "before",
        "after",
    )


def _check_alone(source: Source, seen: dict[tuple[str, int], Source]) -> None:
    other = seen.setdefault((source.table, source.year), source)
    if other is not source and not (other.registered and source.registered):
        raise DataError("years_twice", table=source.table, file=other.file, other=source.file)


def _within_rows(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    found = within_rows(wanted.name)
    flags = rows.select([breaks.alias(check.id) for check, breaks in found])
    return _flagged({check.id: flags[check.id] for check, _ in found})


def _flagged(flags: dict[str, pl.Series]) -> pl.DataFrame:
    """Return rules and the places where they are broken."""
    parts = [pl.DataFrame(schema=BROKEN)]
    for rule, flag in flags.items():
        places = flag.arg_true()
        if len(places):
            parts.append(pl.DataFrame({"place": places.cast(pl.UInt32), "rule": [rule] * len(places)}))
    return pl.concat(parts)


def _across_rows(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Mark rows that share a key: of rows that say the same the later, of rows that differ all."""
    key = ["year", *[name for name in wanted.key if name != "year"]]
    several = rows.select(key).is_duplicated() & rows.select(pl.all_horizontal(pl.col(key).is_not_null())).to_series()
    if not several.any():
        return pl.DataFrame(schema=BROKEN)
    told = [name for name in wanted.columns if name not in key]
    alike = rows.with_row_index("place").filter(several)
    content = pl.struct(told) if told else pl.lit(0)
    differ = content.n_unique().over(key) > 1
    later = pl.int_range(pl.len()).over(key) > 0
    rule = pl.when(differ).then(pl.lit("duplicate")).when(later).then(pl.lit("repeated"))
    return alike.select(pl.col("place").cast(pl.UInt32), rule.alias("rule")).drop_nulls()


def _quarantine(sheets: list[TypedSheet], wanted: Table, rejected: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for sheet in sheets:
        mine = _mine(rejected, sheet)
        if mine.height:
            mine = mine.join(raw_cells(sheet, wanted, mine), on="row", how="left", maintain_order="left")
            year = pl.lit(sheet.raw.source.year, pl.Int32).alias("year")
            parts.append(mine.with_columns(year, pl.lit(wanted.name).alias("table")).select(list(QUARANTINE)))
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


def _row_notices(rows: pl.DataFrame, broken: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return a notice for each rule of a whole row (those of a cell are told with their cell)."""
    whole = [check.id for check in checks().values() if check.holds] + ["duplicate", "repeated"]
    told = broken.filter(pl.col("rule").is_in(whole))
    columns = {check.id: ",".join(check.columns) for check in checks().values()} | {"duplicate": ",".join(wanted.key)}
    empty = pl.lit(None, pl.String)
    return (
        rows[told["place"]]
        .with_columns(
            pl.lit(wanted.name).alias("table"),
            told["rule"],
            told["rule"].replace_strict(columns, default="", return_dtype=pl.String).alias("column"),
            empty.alias("before"),
            empty.alias("after"),
        )
        .select(list(NOTICES))
    )


def _told(source: Source, wanted: Table, outcome: corrections.Outcome) -> pl.DataFrame:
    entry = outcome.correction
    column = next((one for one in wanted.columns.values() if entry.column in (one.name, *one.headers)), None)
    shown = (entry.before, entry.after) if column is None or not column.hashed else ("", "")
    place = (source.county, source.year, wanted.name, source.file, outcome.sheet, outcome.row)
    return pl.DataFrame([(*place, entry.column, outcome.rule, *shown)], schema=NOTICES, orient="row")


def _about_sheet(raw: RawSheet) -> pl.DataFrame:
    source = raw.source
    told = (source.county, source.year, source.table, source.file, raw.name, None, None, raw.unread, None, None)
    return pl.DataFrame([told], schema=NOTICES, orient="row")


def _about_files(catalogue: Catalogue, county: str, entries: list[corrections.Correction]) -> list[pl.DataFrame]:
    """Return notices about whole files: without an entry, not read, or named by entry or correction and not there."""
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
    told += [
        (county, None, None, file, None, None, None, "absent", None, None)
        for file in catalogue.absent
        if file.startswith(f"{county}/")
    ]
    known = {source.file for source in catalogue.of(county)}
    told += [
        (county, None, None, one.file, one.sheet, one.row, one.column, "correction_unmatched", one.before, one.after)
        for one in entries
        if one.file.startswith(f"{county}/") and one.file not in known
    ]
    return [pl.DataFrame(told, schema=NOTICES, orient="row")]
