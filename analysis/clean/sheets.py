"""One sheet's rows to typed rows: each cell parsed, each row with the rules it broke and the notices it gave."""

import hashlib
from dataclasses import dataclass

import polars as pl

from analysis.clean import cells, identity
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.fields import Column, Table

_HASH = 16
#: The column of typed rows that lists the rules each broke.
RULES = "rules"


@dataclass(frozen=True, eq=False)
class TypedSheet:
    """`rows`: the table's schema plus `rules` (ids broken, a list); `notices`: what was mended or found wrong."""

    raw: RawSheet
    rows: pl.DataFrame
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
    broken: list[pl.Series] = []
    notices: list[pl.DataFrame] = []
    for column in table.columns.values():
        if column.name in raw.layout.implied:
            values.append(pl.repeat(raw.layout.implied[column.name], data.height, eager=True).alias(column.name))
        if column.name not in bound:
            continue
        text = data[f"c{bound[column.name].position}"]
        parsed = cells.parse(text, column, bound[column.name].unit, raw.styled)
        for position in bound[column.name].addends:
            parsed = cells.added(parsed, cells.parse(data[f"c{position}"], column, None, raw.styled))
        if known is not None and column.name == "school" and "name" in bound:
            parsed = identity.recovered(parsed, text, data[f"c{bound['name'].position}"], known)
        value = hashed(parsed.values, source.county) if column.hashed else parsed.values
        values.append(value.alias(column.name))
        rule = _missing(parsed, column, table)
        if rule.null_count() < len(rule):
            broken.append(rule.alias(f"broken_{column.name}"))
        if not column.hashed and rule.null_count() + parsed.mended.null_count() < 2 * len(rule):
            notices += _cell_notices(frame, text, value, column, rule, parsed.mended)
    typed = frame.with_columns(values)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in table.schema().items() if name not in typed.columns]
    rules = pl.concat_list(broken).list.drop_nulls() if broken else pl.lit([], pl.List(pl.String))
    rows = typed.with_columns(*absent, rules.alias(RULES)).select(*table.schema(), RULES)
    told = pl.concat(notices) if notices else pl.DataFrame(schema=NOTICES)
    return TypedSheet(raw, rows, told.with_columns(table=pl.lit(table.name)).select(list(NOTICES)))


def _missing(parsed: cells.Parsed, column: Column, table: Table) -> pl.Series:
    """Return the rule each cell broke; an empty one breaks a rule where the column is required."""
    if not column.required:
        return parsed.broken
    rule = "missing_key" if column.name in table.key else "missing_required"
    empty = parsed.values.is_null() & parsed.broken.is_null()
    return pl.select(pl.when(empty).then(pl.lit(rule)).otherwise(parsed.broken)).to_series()


def _cell_notices(
    frame: pl.DataFrame, text: pl.Series, value: pl.Series, column: Column, rule: pl.Series, mended: pl.Series
) -> list[pl.DataFrame]:
    """Return a notice for each cell that was mended and for each that broke a rule."""
    told = frame.select("county", "year", "file", "sheet", "row").with_columns(
        pl.lit("").alias("table"),
        pl.lit(column.name).alias("column"),
        pl.coalesce(rule, mended).alias("rule"),
        text.alias("before"),
        pl.select(pl.when(rule.is_null()).then(value.cast(pl.String))).to_series().alias("after"),
    )
    kept = told.filter(pl.col("rule").is_not_null() & ~_same())
    # A dash for "nothing" is told once a column, not once a cell.
    marks = pl.col("rule") == "blank_mark"
    once = kept.filter(marks).with_columns(pl.lit(None, pl.Int32).alias("row")).unique(maintain_order=True)
    kept = pl.concat([kept.filter(~marks), once])
    return [kept.select(list(NOTICES)).cast(pl.Schema(NOTICES))] if kept.height else []


def _same() -> pl.Expr:
    """Tell whether a cell was read as it is written: nothing to tell."""
    return (pl.col("before") == pl.col("after")).fill_null(False)


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
