"""What a county would come to if one of its schools were otherwise: the same report of changed rows, judged again."""

from dataclasses import replace
from typing import Any

import polars as pl

from analysis import measure
from analysis.clean import of_frames
from analysis.errors import RequestError, listed
from analysis.judge import judge
from analysis.tell.documents.county import Report

#: How many codes of schools are named where one is unknown.
LISTED = 10


def changed(report: Report, school: str, **values: Any) -> Report:
    """Return the report with `values` in place of those that a school reported in its year; nothing on disk changes.

    `school` is a code, `values` are columns of the table `schools`; None is missing. Years before stay as they were
    judged. Raises RequestError for a school or a column that the table of that year does not have.
    """
    frames = report.records.frames()
    schools = frames["schools"]
    codes = sorted(schools.filter(year=report.year)["school"])
    if school not in codes:
        raise RequestError("what_if_unknown", name=school, known=listed([*codes[:LISTED], "..."]))
    unknown = [name for name in values if name not in schools.columns]
    if unknown:
        raise RequestError("what_if_unknown", name=listed(unknown), known=listed(schools.columns))
    mine = (pl.col("school") == school) & (pl.col("year") == report.year)
    rows = schools.with_columns(
        pl.when(mine).then(pl.lit(value, schools.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )
    records = of_frames(report.county, frames | {"schools": rows})
    measurements = measure.measure(records, report.standard)
    judged = judge(measurements, records, report.standard, report.county, report.year, plan=report.laid)
    others = report.history.filter(pl.col("year") != report.year)
    return replace(
        report,
        records=records,
        stages=measure.stage_rows(rows, report.standard),
        measurements=measurements,
        history=pl.concat([others, judged]).sort("year", maintain_order=True),
    )
