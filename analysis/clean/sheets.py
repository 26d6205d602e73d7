"""One sheet's rows to typed rows: each cell parsed, each row with the rules it broke and the notices it gave."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from analysis.clean import cells, identity
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.fields import Column, Table
from analysis.tables import Schema

_HASH = 16
#: From so many rows on, columns are parsed side by side.
_LARGE = 20_000
#: Which row broke which rule: `place` counts rows from 0.
BROKEN: Schema = {"place": pl.UInt32, "rule": pl.String}


@dataclass(frozen=True, eq=False)
class TypedSheet:
    """`rows`: the table's schema; `broken`: the rules its rows broke; `notices`: what was mended or found wrong."""

    raw: RawSheet
    rows: pl.DataFrame
    broken: pl.DataFrame
    notices: pl.DataFrame


def hashed(text: pl.Series, county: str) -> pl.Series:
    """Return a hash of each identifier: the same within a county, of no use elsewhere; null stays null."""
    unique = text.drop_nulls().unique()
    hashes = [hashlib.sha256(f"{county}\0{one}".encode()).hexdigest()[:_HASH] for one in unique]
    return text.replace_strict(unique, hashes, default=None, return_dtype=pl.String) if len(unique) else text


def type_rows(raw: RawSheet, table: Table, known: pl.DataFrame | None = None) -> TypedSheet:
    """Return the data rows of a sheet with every column of the table in its type and unit.

    `known` (name, school) are the names that make a damaged code certain.
    """
    data, source = raw.data, raw.source
    frame = data.select(
        pl.lit(source.county).alias("county"),
        pl.lit(source.year, pl.Int32).alias("year"),
        pl.lit(source.file).alias("file"),
        pl.lit(raw.name).alias("sheet"),
        "row",
    )
    bound = raw.layout.bound()
    values: list[pl.Series] = []
    broken: list[pl.DataFrame] = []
    notices: list[pl.DataFrame] = []
    for name, implied in raw.layout.implied.items():
        values.append(pl.repeat(implied, data.height, eager=True).alias(name))
    columns = [column for column in table.columns.values() if column.name in bound]
    for column, parsed in zip(columns, _parsed(raw, data, columns), strict=True):
        text = data[f"c{bound[column.name].position}"]
        if known is not None and column.name == "school" and "name" in bound:
            parsed = identity.recovered(parsed, text, data[f"c{bound['name'].position}"], known)
        value = hashed(parsed.values, source.county) if column.hashed else parsed.values
        values.append(value.alias(column.name))
        odd = _odd(parsed, column, table)
        broken.append(odd.select("place", pl.col("broken").alias("rule")).drop_nulls())
        if not column.hashed and odd.height:
            notices.append(_cell_notices(frame, text, value, column, odd))
    typed = frame.with_columns(values)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in table.schema().items() if name not in typed.columns]
    told = pl.concat(notices) if notices else pl.DataFrame(schema=NOTICES)
    told = told.with_columns(table=pl.lit(table.name)).select(list(NOTICES))
    rows = typed.with_columns(absent).select(list(table.schema()))
    return TypedSheet(raw, rows, pl.concat(broken) if broken else pl.DataFrame(schema=BROKEN), told)


def _parsed(raw: RawSheet, data: pl.DataFrame, columns: list[Column]) -> list[cells.Parsed]:
    """Parse the cells of each column; of a large sheet several columns at a time."""
    bound = raw.layout.bound()

    def one(column: Column) -> cells.Parsed:
        place = bound[column.name]
        parsed = cells.parse(data[f"c{place.position}"], column, place.unit, raw.styled)
        for position in place.addends:
            parsed = cells.added(parsed, cells.parse(data[f"c{position}"], column, None, raw.styled))
        return parsed

    if data.height < _LARGE:
        return [one(column) for column in columns]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(one, columns))


def _odd(parsed: cells.Parsed, column: Column, table: Table) -> pl.DataFrame:
    """Return the odd cells of a column; an empty one is odd, and breaks a rule, where the column is required."""
    if not column.required or not parsed.values.null_count():
        return parsed.odd
    empty = pl.DataFrame({"place": parsed.values.is_null().arg_true().cast(pl.UInt32)})
    known = parsed.odd.filter(pl.col("broken").is_not_null())
    rule = "missing_key" if column.name in table.key else "missing_required"
    missing = empty.join(known, on="place", how="anti").with_columns(
        pl.lit(rule).alias("broken"), pl.lit(None, pl.String).alias("mended")
    )
    others = parsed.odd.join(missing, on="place", how="anti")
    return pl.concat([others, missing]).sort("place")


def _cell_notices(
    frame: pl.DataFrame, text: pl.Series, value: pl.Series, column: Column, odd: pl.DataFrame
) -> pl.DataFrame:
    """Return a notice for each cell that was mended and for each that broke a rule."""
    places = odd["place"]
    found = frame[places].select("county", "year", "file", "sheet", "row")
    told = found.with_columns(
        pl.lit("").alias("table"),
        pl.lit(column.name).alias("column"),
        odd.select(pl.coalesce("broken", "mended")).to_series().alias("rule"),
        text.gather(places).alias("before"),
        value.gather(places).cast(pl.String).alias("after"),
    )
    kept = told.filter((pl.col("before") != pl.col("after")).fill_null(value=True))
    # A dash for "nothing" is told once a column, not once a cell.
    marks = pl.col("rule") == "blank_mark"
    once = kept.filter(marks).with_columns(pl.lit(None, pl.Int32).alias("row")).unique(maintain_order=True)
    return pl.concat([kept.filter(~marks), once]).select(list(NOTICES)).cast(pl.Schema(NOTICES))


def raw_cells(typed: TypedSheet, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Return columns row, cells (JSON object header -> text) for the rows named in `rows`.

    Identifiers of pupils are hashed, as are columns beside them that the table does not know (a name, an ID number).
    """
    raw = typed.raw
    data = raw.data.join(rows.select("row"), on="row", how="semi")
    known = {binding.position: table.columns[binding.column] for binding in raw.layout.bindings}
    secret = any(column.hashed for column in table.columns.values())
    shown, names = [], set()
    for position in range(len(raw.layout.texts)):
        header = raw.layout.texts[position] or f"#{position + 1}"
        while header in names:
            header += "'"
        names.add(header)
        column = known.get(position)
        text = data[f"c{position}"]
        if column.hashed if column else secret:
            text = hashed(cells.parse(text, column).values if column else text, raw.source.county)
        shown.append(text.alias(header))
    frame = pl.DataFrame(shown)
    return data.select("row").with_columns(frame.to_struct("cells").struct.json_encode().alias("cells"))
