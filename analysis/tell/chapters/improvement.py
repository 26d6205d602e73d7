"""Improvement: changes apart from noise, the pace, and when a limit is reached at that pace."""

import math
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING, Any

from analysis.judge.rounding import exact
from analysis.tell import words
from analysis.tell.changes import Retested, counted, moved, retested
from analysis.tell.findings import Finding

if TYPE_CHECKING:
    from analysis.tell.report import Report

#: Largest changes that are told one by one.
LARGEST = 3


@dataclass(frozen=True)
class Pace:
    """A coefficient over its limit: its yearly fall since `first`, and the year in which it is reached, if soon."""

    finding: Finding
    first: int
    pace: float
    reached: int | None


def paces(report: "Report") -> list[Pace]:
    """Return the pace of each coefficient over its limit (Theil-Sen over the years with data)."""
    found = []
    for finding in report.now.where(kind="cv", verdict="not_met"):
        if finding.value is None or finding.target is None or finding.stage is None:
            continue
        series = [
            (year, report.measured.stage(year, finding.stage, finding.indicator or "composite", "cv"))
            for year in report.years
        ]
        known = [(year, value) for year, value in series if value is not None]
        if len(known) < 3:
            continue
        slope = _slope(known)
        years = math.ceil(exact((finding.value - finding.target) / -slope)) if slope < 0 else None
        reached = report.year + years if years is not None and years <= words.emphasis()["horizon"] else None
        found.append(Pace(finding, known[0][0], -slope, reached))
    return found


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the median of the slopes between all pairs of years (Theil 1950, Sen 1968)."""
    return median((b - a) / (later - year) for (year, a), (later, b) in combinations(points, 2))


def _failing_years(report: "Report") -> int:
    """Return how many years running, up to this one and without a gap, the whole was not met."""
    count, year = 0, report.year
    while (found := report.at(year).get("overall.all")) and found.verdict == "not_met":
        count, year = count + 1, year - 1
    return count


@dataclass(frozen=True)
class Rounds:
    """Subjects and grades with a level in two rounds of the monitoring, by what became of it."""

    total: int
    up: int
    down: int
    same: int


def _rounds(again: list[Retested]) -> Rounds:
    steps = [
        (one.now_level.value or 0.0) - one.level for one in again if one.now_level is not None and one.level is not None
    ]
    return Rounds(len(steps), sum(s > 0 for s in steps), sum(s < 0 for s in steps), sum(s == 0 for s in steps))


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on improvement says."""
    changes = moved(report)
    pace = paces(report)
    again = retested(report)
    real = [one for one in changes if one.changed]
    crossed = [one for one in real if one.crossed]
    return {
        "whole": report.now.whole("resources"),
        "before": report.before,
        "better": [one for one in real if one.difference < 0],
        "worse": [one for one in real if one.difference > 0],
        "same": [one for one in changes if not one.changed],
        "threshold": words.emphasis()["moved"] if changes else None,
        "gaps": [year for year in range(report.years[0], report.year) if year not in report.years],
        "counted": [one for one in counted(report) if one.schools_before],
        "crossed": crossed,
        "largest": [one for one in real if not one.crossed][:LARGEST],
        "reached": sorted((one for one in pace if one.reached), key=lambda one: (one.reached or 0, one.finding.id)),
        "stuck": [one for one in pace if not one.reached],
        "horizon": words.emphasis()["horizon"],
        "rule": report.standard.school_rule is not None,
        "retested": [one for one in again if one.failing][:LARGEST],
        "rounds": _rounds(again),
        "quality": "quality.all",
        "failing_years": _failing_years(report),
    }
