"""Each coefficient over the years: the first, the last and this year, what changed, the pace, and where it leads."""

import polars as pl

from analysis.judge.rounding import exact
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import moved
from analysis.tell.facts.pace import Pace, compared
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value

PACE = 3  # decimals


def table(case: Case) -> Table | None:
    """Return one row per judged coefficient; None where there is no year before."""
    lines = compared(case)
    first = lines[0].first if lines else case.year
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
    before = {move.now.id: move.before.value for move in moved(case)}
    rows = [_row(case, line, before.get(line.finding.id)) for line in lines]
    return make(case, "improvement", columns, rows, first=first)


def _row(case: Case, line: Pace, before: float | None) -> dict[str, Value]:
    finding = line.finding
    assert finding.value is not None
    since = finding.value - line.start
    unchanged = exact(abs(since)) < wording.emphasis()["moved"]
    dash = number(None, blank(case))
    pace = dash if line.pace is None else number(line.pace, numbers.signed_decimal(line.pace, PACE))
    return {
        "stage": text(case.word("stages", finding.stage or "")),
        "indicator": text(case.label(finding.indicator or finding.item, short=True)),
        "first": number(line.start, numbers.ratio(line.start)),
        "before": dash if before is None else number(before, numbers.ratio(before)),
        "now": value(finding, case),
        "since": number(since, case.word("cells", "unchanged") if unchanged else numbers.signed(since)),
        "pace": pace,
        "limit": target(finding, case),
        "reached": text(_reached(case, line)),
    }


def _reached(case: Case, line: Pace) -> str:
    if line.finding.verdict == Verdict.MET:
        return case.word("cells", "within")
    if line.pace is None:
        return blank(case)
    if line.pace >= 0:
        return case.word("cells", "not_falling")
    if line.reached is None:
        return case.word("cells", "beyond").format(years=wording.emphasis()["horizon"])
    return str(line.reached)
