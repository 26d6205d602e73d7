"""A plan on top of a framework: the framework overridden by name, and which items the plan itself speaks of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import RequestError
from analysis.ids import ItemId, cv
from analysis.standards.load import chain, load, names, own, path_of
from analysis.standards.model import Standard
from analysis.tables import Kind

#: What the ids of the plans begin with that come with the package.
_PREFIX = "plan-"


@dataclass(frozen=True)
class Plan:
    """`standard` is the framework with the plan's values laid over it; `items` are those that the plan's own file
    names, or the plans between it and the framework."""

    standard: Standard
    framework: str
    items: frozenset[str]


def _named(content: dict[str, Any]) -> set[str]:
    items = set(content.get("items", {}))
    for name, indicator in content.get("indicators", {}).items():
        items |= {str(ItemId(kind, name)) for kind in (Kind.FLOOR, Kind.CV) if kind in indicator}
    parts: dict[str, set[str]] = {
        "school_rule": {Kind.SCHOOL_RULE, Kind.SCHOOLS},
        "composite": {cv("composite")},
        "recognition": {Kind.RECOGNITION},
    }
    for part, items_of_part in parts.items():
        items |= items_of_part if content.get(part) else set()
    items |= {Kind.THREE_YEARS} if content.get("certificate") else set()
    items |= {name for name in (Kind.LEVEL, Kind.RATE) if name in (content.get("monitoring") or {})}
    floors = {str(ItemId(Kind.FLOOR, name)) for name in content.get("indicators", {})}
    if items and items <= floors:
        # Floors are asked of each school: alone, they set what the schools that meet the rule are counted by.
        items |= {Kind.SCHOOL_RULE, Kind.SCHOOLS}
    return {str(name) for name in items}


def plan_path(name: str | Path) -> Path:
    """Return the file of a plan: an id that comes with the package, or a path; RequestError where neither is there."""
    try:
        return path_of(name)
    except RequestError as fault:
        known = ", ".join(each for each in names() if each.startswith(_PREFIX))
        raise RequestError("plan_unknown", name=name, known=known) from fault


def plan(name: str | Path) -> Plan:
    """Return a plan by id or path.

    Raises RequestError for a file that is unknown or faulty, or that extends no framework.
    """
    plan_path(name)
    files = chain(name)
    if len(files) == 1:
        raise RequestError("plan_without_framework", name=name)
    return Plan(load(name), str(files[-1][0]), frozenset(_named(own(name))))
