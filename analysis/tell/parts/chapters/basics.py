"""What the county is: its schools by type, area and who runs them, pupils, classes and teachers."""

from dataclasses import dataclass

from analysis import ids
from analysis.standards import vocabulary
from analysis.tell.case.case import Case
from analysis.tell.facts.basics import OfStage, Place, of_stages, places, withheld
from analysis.tell.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on the county says: `every` school together and by `types`; `areas` with how many schools lie in
    each, where all say so; `stages` of which some sum is known; `withheld`: they may not be told."""

    overall: Finding | None
    every: Place
    types: tuple[Place, ...]
    areas: list[tuple[str, int]]
    stages: list[OfStage]
    withheld: bool
    has_table: bool


def facts(case: Case) -> Facts:
    """Return what the chapter on the county says."""
    *types, every = places(case)
    whole = sum(every.areas.values()) == every.schools
    return Facts(
        overall=case.finding(ids.OVERALL),
        every=every,
        types=tuple(types),
        areas=[(area, every.areas[area]) for area in vocabulary()["areas"] if area in every.areas] if whole else [],
        stages=[each for each in of_stages(case) if each.told],
        withheld=withheld(case),
        has_table=every.schools > 0,
    )
