"""Futures measured and judged, all paths at once on arrays; tests hold them to the ordinary judge, path by path.

Amounts are split between stages, and schools counted or left out, by measure.stage_rows; a school's amounts all change
by one factor, so what a stage has of them does too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis import ids
from analysis.clean.records import ASIDE, Records
from analysis.forecast.futures import Futures, Past, rows_of
from analysis.judge import frames, rounding
from analysis.measure import COMPOSITE, stage_rows
from analysis.standards import Sense, Standard, State
from analysis.tables import Stage

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
#: Values that differ by less than this part of their target compare as equal (judge.rounding).
EQUAL = 0.5 * 10.0 ** (1 - rounding.DIGITS)


@dataclass(frozen=True)
class Judged:
    """One item by path and year: its value, and 1 where it is met, 0 where not, NaN where that is open."""

    target: Array
    value: Array
    met: Array


@dataclass(frozen=True)
class Evaluated:
    """One stage of a county: paths x years x schools; the first path is the one without chance.

    `values` per pupil (or per so many) by indicator, NaN where they are not known; `counts` whether a school is in
    scope; `floors` by indicator and year, NaN where none is in force.
    """

    stage: str
    standard: Standard
    years: tuple[int, ...]
    schools: tuple[str, ...]
    pupils: Array
    counts: Bools
    amounts: dict[str, Array]
    targets: dict[str, Array]

    def value(self, indicator: str) -> Array:
        """Return the value of an indicator by path, year and school; NaN where it is not known, or out of scope."""
        with np.errstate(divide="ignore", invalid="ignore"):
            each = self.amounts[indicator] / self.pupils * self.standard.indicators[indicator].per
        return np.where(self.counts & np.isfinite(each), each, np.nan)

    def mean(self, indicator: str) -> Array:
        """Return the stage's mean by path and year."""
        return self._moments(indicator)[0] * self.standard.indicators[indicator].per

    def _moments(self, indicator: str) -> tuple[Array, Array, Array]:
        """Return mean per pupil, coefficient, and how many schools count, by path and year."""
        amount = self.amounts[indicator]
        known = self.counts & np.isfinite(amount) & (self.pupils > 0)
        x, p = np.where(known, amount, 0.0), np.where(known, self.pupils, 0.0)
        total = p.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = x.sum(axis=2) / total
            apart = np.where(known, x / np.where(known, p, 1.0) - mean[:, :, None], 0.0)
            cv = np.sqrt((p * apart**2).sum(axis=2) / total) / mean
        return mean, cv, known.sum(axis=2)

    def coefficient(self, indicator: str) -> Judged:
        """Return the coefficient of an indicator, which one school alone has not."""
        _, cv, schools = self._moments(indicator)
        value = np.where(schools > 1, cv, np.nan)
        target = self.targets[ids.cv(indicator)]
        return Judged(target, value, _met(value, target[None], Sense.AT_MOST))

    def floor(self, indicator: str) -> Judged:
        """Return the values of schools against the floor of an indicator."""
        value, target = self.value(indicator), self.targets[ids.floor(indicator)]
        return Judged(target, value, _met(value, target[None, :, None], Sense.AT_LEAST))

    def rule(self) -> Array:
        """Return whether each school meets the school rule: 1, 0, NaN where that is open or it is not in scope."""
        rule = self.standard.school_rule
        assert rule is not None
        counting = [
            name for name, indicator in self.standard.indicators.items() if indicator.counts and indicator.floor
        ]
        floors = [self.floor(name) for name in counting]
        met = np.array([floor.met for floor in floors])
        part = [_met(floor.value, rule.rest_part * floor.target[None, :, None], Sense.AT_LEAST) for floor in floors]
        near = np.array(part)
        sure, possible = (met == 1).sum(axis=0), (met != 0).sum(axis=0)
        certain = (sure >= rule.must_meet) & (near == 1).all(axis=0)
        excluded = (possible < rule.must_meet) | (near == 0).any(axis=0)
        judged = np.where(certain, 1.0, np.where(excluded, 0.0, np.nan))
        return np.where(self.counts, judged, np.nan)

    def share(self) -> Judged:
        """Return the share of schools that meet the rule for certain."""
        assert self.standard.school_rule is not None
        rule, sense = self.rule(), self.standard.school_rule.schools.sense
        number = self.counts.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            least = (rule == 1).sum(axis=2) / number
            most = (self.counts & (rule != 0)).sum(axis=2) / number
        target = self.targets["schools"]
        certain, possible = _met(least, target[None], sense), _met(most, target[None], sense)
        return Judged(target, least, np.where(certain == 1, 1.0, np.where(possible == 0, 0.0, np.nan)))

    def items(self) -> Iterator[tuple[str, Judged]]:
        """Yield the stage's items with what they come to: share of schools, coefficients, their composite."""
        if self.standard.school_rule is not None:
            yield "schools", self.share()
        for name, indicator in self.standard.indicators.items():
            if indicator.cv:
                yield ids.cv(name), self.coefficient(name)
        if self.standard.composite is not None:
            yield ids.cv(COMPOSITE), self._composite(self.standard.composite.sense)

    def _composite(self, sense: Sense) -> Judged:
        """Return the plain mean of all coefficients, NaN where one is missing."""
        each = []
        for name in self.standard.indicators:
            _, cv, schools = self._moments(name)
            each.append(np.where(schools > 1, cv, np.nan))
        value, target = np.mean(each, axis=0), self.targets[ids.cv(COMPOSITE)]
        return Judged(target, value, _met(value, target[None], sense))


def _met(value: Array, target: Array, sense: Sense) -> Array:
    """Return 1 where a value meets its target, 0 where not, NaN where one of them is not known."""
    room = np.abs(target) * EQUAL
    with np.errstate(invalid="ignore"):
        holds = {
            Sense.AT_LEAST: value >= target - room,
            Sense.AT_MOST: value <= target + room,
            Sense.BELOW: value < target - room,
            Sense.ABOVE: value > target + room,
        }[sense]
    return np.where(np.isfinite(value) & np.isfinite(target), holds.astype(float), np.nan)


def evaluated(
    records: Records, standard: Standard, past: Past, ahead: Futures, *, amounts: bool = True
) -> dict[str, Evaluated]:
    """Return each stage that has schools, by its name; without `amounts` these stay as they are now."""
    rows = stage_rows(rows_of(past, ahead, amounts=False).drop(ASIDE, strict=False), standard)
    paths, years = next(iter(ahead.pupils.values())).shape[:2]
    place_of = {code: place for place, code in enumerate(past.grades.schools)}
    result = {}
    for stage in Stage:
        part = rows.filter(stage=stage.value)
        if part.is_empty():
            continue
        shape = (paths, years, part.height // (paths * years))
        schools = part["school"].head(shape[2]).to_list()
        places = [place_of[code] for code in schools]
        grown = {
            name: part[name].cast(pl.Float64).to_numpy().reshape(shape)
            * (ahead.factors[name][:, :, places] if amounts else 1.0)
            for name in standard.indicators
        }
        result[stage.value] = Evaluated(
            stage.value,
            standard,
            ahead.years,
            tuple(schools),
            part["pupils"].cast(pl.Float64).to_numpy().reshape(shape),
            part["in_scope"].to_numpy().reshape(shape),
            grown,
            _targets(standard, stage, ahead.years),
        )
    return result


def _targets(standard: Standard, stage: Stage, years: tuple[int, ...]) -> dict[str, Array]:
    """Return the target of each floor, coefficient and of the share of schools by year, NaN where none is in force."""
    entries = {ids.floor(name): indicator.floor for name, indicator in standard.indicators.items() if indicator.floor}
    entries |= {ids.cv(name): indicator.cv for name, indicator in standard.indicators.items() if indicator.cv}
    if standard.school_rule is not None:
        entries["schools"] = standard.school_rule.schools.values
    if standard.composite is not None:
        entries[ids.cv(COMPOSITE)] = standard.composite.values
    days = {year: frames.day_of(year) for year in years}
    targets = frames.targets(standard, entries, days).filter(stage=stage.value)
    known = {
        (row["indicator"], row["year"]): row["target"]
        for row in targets.iter_rows(named=True)
        if row["state"] == State.SET.value and row["target"] is not None
    }
    return {name: np.array([known.get((name, year), np.nan) for year in years]) for name in entries}
