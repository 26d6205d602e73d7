"""Each coefficient over the years: the first, the last and this year, what changed, the pace, and where it leads."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.judge.rounding import exact
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

PACE = 3  # decimals


def table(report: "Report") -> Table | None:
    """Return one row per judged coefficient; None where there is no year before."""
    if report.before is None:
        return None
    found = paces(report)
    first = min((one.first for one in found), default=report.year)
    columns = [
        Column("stage"),
        Column("indicator"),
        Column("first", pl.Float64, number=True, label=str(first)),
        Column("before", pl.Float64, number=True, label=str(report.before), shown=report.before != first),
        Column("now", pl.Float64, number=True, label=str(report.year)),
        Column("since", pl.Float64, number=True),
        Column("pace", pl.Float64, number=True),
        Column("limit", pl.Float64, number=True),
        Column("reached"),
    ]
    before = {one.now.id: one.before.value for one in report.moved}
    rows = [_row(report, one, before.get(one.finding.id)) for one in found if one.first == first != report.year]
    return make(report, "improvement", columns, rows, first=first)


def _row(report: "Report", one: Pace, before: float | None) -> dict[str, Value]:
    finding = one.finding
    assert finding.value is not None
    since = finding.value - one.start
    unchanged = exact(abs(since)) < wording.emphasis()["moved"]
    dash = number(None, blank(report))
    pace = dash if one.pace is None else number(one.pace, numbers.signed_decimal(one.pace, PACE))
    return {
        "stage": text(report.word("stages", finding.stage or "")),
        "indicator": text(report.label(finding.indicator or finding.item, short=True)),
        "first": number(one.start, numbers.ratio(one.start)),
        "before": dash if before is None else number(before, numbers.ratio(before)),
        "now": value(finding, report),
        "since": number(since, report.word("cells", "unchanged") if unchanged else numbers.signed(since)),
        "pace": pace,
        "limit": target(finding, report),
        "reached": text(_reached(report, one)),
    }


def _reached(report: "Report", one: Pace) -> str:
    if one.finding.verdict == "met":
        return report.word("cells", "within")
    if one.pace is None:
        return blank(report)
    if one.reached is None:
        return report.word("cells", "beyond").format(years=wording.emphasis()["horizon"])
    return str(one.reached)
