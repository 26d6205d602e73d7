"""What there is to tell of files, sheets, corrections and rows, each as NOTICES."""

from functools import cache

import polars as pl

from analysis.clean import corrections
from analysis.clean.checks import checks
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.fields import Table
from analysis.sources import Catalogue, Source


def about_files(catalogue: Catalogue, county: str, entries: corrections.Entries) -> pl.DataFrame:
    """Return notices about whole files: without an entry, not read, or named by entry or correction and not there."""
    sources, beginning = catalogue.of(county), f"{county}/"
    told: list[tuple[object, ...]] = [
        (county, source.year, source.table, source.file, None, None, None, "unregistered", None, None)
        for source in sources
        if not source.registered
    ]
    for rule, files in (("stray", catalogue.strays), ("absent", catalogue.absent)):
        mine = (file for file in files if file.startswith(beginning))
        told += [(county, None, None, file, None, None, None, rule, None, None) for file in mine]
    known = {source.file for source in sources}
    told += [
        (county, None, None, one.file, one.sheet, one.row, one.column, "correction_unmatched", one.before, one.after)
        for one in entries.below(beginning)
        if one.file not in known
    ]
    return _frame(told)


def of_correction(source: Source, wanted: Table, outcome: corrections.Outcome) -> pl.DataFrame:
    """Return what became of a correction; the values of a hashed column are not shown."""
    entry = outcome.correction
    column = next((one for one in wanted.columns.values() if entry.column in (one.name, *one.headers)), None)
    shown = (entry.before, entry.after) if column is None or not column.hashed else ("", "")
    place = (source.county, source.year, wanted.name, source.file, outcome.sheet, outcome.row)
    return _frame([(*place, entry.column, outcome.rule, *shown)])


def unread(raw: RawSheet) -> pl.DataFrame:
    """Return why a sheet was not read."""
    source = raw.source
    place = (source.county, source.year, source.table, source.file, raw.name, None, None)
    return _frame([(*place, raw.unread, None, None)])


def _frame(told: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(told, schema=NOTICES, orient="row")


def of_rows(rows: pl.DataFrame, broken: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return a notice for each rule of a whole row (those of a cell are told with their cell)."""
    told = broken.filter(pl.col("rule").is_in(_of_whole_rows()))
    if told.is_empty():
        return pl.DataFrame(schema=NOTICES)
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


@cache
def _of_whole_rows() -> list[str]:
    return [*(check.id for check in checks().values() if check.holds), "duplicate", "repeated"]


def of_relations(related: pl.DataFrame, tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Return what lies between tables and years (between.find) with the county and year of its row in `tables`."""
    if related.is_empty():
        return pl.DataFrame(schema=NOTICES)
    place = ["file", "sheet", "row"]
    known = pl.concat([rows.select("county", "year", *place) for rows in tables])
    return related.join(known, on=place, how="left", maintain_order="left").select(list(NOTICES))
