"""Units that rows among the data tell: 单位：元 over a second page, a row of units over a further section."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from analysis.read.binding import Binding, Bound, Decided, Doubt
from analysis.read.fields import Table, Unit
from analysis.read.header_units import told_in, unit_of

#: Rows without what each school has (the last required column: a text may stand in the first) are looked at, so many.
_MOST = 200
_COUNTED = ("count", "amount", "share")


def doubted(
    bound: Bound, below: pl.DataFrame, table: Table, decided: Decided, heads: Sequence[tuple[str | None, ...]]
) -> Bound:
    """Return what is bound without the columns for which a row among the data tells another unit than the header.

    A row that is one of the header's (`heads`) again tells nothing.
    A unit that stands in the column is meant for it; one that is told for all is not where the header tells its own.
    """
    keys = [binding.position for binding in bound.bindings if table.columns[binding.column].required]
    if not keys or not below[f"c{keys[-1]}"].null_count():
        return bound
    rows = below.filter(pl.col(f"c{keys[-1]}").is_null()).head(_MOST).rows()
    told_units = [units for row in rows if row not in heads and (units := _told(row))]
    settled = {name for name, _ in (*decided.units, *decided.columns)}
    free = [binding for binding in bound.bindings if binding.column not in settled]
    others = [binding for binding in free if any(_differs(binding, units, bound, table) for units in told_units)]
    if not others:
        return bound
    lines = {binding: f"units: {{{binding.column}: {table.columns[binding.column].unit or '%'}}}" for binding in others}
    doubts = tuple(
        Doubt("unit_unclear", binding.column, (binding.position,), "", line) for binding, line in lines.items()
    )
    kept = tuple(binding for binding in bound.bindings if binding not in others)
    return replace(bound, bindings=kept, doubts=(*bound.doubts, *doubts))


def _told(row: tuple[str | None, ...]) -> dict[int | None, tuple[Unit, ...]]:
    """Return the units that a row tells by position, where all its texts are units; for all columns under None."""
    texts = {place: text for place, text in enumerate(row) if text}
    units = {place: unit_of(text) for place, text in texts.items()}
    if units and all(units.values()):
        return {place: (unit,) for place, unit in units.items() if unit}
    units_found = told_in([list(texts.values())], []).units if len(texts) <= 2 else ()
    return {None: units_found} if units_found else {}


def _differs(binding: Binding, told_units: dict[int | None, tuple[Unit, ...]], bound: Bound, table: Table) -> bool:
    column = table.columns[binding.column]
    if column.kind not in _COUNTED:
        return False
    for_all = told_units.get(None, ()) if binding.unit is None or binding.column in bound.titled else ()
    factor = binding.unit.factor if binding.unit else 1.0
    return any(
        unit.base == column.base and unit.factor != factor for unit in (*told_units.get(binding.position, ()), *for_all)
    )
