"""Training funds of a school as a part of its public funds."""

import polars as pl

from analysis.judge.computed import Given, judged
from analysis.standards import Sense


def schools(given: Given) -> pl.DataFrame:
    """Return each school's training funds over its public-funds budget: at least `part`."""
    rows = given.schools.with_columns(
        pl.when(pl.col("public_funds") > 0).then(pl.col("training_funds") / pl.col("public_funds")).alias("value"),
        pl.lit(given.number("part")).alias("target"),
    )
    return judged(rows, Sense.AT_LEAST, "missing_amount", "training_below")


def lacking() -> pl.Expr:
    """Return the yuan by which the training funds fall short."""
    return pl.col("target") * pl.col("public_funds") - pl.col("value") * pl.col("public_funds")
