"""Data and method: what the report rests on, what was set aside and why, how it was computed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

import analysis
from analysis.tell import words
from analysis.tell.coverage import coverage

if TYPE_CHECKING:
    from analysis.tell.report import Report

#: Mended cells that are listed one by one; the workbook has all.
MOST = 12


@dataclass(frozen=True)
class Mended:
    """A cell whose text was mended by a rule."""

    file: str
    row: int
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Missing:
    """How many schools in scope lack an indicator."""

    stage: str
    indicator: str
    id: str
    count: int


@dataclass(frozen=True)
class Weights:
    """How much a pupil of each level weighs where a school of this type shares its assets."""

    type: str
    levels: list[dict[str, str]]


def _weights(report: "Report") -> list[Weights]:
    present = set(report.rows.filter("in_scope")["school_type"].to_list())
    return [
        Weights(name, [{"level": level, "weight": f"{weight:g}"} for level, weight in levels.items()])
        for name, levels in report.standard.school_types.items()
        if len(levels) > 1 and name in present
    ]


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on data and method says."""
    notices = report.records.notices.filter((pl.col("year") == report.year) & (pl.col("before") != pl.col("after")))
    listed = notices.select("file", "row", "column", "before", "after").head(MOST)
    missing = []
    for stage in report.stage_ids:
        for indicator in report.standard.indicators:
            count = report.measured.stage(report.year, stage, indicator, "missing")
            if count:
                missing.append(Missing(stage, indicator, f"resources.cv_{indicator}.{stage}", int(count)))
    monitored = any(one.data_year for one in report.now.where(item="level"))
    return {
        "c": coverage(report),
        "overall": report.finding("overall.all"),
        "mended": [Mended(*row) for row in listed.iter_rows()],
        "missing": missing,
        "split": _weights(report),
        "monitoring": report.standard.monitoring if monitored else None,
        "moved": words.emphasis()["moved"] if report.before else None,
        "weighting": report.standard.recognition.weighting if report.standard.recognition else "",
        "cvs": bool(report.now.where(kind="cv")),
        "owns": [own for _, own in report.rates if own and own.eta2 is not None and own.anova is not None],
        "version": analysis.__version__,
    }
