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
    calendar = calendar_of(case)
    rows = [_row(case, day, first=day in calendar.next, later=False) for day in calendar.days]
    rows += [_row(case, day, first=day in calendar.next, later=True) for day in calendar.later]
    return make(case, "calendar", COLUMNS, rows, since=calendar.since, until=calendar.until)


def _row(case: Case, day: Day, *, first: bool, later: bool) -> dict[str, Value]:
    said = case
    if day.what is What.TARGET and (plan := planned(case)):
        said = plan.case
    item = day.label or said.label(day.item, short=True)
    if day.stage:
        item = case.word("labels", "with_unit").format(name=item, unit=case.word("stages", day.stage))
    notes = [name for name, is_so in (("next", first), ("later", later), (day.sure, day.sure != "sure")) if is_so]
    return {
        "day": text(day.day.isoformat()),
        "kind": text(case.word("calendar", day.what)),
        "item": text(item),
        "target": text(aim(said, day.finding) if day.finding else blank(case)),
        "source": text(source(case, day)),
        "note": text(case.word("lists", "clauses").join(case.word("calendar", name) for name in notes) or blank(case)),
    }


def source(case: Case, day: Day) -> str:
    """Return the document and the place in it where an entry stands."""
    if not day.article:
        return day.document
    return case.word("labels", "in_document").format(name=day.document, unit=day.article)
