"""Totals and subtotals printed in a sheet against the rows above them."""

import polars as pl

from analysis.clean import cells
from analysis.clean.sheets import TypedSheet
from analysis.read.fields import Column, Table

_PART = "小计"
_ADDED = ("count", "amount")
_RULE = "totals_differ"
#: Sums of decimal fractions agree to this share.
_SAME = 1e-6


def differences(typed: TypedSheet, table: Table) -> pl.DataFrame:
    """Return columns row, column, rule, before (the printed total), after (the sum of its rows) where the two differ.

    A 小计 is of the rows since the last total, any other of all rows of the sheet. The sum may be
    of all rows or of those that broke no rule. A column in which a cell can't be read is not compared.
    """
    raw = typed.raw
    schema = {"row": pl.Int32, **dict.fromkeys(("column", "rule", "before", "after"), pl.String)}
    totals = raw.rows.filter("total")
    if totals.is_empty():
        return pl.DataFrame(schema=schema)
    bound = raw.layout.bound()
    broken = set(typed.notices.filter(pl.col("after").is_null() & (pl.col("rule") != "blank_mark"))["column"])
    added = [
        column
        for column in table.columns.values()
        if column.kind in _ADDED and column.name in bound and column.name not in broken
    ]
    if not added:
        return pl.DataFrame(schema=schema)
    texts = [totals[f"c{bound[column.name].position}"] for column in added]
    shapes = [cells.Shape(column, bound[column.name].unit, raw.styled) for column in added]
    printed = [parsed.values.to_list() for parsed in cells.parse_columns(texts, shapes)]
    names = [name for name in raw.rows.columns if name.startswith("c")]
    parts = totals.select(pl.concat_str(names, ignore_nulls=True).str.contains(_PART).alias("part"))["part"]
    wrong = typed.rows[typed.broken["place"]].select("row")
    found = []
    last = 0
    for number, (row, part) in enumerate(zip(totals["row"], parts, strict=True)):
        above = typed.rows.filter((pl.col("row") < row) & (pl.col("row") > last)) if part else typed.rows
        last = row
        every, whole = (_sums(rows, added) for rows in (above, above.join(wrong, on="row", how="anti")))
        for column, totalled, one, other in zip(added, printed, every, whole, strict=True):
            total = totalled[number]
            if total is not None and all(
                abs(added_up - total) > _SAME * max(abs(total), 1) for added_up in (one, other)
            ):
                found.append((row, column.name, _RULE, _shown(total), _shown(one)))
    return pl.DataFrame(found, schema=schema, orient="row")


def _sums(rows: pl.DataFrame, added: list[Column]) -> tuple[float, ...]:
    return rows.select(pl.col([column.name for column in added]).sum()).row(0)


def _shown(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
