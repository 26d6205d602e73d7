"""A plan laid over a framework, as data: what its own file names, when that falls due, where its text says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from verification.rules import COMPOSITE, SET, Dated, Standard, merged, standard, texts

#: Parts of a file by the items that they set.
PARTS = {
    "school_rule": ("school_rule", "schools"),
    COMPOSITE: (f"cv_{COMPOSITE}",),
    "recognition": ("recognition",),
    "certificate": ("three_years",),
}
STAGES = ("primary", "junior")


@dataclass(frozen=True)
class Milestone:
    """A dated value of an item, in one stage where it has stages; None where it is an answer."""

    item: str
    stage: str
    day: date
    value: Fraction | None
    state: str


@dataclass(frozen=True)
class Plan:
    """`standard` is the framework with the plan's values laid over it, `own` what the plan's file says by itself."""

    standard: Standard
    framework: Standard
    own: dict[str, Any]

    @cached_property
    def named(self) -> frozenset[str]:
        """Return the items that the plan speaks of."""
        own = self.own
        found = set(own.get("items") or {})
        floors = set()
        for name, entry in (own.get("indicators") or {}).items():
            floors |= {f"floor_{name}"} if "floor" in entry else set()
            found |= {f"cv_{name}"} if "cv" in entry else set()
        found |= floors
        for part, items in PARTS.items():
            found |= set(items) if own.get(part) else set()
        found |= {name for name in ("level", "rate") if name in (own.get("monitoring") or {})}
        # A plan of floors alone counts the schools that meet them.
        return frozenset(found | set(PARTS["school_rule"]) if found and found <= floors else found)

    @cached_property
    def articles(self) -> dict[str, str]:
        """Return where the plan's own text speaks of each item; "" where it takes the framework's."""
        own = self.own
        found = {name: str(item.get("article") or "") for name, item in (own.get("items") or {}).items()}
        rule = own.get("school_rule") or {}
        found["schools"] = str((rule.get("schools") or {}).get("article") or rule.get("article") or "")
        found["three_years"] = str((own.get("certificate") or {}).get("article") or "")
        found[f"cv_{COMPOSITE}"] = str((own.get(COMPOSITE) or {}).get("article") or "")
        found["recognition"] = str(((own.get("recognition") or {}).get("target") or {}).get("article") or "")
        for name, entry in (own.get("indicators") or {}).items():
            found |= {f"{kind}_{name}": str(entry.get("article") or "") for kind in ("floor", "cv")}
        monitoring = own.get("monitoring") or {}
        return found | {name: str((monitoring.get(name) or {}).get("article") or "") for name in ("level", "rate")}

    def beside(self, name: str) -> list[dict[str, Any]]:
        """Return the entries of a list (phases, calendar, steps, notes) that the framework does not have."""
        known = self.framework.data.get(name) or []
        return [one for one in self.standard.data.get(name) or [] if one not in known]

    @cached_property
    def dated(self) -> list[Milestone]:
        """Return every dated value of what the plan names, by day."""
        return [one for one in milestones(self.standard) if one.item in self.named]

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Return the targets that fall due after the plan's own first day."""
        return [one for one in self.dated if one.day > self.standard.since]


def milestones(of: Standard) -> list[Milestone]:
    """Return every dated value of a standard, by day; those of one day in the order of its file."""
    return sorted(_milestones(of), key=lambda one: one.day)


def _milestones(of: Standard) -> Iterator[Milestone]:
    data = of.data
    staged = [(f"{kind}_{name}", one.get(kind)) for name, one in of.indicators.items() for kind in ("floor", "cv")]
    staged.append(("schools", ((data.get("school_rule") or {}).get("schools") or {}).get("values")))
    staged.append((f"cv_{COMPOSITE}", (data.get(COMPOSITE) or {}).get("values")))
    for item, given in staged:
        for stage in STAGES if given is not None else ():
            yield from _each(item, stage, of.schedule(given, stage))
    monitoring, recognition = data.get("monitoring") or {}, data.get("recognition") or {}
    plain = {name: one["target"] for name, one in of.items.items() if one.get("target")}
    plain |= {name: monitoring[name] for name in ("level", "rate") if name in monitoring}
    plain |= {"recognition": recognition["target"]} if recognition.get("target") else {}
    for item, target in plain.items():
        yield from _each(item, "", of.schedule(target["values"]))
    for item, entry in of.items.items():
        if entry["kind"] == "answer":
            yield Milestone(item, "", date.fromisoformat(str(entry.get("from", of.since))), None, SET)


def _each(item: str, stage: str, schedule: list[Dated]) -> Iterator[Milestone]:
    for one in schedule:
        yield Milestone(item, stage, one.day, one.value, one.state)


def plan(folder: Path, name: str) -> Plan:
    """Return a plan by its name. Raises ValueError for one that is no file of the folder of standards."""
    if not (folder / f"{name}.yml").is_file():
        raise ValueError(f"{name}: plans are read from {folder} alone")
    own, root = texts(folder, name), name
    while "extends" in texts(folder, root):
        root = str(texts(folder, root)["extends"])
        if "extends" in texts(folder, root):
            own = merged(texts(folder, root), own)
    return Plan(standard(folder, name), standard(folder, root), own)
