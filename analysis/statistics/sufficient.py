"""Sufficient statistics per school from rows of pupils: all that the rate needs, so that pupils are read once.

Per school: n pupils, mean score, ss = sum of squares around the mean. Pieces of one school (files, chunks, years of
intake) are merged exactly (Chan, Golub and LeVeque 1983, Am. Stat. 37), in any order.

Weights w of pupils are put on the scale on which a school counts by its effective number, n = sum(w)^2 / sum(w^2)
(Kish 1965); mean = sum(w y) / sum(w), ss = n * sum(w (y - mean)^2) / sum(w). Then, as without weights, Var(mean |
school) = sigma2 / n and E(ss) = sigma2 (n - 1), whatever the unit of the weights; equal weights change nothing. A
pupil of weight 0 or without weight is left out; a negative weight is for the caller to refuse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from .arrays import Floats


def known(column: str) -> pl.Expr:
    """Return the numbers of a column, with null for what is not finite."""
    values = pl.col(column).cast(pl.Float64)
    return pl.when(values.is_finite()).then(values)


@dataclass(frozen=True)
class Variables:
    """Columns whose moments are taken together, over the pupils who have them all; `weight` is a column or None.

    `shifts` are subtracted before squares are summed and given back afterwards; any value near the mean will do.
    """

    columns: tuple[str, ...]
    weight: str | None
    shifts: Mapping[str, float]

    @property
    def plain(self) -> bool:
        """Return whether there is one variable without weights, for which Polars has the moments itself."""
        return len(self.columns) == 1 and self.weight is None

    def sums(self, prefix: str) -> list[pl.Expr]:
        """Return the aggregates of which `moments` makes means and sums of squares; null rows drop out."""
        if self.plain:
            x = pl.col(self.columns[0])
            return [
                x.count().cast(pl.Int64).alias(f"{prefix}pupils"),
                x.mean().alias(f"{prefix}mean"),
                x.var(0).alias(f"{prefix}var"),
            ]
        there = pl.all_horizontal(pl.col(name).is_not_null() for name in self.columns)
        weight = pl.lit(1.0) if self.weight is None else pl.col(self.weight)
        if self.weight is not None:
            there = (there & (weight > 0)).fill_null(value=False)
        w = pl.when(there).then(weight)
        shifted = [pl.col(name) - self.shifts[name] for name in self.columns]
        result = [w.count().cast(pl.Int64), w.sum(), (w * w).sum()]
        names = ["pupils", "w", "ww"]
        for i, x in enumerate(shifted):
            result.append((w * x).sum())
            names.append(f"s{i}")
            for j in range(i + 1):
                result.append((w * x * shifted[j]).sum())
                names.append(f"s{i}_{j}")
        return [each.alias(prefix + name) for each, name in zip(result, names, strict=True)]

    def moments(self, prefix: str, sums: pl.DataFrame) -> "Moments":
        """Return what the aggregates of `sums` (one row per school) say: n, means, cross products."""
        pupils = sums[f"{prefix}pupils"].to_numpy().astype(np.float64)
        q = len(self.columns)
        if self.plain:
            mean = sums[f"{prefix}mean"].fill_null(0.0).to_numpy()
            variance = sums[f"{prefix}var"].fill_null(0.0).to_numpy()
            return Moments(pupils, pupils, mean[:, None], (variance * pupils)[:, None, None])
        w, ww = (sums[prefix + name].to_numpy() for name in ("w", "ww"))
        with np.errstate(divide="ignore", invalid="ignore"):
            n = np.where(ww > 0, w**2 / ww, 0.0)
            shifted = np.stack([np.where(w > 0, sums[f"{prefix}s{i}"].to_numpy() / w, 0.0) for i in range(q)], axis=1)
            cross = np.zeros((len(n), q, q))
            for i in range(q):
                for j in range(i + 1):
                    raw = np.where(w > 0, sums[f"{prefix}s{i}_{j}"].to_numpy() / w, 0.0)
                    centred = raw - shifted[:, i] * shifted[:, j]
                    if i == j:
                        # What is below the rounding of the squares it comes from is nothing.
                        centred = np.where(centred > 1e-13 * raw, centred, 0.0)
                    cross[:, i, j] = cross[:, j, i] = n * centred
        offset = np.array([self.shifts[name] for name in self.columns])
        return Moments(pupils, n, shifted + offset, cross)


@dataclass(frozen=True)
class Moments:
    """Per school: pupils, effective n, means (schools x variables), within-school cross products (schools x q x q)."""

    pupils: Floats
    n: Floats
    mean: Floats
    cross: Floats


def sufficient(
    frame: pl.DataFrame | pl.LazyFrame, score: str, school: str, by: Sequence[str] = (), weight: str | None = None
) -> pl.DataFrame:
    """Return n (effective, under weights), mean and ss of each school: columns by..., school, pupils, n, mean, ss.

    Schools come in order of first appearance, one row per group and school. Pupils without a score, a school or (under
    weights) a weight above 0 are left out; the caller counts them. Raises ValueError for a negative weight.
    """
    keys = [*by, school]
    lazy = frame.lazy().filter(pl.col(school).is_not_null())
    lazy = lazy.select(*keys, _y=known(score), **({"_w": known(weight)} if weight else {}))
    if weight and lazy.select((pl.col("_w") < 0).any()).collect(engine="streaming").item():
        raise ValueError(f"weights must not be negative: {weight}")
    shift = lazy.select(pl.col("_y").mean()).collect(engine="streaming").item() if weight else None
    chosen = Variables(("_y",), "_w" if weight else None, {"_y": shift or 0.0})
    sums = (
        lazy.with_row_index("_row")
        .group_by(keys)
        .agg(pl.col("_row").min(), *chosen.sums("_"))
        .collect(engine="streaming")
        .sort("_row")
    )
    found = chosen.moments("_", sums)
    table = sums.select(keys).with_columns(
        pl.Series("pupils", found.pupils.astype(np.int64)),
        pl.Series("n", found.n),
        pl.Series("mean", found.mean[:, 0]),
        pl.Series("ss", found.cross[:, 0, 0]),
    )
    return table.filter(pl.col("pupils") > 0)


def merge(pieces: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Merge pieces of the same school: n adds up, means weigh by n, ss gains what lies between the pieces.

    `pieces` has `keys`, n, mean and ss (and pupils, where given, which adds up); schools in order of first appearance.
    """
    n, mean = pl.col("n"), pl.col("mean")
    middle = (n * mean).sum() / n.sum()
    more = [pl.col("pupils").sum()] if "pupils" in pieces.columns else []
    return (
        pieces.filter(n > 0)
        .group_by(keys, maintain_order=True)
        .agg(*more, n=n.sum(), mean=middle, ss=pl.col("ss").sum() + (n * (mean - middle) ** 2).sum())
    )


def from_sd(n: npt.ArrayLike, sd: npt.ArrayLike) -> Floats:
    """Return ss from the usual standard deviation (divisor n - 1): (n - 1) sd^2; a school of one pupil gives 0.

    Raises ValueError where a school of two or more has no sd, or a negative one.
    """
    number, spread = np.asarray(n, dtype=np.float64), np.asarray(sd, dtype=np.float64)
    single = number <= 1
    if bool((~single & ~(spread >= 0)).any()):
        raise ValueError("sd must be known and not negative where there are two pupils or more")
    return np.where(single, 0.0, (number - 1) * spread**2)
