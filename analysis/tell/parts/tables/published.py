"""Published means and coefficients per stage and indicator, then the composite: ours, the published, its limit."""

import polars as pl

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import Field, Stage
from analysis.tell.case.case import Case
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value, verdict

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


def table(case: Case) -> Table | None:
    """Return one row per stage and indicator, and one per composite."""
    rows = []
    for stage in Stage:
        finding = case.finding(ids.finding(Field.RESOURCES, ids.cv(COMPOSITE), stage.value))
        rows += [_row(case, stage.value, indicator) for indicator in case.standard.indicators]
        if finding:
            published = case.measured.stage(case.year, stage.value, COMPOSITE, "published")
            rows.append(
                {
                    "stage": text(case.word("stages", stage.value)),
                    "indicator": text(case.label(finding.item)),
                    "mean": _number(case, None, 0),
                    "cv": value(finding, case),
                    "published": _number(case, published, PRINTED),
                    "limit": target(finding, case),
                    "verdict": verdict(finding, case),
                }
            )
    return make(case, "published", COLUMNS, rows)


def _row(case: Case, stage: str, indicator: str) -> dict[str, Value]:
    rule = case.standard.indicators[indicator]
    unit = case.word("units", rule.unit)
    name = case.word("labels", "with_unit").format(name=case.label(indicator, short=True), unit=unit)
    dash, known = number(None, blank(case)), case.measured.stage
    return {
        "stage": text(case.word("stages", stage)),
        "indicator": text(name),
        "mean": _number(case, known(case.year, stage, indicator, "mean"), rule.decimals),
        "cv": _number(case, known(case.year, stage, indicator, "cv"), PRINTED),
        "published": dash,
        "limit": dash,
        "verdict": text(blank(case)),
    }


def _number(case: Case, value: float | None, places: int) -> Value:
    return number(value, blank(case) if value is None else numbers.decimal(value, places))
