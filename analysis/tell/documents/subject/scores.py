"""What pupils' scores of one grade say: their distribution, where their variance lies, and what schools add."""

from dataclasses import dataclass

import polars as pl

from analysis.statistics import effects
from analysis.statistics.sufficient import sufficient


@dataclass(frozen=True)
class Distribution:
    """Scores of one grade: pupils with a score, those without, schools; mean, sd and quartiles in points."""

    pupils: int
    absent: int
    schools: int
    mean: float
    sd: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Area:
    """Schools, pupils, mean and sd (points) of one kind of area."""

    id: str
    schools: int
    pupils: int
    mean: float
    sd: float | None


@dataclass(frozen=True)
class Parts:
    """Shares of the pupils' sum of squares: between areas, between schools of an area, within schools; they sum to 1.

    Descriptive: other than a rate, they are not freed of chance. `without` counts pupils whose school has no area.
    """

    areas: float
    schools: float
    pupils: float
    without: int


def distribution(scores: pl.DataFrame) -> Distribution | None:
    """Return the distribution of `score`; None where no pupil has one."""
    known = scores.filter(pl.col("score").is_not_null())
    if known.is_empty():
        return None
    value = pl.col("score")
    row = known.select(
        value.mean().alias("mean"),
        value.std().fill_null(0.0).alias("sd"),
        *(value.quantile(q, "linear").alias(f"q{q}") for q in (0.25, 0.5, 0.75)),
    ).row(0)
    return Distribution(known.height, scores.height - known.height, known["school"].n_unique(), *row)


def areas(scores: pl.DataFrame) -> list[Area]:
    """Return what is known of each `area` of pupils with a score, most pupils first."""
    known = scores.filter(pl.col("score").is_not_null() & pl.col("area").is_not_null())
    by_area = known.group_by("area").agg(
        pl.col("school").n_unique(), pl.len(), pl.col("score").mean().alias("mean"), pl.col("score").std().alias("sd")
    )
    return [Area(*row) for row in by_area.sort("len", "area", descending=[True, False]).rows()]


def parts(scores: pl.DataFrame) -> Parts | None:
    """Return where the sum of squares lies; None where scores do not differ or there is one area."""
    scored = scores.filter(pl.col("score").is_not_null())
    known = scored.filter(pl.col("area").is_not_null())
    if known["area"].n_unique() < 2:
        return None
    value = pl.col("score")
    of_area, of_school = value.mean().over("area"), value.mean().over("area", "school")
    sums = known.select(
        ((of_area - value.mean()) ** 2).sum().alias("areas"),
        ((of_school - of_area) ** 2).sum().alias("schools"),
        ((value - of_school) ** 2).sum().alias("pupils"),
    ).row(0)
    whole = sum(sums)
    if not whole > 0:
        return None
    between, inside, within = (part / whole for part in sums)
    return Parts(between, inside, within, scored.height - known.height)


def school_effects(scores: pl.DataFrame) -> pl.DataFrame:
    """Return one row per school, by code: school, pupils, mean, effect, low, high, reliability; points.

    The intervals hold together at 95 %, for schools are counted by them. Null where the scores give no effect (one
    school, no spread). Shrunk to the county's mean: statistics.effects.
    """
    rows = sufficient(scores, "score", "school").sort("school")
    n, mean, ss, rest = (rows[name].to_numpy() for name in ("n", "mean", "ss", "rest"))
    estimated = effects.school_effects(n, mean, ss, together=True, rest=rest)
    columns = {name: getattr(estimated, name) for name in ("effect", "low", "high", "reliability")}
    return rows.select("school", "pupils", "mean").with_columns(
        pl.Series(name, values).fill_nan(None) for name, values in columns.items()
    )
