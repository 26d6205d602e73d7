"""How far 'met' can be trusted: how many overstated reports would turn it."""

from dataclasses import dataclass

from analysis import ids
from analysis.judge import fragile
from analysis.judge.fragile import Fragile
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True)
class Trust:
    """What an overstatement by `error` does to the verdict on the resources.

    `alone`: how many schools turn it each by itself; `least`: how many together at least, None where no set does.
    """

    error: float
    alone: int
    least: int | None


def fragile_of(case: Case, error: float) -> list[Fragile]:
    """Return how fragile each verdict 'met' of a case is (judge.fragile)."""
    return fragile.fragile(case.measurements, case.findings, case.records, case.standard, case.county, case.year, error)


@once
def trust(case: Case) -> list[Trust]:
    """Return how far the verdict on the resources can be trusted, by the overstatements of judge/fragile.yml.

    Empty where it is not met, where a part of it is not reckoned with, and to the public where a school is hidden: how
    many would turn it tells of that one too.
    """
    whole = case.finding(ids.whole(Field.RESOURCES))
    if whole is None or whole.verdict != Verdict.MET.value or _hides(case):
        return []
    levels = []
    for error in fragile.settings()["told"]:
        row = next((row for row in fragile_of(case, error) if row.finding == whole.id), None)
        if row is None or row.note:
            return []
        levels.append(Trust(error, len(row.alone), row.low))
    return levels


def _hides(case: Case) -> bool:
    return any(case.hides(stage, case.year) for stage in case.stage_ids)
