"""Every school of a stage against the floors."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.language import numbers
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text, verdict

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def stage_table(report: "Report", stage: str) -> Table | None:
    """Return one row per school in scope of a stage: pupils, value per indicator, indicators met, verdict.

    To the public a school that is hidden (tell.hiding) shows no figures.
    """
    indicators = list(report.standard.indicators)
    rules = bool(report.standard.school_rule)
    columns = [
        Column("school"),
        Column("pupils", pl.Float64, number=True),
        *(Column(one, pl.Float64, number=True, label=report.label(one, short=True)) for one in indicators),
        *([Column("met", pl.Float64, number=True), Column("verdict")] if rules else []),
    ]
    hidden = report.word("blank", "suppressed")
    rows = []
    for code, pupils in report.rows.filter(stage=stage, in_scope=True).sort("school").select("school", "pupils").rows():
        row = {"school": text(report.school(code))}
        if not report.may_show(code, stage):
            row |= {column.id: Value(None, Cell(hidden, number=column.number)) for column in columns[1:]}
            rows.append(row)
            continue
        row["pupils"] = count(pupils, report)
        for one in indicators:
            finding = report.finding(f"resources.floor_{one}.{stage}.{code}")
            measured = report.measured.school(report.year, stage, one, code)
            amount = measured.value if measured else None
            if finding and finding.value is not None:
                shown = numbers.of(finding, finding.value, report.standard, report.lang)
            elif amount is not None:
                shown = numbers.decimal(amount, report.standard.indicators[one].decimals)
            else:
                shown = blank(report)
            row[one] = number(
                amount, shown, verdict=finding.verdict if finding else "", finding=finding.id if finding else ""
            )
        rule = report.finding(f"resources.school_rule.{stage}.{code}")
        if rules:
            row["met"] = count(rule.value if rule else None, report)
            row["verdict"] = verdict(rule, report) if rule else text(None)
        rows.append(row)
    floors = {one.indicator: one for one in report.now.where(kind="floor", stage=stage)}
    return make(
        report,
        f"schools_{stage}",
        columns,
        rows,
        name="schools",
        sortable=True,
        stage=stage,
        floors=[floors[one] for one in indicators if one in floors],
    )
