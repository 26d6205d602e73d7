"""By when an item that is not met is due: the year that people entered, else that of a dated value of the plan, else of
the standard."""

from datetime import date
from typing import Any

from verification.raw.entered import Entry
from verification.rules import Standard
from verification.worked.case import Case
from verification.worked.finding import Finding


def _given(of: Standard, item: str) -> Any:
    kind, _, name = item.partition("_")
    if kind in ("floor", "cv") and name in of.indicators:
        return of.indicators[name].get(kind)
    if item in ("level", "rate"):
        return ((of.data.get("monitoring") or {}).get(item) or {}).get("values")
    if item == "recognition":
        return ((of.data.get("recognition") or {}).get("target") or {}).get("values")
    entry = of.items.get(item) or {}
    if entry.get("target"):
        return entry["target"]["values"]
    return [{"from": entry["from"], "value": 1}] if entry.get("from") else None


def due_day(of: Standard, item: str, stage: str, day: date) -> date | None:
    """Return the day from which the next dated value of an item holds, or the last that was named."""
    schedule = of.schedule(_given(of, item), stage or "primary")
    days = sorted(one.day for one in schedule if one.stated and one.value is not None)
    later = [one for one in days if one >= day]
    return (later or days[-1:])[0] if days else None


def due_year(of: Standard, item: str, stage: str, day: date) -> int | None:
    """Return the year of that day."""
    found = due_day(of, item, stage, day)
    return found.year if found else None


def line_due(case: Case, one: Finding) -> int | None:
    """Return the year in which a line of the ledger is due."""
    entered = case.county.entered.get(one.id, Entry()).year
    standard = case.plan_over.standard if case.plan_over else case.standard
    return entered or due_year(standard, one.item, one.stage, case.now.day)
