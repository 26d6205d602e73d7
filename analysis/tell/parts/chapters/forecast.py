"""What the years to come may bring: enrolment, coefficients that are decided by it, and what of the past pupils did."""

from dataclasses import dataclass, fields
from typing import Any

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.outlook import Gained, foretold, gained
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True, kw_only=True)
class Pupils:
    """All pupils of a stage in the last year that is looked at, with their interval, and this year's."""

    stage: str
    value: float
    low: float
    high: float
    now: float


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A coefficient in the last year that is looked at: its middle and interval, how likely it is within its limit, and
    what pupils and resources do to it."""

    finding: Finding
    value: float
    low: float
    high: float
    probability: float
    by_enrolment: float
    by_amounts: float


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is foretold up to the year `last`; nothing where that is 0.

    `level`: with what probability intervals hold; `least`: a part below which is told no closer; `lost`: how many items
    that are met now are likely not to be next year; `milestones` of the
    plan, and how many of them are likely met; `tried`: how a forecast of a year before held; `assumptions`: ids
    of what is taken for granted.
    """

    last: int
    level: float
    least: float
    enrolment: list[Pupils]
    items: list[Ahead]
    lost: int
    milestones: int
    likely: int
    gained: Gained | None
    tried: dict[str, Any] | None
    assumptions: list[str]


def facts(case: Case) -> Facts:
    """Return what is foretold: coefficients that are not met, or more likely than not won't be; no composite."""
    forecast = foretold(case)
    if forecast is None:
        return Facts(
            last=0,
            level=0,
            least=0,
            enrolment=[],
            items=[],
            lost=0,
            milestones=0,
            likely=0,
            gained=None,
            tried=None,
            assumptions=[],
        )
    last = forecast["years"][-1]
    pupils = [Pupils(**_of(row, Pupils)) for row in forecast["enrolment"] if row["year"] == last]
    items = []
    for row in forecast["values"]:
        finding = case.finding(row["finding"])
        item = ids.parse(row["item"])
        if finding is None or row["year"] != last or item.kind is not Kind.CV or item.name == COMPOSITE:
            continue
        if any(row[name] is None for name in ("value", "probability", "by_enrolment", "by_amounts")):
            continue
        if finding.verdict == Verdict.NOT_MET.value or row["probability"] < 1 / 2:
            items.append(Ahead(**(_of(row, Ahead) | {"finding": finding})))
    most = int(wording.emphasis()["listed"]["forecast"])
    return Facts(
        last=last,
        level=forecast["level"],
        least=wording.emphasis()["moved"],
        enrolment=pupils,
        items=items[:most],
        lost=sum(row["year"] == case.year + 1 for row in forecast["lost"]),
        milestones=len(forecast["milestones"]),
        likely=sum((row["probability"] or 0.0) >= 1 / 2 for row in forecast["milestones"]),
        gained=gained(case),
        tried=forecast["past"]["tried"],
        assumptions=forecast["assumptions"],
    )


def _of(row: dict[str, Any], record: type) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(record) if field.name in row}
