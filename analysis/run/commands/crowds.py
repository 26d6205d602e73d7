"""Groups of pupils whose scores crowd at an end of the scale, found without a second reading where none can."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from analysis import standards
from analysis.run.request import STANDARD
from analysis.statistics.crowding import at_end, most_at_end

Collect = Callable[[pl.LazyFrame], pl.DataFrame]


def limit() -> float:
    """Return the part of pupils at an end from which on the usual standard calls scores crowded."""
    rule = standards.load(STANDARD).monitoring
    return 1.0 if rule is None else rule.own_tests.crowded


def ends(prefix: str, column: str) -> list[pl.Expr]:
    """Return the aggregates of a school that `crowded` needs: pupils with a score, the least and the greatest."""
    x = pl.col(column)
    return [x.count().alias(f"{prefix}scored"), x.min().alias(f"{prefix}least"), x.max().alias(f"{prefix}greatest")]


def crowded(
    frame: pl.LazyFrame, schools: pl.DataFrame, columns: Mapping[str, str], keys: Sequence[str], collect: Collect
) -> dict[str, list[int]]:
    """Return the numbers of the groups that are crowded, by prefix; `columns` gives the score of each prefix.

    `schools` has `group`, the keys and `ends`. Pupils are read again for the groups alone that may be crowded: those in
    which schools that reach the end of the scores have enough pupils. Raises what `collect` does.
    """
    above = limit()
    found: dict[str, list[int]] = {}
    for prefix, column in columns.items():
        most = most_at_end(*(f"{prefix}{name}" for name in ("scored", "least", "greatest")))
        may = schools.group_by("group", *keys).agg(most.alias("most")).filter(pl.col("most") > above)
        found[prefix] = []
        if may.is_empty():
            continue
        mine = frame.filter(pl.col("school").is_not_null())
        part = at_end(column).alias("part")
        if keys:
            of = may.lazy().select("group", *keys)
            counted = collect(mine.join(of, on=list(keys), nulls_equal=True).group_by("group").agg(part))
        else:
            counted = collect(mine.select(part)).with_columns(group=pl.lit(0))
        found[prefix] = sorted(counted.filter(pl.col("part") > above)["group"].to_list())
    return found
