"""Each school's largest class by stage against its limit."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from analysis.clean import values
from analysis.judge.computed import SCHOOL, Inputs, judged, of_evidence
from analysis.standards import Sense, Standard
from analysis.standards.items import Item
from analysis.tables import Stage, Verdict


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's largest class by stage; with `first_grades` only the grades that begin a stage. Evidence:
    classes over, classes.

    A class without its number, or one that the school reports and the table of classes lacks, may be the largest: then
    only a class that is over is sure.
    """
    keys = [*SCHOOL, "stage"]
    classes = inputs.frames["classes"].join(inputs.schools.select(SCHOOL), on=SCHOOL, how="semi")
    stage_of = {grade: stage.value for stage, grades in inputs.standard.grades.items() for grade in grades}
    stage = pl.col("grade").replace_strict(stage_of, default=None, return_dtype=pl.String)
    listed = classes.with_columns(stage.alias("stage")).group_by(keys).agg(pl.len().alias("listed"))
    whole = (
        _expected(inputs)
        .join(_largest(classes, inputs), on=keys, how="left", maintain_order="left")
        .join(listed, on=keys, how="left", maintain_order="left")
    )
    lacking = (pl.col("unknown") > 0) | (pl.col("listed") < pl.col("reported")).fill_null(value=False)
    counted = whole.with_columns(
        pl.when(~lacking | (pl.col("over") > 0)).then("value").alias("value"),
        pl.struct("over", "classes").struct.json_encode().alias("evidence"),
    )
    absent = pl.when(pl.col("listed").is_null()).then(pl.lit("no_rows_of_school")).otherwise(pl.lit("classes_missing"))
    return judged(counted, Sense.AT_MOST, absent, "classes_over")


def grades(item: Item, standard: Standard) -> dict[Stage, tuple[int, ...]]:
    """Return the grades whose classes count, of each stage that has a limit."""
    first = bool(item.parameters.get("first_grades"))
    return {
        stage: every[:1] if first else every
        for stage, every in standard.grades.items()
        if stage.value in item.parameters
    }


def _largest(classes: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Return by school and stage the largest class (value), how many are over the limit, how many there are, and of how
    many the number is not known."""
    looked = grades(inputs.item, inputs.standard)
    limits = pl.DataFrame(
        [(stage.value, grade, inputs.number(stage)) for stage, every in looked.items() for grade in every],
        schema={"stage": pl.String, "grade": pl.Int8, "limit": pl.Float64},
        orient="row",
    )
    pupils = pl.col("pupils")
    return (
        classes.join(limits, on="grade", how="inner", maintain_order="left")
        .group_by(*SCHOOL, "stage", maintain_order=True)
        .agg(
            pupils.max().alias("value"),
            (pupils > pl.col("limit")).sum().alias("over"),
            pl.len().alias("classes"),
            pupils.null_count().alias("unknown"),
        )
    )


def _expected(inputs: Inputs) -> pl.DataFrame:
    """Return the schools and stages that have classes: target, and how many classes the school reports."""

    def of_stage(stage: Stage) -> pl.DataFrame:
        types = [name for name, levels in inputs.standard.school_types.items() if stage.value in levels]
        pupils = pl.col(f"pupils_{stage}").fill_null(1) > 0
        return inputs.schools.filter(pl.col("school_type").is_in(types) & pupils).select(
            *SCHOOL,
            pl.lit(stage.value).alias("stage"),
            pl.lit(inputs.number(stage)).alias("target"),
            pl.col(f"classes_{stage}").alias("reported"),
        )

    return pl.concat([of_stage(stage) for stage in Stage if stage.value in inputs.item.parameters])


def doubts(inputs: Inputs) -> Iterator[tuple[pl.DataFrame, Verdict, pl.Expr]]:
    """Yield classes that are none too large where it is not known how many there are."""
    for stage in Stage:
        yield inputs.schools.filter(values.has(f"classes_{stage}")), Verdict.MET, pl.col("stage") == stage.value


def lacking() -> pl.Expr:
    """Return the classes over the limit."""
    return of_evidence("over")


def counted(rows: pl.DataFrame, item: Item, standard: Standard, stage: str | None) -> dict[str, Any]:
    """Return what the sheet of a school tells: how many `classes` of a stage the finding looks at, their `mean`."""
    looked = [grade for each, every in grades(item, standard).items() if each == stage for grade in every]
    classes = rows.filter(pl.col("grade").is_in(looked))
    return {"classes": classes.height, "mean": classes["pupils"].mean()}
