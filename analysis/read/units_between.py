"""Units that rows among the data tell: 单位：元 over a second page, a row of units over a further section."""

from dataclasses import replace

import polars as pl

from analysis.read.binding import Binding, Bound, Decided, Doubt
from analysis.read.fields import Table, Unit
from analysis.read.header_units import told_in, unit_of

#: Rows without what each school has (the last required column: a text may stand in the first) are looked at, so many.
_MOST = 200
_COUNTED = ("count", "amount", "share")


def doubted(bound: Bound, below: pl.DataFrame, table: Table, decided: Decided) -> Bound:
    """Return what is bound without the columns for which a row among the data tells another unit than the header.

    A unit that stands in the column is meant for it; one that is told for all is not where the header tells its own.
    """
    keys = [one.position for one in bound.bindings if table.columns[one.column].required]
    if not keys or not below[f"c{keys[-1]}"].null_count():
        return bound
    rows = below.filter(pl.col(f"c{keys[-1]}").is_null()).head(_MOST).rows()
    told = [found for row in rows if (found := _told(row))]
    settled = {name for name, _ in (*decided.units, *decided.columns)}
    free = [one for one in bound.bindings if one.column not in settled]
    others = [one for one in free if any(_differs(one, found, bound, table) for found in told)]
    if not others:
        return bound
    lines = {one: f"units: {{{one.column}: {table.columns[one.column].unit or '%'}}}" for one in others}
    doubts = tuple(Doubt("unit_unclear", one.column, (one.position,), "", line) for one, line in lines.items())
    kept = tuple(one for one in bound.bindings if one not in others)
    return replace(bound, bindings=kept, doubts=(*bound.doubts, *doubts))


def _told(row: tuple[str | None, ...]) -> dict[int | None, tuple[Unit, ...]]:
    """Return the units that a row tells by position, where all its texts are units; for all columns under None."""
    texts = {place: text for place, text in enumerate(row) if text}
    units = {place: unit_of(text) for place, text in texts.items()}
    if units and all(units.values()):
        return {place: (unit,) for place, unit in units.items() if unit}
    found = told_in([list(texts.values())], []).units if len(texts) <= 2 else ()
    return {None: found} if found else {}


def _differs(one: Binding, told: dict[int | None, tuple[Unit, ...]], bound: Bound, table: Table) -> bool:
    column = table.columns[one.column]
    if column.kind not in _COUNTED:
        return False
    for_all = told.get(None, ()) if one.unit is None or one.column in bound.titled else ()
    factor = one.unit.factor if one.unit else 1.0
    return any(unit.base == column.base and unit.factor != factor for unit in (*told.get(one.position, ()), *for_all))
