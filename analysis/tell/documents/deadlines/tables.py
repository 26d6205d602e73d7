"""Tables of the deadlines; their words are those of deadlines.yml."""

from collections.abc import Sequence

import polars as pl

from analysis.standards import label
from analysis.tell.documents.deadlines.deadlines import DeadlineReport
from analysis.tell.facts.deadlines import Due, Span, holder
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

LINE = [Column(name) for name in ("holder", "where", "item", "missing", "day")]
DAYS = Column("days", pl.Int64, number=True)
FILLED = ("measure", "person")


def _made(told: DeadlineReport, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(told.case, f"deadlines_{name}", columns, rows, name=name, texts="deadlines", sortable=True, told=told)


def holders(told: DeadlineReport) -> Table | None:
    """Return one row per duty holder, and the sum: open lines, overdue, due in each stretch, later, without a day."""
    dues, case = told.dues, told.case
    parts = {
        "open": dues.open,
        "overdue": dues.overdue,
        "soon": told.soon,
        "next": told.next,
        "later": dues.later,
        "undated": dues.undated,
    }
    first, second = told.days
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
        | {name: count(sum(holder(one) == who for one in lines), case) for name, lines in parts.items()}
        for who in dues.holders
    ]
    if len(rows) > 1:
        total = {name: count(len(lines), case) for name, lines in parts.items()}
        rows.append({"holder": text(case.word("cells", "total"))} | total)
    return _made(told, "holders", columns, rows)


def overdue(told: DeadlineReport) -> Table | None:
    """Return one row per overdue line, by holder: since when, and by how many days."""
    late = sorted(told.dues.overdue, key=lambda one: (holder(one) == "", holder(one)))
    return _lines(told, "overdue", late)


def soon(told: DeadlineReport) -> Table | None:
    """Return one row per line due within the first stretch."""
    return _lines(told, "soon", told.soon)


def next(told: DeadlineReport) -> Table | None:
    """Return one row per line due within the second stretch."""
    return _lines(told, "next", told.next)


def undated(told: DeadlineReport) -> Table | None:
    """Return one row per item whose lines have no day: how many, and what was entered instead of one."""
    case = told.case
    found: dict[str, list[Due]] = {}
    for one in told.dues.undated:
        found.setdefault(one.line["item"], []).append(one)
    columns = [Column("item"), Column("lines", pl.Int64, number=True), Column("entered")]
    rows = []
    for item, lines in found.items():
        texts = dict.fromkeys(one.line["date"] for one in lines if one.entered)
        rows.append(
            {
                "item": text(label(case.standard, item, case.lang, short=True)),
                "lines": count(len(lines), case),
                "entered": text(case.word("lists", "between").join(texts) or blank(case)),
            }
        )
    return _made(told, "undated", columns, rows)


def months(told: DeadlineReport) -> Table | None:
    """Return one row per month of the year that has a line due: due, closed, open, overdue."""
    return _spans(told, "months", told.dues.months())


def quarters(told: DeadlineReport) -> Table | None:
    """Return one row per quarter of the year that has a line due."""
    return _spans(told, "quarters", told.dues.quarters())


def _spans(told: DeadlineReport, name: str, spans: list[Span]) -> Table | None:
    case = told.case
    parts = ("due", "closed", "open", "overdue")
    columns = [Column("span"), *(Column(part, pl.Int64, number=True) for part in parts)]
    rows = [
        {"span": text(case.word("spans", name).format(number=one.number))}
        | {part: count(getattr(one, part), case) for part in parts}
        for one in spans
        if one.due
    ]
    return _made(told, name, columns, rows)


def _lines(told: DeadlineReport, name: str, lines: list[Due]) -> Table | None:
    case = told.case
    rows = [_row(told, one) for one in lines]
    filled = [Column(each) for each in FILLED if any(row[each].value for row in rows)]
    columns = [*LINE, DAYS, *filled]
    if not any(holder(one) for one in lines):
        columns = columns[1:]
    return make(case, f"deadlines_{name}", columns, rows, name=name, texts="deadlines", sortable=True, told=told)


def _row(told: DeadlineReport, one: Due) -> dict[str, Value]:
    case, line = told.case, one.line
    assert one.day is not None
    days = abs((one.day - told.dues.since).days)
    filled = {name: Value(line[name] or "", text(line[name] or blank(case)).cell) for name in FILLED}
    return filled | {
        "holder": text(holder(one) or case.word("cells", "no_holder")),
        "where": text(ledger.where(case, line)),
        "item": text(label(case.standard, line["item"], case.lang, short=True)),
        "missing": text(ledger.missing(case, line)),
        "day": text(one.day.isoformat()),
        "days": number(days, str(days)),
    }
