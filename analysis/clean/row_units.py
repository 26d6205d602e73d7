"""Units that a column beside tells of each row: 单位 | 万元."""

import polars as pl

from analysis.clean.failed_cells import Parsed, barred
from analysis.read.fields import Column, Unit, header_words
from analysis.read.header import Layout
from analysis.read.header_units import narrow, unit_of

_COUNTED = ("count", "amount", "share")


def sure(parsed: Parsed, data: pl.DataFrame, column: Column, layout: Layout) -> Parsed:
    """Return the values of a column without those in whose row a column of units tells another unit than its own."""
    places = [place for place, head in enumerate(layout.texts) if is_of_units(head)]
    if column.kind not in _COUNTED or not places:
        return parsed
    unit = layout.bound()[column.name].unit
    for place in places:
        said = data[f"c{place}"]
        others = [text for text in said.drop_nulls().unique() if _is_other(unit_of(text), column, unit)]
        parsed = barred(parsed, said.is_in(others).fill_null(value=False).arg_true(), "unit_of_row_other")
    return parsed


def is_of_units(head: str | None) -> bool:
    """Tell whether a header is that of a column of units."""
    return bool(head) and narrow(str(head).rsplit("/", 1)[-1]) in header_words()["of_units"]


def _is_other(told: Unit | None, column: Column, unit: Unit | None) -> bool:
    return told is not None and told.base == column.base and told.factor != (unit.factor if unit else 1)
