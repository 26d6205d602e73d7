"""What there is to tell of files, sheets, corrections and rows, each as NOTICES."""

from functools import cache

import polars as pl

from analysis.clean import corrections, doubles, unused
from analysis.clean.checks import checks
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.fields import Table, tables
from analysis.sources import Catalogue, Source

_UNMATCHED = "correction_unmatched"
#: Rules of rows that are kept, and of which no cell is of use.
_OF_NO_USE = ("item_unknown",)


def about_files(catalogue: Catalogue, county: str, entries: corrections.Entries) -> pl.DataFrame:
    """Return notices about whole files: without an entry, not read, or named by entry or correction and not there."""
    sources, beginning = catalogue.of(county), f"{county}/"
    told: list[tuple[object, ...]] = [
        (county, source.year, source.table, source.file, None, None, None, "unregistered", None, None, "", 0)
        for source in sources
        if not source.registered
    ]
    for rule, files in (("stray", catalogue.strays), ("absent", catalogue.absent)):
        mine = (file for file in files if file.startswith(beginning))
        told += [(county, None, None, file, None, None, None, rule, None, None, "", 0) for file in mine]
    known = {source.file for source in sources}
    told += [
        (
            county,
            None,
            _table(one.file),
            one.file,
            one.sheet,
            one.row,
            one.column,
            _UNMATCHED,
            one.before,
            one.after,
            "",
            0,
        )
        for one in entries.below(beginning)
        if one.file not in known
    ]
    return _frame(told)


def _table(file: str) -> str | None:
    """Return the table that a file's name says it is, None where it says none."""
    name = file.rpartition("/")[2].rpartition("_")[0].lower()
    return name if name in tables() else None


def of_correction(source: Source, wanted: Table, outcome: corrections.Outcome) -> pl.DataFrame:
    """Return what became of a correction."""
    entry = outcome.correction
    place = (source.county, source.year, wanted.name, source.file, outcome.sheet, outcome.row)
    return _frame([(*place, entry.column, outcome.rule, entry.before, entry.after, outcome.place, 0)])


def of_sheet(raw: RawSheet, wanted: Table, rejected: set[int]) -> pl.DataFrame:
    """Return what of a sheet is not used, and what was read where another reading might be meant."""
    source = raw.source
    place = (source.county, source.year, source.table, source.file, raw.name)
    return _frame(
        [
            (*place, one.row, one.column, one.rule, one.before, one.after, one.place, one.cells)
            for one in unused.of_sheet(raw, wanted, rejected)
        ]
    )


def _frame(told: list[tuple[object, ...]]) -> pl.DataFrame:
    if not told:
        return _none()
    return pl.DataFrame(told, schema=NOTICES, orient="row")


@cache
def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=NOTICES)


def of_rows(rows: pl.DataFrame, broken: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return a notice for each rule of a whole row (those of a cell are told with their cell)."""
    told = broken.filter(pl.col("rule").is_in(_of_whole_rows())) if broken.height else broken
    if told.is_empty():
        return _none()
    columns = {check.id: ",".join(check.columns) for check in checks().values()}
    columns |= dict.fromkeys(("duplicate", "sheets_conflict"), ",".join(wanted.key))
    shared = told.filter(pl.col("rule").is_in(doubles.RULES))
    said = doubles.said(rows, shared, wanted) if shared.height else _unsaid()
    told = told.join(said, on="place", how="left", maintain_order="left")
    return (
        rows[told["place"]]
        .with_columns(
            pl.lit(wanted.name).alias("table"),
            told["rule"],
            told["rule"].replace_strict(columns, default="", return_dtype=pl.String).alias("column"),
            told["before"],
            told["after"],
            _whole_row().alias("place"),
            pl.lit(0, pl.Int32).alias("unused"),
        )
        .select(list(NOTICES))
    )


@cache
def _unsaid() -> pl.DataFrame:
    return pl.DataFrame(schema={"place": pl.UInt32, "before": pl.String, "after": pl.String})


def _whole_row() -> pl.Expr:
    """Return the place of a row: of the columns of its block, which its sheet names where others stand beside it."""
    left, right = (pl.col("sheet").str.extract(r"\[([A-Z]+):([A-Z]+)\]$", group) for group in (1, 2))
    return pl.coalesce(pl.format("{}{}:{}{}", left, "row", right, "row"), pl.format("{}:{}", "row", "row"))


@cache
def _of_whole_rows() -> list[str]:
    return [*(check.id for check in checks().values() if check.holds), *doubles.RULES, "row_too_long"]


def of_relations(related: pl.DataFrame, tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Return what lies between tables and years (between.find) with the county and year of its row in `tables`."""
    if related.is_empty():
        return pl.DataFrame(schema=NOTICES)
    place = ["file", "sheet", "row"]
    numbered = pl.col("row").is_in(related["row"].unique().implode())
    held = pl.sum_horizontal(pl.all().exclude("county", "year", *place).is_not_null()).cast(pl.Int32).alias("held")
    known = pl.concat([rows.filter(numbered).select("county", "year", *place, held) for rows in tables])
    told = related.join(known, on=place, how="left", maintain_order="left")
    unused = pl.when(pl.col("rule").is_in(_OF_NO_USE)).then("held").otherwise(0).cast(pl.Int32)
    return told.with_columns(_whole_row().alias("place"), unused.alias("unused")).select(list(NOTICES))


def counted(told: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Return notices with the cells of rows set aside counted in the first notice of each, and in none of its cells.

    `rejected` has county, year, table, file, sheet, row, rules and `filled`, the number of its cells.
    """
    if rejected.is_empty():
        return told
    key = ["file", "sheet", "row"]
    whole = rejected.select(*key, "filled", pl.col("rules").list.first().alias("why"))
    joined = told.with_row_index("order").join(whole, on=key, how="left", nulls_equal=True, maintain_order="left")
    rule = pl.col("rule").is_in(_setting_aside())
    first = (pl.col("order") == pl.col("order").filter(rule).min().over(key)) & rule
    aside = pl.col("why").is_not_null()
    cells = pl.when(aside & first).then("filled").when(aside).then(0).otherwise("unused").cast(pl.Int32)
    found = joined.with_columns(cells.alias("unused"))
    told_of = found.filter(aside & rule).select(key).unique()
    silent = rejected.join(told_of, on=key, how="anti", nulls_equal=True, maintain_order="left")
    empty = pl.lit(None, pl.String)
    added = silent.with_columns(
        pl.col("rules").list.first().alias("rule"),
        _whole_row().alias("place"),
        pl.col("filled").cast(pl.Int32).alias("unused"),
        *(empty.alias(name) for name in ("column", "before", "after")),
    )
    return pl.concat([found.select(list(NOTICES)), added.select(list(NOTICES))])


@cache
def _setting_aside() -> list[str]:
    return [check.id for check in checks().values() if check.severity == "error"]
