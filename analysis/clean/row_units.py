"""Units that a column beside tells of each row: 单位 | 万元."""

import polars as pl

from analysis.clean.failed_cells import Parsed, barred
from analysis.read.fields import Column, Unit, header_words
from analysis.read.header import Layout
from analysis.read.header_units import narrow, unit_of

_COUNTED = ("count", "amount", "share")


def told_beside(layout: Layout, data: pl.DataFrame) -> list[pl.Series]:
    """Return what the columns of units tell of each row."""
    return [data[f"c{place}"] for place, head in enumerate(layout.texts) if _is_of_units(head)]


def sure(parsed: Parsed, column: Column, unit: Unit | None, told: list[pl.Series]) -> Parsed:
    """Return the values of a column, which is in `unit`, without those of whose row another unit is told."""
    if column.kind not in _COUNTED:
        return parsed
    for said in told:
        others = [text for text in said.drop_nulls().unique() if _is_other(unit_of(text), column, unit)]
        parsed = barred(parsed, said.is_in(others).fill_null(value=False).arg_true(), "unit_of_row_other")
    return parsed


def _is_of_units(head: str | None) -> bool:
    """Tell whether a header is that of a column of units."""
    return bool(head) and narrow(str(head).rsplit("/", 1)[-1]) in header_words()["of_units"]


def _is_other(told: Unit | None, column: Column, unit: Unit | None) -> bool:
    return told is not None and told.base == column.base and told.factor != (unit.factor if unit else 1)
