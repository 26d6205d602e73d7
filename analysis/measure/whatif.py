"""What a coefficient would be if some schools were left out, or had more: measured as every coefficient is."""

import math
from collections.abc import Iterable, Mapping

import polars as pl

from analysis.statistics.dispersion import coefficient


def without(rows: pl.DataFrame, indicator: str, schools: Iterable[str]) -> float | None:
    """Return the coefficient of an indicator over the stage rows of one stage and year without some schools.

    None where it says nothing: fewer than two schools are left that count, or their mean is 0.
    """
    return _of(rows.filter(~pl.col("school").is_in(list(schools))), indicator)


def lifted(rows: pl.DataFrame, indicator: str, amounts: Mapping[str, float]) -> float | None:
    """Return the coefficient of an indicator over the stage rows of one stage and year with the amounts of some schools
    replaced; None as `without`."""
    new = pl.col("school").replace_strict(dict(amounts), default=None, return_dtype=pl.Float64)
    return _of(rows.with_columns(pl.coalesce(new, pl.col(indicator)).alias(indicator)), indicator)


def _of(rows: pl.DataFrame, indicator: str) -> float | None:
    found = coefficient(rows[indicator], rows["pupils"])
    return found.cv if found.schools > 1 and math.isfinite(found.cv) else None
