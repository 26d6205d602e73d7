"""What a coefficient would be if some schools were left out, or had more: measured as every coefficient is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.statistics.arrays import Bools, Floats
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


@dataclass(frozen=True)
class Schools:
    """Amounts and pupils of one indicator and stage, one entry per `school` of two years; NaN where it has none.

    `here` and `there` are whether the school stood in scope in the year and in the year before it.
    """

    school: tuple[str, ...]
    here: Bools
    there: Bools
    amount: Floats
    pupils: Floats
    amount_before: Floats
    pupils_before: Floats

    @property
    def counted(self) -> tuple[Bools, Bools]:
        """Return which schools count in the year, and which in the year before."""
        return tuple(  # type: ignore[return-value]
            np.isfinite(x) & np.isfinite(p) & (p > 0)
            for x, p in ((self.amount, self.pupils), (self.amount_before, self.pupils_before))
        )

    def put_back(self, schools: Bools) -> float:
        """Return the coefficient of the year with the amounts and pupils that some schools had the year before.

        One that was not there is left out, one that is gone counted again. NaN where fewer than two schools are left.
        """
        coefficient_now = coefficient(
            np.where(schools, self.amount_before, self.amount), np.where(schools, self.pupils_before, self.pupils)
        )
        return coefficient_now.cv if coefficient_now.schools > 1 else np.nan

    def levelled(self, schools: Bools) -> float:
        """Return the coefficient of the year with the amounts of some schools scaled to their mean of last year."""
        before, now = self.mean(schools)
        coefficient_now = coefficient(np.where(schools, self.amount * before / now, self.amount), self.pupils)
        return coefficient_now.cv if coefficient_now.schools > 1 else np.nan

    def mean(self, schools: Bools) -> tuple[float, float]:
        """Return the mean per pupil of some schools, the year before and in the year."""
        now, before = self.counted
        here, there = schools & now, schools & before
        return (
            float(self.amount_before[there].sum() / self.pupils_before[there].sum()),
            float(self.amount[here].sum() / self.pupils[here].sum()),
        )


def schools(rows: pl.DataFrame, before: pl.DataFrame, indicator: str) -> Schools:
    """Return the schools of two years from the stage rows of one stage in scope, of a year and of the year before."""
    columns = [pl.col("school"), pl.col(indicator).cast(pl.Float64).alias("amount"), pl.col("pupils").cast(pl.Float64)]
    here = pl.lit(value=True).alias("here")
    both = (
        rows.select(*columns, here)
        .join(before.select(*columns, here), on="school", how="full", suffix="_before", coalesce=True)
        .sort("school")
    )
    there = (both[name].fill_null(value=False).to_numpy() for name in ("here", "here_before"))
    arrays = (
        both[name].fill_null(np.nan).to_numpy() for name in ("amount", "pupils", "amount_before", "pupils_before")
    )
    return Schools(tuple(both["school"]), *there, *arrays)


def _of(rows: pl.DataFrame, indicator: str) -> float | None:
    spread = coefficient(rows[indicator], rows["pupils"])
    return spread.cv if spread.schools > 1 and math.isfinite(spread.cv) else None
