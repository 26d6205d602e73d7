"""Values set aside: cells that can't be read and numbers that contradict each other, in rows that stay.

Such a value is null in the clean table and yet no missing amount: it was reported, and is not known. Notices whose rule
has severity `value` say which they are, and those that ask about a whole column; nothing else does.
"""

import polars as pl

from analysis.clean.checks import broken_places, column_rules, contradictions, value_rules
from analysis.clean.records import ASIDE, NOTICES, PLACE
from analysis.read import RawSheet
from analysis.read.cell_places import column_letters
from analysis.read.fields import table as declared
from analysis.tables import Schema

#: Which values of which rows contradict each other: `place` counts rows from 0, `column` joins the columns by commas.
CONTRADICTED: Schema = {"place": pl.UInt32, "rule": pl.String, "column": pl.String}
_BETWEEN = ","


def contradicted(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the values that contradict others of their row (CONTRADICTED): of a part above its whole, both."""
    pairs = contradictions(table)
    parts = [pl.DataFrame(schema=CONTRADICTED)]
    for number, places in broken_places(rows, [breaks for _, _, breaks in pairs]):
        check, columns, _ = pairs[number]
        broken = pl.DataFrame({"place": places}).with_columns(
            pl.lit(check.id).alias("rule"), pl.lit(_BETWEEN.join(columns)).alias("column")
        )
        parts.append(broken)
    return pl.concat(parts)


def without(rows: pl.DataFrame, contradicted: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the contradicted values null."""
    if contradicted.is_empty():
        return rows
    nulls: dict[str, list[int]] = {}
    for place, columns in contradicted.select("place", "column").iter_rows():
        for column in columns.split(_BETWEEN):
            nulls.setdefault(column, []).append(place)
    return rows.with_columns(rows[column].clone().scatter(places, None) for column, places in nulls.items())


def notices(rows: pl.DataFrame, contradicted: pl.DataFrame, table: str, raws: list[RawSheet]) -> pl.DataFrame:
    """Return a notice (NOTICES) for each contradiction; `before` is what the values were, in the order of columns.

    `raws` are the sheets that the rows are of. A value that contradicts several is counted as not used once.
    """
    if contradicted.is_empty():
        return pl.DataFrame(schema=NOTICES)
    rows_broken = of_their_files(rows[contradicted["place"]], table, raws).with_columns(
        contradicted["rule"], contradicted["column"], pl.lit(table).alias("table")
    )
    letters = {
        (raw.source.file, raw.name, binding.column): column_letters(binding.position + raw.left)
        for raw in raws
        for binding in raw.layout.bindings
    }
    said_rows: list[tuple[str, str, int]] = []
    counted: set[tuple[int, str]] = set()
    for place, row in zip(contradicted["place"], rows_broken.iter_rows(named=True), strict=True):
        columns = row["column"].split(_BETWEEN)
        filled = [column for column in columns if row[column] is not None]
        said = _BETWEEN.join(_written(row[column]) for column in columns)
        stands = (letters.get((row["file"], row["sheet"], column)) for column in filled)
        where = _BETWEEN.join(f"{letter}{row['row']}" for letter in stands if letter)
        said_rows.append((said, where, sum((place, column) not in counted for column in filled)))
        counted.update((place, column) for column in filled)
    said_of = pl.DataFrame(
        said_rows, schema={"before": pl.String, "place": pl.String, "unused": pl.Int32}, orient="row"
    )
    return rows_broken.with_columns(*said_of, pl.lit(None, pl.String).alias("after")).select(list(NOTICES))


def of_their_files(rows: pl.DataFrame, table: str, raws: list[RawSheet]) -> pl.DataFrame:
    """Return rows of a table with the year of their file in place of their own, where a file has rows of several years:
    what there is to tell of them is told with the account of their file (one of `raws`)."""
    if "year" not in declared(table).columns or rows.is_empty():
        return rows
    years = {raw.source.file: raw.source.year for raw in raws}
    return rows.with_columns(pl.col("file").replace_strict(years, return_dtype=pl.Int32).alias("year"))


def _written(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.12g}"


def marked(rows: pl.DataFrame, notices: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return rows of a clean table with the column `aside`: which of their columns were set aside and are not known.

    `notices` (NOTICES) are those of cells, and of columns that are asked about. A list of columns, null where there is
    none; a value that was put in its place since (a field check) is known.
    """
    of_table = notices.filter((pl.col("table") == table) & (_of_cells() | _of_columns()))
    # Most tables have none: not even the rows are looked at then.
    columns = _aside(rows, of_table) if of_table.height else of_table
    if columns.is_empty():
        return rows.with_columns(pl.lit(None, pl.List(pl.String)).alias(ASIDE))
    joined = rows.join(columns, on=PLACE, how="left", maintain_order="left", nulls_equal=True)
    named = [name for name in columns[ASIDE].explode().unique(maintain_order=True) if name in rows.columns]
    known = pl.concat_list(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in named)
    left = pl.col(ASIDE).list.set_difference(known.list.drop_nulls())
    return joined.with_columns(pl.when(left.list.len() > 0).then(left).alias(ASIDE))


def _of_cells() -> pl.Expr:
    return pl.col("rule").is_in(value_rules()) & pl.col("row").is_not_null()


def _of_columns() -> pl.Expr:
    return pl.col("rule").is_in(column_rules()) & (pl.col("unused") > 0)


def _aside(rows: pl.DataFrame, notices: pl.DataFrame) -> pl.DataFrame:
    """Return which columns of which rows were set aside: PLACE and the list ASIDE."""
    parts = [notices.filter(_of_cells())]
    of_columns = notices.filter(_of_columns())
    if of_columns.height:
        sheet = [name for name in PLACE if name != "row"]
        parts.append(of_columns.drop("row").join(rows.select(PLACE), on=sheet, nulls_equal=True))
    return (
        pl.concat([part.select(*PLACE, "column") for part in parts])
        .with_columns(pl.col("column").str.split(_BETWEEN).alias(ASIDE))
        .explode(ASIDE)
        .group_by(PLACE)
        .agg(pl.col(ASIDE).unique(maintain_order=True))
    )


def has(*columns: str) -> pl.Expr:
    """Return whether one of these columns is set aside, over rows that are marked."""
    return pl.any_horizontal(pl.col(ASIDE).list.contains(column).fill_null(value=False) for column in columns)
