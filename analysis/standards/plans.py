"""A plan on top of a framework: the framework overridden by name, and which items the plan itself speaks of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import RequestError
from analysis.standards.load import chain, load, own
from analysis.standards.model import Standard


@dataclass(frozen=True)
class Plan:
    """`standard` is the framework with the plan's values laid over it; `items` are those that the plan's own file
    names, or the plans between it and the framework."""

    standard: Standard
    framework: str
    items: frozenset[str]


def _named(given: dict[str, Any]) -> set[str]:
    items = set(given.get("items", {}))
    for name, indicator in given.get("indicators", {}).items():
        items |= {f"{kind}_{name}" for kind in ("floor", "cv") if kind in indicator}
    parts = {"school_rule": {"school_rule", "schools"}, "composite": {"cv_composite"}, "recognition": {"recognition"}}
    for part, names in parts.items():
        items |= names if given.get(part) else set()
    items |= {"three_years"} if given.get("certificate") else set()
    return items | {name for name in ("level", "rate") if name in (given.get("monitoring") or {})}


def plan(name: str | Path) -> Plan:
    """Return a plan by id or path.

    Raises RequestError for a file that is unknown or faulty, or that extends no framework.
    """
    files = chain(name)
    if len(files) == 1:
        raise RequestError("plan_without_framework", name=name)
    return Plan(load(name), str(files[-1][0]), frozenset(_named(own(name))))
