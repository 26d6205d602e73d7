"""One sheet's rows to typed rows: each cell parsed, each row with the rules it broke and the notices it gave."""

import hashlib
from dataclasses import dataclass
from functools import reduce
from itertools import islice

import polars as pl

from analysis.clean import cells, identity
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.fields import Column, Table
from analysis.tables import Schema

_HASH = 16
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
        if odd.is_empty():
            continue
        broken.append(odd.select("place", pl.col("broken").alias("rule")).drop_nulls())
        if not column.hashed:
            notices.append(_told(text, value, column, odd))
    typed = frame.with_columns(values)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in table.schema().items() if name not in typed.columns]
    told = _cell_notices(frame, pl.concat(notices), table) if notices else pl.DataFrame(schema=NOTICES)
    rows = typed.with_columns(absent).select(list(table.schema()))
    return TypedSheet(raw, rows, pl.concat(broken) if broken else pl.DataFrame(schema=BROKEN), told)


def _parsed(raw: RawSheet, data: pl.DataFrame, columns: list[Column]) -> list[cells.Parsed]:
    """Parse the cells of each column, adding those of columns that come in parts."""
    bound = raw.layout.bound()
    shapes, places = [], []
    for column in columns:
        place = bound[column.name]
        shapes += [cells.Shape(column, place.unit, raw.styled)]
        shapes += [cells.Shape(column, None, raw.styled)] * len(place.addends)
        places += [place.position, *place.addends]
    parts = iter(cells.parse_columns([data[f"c{position}"] for position in places], shapes))
    return [reduce(cells.added, islice(parts, 1 + len(bound[column.name].addends))) for column in columns]


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


def _told(text: pl.Series, value: pl.Series, column: Column, odd: pl.DataFrame) -> pl.DataFrame:
    """Return the odd cells of a column as they were written and as they are read."""
    places = odd["place"]
    return odd.with_columns(
        pl.lit(column.name).alias("column"),
        text.gather(places).alias("before"),
        value.gather(places).cast(pl.String).alias("after"),
    )


def _cell_notices(frame: pl.DataFrame, told: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a notice for each cell that was mended and for each that broke a rule, column by column."""
    found = frame[told["place"]].select("county", "year", "file", "sheet", "row")
    rule = pl.coalesce("broken", "mended").alias("rule")
    notices = pl.concat([found, told], how="horizontal").with_columns(rule, pl.lit(table.name).alias("table"))
    kept = notices.filter((pl.col("before") != pl.col("after")).fill_null(value=True))
    kept = kept.select(list(NOTICES)).cast(pl.Schema(NOTICES))
    # A dash for "nothing" is told once a column, not once a cell, after the column's other cells.
    marks = pl.col("rule") == "blank_mark"
    once = kept.filter(marks).with_columns(pl.lit(None, pl.Int32).alias("row")).unique(maintain_order=True)
    order = pl.col("column").cast(pl.Enum(told["column"].unique(maintain_order=True)))
    return pl.concat([kept.filter(~marks), once]).sort(order, maintain_order=True)


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
