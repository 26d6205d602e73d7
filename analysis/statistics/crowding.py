"""Scores that crowd at an end of their scale (ceiling, floor): how many pupils share the greatest or the least.

Where they do, the rate is made by the few who are not there: effects far from all others look near on one side and
far on the other, and the pivots of `tails`, which know heavy tails but not these, say too much. How much stands in
docs/coverage.md.
"""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

Column = str | pl.Expr


def at_end(score: Column) -> pl.Expr:
    """Return the part of pupils with a score who have the greatest or the least one, whichever are more.

    Null where nobody has a score, 1 where all have the same.
    """
    y = pl.col(score) if isinstance(score, str) else score
    return pl.max_horizontal((y == y.max()).sum(), (y == y.min()).sum()) / y.count().replace(0, None)


def most_at_end(pupils: Column, least: Column, greatest: Column) -> pl.Expr:
    """Return what `at_end` is at most, from the pupils, the least and the greatest score of each school."""
    n, low, high = (pl.col(each) if isinstance(each, str) else each for each in (pupils, least, greatest))
    ends = (n.filter(high == high.max()).sum(), n.filter(low == low.min()).sum())
    return pl.max_horizontal(*ends) / n.sum().replace(0, None)


def ends(prefix: str, column: str) -> list[pl.Expr]:
    """Return the aggregates of a school that `crowded` needs: pupils with a score, the least and the greatest."""
    x = pl.col(column)
    return [x.count().alias(f"{prefix}scored"), x.min().alias(f"{prefix}least"), x.max().alias(f"{prefix}greatest")]


def crowded(
    frame: pl.LazyFrame,
    schools: pl.DataFrame,
    columns: Mapping[str, str],
    keys: Sequence[str],
    above: float,
    collect: Callable[[pl.LazyFrame], pl.DataFrame],
) -> dict[str, list[int]]:
    """Return the numbers of the groups with more than the part `above` at an end, by prefix of `columns`, the scores.

    `schools` has `group`, the keys and `ends`. Pupils are read again for the groups alone that may be crowded: those in
    which schools that reach the end of the scores have enough pupils. Raises what `collect` does.
    """
    by_prefix: dict[str, list[int]] = {}
    for prefix, column in columns.items():
        most = most_at_end(*(f"{prefix}{name}" for name in ("scored", "least", "greatest")))
        may = schools.group_by("group", *keys).agg(most.alias("most")).filter(pl.col("most") > above)
        by_prefix[prefix] = []
        if may.is_empty():
            continue
        mine = frame.filter(pl.col("school").is_not_null())
        part = at_end(column).alias("part")
        if keys:
            of = may.lazy().select("group", *keys)
            counted = collect(mine.join(of, on=list(keys), nulls_equal=True).group_by("group").agg(part))
        else:
            counted = collect(mine.select(part)).with_columns(group=pl.lit(0))
        by_prefix[prefix] = sorted(counted.filter(pl.col("part") > above)["group"].to_list())
    return by_prefix
