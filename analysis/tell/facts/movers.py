"""What moved a coefficient: a few schools, the level of all but one, or many schools at once.

What a school did is measured by its own change: the coefficient of this year less what it would be had the school kept
last year's amount and pupils. Its part of the variance tells nothing of that, for it moves with the county's mean too.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from analysis.judge.rounding import DIGITS, shown
from analysis.measure import whatif
from analysis.statistics.arrays import Bools, Floats
from analysis.statistics.dispersion import coefficient
from analysis.tell.case.case import Case
from analysis.tell.language import wording


class State(StrEnum):
    """Whether a school counts in both years: else the statistics have it in one alone (new, gone), or it is in scope
    with a known amount in one alone (counted, uncounted)."""

    BOTH = "both"
    NEW = "new"
    GONE = "gone"
    COUNTED = "counted"
    UNCOUNTED = "uncounted"


@dataclass(frozen=True)
class Mover:
    """A school that worked the way the whole went: `own` is the coefficient less that with this school put back."""

    school: str
    own: float
    state: State


@dataclass(frozen=True)
class Others:
    """All schools but `without`, the one with the largest share of the difference: their number and mean in two
    years, on what the indicator is counted. `unit` is the indicator's, `places` so many that the means read apart."""

    without: str
    schools: int
    before: float
    now: float
    unit: str
    places: int


@dataclass(frozen=True)
class Cause:
    """What made at least `mover_part` (emphasis.yml) of a change: `movers`, else the level of `others`, else neither.

    `along` and `against` count the schools whose own change works the way the whole went, and the other way.
    """

    movers: tuple[Mover, ...]
    others: Others | None
    along: int
    against: int


def cause(case: Case, stage: str, indicator: str, difference: float) -> Cause | None:
    """Return what moved a coefficient by `difference`; None where a school is hidden, or the coefficient is of several
    indicators."""
    before = case.before
    if indicator not in case.standard.indicators or before is None:
        return None
    if case.hides(stage, case.year) or case.hides(stage, before):
        return None
    inside = case.stages.filter((pl.col("stage") == stage) & pl.col("in_scope"))
    this, last = (inside.filter(pl.col("year") == year) for year in (case.year, before))
    both = whatif.schools(this, last, indicator)
    now = coefficient(both.amount, both.pupils)
    places = np.arange(len(both.school))
    own = now.cv - np.array([both.put_back(places == place) for place in places])
    own = np.nan_to_num(own) * np.sign(difference)
    half = wording.emphasis()["mover_part"] * abs(difference)
    first = [place for place in np.argsort(-own, kind="stable")[: wording.emphasis()["movers"]] if own[place] > 0]
    movers: tuple[Mover, ...] = ()
    for many in range(1, len(first) + 1):
        if (now.cv - both.put_back(np.isin(places, first[:many]))) * np.sign(difference) >= half:
            movers = tuple(
                Mover(both.school[place], float(own[place] * np.sign(difference)), _state(case, both, stage, place))
                for place in first[:many]
            )
            break
    others = None if movers else _others(case, both, indicator, now.shares, difference, half)
    return Cause(movers, others, int((own > 0).sum()), int((own < 0).sum()))


def _state(case: Case, both: whatif.Schools, stage: str, place: int) -> State:
    counts, counted = (bool(finding[place]) for finding in both.counted)
    if counts and counted:
        return State.BOTH
    rows = case.stages.filter(school=both.school[place], stage=stage, year=case.before if counts else case.year)
    if counts:
        return State.NEW if rows.is_empty() else State.COUNTED
    return State.GONE if rows.is_empty() else State.UNCOUNTED


def _others(
    case: Case, both: whatif.Schools, indicator: str, shares: Floats, difference: float, half: float
) -> Others | None:
    """Return all schools but the farthest where their mean per pupil alone makes `half`, and they are the same ones."""
    counts, counted = both.counted
    if bool((counts != counted).any()):
        return None
    place = int(np.nanargmax(shares))
    rest: Bools = counts & (np.arange(len(counts)) != place)
    before, now = both.mean(rest)
    if before <= 0 or now <= 0:
        return None
    level = coefficient(both.amount, both.pupils).cv - both.levelled(rest)
    if not level * np.sign(difference) >= half:
        return None
    known = case.standard.indicators[indicator]
    levels = before * known.per, now * known.per
    return Others(both.school[place], int(rest.sum()), *levels, known.unit, _places(*levels, known.decimals))


def _places(before: float, now: float, decimals: int) -> int:
    """Return the decimals of an indicator, or as many more as tell two levels of it apart."""
    apart = (n for n in range(decimals, DIGITS) if shown(before, None, n, None) != shown(now, None, n, None))
    return next(apart, DIGITS)
