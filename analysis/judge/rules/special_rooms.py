"""Music and art rooms of full size for every so many classes."""

from typing import Any

import polars as pl

from analysis.judge import rounding
from analysis.judge.computed import SCHOOL, Inputs, judged, of_evidence, of_stages
from analysis.standards import Sense, Standard
from analysis.standards.items import Item

KINDS = ("music", "art")


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's scarcer kind as its value; target one for every `classes_per_room` classes begun.

    A room of unknown area may be of full size: where it would make the difference there is no value.
    """
    classes = of_stages(inputs, "classes")
    # Pupils without a class are a gap in the data, not a school that needs no room.
    silent = (classes == 0) & (of_stages(inputs, "pupils") > 0)
    needed = pl.when(~silent).then((classes / inputs.number("classes_per_room")).ceil())
    rows = (
        inputs.schools.with_columns(needed.alias("target"))
        .filter(pl.col("target").is_null() | (pl.col("target") > 0))
        .join(_rooms(inputs), on=SCHOOL, how="left", maintain_order="left")
    )
    value, best = pl.min_horizontal(KINDS), pl.min_horizontal(f"{kind} at best" for kind in KINDS)
    unsure = (value < pl.col("target")) & (best >= pl.col("target"))
    counted = rows.with_columns(
        pl.when(~unsure).then(value).alias("value"),
        pl.struct(*KINDS, needed=pl.col("target")).struct.json_encode().alias("evidence"),
    )
    absent = pl.when(value.is_null()).then(pl.lit("no_rows_of_school")).otherwise(pl.lit("missing_amount"))
    return judged(counted, Sense.AT_LEAST, absent, "rooms_short")


def _least(inputs: Inputs) -> pl.DataFrame:
    """Return the least area of a room of each kind in each school (`least <kind>`).

    Schools built before `built_before` have `<kind>_area_before`, small rural schools without a large class
    `small_area_<stage>`. A school that does not report when it was built, or its classes, claims neither.
    """
    parameters = inputs.item.parameters
    early, small = pl.lit(value=False), pl.lit(value=False)
    schools = inputs.schools
    if "built_before" in parameters:
        early = (pl.col("built") < str(parameters["built_before"])).fill_null(value=False)
    if "small_class_below" in parameters:
        sizes = (
            inputs.frames["classes"]
            .group_by(SCHOOL)
            .agg(pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").max()).alias("largest"))
        )
        schools = schools.join(sizes, on=SCHOOL, how="left", maintain_order="left")
        pupils = of_stages(inputs, "pupils") < inputs.number("small_pupils_below")
        largest = pl.col("largest") < inputs.number("small_class_below")
        small = ((pl.col("area") == "rural") & pupils & largest).fill_null(value=False)
    junior = (pl.col("pupils_junior") > 0).fill_null(value=False)
    in_small = (
        pl.when(junior)
        .then(parameters.get("small_area_junior"))
        .otherwise(parameters.get("small_area_primary"))
        .cast(pl.Float64)
    )
    return schools.select(
        *SCHOOL,
        *(
            pl.when(small)
            .then(pl.min_horizontal(in_small, pl.lit(inputs.number(f"{kind}_area"))))
            .when(early)
            .then(pl.lit(parameters.get(f"{kind}_area_before"), pl.Float64))
            .otherwise(inputs.number(f"{kind}_area"))
            .alias(f"least {kind}")
            for kind in KINDS
        ),
    )


def _rooms(inputs: Inputs) -> pl.DataFrame:
    """Return how many rooms of full size of each kind a school has, for certain and at best."""
    rooms = inputs.frames["rooms"].join(_least(inputs), on=SCHOOL, how="inner", maintain_order="left")
    least = pl.coalesce(pl.when(pl.col("room_type") == kind).then(pl.col(f"least {kind}")) for kind in KINDS)
    full = rounding.reaches(pl.col("area").cast(pl.Float64), least, Sense.AT_LEAST)
    counted = (
        ((pl.col("room_type") == kind) & full.fill_null(value=unknown)).fill_null(value=False).sum().cast(pl.Float64)
        .alias(name)
        for kind in KINDS
        for name, unknown in ((kind, False), (f"{kind} at best", True))
    )  # fmt: skip
    return rooms.group_by(SCHOOL).agg(*counted)


def lacking() -> pl.Expr:
    """Return the rooms that a school is short of, of both kinds together."""
    short = (of_evidence("needed") - of_evidence(kind) for kind in KINDS)
    return pl.sum_horizontal((kind.clip(lower_bound=0) for kind in short), ignore_nulls=False)


def counted(rows: pl.DataFrame, item: Item, standard: Standard, stage: str | None) -> dict[str, Any]:
    """Return what the sheet of a school tells of its `rooms`, by kind: `number`, and the area of the smallest."""
    of_kind = {kind: rows.filter(room_type=kind) for kind in KINDS}
    return {"rooms": {kind: {"number": part.height, "least": part["area"].min()} for kind, part in of_kind.items()}}
