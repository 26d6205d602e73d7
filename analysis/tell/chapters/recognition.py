"""Social recognition: overall and by group, each with its Wilson interval."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge.rounding import exact
from analysis.statistics.intervals import wilson
from analysis.tables import Stage
from analysis.tell import words

if TYPE_CHECKING:
    from analysis.tell.report import Report


@dataclass(frozen=True)
class Asked:
    """A group (or all): questionnaires, the share satisfied and its 95 % Wilson interval; `below` its floor."""

    group: str
    asked: int
    satisfied: int
    share: float
    low: float
    high: float
    below: bool


def groups(report: "Report") -> tuple[list[Asked], list[str]]:
    """Return the groups asked this year, lowest first, and those too small to show in this report.

    To the public a group of fewer than ten questionnaires is hidden, and where one alone would be, the next smallest
    too: the total less the others would give it away.
    """
    finding = report.finding("recognition.recognition")
    floor = finding.target if finding else None
    rows = report.records.survey.filter((pl.col("year") == report.year) & (pl.col("asked") > 0)).sort("asked", "group")
    limit = words.emphasis()["suppress_below"]
    hidden: list[str] = []
    if report.public:
        small = rows.filter(pl.col("asked") < limit).height
        hidden = rows.head(max(small, 2) if small else 0)["group"].to_list()
    shown = rows.filter(~pl.col("group").is_in(hidden))
    low, high = wilson(shown["satisfied"].to_numpy(), shown["asked"].to_numpy())
    found = [
        Asked(
            group, asked, satisfied, satisfied / asked, float(a), float(b),
            floor is not None and exact(satisfied / asked) < floor,
        )
        for (group, asked, satisfied), a, b in zip(
            shown.select("group", "asked", "satisfied").iter_rows(), low, high, strict=True
        )
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.share, one.group)), hidden


def overall(report: "Report") -> Asked | None:
    """Return all groups together, where questionnaires count alike."""
    rows = report.records.survey.filter(pl.col("year") == report.year)
    rule = report.standard.recognition
    if rule is None or rule.weighting != "pooled":
        return None
    counted = rows.filter(pl.col("group").is_in(list(rule.groups)))
    asked, satisfied = int(counted["asked"].sum()), int(counted["satisfied"].sum())
    if not asked:
        return None
    low, high = wilson([satisfied], [asked])
    return Asked("all", asked, satisfied, satisfied / asked, float(low[0]), float(high[0]), below=False)


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on recognition says."""
    rule = report.standard.recognition
    finding = next(iter(report.now.where(item="recognition")), None)
    shown, hidden = groups(report)
    asked = {one.group for one in shown} | set(hidden)
    floor = finding.target if finding else None
    if floor is None and rule and rule.target:
        floor = next((value.value for value in rule.target.values[Stage.PRIMARY] if value.value is not None), None)
    return {
        "whole": report.now.whole("recognition"),
        "finding": finding,
        "overall": overall(report),
        "groups": shown,
        "below": [one for one in shown if one.below],
        "asked": list(rule.groups) if rule else [],
        "lacking": [one for one in rule.groups if one not in asked] if rule else [],
        "weighting": rule.weighting if rule else "",
        "floor": floor,
        "suppressed": bool(hidden),
    }
