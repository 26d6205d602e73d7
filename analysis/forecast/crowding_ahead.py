"""Class sizes and sizes of schools next year: what is within its limit now and likely not to be then."""

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.clean.records import Records
from analysis.forecast.futures import Futures, Past
from analysis.judge import judge
from analysis.standards import Standard
from analysis.tables import MEASUREMENTS, Schema, Verdict

Array = npt.NDArray[np.float64]
#: The rules that are looked at (standards/rules.yml).
SIZE, CLASSES = "school_size", "class_size"
COLUMNS: Schema = {
    "finding": pl.String, "item": pl.String, "school": pl.String, "stage": pl.String, "year": pl.Int32,
    "now": pl.Float64, "value": pl.Float64, "target": pl.Float64, "probability": pl.Float64, "lacking": pl.Float64,
}  # fmt: skip


def over(
    records: Records,
    standard: Standard,
    county: str,
    past: Past,
    ahead: Futures,
    findings: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return COLUMNS of every school (and stage) that is within its limit now, for the first year ahead.

    The largest class of a cohort grows as its cohort does, classes staying as they are; a first grade has the classes
    of this year's.
    """
    if ahead.coming is None or ahead.years[0] != past.year + 1:
        return pl.DataFrame(schema=COLUMNS)
    none = pl.DataFrame(schema=MEASUREMENTS)
    judged = judge(none, records, standard, county, past.year) if findings is None else findings
    rules = {name: item.rule for name, item in standard.items.items() if item.rule in (SIZE, CLASSES)}
    met = judged.filter(
        pl.col("item").is_in(list(rules)) & pl.col("school").is_not_null() & (pl.col("verdict") == Verdict.MET.value)
    )
    place_of = {code: place for place, code in enumerate(past.grades.schools)}
    largest = _largest(records, past, ahead.coming)
    whole = ahead.coming.sum(axis=2)
    rows = []
    for row in met.iter_rows(named=True):
        place = place_of.get(row["school"])
        if place is None:
            continue
        if rules[row["item"]] == SIZE:
            drawn = whole[:, place]
        else:
            drawn = np.nanmax(largest[:, place][:, past.grades.of_stage(row["stage"])], axis=1)
        value = float(np.median(drawn[1:]))
        if not np.isfinite(value):
            continue
        part = float((np.round(drawn[1:]) > row["target"]).mean())
        names = row["id"], row["item"], row["school"], row["stage"]
        rows.append((*names, ahead.years[0], row["value"], value, row["target"], part, max(value - row["target"], 0.0)))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _largest(records: Records, past: Past, coming: Array) -> Array:
    """Return the largest class of each school and grade a year on: paths x schools x grades; 0 where none is known."""
    now = past.grades.pupils
    classes = records.classes.filter(year=past.year).drop_nulls(["grade", "pupils"])
    most = np.zeros(now.shape)
    rows = {code: place for place, code in enumerate(past.grades.schools)}
    columns = {grade: place for place, grade in enumerate(past.grades.grades)}
    for code, grade, pupils in classes.group_by("school", "grade").agg(pl.col("pupils").max()).iter_rows():
        if code in rows and grade in columns:
            most[rows[code], columns[grade]] = pupils
    firsts = [
        place
        for place, stage in enumerate(past.grades.stage_of)
        if place == 0 or stage != past.grades.stage_of[place - 1]
    ]
    before = [place if place in firsts else place - 1 for place in range(now.shape[1])]
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(now[:, before] > 0, coming / now[:, before], 0.0)
    result: Array = most[:, before] * growth
    return result
