"""What the framework and the plan have on which day of the twelve months after the data, and on the next after."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from verification.plans import Milestone, milestones
from verification.raw.entered import last_day
from verification.rules import SET, Standard
from verification.worked.case import Case


def since(case: Case) -> date:
    """Return the day told from: the one that is given, else that of the latest statistics up to the report's year."""
    if case.told_from:
        return date.fromisoformat(case.told_from)
    dates = [str(one["date"]) for one in case.county.files.values() if one.get("date") and one["year"] <= case.year]
    known = [day for day in map(last_day, dates) if day]
    return max(known, default=case.now.day)


def days(case: Case) -> list[date]:
    """Return the days of the sources of the report's year, the earliest first."""
    held = case.county.files.values()
    dates = [str(one["date"]) for one in held if one.get("date") and one["year"] == case.year]
    return sorted(date.fromisoformat(f"{day}-01"[:10]) for day in dates)  # some are months


def span(case: Case) -> tuple[date, date]:
    """Return the day after which the calendar looks, and the same day of the next year."""
    last = since(case)
    return last, last.replace(year=last.year + 1, day=min(last.day, monthrange(last.year + 1, last.month)[1]))


@dataclass(frozen=True)
class Event:
    """What falls on a day, and where that stands: a deadline or a phase by its label, a target by its item."""

    day: date
    kind: str
    document: str
    article: str
    label: str = ""
    due: Milestone | None = None


#: What falls on one day, in the order in which it is told.
KINDS = ("deadline", "begins", "ends", "target")


def events(case: Case) -> list[Event]:
    """Return what the framework and the plan have within the twelve months."""
    return [one for one in _every(case) if one.day <= span(case)[1]]


def later(case: Case) -> list[Event]:
    """Return what falls on the first day after these."""
    found = [one for one in _every(case) if one.day > span(case)[1]]
    return [one for one in found if one.day == found[0].day]


def _every(case: Case) -> list[Event]:
    return sorted(_days(case), key=lambda one: (one.day, KINDS.index(one.kind)))


def _days(case: Case) -> Iterator[Event]:
    since, until = span(case)
    plan = case.plan_over
    told: list[tuple[Standard, dict[str, Any]]] = [(plan.framework if plan else case.standard, {})]
    if plan:
        told.append((plan.standard, {name: plan.beside(name) for name in ("calendar", "phases")}))
    for standard, own in told:
        for entry in own.get("calendar", standard.data.get("calendar")) or ():
            yield from _yearly(case, entry, standard.document, since, until)
        for entry in own.get("phases", standard.data.get("phases")) or ():
            label = str(entry["label"][case.lang])
            for kind, at in (("begins", "from"), ("ends", "until")):
                day = date.fromisoformat(str(entry[at]))
                if day > since:
                    yield Event(day, kind, standard.document, "", label)
    dated = plan.dated if plan else milestones(case.standard)
    document, articles = (plan.standard.document, plan.articles) if plan else (case.standard.document, {})
    for one in dated:
        if one.day > since and one.state == SET:
            yield Event(one.day, "target", document, articles.get(one.item, ""), due=one)


def _yearly(case: Case, entry: dict[str, Any], document: str, since: date, until: date) -> Iterator[Event]:
    for year in range(since.year, until.year + 1):
        day = date(year, entry["month"], min(entry["day"], monthrange(year, entry["month"])[1]))
        if since < day <= until:
            article = str(entry.get("article") or "")
            yield Event(
                day, "deadline", str(entry.get("document") or document), article, str(entry["label"][case.lang])
            )
