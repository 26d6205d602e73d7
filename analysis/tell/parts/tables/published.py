"""Published means and coefficients per stage and indicator, then the composite: ours, the published, its limit."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.measure import COMPOSITE
from analysis.tables import Stage
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

#: Places of a coefficient as publications print it.
PRINTED = 3
COLUMNS = [
    Column("stage"),
    Column("indicator"),
    Column("mean", pl.Float64, number=True),
    Column("cv", pl.Float64, number=True),
    Column("published", pl.Float64, number=True),
    Column("limit", pl.Float64, number=True),
    Column("verdict"),
]


def table(report: "Report") -> Table | None:
    """Return one row per stage and indicator, and one per composite."""
    rows = []
    for stage in Stage:
        found = report.finding(f"resources.cv_{COMPOSITE}.{stage.value}")
        rows += [_row(report, stage.value, one) for one in report.standard.indicators]
        if found:
            published = report.measured.stage(report.year, stage.value, COMPOSITE, "published")
            rows.append(
                {
                    "stage": text(report.word("stages", stage.value)),
                    "indicator": text(report.label(found.item)),
                    "mean": _number(report, None, 0),
                    "cv": value(found, report),
                    "published": _number(report, published, PRINTED),
                    "limit": target(found, report),
                    "verdict": verdict(found, report),
                }
            )
    return make(report, "published", COLUMNS, rows)


def _row(report: "Report", stage: str, indicator: str) -> dict[str, Value]:
    rule = report.standard.indicators[indicator]
    unit = report.word("units", rule.unit)
    name = report.word("labels", "with_unit").format(name=report.label(indicator, short=True), unit=unit)
    dash, known = number(None, blank(report)), report.measured.stage
    return {
        "stage": text(report.word("stages", stage)),
        "indicator": text(name),
        "mean": _number(report, known(report.year, stage, indicator, "mean"), rule.decimals),
        "cv": _number(report, known(report.year, stage, indicator, "cv"), PRINTED),
        "published": dash,
        "limit": dash,
        "verdict": text(blank(report)),
    }


def _number(report: "Report", given: float | None, places: int) -> Value:
    return number(given, blank(report) if given is None else numbers.decimal(given, places))
