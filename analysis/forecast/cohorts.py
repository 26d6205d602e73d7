"""Enrolment by cohorts: who is in grade g this year is in grade g + 1 of the same school next year.

The first grade of junior schools takes the county's last grade of primary schools, each school its part of this year;
the first grade of primary schools takes as many as now, or the children of the table of entrants where it tells. What
schools gain and lose between grades is a ratio of each step, from the county's own past. Where a school's classes are
not known by grade, its stage is taken as spread evenly over its grades.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.standards import Standard
from analysis.tables import Stage

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grades:
    """Pupils of one year by school and grade: `pupils` has a row a school and a column a grade of the stages.

    `listed`: whose classes tell the grades; the others are spread evenly. Null enrolment of a stage is NaN.
    """

    schools: tuple[str, ...]
    grades: tuple[int, ...]
    stage_of: tuple[str, ...]
    pupils: Array
    listed: npt.NDArray[np.bool_]

    def of_stage(self, stage: str) -> npt.NDArray[np.bool_]:
        """Return which columns are of a stage."""
        return np.array([each == stage for each in self.stage_of])

    def totals(self, stage: str) -> Array:
        """Return pupils of a stage by school."""
        result: Array = self.pupils[:, self.of_stage(stage)].sum(axis=1)
        return result


def grades_of(schools: pl.DataFrame, classes: pl.DataFrame, standard: Standard) -> Grades:
    """Return pupils by school and grade: school rows of one year, split as the classes of that year are."""
    places = [(stage.value, grade) for stage, each in standard.grades.items() for grade in each]
    codes = schools["school"].to_list()
    row_of = {code: place for place, code in enumerate(codes)}
    column_of = {grade: place for place, (_, grade) in enumerate(places)}
    by_grade = np.zeros((len(codes), len(places)))
    summed = classes.drop_nulls(["grade", "pupils"]).group_by("school", "grade").agg(pl.col("pupils").sum())
    for code, grade, pupils in summed.iter_rows():
        if code in row_of and grade in column_of:
            by_grade[row_of[code], column_of[grade]] = pupils
    result, listed = np.zeros_like(by_grade), np.zeros(len(codes), dtype=bool)
    for stage, each in standard.grades.items():
        columns = [column_of[grade] for grade in each]
        levels = {name for name, weights in standard.school_types.items() if weights.get(stage.value)}
        has = np.array([kind in levels for kind in schools["school_type"].to_list()])
        whole = np.where(has, schools[f"pupils_{stage.value}"].cast(pl.Float64).to_numpy(), 0.0)
        in_stage = by_grade[:, columns].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = np.where(in_stage[:, None] > 0, by_grade[:, columns] / in_stage[:, None], 1 / len(columns))
        result[:, columns] = parts * whole[:, None]
        listed |= in_stage > 0
    return Grades(
        tuple(codes), tuple(grade for _, grade in places), tuple(stage for stage, _ in places), result, listed
    )


def ratios(before: Grades, after: Grades) -> Array:
    """Return by grade the pupils of a year over those a grade below the year before: as a school keeps them.

    Of the first grade of the junior stage over the county's last grade of the primary stage; 1 for the first of all.
    Schools that both years know, whose classes tell the grades, count; 1 where none does.
    """
    both = [
        (before.schools.index(code), place)
        for place, code in enumerate(after.schools)
        if code in before.schools and after.listed[place] and before.listed[before.schools.index(code)]
    ]
    result = np.ones(len(after.grades))
    if not both:
        return result
    old, new = before.pupils[[place for place, _ in both]], after.pupils[[place for _, place in both]]
    for column in range(1, len(after.grades)):
        if after.stage_of[column] == after.stage_of[column - 1]:
            there = (old[:, column - 1] > 0) & (new[:, column] > 0)
            sums = old[there, column - 1].sum(), new[there, column].sum()
        else:
            sums = np.nansum(old[:, column - 1]), np.nansum(new[:, column])
        if sums[0] > 0 and sums[1] > 0:
            result[column] = sums[1] / sums[0]
    return result


def kept(before: Grades | None, now: Grades) -> Array:
    """Return by school and grade 1, or 0 where nobody goes on to it: a school that had the grade below last year and
    has not this one now (a teaching point whose pupils leave after grade 3) sends its pupils elsewhere."""
    result = np.ones(now.pupils.shape)
    if before is None:
        return result
    place_of = {code: place for place, code in enumerate(before.schools)}
    for place, code in enumerate(now.schools):
        if code in place_of and now.listed[place] and before.listed[place_of[code]]:
            result[place, 1:] = ~((before.pupils[place_of[code], :-1] > 0) & (now.pupils[place, 1:] == 0))
    return result


def stepped(pupils: Array, now: Grades, step: Array, stay: Array, entrants: Array | None = None) -> Array:
    """Return pupils a year on: `pupils` is schools x grades, or paths x schools x grades.

    `step`: ratio by grade; `stay` as `kept` says; `entrants`: first grade by school, as now where None.
    """
    result = np.zeros_like(pupils)
    first = pupils[..., 0] if entrants is None else np.broadcast_to(entrants, pupils[..., 0].shape)
    result[..., 0] = first
    for column in range(1, len(now.grades)):
        if now.stage_of[column] == now.stage_of[column - 1]:
            result[..., column] = pupils[..., column - 1] * step[column] * stay[:, column]
        else:
            leaving = np.nansum(pupils[..., column - 1], axis=-1, keepdims=True) * step[column]
            result[..., column] = leaving * _parts(now.pupils[:, column])
    return result


def _parts(first: Array) -> Array:
    """Return each school's part of the junior first grade of this year."""
    total = np.nansum(first)
    result: Array = first / total if total > 0 else np.zeros_like(first)
    return result


def errors(before: Grades, after: Grades, step: Array, stay: Array) -> dict[str, Array]:
    """Return by stage what the logarithm of a year's enrolment differs from its forecast a year before.

    One entry a school of `after`; NaN for one that has not the stage, or is new.
    """
    forecast = stepped(before.pupils, before, step, stay)
    place_of = {code: place for place, code in enumerate(before.schools)}
    result = {}
    for stage in Stage:
        columns = before.of_stage(stage.value)
        expected = np.full(len(after.schools), np.nan)
        for place, code in enumerate(after.schools):
            if code in place_of:
                expected[place] = forecast[place_of[code]][columns].sum()
        actual = after.totals(stage.value)
        with np.errstate(divide="ignore", invalid="ignore"):
            change = np.log(actual / expected)
        result[stage.value] = np.where((actual > 0) & (expected > 0), change, np.nan)
    return result
