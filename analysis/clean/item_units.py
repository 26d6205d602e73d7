"""Units of the items of the table `government`: each row has its own, and what a sheet tells may be meant for it."""

import polars as pl

from analysis.clean import doubtful_cells, items
from analysis.clean.failed_cells import Parsed, barred
from analysis.clean.row_units import told_beside
from analysis.read import RawSheet
from analysis.read.fields import Column, Unit
from analysis.read.header import units_told
from analysis.read.header_units import split, unit_of

#: What a value without a unit of its own is in: yuan, or a fraction of 1.
_MONEY, _SHARE = "元", "share"


def sure(parsed: Parsed, text: pl.Series, data: pl.DataFrame, column: Column, raws: list[RawSheet]) -> Parsed:
    """Return the values of items without those whose unit is doubtful: under a header in %, of money where header,
    title, name or a column of units beside tells another unit than yuan, fractions where name or such a column tells %.
    """
    layout = raws[0].layout
    bound = layout.bound()
    unit = bound[column.name].unit
    named = data[f"c{bound['item'].position}"] if "item" in bound else None
    if unit is not None and unit.base == _SHARE:
        return doubtful_cells.sure_items(parsed, text, named)
    if named is None:
        return parsed
    beside = [data[f"c{bound['name'].position}"].to_list()] if "name" in bound else []
    beside += [said.to_list() for said in told_beside(layout, data)]
    units_told = [
        [unit_said for said in texts if said and (unit_said := _unit_in(said))] for texts in zip(*beside, strict=True)
    ]
    units_told = units_told or [[] for _ in range(data.height)]
    above = [units_above for raw in raws for units_above in [_above(raw, unit)] * raw.data.height]
    plain = text.cast(pl.Float64, strict=False)
    money = named.str.strip_chars().is_in(list(items.of_money())).fill_null(value=False) & plain.is_not_null()
    other = pl.Series(
        [_is_other([*mine, *all_rows]) for mine, all_rows in zip(units_told, above, strict=True)], dtype=pl.Boolean
    )
    parsed = barred(parsed, (money & other).arg_true(), "item_unit_unclear")
    percent = pl.Series(
        [any(each.base == _SHARE and each.factor != 1 for each in mine) for mine in units_told], dtype=pl.Boolean
    )
    fraction = plain.is_between(0, items.fraction(), closed="right").fill_null(value=False)
    return barred(parsed, (percent & fraction & ~money).arg_true(), "item_percent_unclear")


def _unit_in(said: str) -> Unit | None:
    """Return the unit that a text is, or that stands behind a name."""
    return unit_of(said) or split(said).unit


def _above(raw: RawSheet, unit: Unit | None) -> list[Unit]:
    """Return the units that the header, titles and notes of a sheet tell."""
    return [*([unit] if unit else []), *units_told(raw.block.sheet.cells, raw.layout)]


def _is_other(units: list[Unit]) -> bool:
    return any(unit.base == _MONEY and unit.factor != 1 for unit in units)
