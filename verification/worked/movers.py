"""What moved a coefficient since the year before: a few schools, the level of all others, or many at once."""

from dataclasses import dataclass
from fractions import Fraction

from verification.worked.case import Case
from verification.worked.dispersion import Coefficient, Pairs, coefficient, known, pairs

#: What counts as a movement, how many schools are named, and what they make of it at least.
MOVED, NAMED, PART = Fraction(1, 100), 2, Fraction(1, 2)


@dataclass(frozen=True)
class Moved:
    """One coefficient in two years."""

    stage: str
    indicator: str
    before: Fraction
    now: Fraction

    @property
    def difference(self) -> Fraction:
        """Return by how much it moved."""
        return self.now - self.before

    @property
    def changed(self) -> bool:
        """Whether that counts."""
        return abs(self.difference) >= MOVED


@dataclass(frozen=True)
class Cause:
    """`movers` make half of it; else `without` is the school beside which the level of all others does; else neither.

    `along` and `against` count schools by the way in which their own change works.
    """

    movers: tuple[str, ...]
    without: str
    along: int
    against: int


def moved(case: Case) -> list[Moved]:
    """Return all coefficients that both years have, the largest movement first."""
    found = []
    for one in case.now.findings.values():
        if not one.item.startswith("cv_") or one.value is None or case.before is None:
            continue
        before = case.before.findings.get(one.id)
        decided = ("met", "not_met")
        if before is None or before.value is None or one.verdict not in decided or before.verdict not in decided:
            continue
        found.append(Moved(one.stage, one.item.removeprefix("cv_"), before.value, one.value))
    return sorted(found, key=lambda one: (-abs(one.difference), f"resources.cv_{one.indicator}.{one.stage}"))


def both(case: Case, one: Moved) -> tuple[Pairs, Pairs]:
    """Return amounts and pupils of this year and of the year before."""
    assert case.before is not None
    return pairs(case.now.places, one.indicator, one.stage), pairs(case.before.places, one.indicator, one.stage)


def _cv(held: Pairs) -> Fraction | None:
    found = coefficient(held)
    return found.cv if found and found.schools > 1 else None


def _put_back(now: Pairs, before: Pairs, schools: set[str]) -> Fraction | None:
    kept = {school: one for school, one in now.items() if school not in schools}
    return _cv({**kept, **{school: before[school] for school in schools if school in before}})


def cause(case: Case, one: Moved) -> Cause:
    """Return what moved a coefficient."""
    now, before = both(case, one)
    whole = coefficient(now)
    assert whole is not None
    sign = 1 if one.difference > 0 else -1
    own = {}
    for school in sorted({*now, *before}):
        back = _put_back(now, before, {school})
        own[school] = (one.now - back) * sign if back is not None else Fraction(0)
    half = PART * abs(one.difference)
    first = [school for school in sorted(own, key=lambda each: (-own[each], each))[:NAMED] if own[school] > 0]
    movers: tuple[str, ...] = ()
    for many in range(1, len(first) + 1):
        back = _put_back(now, before, set(first[:many]))
        if back is not None and (one.now - back) * sign >= half:
            movers = tuple(first[:many])
            break
    without = "" if movers else _level(now, before, whole, one.now, sign, half)
    return Cause(movers, without, sum(x > 0 for x in own.values()), sum(x < 0 for x in own.values()))


def _level(now: Pairs, before: Pairs, whole: Coefficient, cv: Fraction, sign: int, half: Fraction) -> str:
    """Return the farthest school where the level of all others alone makes half of the movement, else ""."""
    if known(now).keys() != known(before).keys():
        return ""
    far = max(sorted(whole.parts), key=lambda school: whole.parts[school])
    rest = [school for school in known(now) if school != far]
    means = [coefficient({school: held[school] for school in rest}) for held in (before, now)]
    if means[0] is None or means[1] is None or not means[1].mean:
        return ""
    scale = means[0].mean / means[1].mean
    levelled = _cv({s: (x * scale if s in rest and x is not None else x, p) for s, (x, p) in now.items()})
    return far if levelled is not None and (cv - levelled) * sign >= half else ""


def others(case: Case, one: Moved, without: str) -> tuple[int, Fraction, Fraction]:
    """Return how many the others are, and their mean per pupil before and now."""
    now, before = both(case, one)
    means = []
    for held in (before, now):
        found = coefficient({school: pair for school, pair in held.items() if school != without})
        assert found is not None
        means.append(found)
    return means[1].schools, means[0].mean, means[1].mean
