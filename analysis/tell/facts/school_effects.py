"""School effects of a county's own tests: which schools lie apart from the county's mean, chance set aside."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.statistics.effects import school_effects
from analysis.statistics.sufficient import of_pupils
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once

SCHEMA: dict[str, Any] = {
    "subject": pl.String,
    "grade": pl.Int8,
    "label": pl.String,
    "school": pl.String,
    "pupils": pl.Int64,
    "effect": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "side": pl.String,
}


@dataclass(frozen=True)
class Test:
    """One own test: how many schools, and which lie wholly below or above the county's mean, lowest first."""

    label: str
    subject: str
    grade: int
    schools: int
    below: tuple[str, ...]
    above: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Effects:
    """Schools of all own tests of a year (columns SCHEMA, lowest first in each test), and the tests."""

    frame: pl.DataFrame
    tests: tuple[Test, ...]


@once
def effects(case: Case) -> Effects:
    """Return one row per school and own test: effect and interval in points of the score, lowest first.

    The intervals of a test hold together at 95 %, for schools are named by them.

    Empty for the public: scores are never used to rank schools there. `side` is below, above or between: on which side
    of 0 the whole interval lies.
    """
    scores = case.records.scores.filter((pl.col("year") == case.year) & pl.col("score").is_finite())
    if case.public or scores.is_empty():
        return Effects(pl.DataFrame(schema=SCHEMA), ())
    rows = (
        scores.group_by("subject", "grade", "school")
        .agg(pl.len().cast(pl.Int64).alias("pupils"), *of_pupils("score"))
        .sort("subject", "grade", "school")
        .with_columns(cell=pl.struct("subject", "grade").rank("dense").cast(pl.Int64))
    )
    n, mean, ss, rest, cell = (rows[name].to_numpy() for name in ("n", "mean", "ss", "rest", "cell"))
    estimated = school_effects(n, mean, ss, cell, together=True, rest=rest)
    ends = pl.DataFrame({"effect": estimated.effect, "low": estimated.low, "high": estimated.high})
    frame = (
        pl.concat([rows, ends], how="horizontal")
        .filter(pl.col("effect").is_finite() & pl.col("low").is_finite())
        .with_columns(
            pl.when(pl.col("high") < 0)
            .then(pl.lit("below"))
            .when(pl.col("low") > 0)
            .then(pl.lit("above"))
            .otherwise(pl.lit("between"))
            .alias("side")
        )
    )
    label = pl.struct("subject", "grade").map_elements(lambda sample: _label(case, sample), return_dtype=pl.String)
    frame = frame.with_columns(label.alias("label")).sort("subject", "grade", "effect", "school").select(list(SCHEMA))
    tests = tuple(
        Test(
            part["label"][0],
            part["subject"][0],
            part["grade"][0],
            part.height,
            tuple(part.filter(side="below")["school"]),
            tuple(part.filter(side="above")["school"]),
        )
        for part in frame.partition_by("label", maintain_order=True)
    )
    return Effects(frame, tests)


def _label(case: Case, test: dict[str, Any]) -> str:
    subject, grade = case.word("subjects", test["subject"]), case.word("grades", str(test["grade"]))
    return f"{grade}{subject}" if case.lang == "zh" else f"{subject[:1].upper()}{subject[1:]}, {grade}"
