"""Scores that crowd at an end of their scale (ceiling, floor): how many pupils share the greatest or the least.

Where they do, the rate is made by the few who are not there: effects far from all others look near on one side and
far on the other, and the pivots of `tails`, which know heavy tails but not these, say too much. How much stands in
docs/coverage.md.
"""

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
