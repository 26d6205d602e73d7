"""Training funds of a school as a part of its public funds."""

import polars as pl

from analysis.judge import frames
from analysis.judge.computed import Cell, Inputs, judged
from analysis.standards import Sense


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's training funds over its public-funds budget: at least `part`."""
    rows = inputs.schools.with_columns(
        pl.when(pl.col("public_funds") > 0).then(pl.col("training_funds") / pl.col("public_funds")).alias("value"),
        pl.lit(inputs.number("part")).alias("target"),
    )
    return judged(rows, Sense.AT_LEAST, "missing_amount", "training_below")


def typed(inputs: Inputs) -> dict[Cell, float]:
    """Return the training funds of all schools over their public funds, where every school has both."""
    sums = inputs.schools.group_by(frames.KEYS).agg(
        pl.col("training_funds", "public_funds").sum(),
        pl.any_horizontal(pl.col("training_funds", "public_funds").is_null()).any().alias("lacking"),
    )
    known = sums.filter(~pl.col("lacking") & (pl.col("public_funds") > 0))
    return {(row[0], row[1]): row[2] / row[3] for row in known.iter_rows()}


def lacking() -> pl.Expr:
    """Return the yuan by which the training funds fall short."""
    return pl.col("target") * pl.col("public_funds") - pl.col("value") * pl.col("public_funds")
