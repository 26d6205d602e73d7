"""Tables of the deadlines; their words are those of deadlines.yml."""

from collections.abc import Sequence

import polars as pl

from analysis.tell.documents.deadlines.deadlines import DeadlineReport
from analysis.tell.facts.deadlines import Due, Span, holder
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

LINE = [Column(name) for name in ("holder", "where", "item", "missing", "day")]
DAYS = Column("days", pl.Int64, number=True)
FILLED = ("measure", "person")


def _made(report: DeadlineReport, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(
        report.case, f"deadlines_{name}", columns, rows, name=name, texts="deadlines", sortable=True, told=report
    )


def holders(report: DeadlineReport) -> Table | None:
    """Return one row per duty holder, and the sum: open lines, overdue, due in each stretch, later, without a day."""
    dues, case = report.dues, report.case
    parts = {
        "open": dues.open,
        "overdue": dues.overdue,
        "soon": report.soon,
        "next": report.next,
        "later": dues.later,
        "undated": dues.undated,
    }
    first, second = report.days
    labels = {
        "soon": case.word("cells", "within_days").format(days=first),
        "next": case.word("cells", "between_days").format(first=first + 1, last=second),
        "later": case.word("cells", "after_days").format(days=second),
    }
    columns = [
        Column("holder"),
        *(Column(name, pl.Int64, number=True, label=labels.get(name, "")) for name in parts),
    ]
    rows = [
        {"holder": text(who or case.word("cells", "no_holder"))}
        | {name: count(sum(holder(line) == who for line in lines), case) for name, lines in parts.items()}
        for who in dues.holders
    ]
    if len(rows) > 1:
        total = {name: count(len(lines), case) for name, lines in parts.items()}
        rows.append({"holder": text(case.word("cells", "total"))} | total)
    return _made(report, "holders", columns, rows)


def overdue(report: DeadlineReport) -> Table | None:
    """Return one row per overdue line, by holder: since when, and by how many days."""
    late = sorted(report.dues.overdue, key=lambda due: (holder(due) == "", holder(due)))
    return _lines(report, "overdue", late)


def soon(report: DeadlineReport) -> Table | None:
    """Return one row per line due within the first stretch."""
    return _lines(report, "soon", report.soon)


def next(report: DeadlineReport) -> Table | None:
    """Return one row per line due within the second stretch."""
    return _lines(report, "next", report.next)


def undated(report: DeadlineReport) -> Table | None:
    """Return one row per item whose lines have no day: how many, and what was entered instead of one."""
    case = report.case
    by_item: dict[str, list[Due]] = {}
    for due in report.dues.undated:
        by_item.setdefault(ledger.item(case, due.line), []).append(due)
    columns = [Column("item"), Column("lines", pl.Int64, number=True), Column("entered")]
    rows = []
    for item, lines in by_item.items():
        texts = dict.fromkeys(line.line["date"] or line.line["until"] for line in lines if line.entered)
        rows.append(
            {
                "item": text(item),
                "lines": count(len(lines), case),
                "entered": text(case.word("lists", "between").join(texts) or blank(case)),
            }
        )
    return _made(report, "undated", columns, rows)


def months(report: DeadlineReport) -> Table | None:
    """Return one row per month of the year that has a line due: due, closed, open, overdue."""
    return _spans(report, "months", report.dues.months())


def quarters(report: DeadlineReport) -> Table | None:
    """Return one row per quarter of the year that has a line due."""
    return _spans(report, "quarters", report.dues.quarters())


def _spans(report: DeadlineReport, name: str, spans: list[Span]) -> Table | None:
    case = report.case
    parts = ("due", "closed", "open", "overdue")
    columns = [Column("span"), *(Column(part, pl.Int64, number=True) for part in parts)]
    rows = [
        {"span": text(case.word("spans", name).format(number=span.number))}
        | {part: count(getattr(span, part), case) for part in parts}
        for span in spans
        if span.due
    ]
    return _made(report, name, columns, rows)


def _lines(report: DeadlineReport, name: str, lines: list[Due]) -> Table | None:
    case = report.case
    rows = [_row(report, line) for line in lines]
    filled = [Column(each) for each in FILLED if any(row[each].value for row in rows)]
    columns = [*LINE, DAYS, *filled]
    if not any(holder(line) for line in lines):
        columns = columns[1:]
    return make(case, f"deadlines_{name}", columns, rows, name=name, texts="deadlines", sortable=True, told=report)


def _row(report: DeadlineReport, due: Due) -> dict[str, Value]:
    case, line = report.case, due.line
    assert due.day is not None
    days = abs((due.day - report.dues.since).days)
    filled = {name: Value(line[name] or "", text(line[name] or blank(case)).cell) for name in FILLED}
    return filled | {
        "holder": text(holder(due) or case.word("cells", "no_holder")),
        "where": text(ledger.where(case, line)),
        "item": text(ledger.item(case, line)),
        "missing": text(ledger.missing(case, line)),
        "day": text(due.day.isoformat()),
        "days": number(days, str(days)),
    }
