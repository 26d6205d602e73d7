"""Totals and subtotals printed in a sheet against the rows above them."""

from collections.abc import Iterator

import polars as pl

from analysis.clean import cells
from analysis.clean.records import NOTICES
from analysis.clean.sheets import TypedSheets
from analysis.read.apart import parted
from analysis.read.cell_places import cell
from analysis.read.fields import Column, Table

_PART = "小计"
_ADDED = ("count", "amount")
_RULE = "totals_differ"
#: Sums of decimal fractions agree to this share.
_SAME = 1e-6


def differences(typed: TypedSheets, table: Table) -> pl.DataFrame:
    """Return a notice, before (the printed total) and after (the sum of its rows), where the two differ.

    A 小计 is of the rows since the last total, any other of all rows of the sheet. The sum may be
    of all rows or of those that broke no rule. A column in which a cell can't be read is not compared.
    """
    bound = typed.raws[0].layout.bound()
    added = [column for column in table.columns.values() if column.kind in _ADDED and column.name in bound]
    if typed.totals.is_empty() or not added:
        return pl.DataFrame(schema=NOTICES)
    printed = _printed(typed, added)
    unreadable = typed.notices.filter(pl.col("after").is_null() & (pl.col("rule") != "blank_mark"))
    unread = set(unreadable.select("of", "column").rows())
    found: list[tuple[object, ...]] = []
    first = typed.raws[0]
    for number, (of, row, above) in enumerate(_above(typed)):
        every = _sums(above, added)
        whole = every if above["whole"].all() else _sums(above.filter("whole"), added)
        source = typed.raws[of].source
        place = (source.county, source.year, table.name, source.file, typed.raws[of].name, row)
        for column, totalled, one, other in zip(added, printed, every, whole, strict=True):
            total = totalled[number]
            if total is not None and (of, column.name) not in unread and _differs(total, one, other):
                where = cell(row, first.layout.bound()[column.name].position + typed.raws[of].left)
                found.append((*place, column.name, _RULE, _shown(total), _shown(one), where, 0))
    return pl.DataFrame(found, schema=NOTICES, orient="row")


def _printed(typed: TypedSheets, added: list[Column]) -> list[list[float | None]]:
    """Return, column by column, what the totals say."""
    first = typed.raws[0]
    bound = first.layout.bound()
    texts = [typed.totals[f"c{bound[column.name].position}"] for column in added]
    shapes = [cells.Shape(column, bound[column.name].unit, first.styled) for column in added]
    return [parsed.values.to_list() for parsed in cells.parse_columns(texts, shapes)]


def _above(typed: TypedSheets) -> Iterator[tuple[int, int, pl.DataFrame]]:
    """Yield of each total its sheet, its row and the rows that it is of; `whole` is false where one broke a rule."""
    totals = typed.totals
    parts = totals.select(pl.concat_str("^c\\d+$", ignore_nulls=True).str.contains(_PART)).to_series()
    whole = pl.repeat(value=True, n=typed.rows.height, dtype=pl.Boolean, eager=True)
    rows = typed.rows.with_columns(whole.scatter(typed.broken["place"], False).alias("whole"))
    sheets = parted(rows, typed.heights)
    last = [0] * len(sheets)
    for of, row, part in zip(totals["of"], totals["row"], parts, strict=True):
        since = (pl.col("row") < row) & (pl.col("row") > last[of])
        yield of, row, sheets[of].filter(since) if part else sheets[of]
        last[of] = row


def _differs(total: float, *sums: float) -> bool:
    return all(abs(added_up - total) > _SAME * max(abs(total), 1) for added_up in sums)


def _sums(rows: pl.DataFrame, added: list[Column]) -> tuple[float, ...]:
    return rows.select(pl.col([column.name for column in added]).sum()).row(0)


def _shown(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
