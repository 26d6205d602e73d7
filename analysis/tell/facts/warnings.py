"""Early warning: what is met but near its limit, what comes into force soon, what has not been met for years."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis import ids
from analysis.judge.rounding import exact
from analysis.standards import Standard
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording


@dataclass(frozen=True)
class Near:
    """A finding that is met and lies within `near` (emphasis.yml) of its limit: `part` is the margin in parts of the
    limit, `years` how many years running up to this one it is so."""

    finding: Finding
    part: float
    years: int


@dataclass(frozen=True)
class NearSchools:
    """Schools that meet an item and are near its limit in it, the nearest first."""

    item: str
    stage: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Running:
    """A finding that is not met, for `years` years running that have data, since the year `since`."""

    finding: Finding
    years: int
    since: int


def part_of(finding: Finding, standard: Standard) -> float | None:
    """Return the margin of a finding that is met, in parts of its limit; None where it can have none.

    A level has no distance, and a share of which all is asked has no room: whoever meets it stands at its limit.
    """
    if finding.verdict != Verdict.MET or finding.margin is None or finding.value is None or not finding.target:
        return None
    whole = finding.target == 1 and numbers.unit_of(finding, standard) == "share"
    item = standard.items.get(finding.item)
    if item is not None and item.rule in wording.emphasis()["no_margin"]:
        return None
    if whole or finding.kind in (Kind.LEVEL, Kind.SCHOOL_RULE):
        return None
    return exact(abs(finding.margin / finding.target))


def is_near(finding: Finding, standard: Standard) -> bool:
    """Return whether a finding is met and near its limit."""
    part = part_of(finding, standard)
    return part is not None and part <= wording.emphasis()["near"]


def near(case: Case) -> list[Near]:
    """Return what of the county is met and near its limit, the nearest first."""
    near_findings = []
    for finding in case.now:
        if finding.school or finding.kind in ids.BESIDE or not is_near(finding, case.standard):
            continue
        years = running(case, finding.id, lambda each: is_near(each, case.standard))
        near_findings.append(Near(finding, part_of(finding, case.standard) or 0.0, len(years)))
    return sorted(near_findings, key=lambda each: (each.part, each.finding.id))


def near_schools(case: Case) -> list[NearSchools]:
    """Return the schools that meet a floor or limit and are near it, by item and stage, most schools first."""
    by_item: dict[tuple[str, str | None], list[tuple[float, Finding]]] = {}
    for finding in case.now:
        if finding.school and is_near(finding, case.standard):
            part = part_of(finding, case.standard) or 0.0
            by_item.setdefault((finding.item, finding.stage), []).append((part, finding))
    schools = [
        NearSchools(item, stage, tuple(finding for _, finding in sorted(rows, key=lambda row: (row[0], row[1].id))))
        for (item, stage), rows in by_item.items()
    ]
    return sorted(schools, key=lambda school: (-len(school.findings), school.item, school.stage or ""))


def unmet_for_years(case: Case) -> list[Running]:
    """Return what of the county is not met, the longest first; a year without data ends what is certain."""
    running_findings = []
    for finding in case.now:
        if finding.school or finding.kind in ids.BESIDE or finding.verdict != Verdict.NOT_MET:
            continue
        years = running(case, finding.id, lambda each: each.verdict == Verdict.NOT_MET)
        running_findings.append(Running(finding, len(years), years[-1]))
    return sorted(running_findings, key=lambda run: -run.years)


def running(case: Case, id: str, holds: Callable[[Finding], bool]) -> list[int]:
    """Return the years up to this one in which a finding does something, latest first, none between them left out."""
    years: list[int] = []
    year = case.year
    while (earlier := case.at(year).get(id)) is not None and holds(earlier):
        years.append(year)
        year -= 1
    return years
