"""All pupils of a stage, and floors that schools newly meet: which of them only because pupils left."""

from fractions import Fraction

from verification.rules import fraction
from verification.worked.case import Case
from verification.worked.stages import STAGES


def taught(case: Case, stage: str) -> int:
    """Return the pupils of a stage, whether their schools count or not."""
    return int(sum((one.pupils or Fraction(0) for one in case.now.places if one.stage == stage), Fraction(0)))


def gained(case: Case) -> tuple[int, int]:
    """Return how many floors are met now and were not in the first year, and how many of them would not be with the
    enrolment of then."""
    first, now = case.at(case.years[0]), case.now
    places = {(one.stage, one.school): one for one in now.places if not one.out}
    before = {(one.stage, one.school): one for one in first.places if not one.out}
    number = leaving = 0
    for name in case.standard.indicators:
        for stage in STAGES:
            for key, place in places.items():
                id = f"resources.floor_{name}.{stage}.{key[1]}"
                met, was = now.findings.get(id), first.findings.get(id)
                if key[0] != stage or not met or not was or (met.verdict, was.verdict) != ("met", "not_met"):
                    continue
                number += 1
                amount, pupils = place.amounts[name], before[key].pupils
                if amount is None or not pupils or met.target is None:
                    raise LookupError(id)
                leaving += amount / pupils * fraction(case.standard.indicators[name]["per"]) < met.target
    return number, leaving
