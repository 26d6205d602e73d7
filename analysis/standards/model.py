"""A standard as frozen data: what its YAML may hold, and the value that is in force at a date."""

import math
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from analysis.standards.basis import Frozen, Label, Name
from analysis.standards.dated import Dated, Schedule, StageSchedules, State, coming, in_force
from analysis.standards.items import Item, Target
from analysis.standards.known_ids import Area, RunBy, SchoolType, Unit, known
from analysis.standards.monitoring import Monitoring, Recognition
from analysis.standards.practice import Adjustment, Practice
from analysis.tables import Stage

#: The most days that each month has.
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: The levels whose pupils weigh in a split; senior pupils are not judged.
Level = Literal["primary", "junior", "senior"]


class Indicator(Frozen):
    """One resource indicator: amount over pupils, times `per`; floors and coefficient limits by stage.

    An indicator that does not count stands beside the school rule. `term` is its name in full within a sentence (the
    label where it has none), `counted` what a missing amount is called where that is not the short name; `adjusted`
    what other columns add to the amount, or take from it.
    """

    label: Label
    short: Label
    term: Label | None = None
    counted: Label | None = None
    amount: Name
    by_stage: bool
    per: Literal[1, 100]
    unit: Unit
    decimals: int = Field(ge=0, le=6)
    article: str = ""
    counts: bool = True
    adjusted: tuple[Adjustment, ...] = ()
    floor: StageSchedules | None = None
    cv: StageSchedules | None = None


class SchoolRule(Frozen):
    """Which indicators a school must meet: at least `must_meet`, each other at `rest_part` of its floor."""

    must_meet: int = Field(ge=1)
    rest_part: float = Field(ge=0, le=1)
    schools: Target
    article: str = ""


class ScopeRule(Frozen):
    """Schools that a standard leaves out, all conditions together, with the id of the reason."""

    reason: Annotated[Name, known("scope_reasons")]
    school_type: tuple[SchoolType, ...] = ()
    run_by: tuple[RunBy, ...] = ()
    area: tuple[Area, ...] = ()
    pupils_below: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some_condition(self) -> Self:
        if not (self.school_type or self.run_by or self.area or self.pupils_below):
            raise ValueError("a scope rule needs school_type, run_by, area or pupils_below")
        return self


class Note(Frozen):
    """Something to tell beside items of the standard: a contradiction in the text, or what it leaves open."""

    about: tuple[Name, ...] = ()
    text: Label
    lines: str = ""


class Phase(Frozen):
    """A part of a plan's time, both days included."""

    label: Label
    since: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.until < self.since:
            raise PydanticCustomError("dates_disorder", "{day} lies before its beginning", {"day": str(self.until)})
        return self


class Deadline(Frozen):
    """A day of every year on which something is due.

    `document` is where it stands where that is not the standard's own; `sure` says how well that is known.
    """

    label: Label
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    document: str = ""
    article: str = ""
    sure: Literal["sure", "likely", "local"] = "sure"

    @model_validator(mode="after")
    def _in_month(self) -> Self:
        if self.day > LONGEST[self.month - 1]:
            raise PydanticCustomError(
                "date_impossible", "month {month} has no day {day}", {"month": self.month, "day": self.day}
            )
        return self


class Regional(Frozen):
    """What a plan asks of a region: how many of its counties are to meet the standard, from which day on.

    `counties`: how many the region has by the plan's text; None where it does not say.
    """

    counties: int | None = Field(default=None, gt=0)
    schedule: Schedule
    article: str = ""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        most = math.inf if self.counties is None else self.counties
        for value in (entry.value for entry in self.schedule if entry.value is not None):
            if not 0 <= value <= most or value != int(value):
                raise PydanticCustomError(
                    "value_impossible", "no {unit} can be {value}", {"unit": "counties", "value": value}
                )
        return self


class Certificate(Frozen):
    """When a certificate is at risk: so many years running below the standard after the year it was given in."""

    years_below: int = Field(ge=1)
    article: str = ""


class Standard(Frozen):
    """One framework, or one plan on top of a framework, whole; see docs/architecture.md for how it is read."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    name: Label
    title: Label
    extends: str | None = None
    document: str
    since: date = Field(alias="from")
    school_types: dict[SchoolType, dict[Level, Annotated[float, Field(gt=0)]]]
    scope: tuple[ScopeRule, ...]
    school_rule: SchoolRule | None
    composite: Target | None
    indicators: dict[Name, Indicator] = Field(min_length=1)
    monitoring: Monitoring | None
    recognition: Recognition | None
    items: dict[Name, Item]
    grades: dict[Stage, tuple[int, ...]]
    statistics_lag: int = Field(default=0, ge=0)
    certificate: Certificate | None = None
    regional: Regional | None = None
    notes: tuple[Note, ...] = ()
    phases: tuple[Phase, ...] = ()
    calendar: tuple[Deadline, ...] = ()
    steps: tuple[Label, ...] = ()
    duty_holders: dict[Name, Label] = Field(default_factory=dict)
    practice: tuple[Practice, ...] = ()

    @model_validator(mode="after")
    def _rule_fits(self) -> Self:
        counting = sum(indicator.counts and indicator.floor is not None for indicator in self.indicators.values())
        if self.school_rule and self.school_rule.must_meet > counting:
            raise ValueError(f"school_rule.must_meet is {self.school_rule.must_meet} of {counting} indicators")
        return self

    @model_validator(mode="after")
    def _tested_grades_fit(self) -> Self:
        known = {grade for grades in self.grades.values() for grade in grades}
        for name, subject in (self.monitoring.subjects if self.monitoring else {}).items():
            if unknown := sorted(set(subject.grades) - known):
                raise ValueError(f"monitoring.subjects.{name}.grades: {unknown[0]} is no grade of {sorted(known)}")
        return self

    def veto(self, item: str) -> bool:
        """Return whether an item is a veto."""
        return item in self.items and self.items[item].breach is not None

    def value_at(self, schedule: tuple[Dated, ...], day: date) -> tuple[State, float | None]:
        """Return state and value of `schedule` on `day`, undated entries holding from the standard's own date."""
        return in_force(schedule, self.since, day)

    def coming_at(self, schedule: tuple[Dated, ...], day: date) -> float | None:
        """Return the first value of `schedule` that comes into force after `day`; None where none does."""
        return coming(schedule, self.since, day)
