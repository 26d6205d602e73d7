"""Sufficient statistics per school from rows of pupils: all that the rate needs, so that pupils are read once.

Per school: n pupils, mean score, ss = sum of squares around the mean. Pieces of one school (files, chunks, years of
intake) are merged exactly (Chan, Golub and LeVeque 1983, Am. Stat. 37), in any order.

Weights w of pupils are put on the scale on which a school counts by its effective number, n = sum(w)^2 / sum(w^2)
(Kish 1965); mean = sum(w y) / sum(w), ss = n * sum(w (y - mean)^2) / sum(w). Then, as without weights, Var(mean |
school) = sigma2 / n and E(ss) = sigma2 (n - 1), whatever the unit of the weights; equal weights change nothing. A
pupil of weight 0 or without weight is left out; a negative weight is for the caller to refuse.

A mean far from 0 has few digits left for what schools differ by: beside it stands `rest`, what it lacks for having been
rounded, so that mean + rest is the mean to the digits of the pupils' spread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from .arrays import Floats

#: A mean so many standard deviations of its group from 0 is told with what it lacks for being rounded.
FAR = 1e3


def known(column: str) -> pl.Expr:
    """Return the numbers of a column, with null for what is not finite."""
    values = pl.col(column).cast(pl.Float64)
    return pl.when(values.is_finite()).then(values)


@dataclass(frozen=True)
class Variables:
    """Columns whose moments are taken together, over the pupils who have them all; `weight` is a column or None.

    Squares are summed around a centre of each school's own, so that neither a far-off mean nor another school's scores
    cost digits: unless `plain`, schools are read twice, first for `centres`, then, the centres beside the pupils, for
    `sums`. `prefix` keeps the columns of several apart.
    """

    columns: tuple[str, ...]
    weight: str | None
    prefix: str

    @property
    def plain(self) -> bool:
        """Return whether there is one variable without weights, for which Polars has the moments itself."""
        return len(self.columns) == 1 and self.weight is None

    def _weights(self) -> pl.Expr:
        there = pl.all_horizontal(pl.col(name).is_not_null() for name in self.columns)
        weight = pl.lit(1.0) if self.weight is None else pl.col(self.weight)
        if self.weight is not None:
            there = (there & (weight > 0)).fill_null(value=False)
        return pl.when(there).then(weight)

    def centres(self) -> list[pl.Expr]:
        """Return the aggregates of the first reading: a centre of every column; none where `plain`."""
        if self.plain:
            return []
        w = self._weights()
        return [
            pl.when(w.sum() > 0).then((w * pl.col(name)).sum() / w.sum()).alias(f"{self.prefix}centre{place}")
            for place, name in enumerate(self.columns)
        ]

    def sums(self) -> list[pl.Expr]:
        """Return the aggregates of which `moments` makes means and sums of squares; null rows drop out.

        Unless `plain`, the columns of `centres` are there.
        """
        if self.plain:
            x = pl.col(self.columns[0])
            return [
                x.count().cast(pl.Int64).alias(f"{self.prefix}pupils"),
                x.mean().alias(f"{self.prefix}mean"),
                x.var(0).alias(f"{self.prefix}var"),
            ]
        w = self._weights()
        apart = [pl.col(name) - pl.col(f"{self.prefix}centre{place}") for place, name in enumerate(self.columns)]
        result = {"pupils": w.count().cast(pl.Int64), "w": w.sum(), "ww": (w * w).sum()}
        for i, x in enumerate(apart):
            result[f"mean{i}"] = pl.col(f"{self.prefix}centre{i}").first()
            result[f"s{i}"] = (w * x).sum()
            for j in range(i + 1):
                result[f"s{i}_{j}"] = (w * x * apart[j]).sum()
        return [each.alias(self.prefix + name) for name, each in result.items()]

    def moments(self, sums: pl.DataFrame) -> "Moments":
        """Return what the aggregates of `sums` (one row per school) say: n, means, cross products."""
        pupils = sums[f"{self.prefix}pupils"].to_numpy().astype(np.float64)
        q = len(self.columns)
        if self.plain:
            mean, variance, rest = (self._plain(sums, name)[:, None] for name in ("mean", "var", "rest"))
            return Moments(pupils, pupils, mean, rest, variance[:, :, None] * pupils[:, None, None])
        w, ww = (sums[self.prefix + name].to_numpy() for name in ("w", "ww"))
        with np.errstate(divide="ignore", invalid="ignore"):
            n = np.where(ww > 0, w**2 / ww, 0.0)
            # What the centre, rounded as it is, still lacks of the mean.
            rest = np.stack([np.where(w > 0, sums[f"{self.prefix}s{i}"].to_numpy() / w, 0.0) for i in range(q)], axis=1)
            cross = np.zeros((len(n), q, q))
            for i in range(q):
                for j in range(i + 1):
                    raw = np.where(w > 0, sums[f"{self.prefix}s{i}_{j}"].to_numpy() / w, 0.0)
                    cross[:, i, j] = cross[:, j, i] = n * (raw - rest[:, i] * rest[:, j])
                cross[:, i, i] = np.maximum(cross[:, i, i], 0.0)
        centre = np.stack([sums[f"{self.prefix}mean{i}"].fill_null(0.0).to_numpy() for i in range(q)], axis=1)
        mean = centre + rest
        return Moments(pupils, n, mean, (centre - mean) + rest, cross)

    def _plain(self, sums: pl.DataFrame, name: str) -> Floats:
        column = self.prefix + name
        return sums[column].fill_null(0.0).to_numpy() if column in sums.columns else np.zeros(sums.height)

    def far(self) -> pl.Expr:
        """Return whether a group of rows of `sums` lies far from 0 for what its pupils differ by, as an aggregate.

        By greatest and least values alone, which come out the same in whatever order rows are taken. A group of scores
        that are all alike does not.
        """
        mean, variance = pl.col(f"{self.prefix}mean"), pl.col(f"{self.prefix}var")
        size, spread = mean.abs().max(), pl.max_horizontal(variance.max().sqrt(), mean.max() - mean.min())
        return (size.is_finite() & spread.is_finite() & (spread > 0) & (size > FAR * spread)).fill_null(value=False)


def _streamed(query: pl.LazyFrame) -> pl.DataFrame:
    return query.collect(engine="streaming")


def beside_centres(
    frame: pl.LazyFrame,
    keys: Sequence[str],
    sets: Sequence[Variables],
    collect: Callable[[pl.LazyFrame], pl.DataFrame] = _streamed,
) -> pl.LazyFrame:
    """Return pupils with the centres that `sets` need, found by a reading of their own; as they are where none is.

    `keys` name a school. Raises what `collect` does, which runs a query.
    """
    wanted = [each for variables in sets for each in variables.centres()]
    if not wanted:
        return frame
    centres = collect(frame.group_by(keys).agg(wanted))
    return frame.join(centres.lazy(), on=list(keys), how="left", nulls_equal=True, maintain_order="left")


def nearer(
    frame: pl.LazyFrame,
    by: Sequence[str],
    school: str,
    sets: Sequence[Variables],
    sums: pl.DataFrame,
    collect: Callable[[pl.LazyFrame], pl.DataFrame] = _streamed,
) -> pl.DataFrame:
    """Return `sums` with what means of scores far from 0 lack, and variances around them, by another reading.

    There is none where no group lies far from 0. Raises what `collect` does, which runs a query.
    """
    keys = [*by, school]
    plain = [variables for variables in sets if variables.plain]
    if not plain or sums.is_empty():
        return sums
    flags = [variables.far().alias(f"{variables.prefix}far") for variables in plain]
    groups = sums.group_by(by).agg(flags) if by else sums.select(flags)
    far = [variables for variables in plain if bool(groups[f"{variables.prefix}far"].any())]
    if not far:
        return sums
    if by:
        sums = sums.join(groups, on=list(by), how="left", nulls_equal=True, maintain_order="left")
    else:
        sums = sums.join(groups, how="cross", maintain_order="left")
    means = [f"{variables.prefix}mean" for variables in far]
    beside = frame.join(sums.lazy().select(*keys, *means), on=keys, how="left", nulls_equal=True, maintain_order="left")
    apart = {variables.prefix: pl.col(variables.columns[0]) - pl.col(f"{variables.prefix}mean") for variables in far}
    deviations = collect(
        beside.group_by(keys).agg(
            each.alias(prefix + name)
            for prefix, x in apart.items()
            for name, each in (("rest", x.mean()), ("near", x.var(0)))
        )
    )
    return sums.join(deviations, on=keys, how="left", nulls_equal=True, maintain_order="left").with_columns(
        pl.when(f"{prefix}far").then(f"{prefix}{own}").otherwise(other).alias(prefix + name)
        for prefix in apart
        for name, own, other in (("rest", "rest", pl.lit(0.0)), ("var", "near", pl.col(f"{prefix}var")))
    )


def of_pupils(score: str) -> list[pl.Expr]:
    """Return n, mean, rest and ss of a school as aggregates, every pupil having a score: for frames in memory."""
    y = pl.col(score)
    apart = y - y.mean()
    return [
        pl.len().cast(pl.Float64).alias("n"),
        y.mean().alias("mean"),
        apart.mean().alias("rest"),
        ((apart - apart.mean()) ** 2).sum().alias("ss"),
    ]


@dataclass(frozen=True)
class Moments:
    """Per school: pupils, effective n, means and what they lack for being rounded (schools x variables).

    `cross` are the within-school cross products (schools x q x q).
    """

    pupils: Floats
    n: Floats
    mean: Floats
    rest: Floats
    cross: Floats


def sufficient(
    frame: pl.DataFrame | pl.LazyFrame, score: str, school: str, by: Sequence[str] = (), weight: str | None = None
) -> pl.DataFrame:
    """Return n (effective, under weights), mean and ss of each school: by..., school, pupils, n, mean, ss, rest.

    Schools come in order of first appearance, one row per group and school. Pupils without a score, a school or (under
    weights) a weight above 0 are left out; the caller counts them. Raises ValueError for a negative weight.
    """
    keys = [*by, school]
    lazy = frame.lazy().filter(pl.col(school).is_not_null())
    lazy = lazy.select(*keys, _y=known(score), **({"_w": known(weight)} if weight else {}))
    if weight and lazy.select((pl.col("_w") < 0).any()).collect(engine="streaming").item():
        raise ValueError(f"weights must not be negative: {weight}")
    chosen = Variables(("_y",), "_w" if weight else None, "_")
    sums = (
        beside_centres(lazy.with_row_index("_row"), keys, [chosen])
        .group_by(keys)
        .agg(pl.col("_row").min(), *chosen.sums())
        .collect(engine="streaming")
        .sort("_row")
    )
    moments = chosen.moments(nearer(lazy, by, school, [chosen], sums))
    table = sums.select(keys).with_columns(
        pl.Series("pupils", moments.pupils.astype(np.int64)),
        pl.Series("n", moments.n),
        pl.Series("mean", moments.mean[:, 0]),
        pl.Series("ss", moments.cross[:, 0, 0]),
        pl.Series("rest", moments.rest[:, 0]),
    )
    return table.filter(pl.col("pupils") > 0)


def merge(pieces: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Merge pieces of the same school: n adds up, means weigh by n, ss gains what lies between the pieces.

    `pieces` has `keys`, n, mean and ss (and, where given, rest, and pupils, which add up); schools in order of first
    appearance, with rest.
    """
    n, mean = pl.col("n"), pl.col("mean")
    apart = mean - mean.first() + (pl.col("rest") if "rest" in pieces.columns else 0.0)
    middle = (n * apart).sum() / n.sum()
    more = [pl.col("pupils").sum()] if "pupils" in pieces.columns else []
    return (
        pieces.filter(n > 0)
        .group_by(keys, maintain_order=True)
        .agg(
            *more,
            n=n.sum(),
            mean=mean.first() + middle,
            ss=pl.col("ss").sum() + (n * (apart - middle) ** 2).sum(),
            rest=mean.first() - (mean.first() + middle) + middle,
        )
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
