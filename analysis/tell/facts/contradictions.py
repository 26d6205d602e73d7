"""Figures of a school that contradict another source or another year, and rows of it that were set aside."""

from typing import Any

import polars as pl

from analysis.clean.checks import checks
from analysis.read.fields import tables
from analysis.tell.case.case import Case

_PLACE = ["table", "file", "sheet", "row"]


def contradictions(case: Case, code: str) -> list[dict[str, Any]]:
    """Return what was found about a school in the report's year: place, rule, column, before, after.

    Warnings about its rows, and all that was found in a row set aside that bears its code.
    """
    records, year = case.records, case.year
    notices = records.notices.filter(year=year)
    kept = [
        frame.filter(school=code, year=year).select(pl.lit(name).alias("table"), *_PLACE[1:])
        for name, frame in records.frames().items()
        if name in tables() and "school" in frame.columns
    ]
    warnings = [name for name, one in checks().items() if one.severity == "warning"]
    own = notices.filter(pl.col("rule").is_in(warnings)).join(pl.concat(kept), on=_PLACE, how="semi")
    marked = pl.col("cells").str.contains(f'"{code}"', literal=True)
    aside = records.quarantine.filter(marked, year=year).explode("rules").rename({"rules": "rule"})
    told = aside.join(notices, on=[*_PLACE, "rule"], how="left", maintain_order="left")
    wanted = [*_PLACE, "rule", "column", "before", "after"]
    return pl.concat([own.select(wanted), told.select(wanted)]).unique(maintain_order=True).rows(named=True)
