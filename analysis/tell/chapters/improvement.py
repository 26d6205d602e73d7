"""Improvement: changes apart from noise, the pace, and when a limit is reached at that pace."""

import math
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING, Any

from analysis.judge.rounding import exact
from analysis.tell import words
from analysis.tell.changes import counted, moved, retested
from analysis.tell.findings import Finding

if TYPE_CHECKING:
    from analysis.tell.report import Report

#: Largest changes that are told one by one.
LARGEST = 3


@dataclass(frozen=True)
class Pace:
    """A coefficient over its limit: its yearly fall since `first` (None with too few years), the year it is reached."""

    finding: Finding
    first: int
    pace: float | None
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
        falling = slope < 0 and exact(-slope) >= words.emphasis()["moved"] / 2
        years = math.ceil(exact((finding.value - finding.target) / -slope)) if falling else None
        reached = report.year + years if years is not None else None
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


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on improvement says."""
    changes = moved(report)
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
        "paces": paces(report),
        "retested": retested(report)[:LARGEST],
        "failing_years": _failing_years(report),
    }
