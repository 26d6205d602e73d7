"""What schools count, added up over those that an item looks at, as a part of what else they or their county count."""

from dataclasses import replace
from typing import Any

import polars as pl

from analysis.clean import values
from analysis.errors import RequestError
from analysis.judge import by_school, counts, frames
from analysis.judge.computed import NOTHING, Figure, Figures, Inputs, of_stages
from analysis.judge.counts import Counted
from analysis.judge.resources import ASIDE
from analysis.standards.rules import SCHOOLS
from analysis.tables import Stage

#: Schools of the year before, by the year judged.
SCHOOLS_BEFORE = "schools_before"
COLUMNS = ("of", "of_less", "over", "over_less")
COUNTS = ("of_counts", "over_counts")
#: Sums over the schools of a county and year.
HELD, WHOLE = "held", "whole"
#: The parameter by which rural schools are told apart, and the column by which.
RURAL, AREA = "rural", "area"


def figures(inputs: Inputs) -> Figures:
    """Return the sum of `of` less `of_less` over that of `over` less `over_less`, of the pupils where none is named.

    With `stage` the schools that have pupils of it. `of_counts` of the county's sheet are added above, and
    `over_counts` stand below in place of a sum over schools. With `rural` that figure of rural schools as a part of
    that of all, with `before` as a part of the same of the year before. Every school must report every column: what is
    not reported is not zero. Raises RequestError for a column that the schools table has not.
    """
    if inputs.item.parameters.get(counts.BEFORE):
        return _grown(inputs)
    parameters = inputs.item.parameters
    names = counts.named(parameters, *COLUMNS)
    absent = [name for name in names if name not in inputs.schools.columns]
    if absent:
        raise RequestError("standard_columns", standard=inputs.standard.id, columns=", ".join(absent))
    schools = _of_stage(inputs).with_columns(held(inputs), whole(inputs))
    lost = pl.any_horizontal(pl.col(HELD, WHOLE).is_null())
    aside = lost & values.has(*names, *(f"pupils_{stage}" for stage in Stage))
    rural = pl.col(AREA) == RURAL
    unsure = pl.col("unsure") | (pl.col(AREA).is_null() & pl.lit(bool(parameters.get(RURAL))))
    sums = schools.group_by(frames.KEYS).agg(
        pl.col(HELD, WHOLE).sum(),
        *(pl.col(name).filter(rural).sum().alias(f"{name} {RURAL}") for name in (HELD, WHOLE)),
        *(
            pl.col("school").filter(where).unique(maintain_order=True).str.join(frames.LIST).alias(name)
            for name, where in (("aside", aside), ("lost", lost & ~aside), ("unsure", unsure))
        ),
    )
    rows = {(row["county"], row["year"]): row for row in sums.iter_rows(named=True)}
    counted = counts.of(inputs.frames[counts.REPORTED], counts.named(parameters, *COUNTS))
    return {cell: _figure(rows.get(cell), counted.get(cell, counts.NONE), inputs) for cell in inputs.cells}


def _grown(inputs: Inputs) -> Figures:
    """Return the figure of each county as a part of its figure of the year before."""
    parameters = {name: value for name, value in inputs.item.parameters.items() if name != counts.BEFORE}
    item = inputs.item.model_copy(update={"parameters": parameters})
    frames_of = inputs.frames
    earlier = {**frames_of, counts.REPORTED: frames_of[counts.BEFORE], SCHOOLS: frames_of[SCHOOLS_BEFORE]}
    schools = by_school.selected(frames_of[SCHOOLS_BEFORE], item.schools)
    now = figures(replace(inputs, item=item))
    last = figures(replace(inputs, item=item, frames=earlier, schools=schools))
    return {cell: counts.grown(figure, last[cell]) for cell, figure in now.items()}


def silent(inputs: Inputs) -> bool:
    """Return whether no school reports any of the columns that the item adds up."""
    names = [name for name in counts.named(inputs.item.parameters, *COLUMNS) if name in inputs.schools.columns]
    return inputs.schools.is_empty() or all(
        inputs.schools[name].null_count() == inputs.schools.height for name in names
    )


def held(inputs: Inputs) -> pl.Expr:
    """Return what a school has of what its county's figure counts; null where it does not report it."""
    return _added(inputs, "of").alias(HELD)


def whole(inputs: Inputs) -> pl.Expr:
    """Return that of which it is a part; 0 where only the county's sheet tells it."""
    parameters = inputs.item.parameters
    if "over" in parameters:
        return _added(inputs, "over").alias(WHOLE)
    if "over_counts" in parameters:
        return pl.lit(0.0).alias(WHOLE)
    stage = parameters.get("stage")
    pupils = pl.col(f"pupils_{stage}").cast(pl.Float64) if stage else of_stages(inputs, "pupils")
    return pupils.alias(WHOLE)


def _added(inputs: Inputs, key: str) -> pl.Expr:
    total: pl.Expr = pl.lit(0.0)
    for name in counts.named(inputs.item.parameters, key):
        total = total + pl.col(name).cast(pl.Float64)
    for name in counts.named(inputs.item.parameters, f"{key}_less"):
        total = total - pl.col(name).cast(pl.Float64)
    return total


def _of_stage(inputs: Inputs) -> pl.DataFrame:
    stage = inputs.item.parameters.get("stage")
    if stage is None:
        return inputs.schools
    types = [name for name, levels in inputs.standard.school_types.items() if stage in levels]
    pupils = pl.col(f"pupils_{stage}")
    return inputs.schools.filter(pl.col("school_type").is_in(types) & (pupils.is_null() | (pupils > 0)))


def _figure(row: dict[str, Any] | None, counted: Counted, inputs: Inputs) -> Figure:
    parameters = inputs.item.parameters
    if row is None:
        return Figure(None, "no_records")
    open_ = ((ASIDE, "aside"), ("schools_missing", "lost"), ("attribute_missing", "unsure"))
    for reason, schools in ((reason, row[name]) for reason, name in open_):
        if schools:
            return Figure(None, reason, schools)
    added, over = counts.named(parameters, "of_counts"), counts.named(parameters, "over_counts")
    lacking = counted.missing([*added, *over]) if added or over else None
    if lacking is not None:
        return lacking
    figure = counts.part(row[HELD] + counted.sum(added), counted.sum(over) if over else row[WHOLE])
    if not parameters.get(RURAL) or not figure.value:
        return Figure(None, NOTHING) if parameters.get(RURAL) and figure.value is not None else figure
    rural = counts.part(row[f"{HELD} {RURAL}"], row[f"{WHOLE} {RURAL}"])
    return counts.part(rural.value, figure.value) if rural.value is not None else rural
