"""What a rule of judge.rules works on and what it returns: school rows, or a figure of each county.

School rows have county, year, school, stage (where the item has stages), value, target, verdict, reason, evidence (JSON
of what was counted); the county's finding follows from them in by_school.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from analysis.judge import frames, rounding
from analysis.standards import Sense, Standard
from analysis.standards.items import Item
from analysis.tables import Stage, Verdict

ROWS = {
    "county": pl.String,
    "year": pl.Int32,
    "school": pl.String,
    "stage": pl.String,
    "value": pl.Float64,
    "target": pl.Float64,
    "margin": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
    "evidence": pl.String,
}
SCHOOL = [*frames.KEYS, "school"]
#: Why there is no share: nothing of which it could be one.
NOTHING = "nothing_to_share"
#: A county and a year.
Cell = tuple[str, int]


@dataclass(frozen=True)
class Inputs:
    """What a rule works on: the item and its id, the standard, the counties and years to be judged, the schools that
    the item looks at, and their records; `year` of every row is the year judged, but for the monitoring's."""

    name: str
    item: Item
    standard: Standard
    cells: tuple[Cell, ...]
    schools: pl.DataFrame
    frames: Mapping[str, pl.DataFrame]

    def number(self, name: str) -> float:
        """Return a parameter of the item that is a number."""
        return float(self.item.parameters[name])


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return school rows with the columns ROWS, null those that they lack."""
    return frame.with_columns(_shape(tuple(frame.columns))).select(list(ROWS))


@cache
def _shape(columns: tuple[str, ...]) -> list[pl.Expr]:
    """Return the columns of ROWS, made from those that a frame has."""
    return [(pl.col(name) if name in columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in ROWS.items()]


def judged(frame: pl.DataFrame, sense: Sense, missing: str | pl.Expr, short: str) -> pl.DataFrame:
    """Judge `value` against `target`; `missing` and `short` are the reasons of no_data and not_met."""
    absent = pl.lit(missing) if isinstance(missing, str) else missing
    value, target = pl.col("value").cast(pl.Float64), pl.col("target").cast(pl.Float64)
    met = rounding.reaches(value, target, sense)
    return shaped(
        frame.with_columns(
            rounding.margin(value, target, sense).alias("margin"),
            pl.when(met.is_null())
            .then(pl.lit(Verdict.NO_DATA.value))
            .when(met)
            .then(pl.lit(Verdict.MET.value))
            .otherwise(pl.lit(Verdict.NOT_MET.value))
            .alias("verdict"),
            pl.when(value.is_null())
            .then(absent)
            .when(target.is_null())
            .then(pl.lit("missing_amount"))
            .when(met)
            .then(pl.lit(""))
            .otherwise(pl.lit(short))
            .alias("reason"),
        )
    )


def of_stages(inputs: Inputs, prefix: str) -> pl.Expr:
    """Return the sum of a school's compulsory stages: null where a stage that its type has is not reported."""
    total: pl.Expr = pl.lit(0.0)
    for stage in Stage:
        types = [name for name, levels in inputs.standard.school_types.items() if stage.value in levels]
        column = pl.col(f"{prefix}_{stage.value}").cast(pl.Float64)
        total = total + pl.when(pl.col("school_type").is_in(types)).then(column).otherwise(0.0)
    return total


def of_evidence(name: str) -> pl.Expr:
    """Return a number that the evidence of school rows holds under `name`; null where it is no JSON."""
    text = pl.when(pl.col("evidence").str.starts_with("{")).then("evidence")
    return text.str.json_path_match(f"$.{name}").cast(pl.Float64, strict=False)


@dataclass(frozen=True)
class Figure:
    """One computed value of a county; `reason` says why there is none.

    `bounds`: the least and the most that it can be, where values that it hangs on are set aside.
    """

    value: float | None
    reason: str = ""
    evidence: str = ""
    bounds: tuple[float, float] | None = None


Figures = dict[Cell, Figure]
