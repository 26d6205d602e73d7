"""What is not met, heaviest for the verdict first: where, how far, and what is missing in countable things."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.tell.matters import Matter
from analysis.tell.table import Table
from analysis.tell.tables.build import Column, Value, blank, count, make, target, text, value

if TYPE_CHECKING:
    from analysis.tell.report import Report

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("field"),
    Column("where"),
    Column("item"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("missing"),
]


def table(report: "Report") -> Table | None:
    """Return one row per finding that keeps the verdict from being met; each school's floor has its own."""
    rows: list[dict[str, Value]] = []
    for matter in report.matters:
        rows.extend(_rows(report, matter))
    for place, row in enumerate(rows, start=1):
        row["number"] = count(place, report)
    return make(report, "problems", COLUMNS, rows)


def _rows(report: "Report", matter: Matter) -> list[dict[str, Value]]:
    found = []
    for finding in (
        matter.cv,
        matter.level,
        matter.rate,
        None if matter.kind in {"indicator", "subject"} else matter.finding,
    ):
        if finding is None or finding.verdict != "not_met":
            continue
        where = report.word("stages", finding.stage) if finding.stage else report.name
        if finding.subject:
            where = report.spoken.render(
                "{{ f.subject|word('subjects') }} {{ f.grade|grade }}"
                if report.lang == "en"
                else "{{ f.grade|grade }}{{ f.subject|word('subjects') }}",
                f=finding,
            )
        found.append(
            {
                "field": text(report.word("fields", finding.field)),
                "where": text(where),
                "item": text(report.label(finding.item)),
                "value": value(finding, report),
                "target": target(finding, report),
                "missing": text(blank(report)),
            }
        )
    for one in matter.schools:
        if not report.may_show(one.school, one.stage):
            continue
        where = report.school(one.school or "")
        if one.stage:
            where = report.spoken.render(
                "{{ name }}（{{ stage }}）", name=where, stage=report.word("stages", one.stage)
            )
        found.append(
            {
                "field": text(report.word("fields", one.field)),
                "where": text(where),
                "item": text(report.label(one.item)),
                "value": value(one, report),
                "target": target(one, report),
                "missing": text(report.word("reasons", one.reason) if one.reason else blank(report)),
            }
        )
    for short in matter.breaking:
        finding = short.finding
        if not report.may_show(short.school, finding.stage):
            continue
        found.append(
            {
                "field": text(report.word("fields", finding.field)),
                "where": text(report.school(short.school)),
                "item": text(report.label(finding.item)),
                "value": value(finding, report),
                "target": target(finding, report),
                "missing": text("".join(report.missing(finding.indicator, short.missing))),
            }
        )
    return found
