"""The calendar: what is due on which day, where that stands, and what is due next."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.calendar import Day, What, calendar_of
from analysis.tell.facts.plan_targets import planned
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, text
from analysis.tell.parts.tables.plan import aim

COLUMNS = [
    Column("day", pl.String),
    Column("kind"),
    Column("item"),
    Column("target"),
    Column("source"),
    Column("note"),
]


def table(case: Case) -> Table | None:
    """Return one row per entry of the twelve months to come, then those of the next day after; None where there is
    none."""
    held = calendar_of(case)
    rows = [_row(case, one, first=one in held.next, later=False) for one in held.days]
    rows += [_row(case, one, first=one in held.next, later=True) for one in held.later]
    return make(case, "calendar", COLUMNS, rows, since=held.since, until=held.until)


def _row(case: Case, one: Day, *, first: bool, later: bool) -> dict[str, Value]:
    said = case
    if one.what is What.TARGET and (held := planned(case)):
        said = held.case
    item = one.label or said.label(one.item, short=True)
    if one.stage:
        item = case.word("labels", "with_unit").format(name=item, unit=case.word("stages", one.stage))
    notes = [name for name, is_so in (("next", first), ("later", later), (one.sure, one.sure != "sure")) if is_so]
    return {
        "day": text(one.day.isoformat()),
        "kind": text(case.word("calendar", one.what)),
        "item": text(item),
        "target": text(aim(said, one.finding) if one.finding else blank(case)),
        "source": text(source(case, one)),
        "note": text(case.word("lists", "clauses").join(case.word("calendar", name) for name in notes) or blank(case)),
    }


def source(case: Case, one: Day) -> str:
    """Return the document and the place in it where an entry stands."""
    if not one.article:
        return one.document
    return case.word("labels", "in_document").format(name=one.document, unit=one.article)
