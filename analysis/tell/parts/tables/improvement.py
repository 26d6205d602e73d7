"""Each coefficient over the years: the first, the last and this year, what changed, the pace, and where it leads."""

import polars as pl

from analysis.judge.rounding import exact
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import moved
from analysis.tell.facts.pace import Pace, paces
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value

PACE = 3  # decimals


def table(case: Case) -> Table | None:
    """Return one row per judged coefficient; None where there is no year before."""
    if case.before is None:
        return None
    found = paces(case)
    first = min((one.first for one in found), default=case.year)
    columns = [
        Column("stage"),
        Column("indicator"),
        Column("first", pl.Float64, number=True, label=str(first)),
        Column("before", pl.Float64, number=True, label=str(case.before), shown=case.before != first),
        Column("now", pl.Float64, number=True, label=str(case.year)),
        Column("since", pl.Float64, number=True),
        Column("pace", pl.Float64, number=True),
        Column("limit", pl.Float64, number=True),
        Column("reached"),
    ]
    before = {one.now.id: one.before.value for one in moved(case)}
    rows = [_row(case, one, before.get(one.finding.id)) for one in found if one.first == first != case.year]
    return make(case, "improvement", columns, rows, first=first)


def _row(case: Case, one: Pace, before: float | None) -> dict[str, Value]:
    finding = one.finding
    assert finding.value is not None
    since = finding.value - one.start
    unchanged = exact(abs(since)) < wording.emphasis()["moved"]
    dash = number(None, blank(case))
    pace = dash if one.pace is None else number(one.pace, numbers.signed_decimal(one.pace, PACE))
    return {
        "stage": text(case.word("stages", finding.stage or "")),
        "indicator": text(case.label(finding.indicator or finding.item, short=True)),
        "first": number(one.start, numbers.ratio(one.start)),
        "before": dash if before is None else number(before, numbers.ratio(before)),
        "now": value(finding, case),
        "since": number(since, case.word("cells", "unchanged") if unchanged else numbers.signed(since)),
        "pace": pace,
        "limit": target(finding, case),
        "reached": text(_reached(case, one)),
    }


def _reached(case: Case, one: Pace) -> str:
    if one.finding.verdict == Verdict.MET:
        return case.word("cells", "within")
    if one.pace is None:
        return blank(case)
    if one.pace >= 0:
        return case.word("cells", "not_falling")
    if one.reached is None:
        return case.word("cells", "beyond").format(years=wording.emphasis()["horizon"])
    return str(one.reached)
