"""What there is to tell of files, sheets, corrections and rows, each as NOTICES."""

from functools import cache

import polars as pl

from analysis.clean import corrections, doubles, unused
from analysis.clean.checks import checks
from analysis.clean.records import NOTICES
from analysis.clean.values import of_their_files
from analysis.read import RawSheet
from analysis.read.fields import Table, tables
from analysis.sources import Catalogue, Source

_UNMATCHED = "correction_unmatched"
#: Rules of rows that are kept, and of which no cell is of use.
_OF_NO_USE = ("item_unknown",)


def about_files(catalogue: Catalogue, county: str, entries: corrections.Entries) -> pl.DataFrame:
    """Return notices about whole files: without an entry, not read, or named by entry or correction and not there."""
    sources, beginning = catalogue.of(county), f"{county}/"
    rows: list[tuple[object, ...]] = [
        (county, source.year, source.table, source.file, None, None, None, "unregistered", None, None, "", 0)
        for source in sources
        if not source.registered
    ]
    for rule, files in (("stray", catalogue.strays), ("absent", catalogue.absent)):
        mine = (file for file in files if file.startswith(beginning))
        rows += [(county, None, None, file, None, None, None, rule, None, None, "", 0) for file in mine]
    known = {source.file for source in sources}
    rows += [
        (
            county,
            None,
            _table(entry.file),
            entry.file,
            entry.sheet,
            entry.row,
            entry.column,
            _UNMATCHED,
            entry.before,
            entry.after,
            "",
            0,
        )
        for entry in entries.below(beginning)
        if entry.file not in known
    ]
    return _frame(rows)


def _table(file: str) -> str | None:
    """Return the table that a file's name says it is, None where it says none."""
    name = file.rpartition("/")[2].rpartition("_")[0].lower()
    return name if name in tables() else None


def of_correction(source: Source, wanted: Table, outcome: corrections.Outcome) -> pl.DataFrame:
    """Return what became of a correction."""
    entry = outcome.correction
    place = (source.county, source.year, wanted.name, source.file, outcome.sheet, outcome.row)
    return _frame([(*place, outcome.column or entry.column, outcome.rule, entry.before, entry.after, outcome.place, 0)])


def of_sheet(raw: RawSheet, wanted: Table, rejected: set[int]) -> pl.DataFrame:
    """Return what of a sheet is not used, and what was read where another reading might be meant."""
    source = raw.source
    place = (source.county, source.year, source.table, source.file, raw.name)
    return _frame(
        [
            (
                *place,
                unused_part.row,
                unused_part.column,
                unused_part.rule,
                unused_part.before,
                unused_part.after,
                unused_part.place,
                unused_part.cells,
            )
            for unused_part in unused.of_sheet(raw, wanted, rejected)
        ]
    )


def _frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    if not rows:
        return _none()
    return pl.DataFrame(rows, schema=NOTICES, orient="row")


@cache
def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=NOTICES)


def of_rows(rows: pl.DataFrame, broken: pl.DataFrame, wanted: Table, raws: list[RawSheet]) -> pl.DataFrame:
    """Return a notice for each rule of a whole row (those of a cell are told with their cell), `raws` the sheets."""
    whole_rows = broken.filter(pl.col("rule").is_in(_of_whole_rows())) if broken.height else broken
    if whole_rows.is_empty():
        return _none()
    columns = {check.id: ",".join(check.columns) for check in checks().values()}
    columns |= dict.fromkeys(("duplicate", "sheets_conflict"), ",".join(wanted.key))
    shared = whole_rows.filter(pl.col("rule").is_in(doubles.RULES))
    said = doubles.said(rows, shared, wanted) if shared.height else _unsaid()
    whole_rows = whole_rows.join(said, on="place", how="left", maintain_order="left")
    return (
        of_their_files(rows[whole_rows["place"]], wanted.name, raws)
        .with_columns(
            pl.lit(wanted.name).alias("table"),
            whole_rows["rule"],
            whole_rows["rule"].replace_strict(columns, default="", return_dtype=pl.String).alias("column"),
            whole_rows["before"],
            whole_rows["after"],
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
    """Return what lies between tables and years (relations.find) with the county and year of its row in `tables`."""
    if related.is_empty():
        return pl.DataFrame(schema=NOTICES)
    place = ["file", "sheet", "row"]
    numbered = pl.col("row").is_in(related["row"].unique().implode())
    filled = pl.sum_horizontal(pl.all().exclude("county", "year", *place).is_not_null()).cast(pl.Int32).alias("held")
    known = pl.concat([rows.filter(numbered).select("county", "year", *place, filled) for rows in tables])
    placed = related.join(known, on=place, how="left", maintain_order="left")
    unused = pl.when(pl.col("rule").is_in(_OF_NO_USE)).then("held").otherwise(0).cast(pl.Int32)
    return placed.with_columns(_whole_row().alias("place"), unused.alias("unused")).select(list(NOTICES))


def counted(notices: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Return notices with the cells of rows set aside counted in the first notice of each, and in none of its cells.

    `rejected` has county, year, table, file, sheet, row, rules and `filled`, the number of its cells.
    """
    if rejected.is_empty():
        return notices
    key = ["file", "sheet", "row"]
    whole = rejected.select(*key, "filled", pl.col("rules").list.first().alias("why"))
    joined = notices.with_row_index("order").join(whole, on=key, how="left", nulls_equal=True, maintain_order="left")
    rule = pl.col("rule").is_in(_setting_aside())
    first = (pl.col("order") == pl.col("order").filter(rule).min().over(key)) & rule
    aside = pl.col("why").is_not_null()
    cells = pl.when(aside & first).then("filled").when(aside).then(0).otherwise("unused").cast(pl.Int32)
    counted_rows = joined.with_columns(cells.alias("unused"))
    told_of = counted_rows.filter(aside & rule).select(key).unique()
    silent = rejected.join(told_of, on=key, how="anti", nulls_equal=True, maintain_order="left")
    empty = pl.lit(None, pl.String)
    added = silent.with_columns(
        pl.col("rules").list.first().alias("rule"),
        _whole_row().alias("place"),
        pl.col("filled").cast(pl.Int32).alias("unused"),
        *(empty.alias(name) for name in ("column", "before", "after")),
    )
    return pl.concat([counted_rows.select(list(NOTICES)), added.select(list(NOTICES))])


@cache
def _setting_aside() -> list[str]:
    return [check.id for check in checks().values() if check.severity == "error"]
