"""A forecast as flat rows, as `junheng forecast` prints it."""

from typing import Any

import polars as pl

from analysis.tables import Schema

#: One row is one thing foretold: `what` is enrolment, value, indicator, milestone, scope or lost.
ROWS: Schema = {
    "what": pl.String,
    "finding": pl.String,
    "indicator": pl.String,
    "school": pl.String,
    "stage": pl.String,
    "year": pl.Int32,
    "now": pl.Float64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "target": pl.Float64,
    "probability": pl.Float64,
    "by_amounts": pl.Float64,
    "by_enrolment": pl.Float64,
    "kept": pl.Float64,
    "probability_kept": pl.Float64,
    "below_now": pl.Float64,
    "below": pl.Float64,
    "lacking": pl.Float64,
    "counts": pl.Boolean,
}
#: Key of a forecast -> what its rows are called.
KINDS = {
    "enrolment": "enrolment",
    "values": "value",
    "indicators": "indicator",
    "milestones": "milestone",
    "scope": "scope",
    "lost": "lost",
}


def frame(forecast: dict[str, Any]) -> pl.DataFrame:
    """Return the rows of a forecast (forecast.forecast_of) with the columns ROWS; a floor's mean has it as target."""
    rows = [
        {"what": name, "target": row.get("floor")} | {column: row[column] for column in ROWS if column in row}
        for key, name in KINDS.items()
        for row in forecast[key]
    ]
    return pl.DataFrame(rows, schema=ROWS)
