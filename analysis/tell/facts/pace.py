"""How fast coefficients and the targets of a plan move: the pace so far, the pace still needed, the year of arrival."""

import math
from dataclasses import dataclass

from analysis.judge.rounding import exact
from analysis.statistics import trend
from analysis.tables import DECIDED, Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.plan_targets import Milestone
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The year in which something is reached, None where that lies beyond the horizon; `earliest` and `latest` are
    the same at the ends of the pace's 95 % interval."""

    reached: int | None
    earliest: int | None
    latest: int | None

    @property
    def sooner(self) -> bool:
        """Whether it may be reached in an earlier year."""
        return self.earliest is not None and self.reached is not None and self.earliest < self.reached

    @property
    def later(self) -> bool:
        """Whether it may be reached in a later year, or not within the horizon."""
        return self.latest is None or (self.reached is not None and self.latest > self.reached)


@dataclass(frozen=True, kw_only=True)
class Pace(Arrival):
    """A coefficient over the years with data: `first` year and value, and the yearly change since (Theil-Sen).

    `pace` is None where fewer than `pace` years (emphasis.yml) are known. `reached` is the year in which the limit is
    reached at that pace: this year where it is met, None where the pace leads away from it too. `recent` is the fall
    since the year before, by `moved` or more, None where there was none; `at_recent` the year of arrival at that.
    """

    finding: Finding
    first: int
    start: float
    pace: float | None
    recent: float | None
    at_recent: int | None


@dataclass(frozen=True, kw_only=True)
class Ahead(Arrival):
    """A milestone that is to come and not yet reached: the yearly change it still needs, and the change so far."""

    milestone: Milestone
    finding: Finding
    needed: float
    pace: float | None


def paces(case: Case) -> list[Pace]:
    """Return the pace of each coefficient that a limit judges, in the order of the findings."""
    pace_list = []
    for finding in case.now.where(kind=Kind.CV):
        if finding.value is None or finding.target is None or finding.stage is None:
            continue
        if finding.verdict not in DECIDED:
            continue
        series = {
            year: value
            for year in case.years
            if (value := case.measured.stage(year, finding.stage, finding.indicator or "composite", "cv")) is not None
        }
        ahead = trend.outlook(list(series), list(series.values()), finding.target, case.year, at_least=False)
        first = min(series)
        pace = ahead.pace.pace if len(series) >= wording.emphasis()["pace"] else None
        reached, earliest, latest = (_within(case, year) for year in (ahead.reached, ahead.earliest, ahead.latest))
        recent = _recent(series, case.year)
        soon = case.year + math.ceil(exact((finding.value - finding.target) / -recent)) if recent else math.inf
        pace_list.append(
            Pace(
                finding=finding,
                first=first,
                start=series[first],
                pace=pace,
                reached=reached,
                earliest=earliest,
                latest=latest,
                recent=recent,
                at_recent=_within(case, soon),
            )
        )
    return pace_list


def compared(case: Case) -> list[Pace]:
    """Return the paces of the coefficients that the first year already had, where there is a year before this one."""
    lines = paces(case)
    first = min((line.first for line in lines), default=case.year)
    return [line for line in lines if line.first == first != case.year] if case.before is not None else []


def _recent(series: dict[int, float], year: int) -> float | None:
    """Return the change since the year before where it is a fall that counts."""
    if year - 1 not in series:
        return None
    change = series[year] - series[year - 1]
    return change if exact(-change) >= wording.emphasis()["moved"] else None


def ahead_of(case: Case, milestones: list[Milestone]) -> list[Ahead]:
    """Return what the milestones to come that have a figure and are not reached yet still need, in their order."""
    ahead_list = []
    for milestone in milestones:
        now = milestone.finding
        sense = numbers.sense_of(now, case.standard) if now else None
        if (
            not milestone.coming
            or milestone.floors
            or now is None
            or now.value is None
            or now.target is None
            or sense is None
        ):
            continue
        by_year = {
            year: row.value for year in case.years if (row := case.at(year).get(now.id)) and row.value is not None
        }
        at_least = sense.value in {"at_least", "above"}
        ahead = trend.outlook(list(by_year), list(by_year.values()), now.target, milestone.day.year, at_least=at_least)
        if not math.isfinite(ahead.needed) or ahead.needed == 0:
            continue
        pace = ahead.pace.pace if len(by_year) >= wording.emphasis()["pace"] else None
        reached, earliest, latest = (_within(case, year) for year in (ahead.reached, ahead.earliest, ahead.latest))
        ahead_list.append(
            Ahead(
                milestone=milestone,
                finding=now,
                needed=ahead.needed,
                pace=pace,
                reached=reached,
                earliest=earliest,
                latest=latest,
            )
        )
    return ahead_list


def _within(case: Case, year: float) -> int | None:
    soon = math.isfinite(year) and year <= case.year + wording.emphasis()["horizon"]
    return int(year) if soon else None
