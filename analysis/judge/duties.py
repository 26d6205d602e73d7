"""Items of a county below the resources: what is answered, given as a value or computed, and recognition."""

from datetime import date

import polars as pl

from analysis.judge import frames
from analysis.standards import Standard
from analysis.tables import Field, Verdict


def findings(standard: Standard, day: date) -> pl.DataFrame:
    """Return one finding per item of the standard that nothing was reported on: no_data."""
    rows = [(one.field, item) for item, one in standard.items.items()]
    if standard.recognition:
        rows.append((Field.RECOGNITION.value, "recognition"))
    frame = pl.DataFrame(rows, schema={"field": pl.String, "item": pl.String}, orient="row")
    before = day < standard.since
    return frames.shaped(
        frame.with_columns(
            pl.lit(Verdict.NOT_IN_FORCE.value if before else Verdict.NO_DATA.value).alias("verdict"),
            pl.lit("not_in_force" if before else "no_records").alias("reason"),
        )
    )
