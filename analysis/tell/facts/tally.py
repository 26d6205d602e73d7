"""What an item that is computed school by school rests on: how many of what do what it asks, and the rule's own values.

Its finding holds the share of schools that do, which is not the ratio that the item is named after.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from analysis.standards import rules, vocabulary
from analysis.standards.rules import SCHOOLS
from analysis.tables import DECIDED, Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding


class What(StrEnum):
    """What is counted: schools, their stages one by one, or classes."""

    SCHOOLS = "schools"
    STAGES = "stages"
    CLASSES = "classes"


@dataclass(frozen=True)
class Limit:
    """A value that the rule itself names, by a finding of a school that it holds for.

    Where there are several, `whose` are the school types (`group` school_types) or stages (stages) that it holds for,
    and `eased`: the rule has another one for these as a rule.
    """

    finding: Finding
    group: str
    whose: tuple[str, ...]
    eased: bool


@dataclass(frozen=True)
class Tally:
    """Of `all` schools, stages or classes `met` do what `finding` asks, `unknown` are not judged.

    `places` are the schools with some that do not. `limits`: the values that the rule itself names (5 %; 45 and 50),
    the least first.
    `rooms`: the special rooms that are missing, by kind, where it is these that the item asks for.
    """

    finding: Finding
    what: What
    met: int
    all: int
    unknown: int
    places: int
    limits: tuple[Limit, ...]
    rooms: tuple[tuple[str, int], ...] = ()

    @property
    def unmet(self) -> int:
        """Return how many do not do what is asked."""
        return self.all - self.met - self.unknown

    @property
    def part(self) -> float:
        """Return the share of those that do."""
        return self.met / self.all

    @property
    def every(self) -> bool:
        """Whether all of them are asked to."""
        return self.finding.target == 1


def tally(case: Case, finding: Finding) -> Tally | None:
    """Return what a county's finding on a computed item counts; None where it counts no schools, or has no value.

    Classes are counted where all are asked and each is known: else schools, or their stages, whose share is the value.
    """
    standard = case.standard_of(finding)
    item = standard.items.get(finding.item)
    rule = rules.of(item.rule) if item else None
    if item is None or rule is None or rule.of != SCHOOLS or finding.school is not None or finding.value is None:
        return None
    # Of its own year: a plan's dated target that has fallen due was judged by the data of then.
    findings = case.at(finding.year)
    every = findings.plan if finding.field == Field.PLAN else findings.where(item=finding.item)
    rows = [row for row in every if row.item == finding.item and row.school is not None]
    if not rows:
        return None
    limits = _limits(case, rows, item.parameters)
    unmet = [row for row in rows if row.verdict == Verdict.NOT_MET]
    places = len({finding.school for finding in unmet})
    met, unknown = (sum(test(row) for row in rows) for test in (_is_met, _is_unknown))
    details = [row.details for row in rows]
    if finding.target == 1 and not unknown and all("over" in detail and "classes" in detail for detail in details):
        classes, over = (sum(int(detail[name] or 0) for detail in details) for name in ("classes", "over"))
        return Tally(finding, What.CLASSES, classes - over, classes, 0, places, limits)
    what = What.STAGES if any(row.stage for row in rows) else What.SCHOOLS
    return Tally(finding, what, met, len(rows), unknown, places, limits, _rooms(rows))


def _is_met(finding: Finding) -> bool:
    return finding.verdict == Verdict.MET


def _is_unknown(finding: Finding) -> bool:
    return finding.verdict not in DECIDED


def _limits(case: Case, rows: list[Finding], parameters: Mapping[str, object]) -> tuple[Limit, ...]:
    """Return the limits of schools, the least first, where the item's parameters name all of them."""
    by_limit: dict[float, list[Finding]] = {}
    for row in rows:
        if row.target is not None:
            by_limit.setdefault(row.target, []).append(row)
    if not by_limit.keys() <= {float(each) for each in parameters.values() if isinstance(each, int | float)}:
        return ()
    if len(by_limit) == 1:
        return tuple(Limit(found[0], "", (), eased=False) for found in by_limit.values())
    year = case.records.schools.filter(pl.col("year") == rows[0].year)
    types: dict[str, str] = dict(year.select("school", "school_type").iter_rows())
    group = "stages" if all(row.stage for row in rows) else "school_types"
    order = list(vocabulary()[group])
    limits: list[Limit] = []
    for limit in sorted(by_limit):
        found = {(row.stage if group == "stages" else types.get(row.school or "")) or "" for row in by_limit[limit]}
        for eased in (False, True):
            whose = [one for one in found if one and (parameters.get(one, limit) != limit) == eased]
            if whose:
                limits.append(Limit(by_limit[limit][0], group, tuple(sorted(whose, key=order.index)), eased))
    return tuple(limits)


def _rooms(rows: list[Finding]) -> tuple[tuple[str, int], ...]:
    """Return how many special rooms of each kind are missing, where this is known of every school."""
    if any(_is_unknown(row) or not row.rooms for row in rows):
        return ()
    missing: Counter[str] = Counter()
    for row in rows:
        missing.update({each.kind: each.missing for each in row.rooms})
    return tuple(missing.items())
