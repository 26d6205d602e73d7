"""A standard as frozen data: what its YAML may hold, and the value that is in force at a date."""

import math
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from analysis.standards import rules, terms
from analysis.standards.basis import Frozen, Label, Name, Sense
from analysis.standards.dated import Dated, Schedule, StageSchedules, State, coming, in_force
from analysis.standards.practice import Adjustment, Beside, Practice
from analysis.tables import Stage

#: The most days that each month has.
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: The rule that makes a figure of what a county counts.
COUNTS = "county_counts"
#: The levels whose pupils weigh in a split; senior pupils are not judged.
Level = Literal["primary", "junior", "senior"]


def _known(group: str) -> AfterValidator:
    """Return a check that an id is one that readers have words for."""

    def check(name: str) -> str:
        if name not in terms.known(group):
            raise PydanticCustomError(
                "term_unknown", "not a known id of {group}", {"group": group, "expected": ", ".join(terms.known(group))}
            )
        return name

    return AfterValidator(check)


Unit = Annotated[Name, _known("units")]
SchoolType = Annotated[Name, _known("school_types")]
RunBy = Annotated[Name, _known("run_by")]
Area = Annotated[Name, _known("areas")]


class Target(Frozen):
    """A dated target of an item, with its sense and unit; `values` may differ by stage.

    `most` is the largest value that there can be, such as the points of a score; that of a share is 1.
    """

    sense: Sense
    unit: Unit
    values: StageSchedules
    most: float | None = None
    article: str = ""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        most = 1.0 if self.unit == "share" and self.most is None else self.most
        for schedule in self.values.values():
            for entry in schedule:
                if entry.value is not None and (entry.value < 0 or (most is not None and entry.value > most)):
                    raise PydanticCustomError(
                        "value_impossible", "no {unit} can be {value}", {"unit": self.unit, "value": entry.value}
                    )
        return self


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

    reason: Annotated[Name, _known("scope_reasons")]
    school_type: tuple[SchoolType, ...] = ()
    run_by: tuple[RunBy, ...] = ()
    area: tuple[Area, ...] = ()
    pupils_below: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some_condition(self) -> Self:
        if not (self.school_type or self.run_by or self.area or self.pupils_below):
            raise ValueError("a scope rule needs school_type, run_by, area or pupils_below")
        return self


class SubjectRule(Frozen):
    """When a subject is monitored, in which grades it is tested, and whether its result is judged."""

    round_year: int = Field(ge=1)
    grades: tuple[int, ...]
    concerned: bool


class Rounds(Frozen):
    """The cycle of the national monitoring: its first year and the years of one round."""

    start: int
    years: int = Field(ge=1)


class SharesRule(Frozen):
    """A county's level is the highest that at least `share` of its pupils reach."""

    share: float = Field(gt=0, le=1)


class OwnTests(Frozen):
    """When a county's own test decides nothing: more than the part `crowded` of its pupils on one end of the scores."""

    crowded: float = Field(gt=0, le=1)


class Monitoring(Frozen):
    """What is asked of the national monitoring."""

    window_years: int = Field(ge=1)
    rounds: Rounds
    subjects: dict[Name, SubjectRule]
    assumed: bool
    level: Target
    rate: Target
    level_from_shares: SharesRule | None
    own_tests: OwnTests


Group = Annotated[Name, _known("groups")]
Count = Annotated[int, Field(gt=0)]


class Sample(Frozen):
    """The fewest valid forms that decide: of all together (`least`), of groups, and the least part that a group is."""

    least: Count | None = None
    groups: dict[Group, Count] = Field(default_factory=dict)
    parts: dict[Group, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    article: str = ""
    assumed: bool = False


class Recognition(Frozen):
    """Who is asked, how groups are weighted, and the share that must be satisfied (none: for reference only).

    `sample`: the fewest forms that decide; none where the text sets no number.
    """

    groups: tuple[Group, ...]
    weighting: Literal["pooled", "equal"]
    target: Target | None
    sample: Sample | None = None


def _known_rule(rule: str | None) -> str | None:
    if rule is not None and rule not in rules.names():
        context = {"rule": rule, "expected": ", ".join(rules.names())}
        raise PydanticCustomError("rule_unknown", "{rule} is not a rule", context)
    return rule


def _counting(parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Check what counts an item names by the entry of the rule that adds them up."""
    return parameters if parameters is None else rules.checked(COUNTS, parameters)


def _fitting(parameters: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Check parameters by their rule's entry; without a rule there are none."""
    return rules.checked(info.data["rule"], parameters) if "rule" in info.data else parameters


class SchoolSelect(Frozen):
    """Schools that a computed item looks at: all conditions together."""

    school_type: tuple[SchoolType, ...] = ()
    run_by: tuple[RunBy, ...] = ()
    area: tuple[Area, ...] = ()
    boarding: tuple[Literal["yes", "no"], ...] = ()


class Refuting(Frozen):
    """What rows say of an item that is reported: a rule, its parameters, the schools that it looks at; `within` by
    which part a figure may differ, where it is made of amounts that are rounded themselves."""

    rule: Name
    parameters: dict[Name, Any] = Field(default_factory=dict, validate_default=True)
    schools: tuple[SchoolSelect, ...] = ()
    assumed: bool = False
    within: float = Field(default=0.0, ge=0, lt=1)

    _rule_known = field_validator("rule")(_known_rule)
    _parameters_fit = field_validator("parameters")(_fitting)


class Item(Frozen):
    """One item below the resources: answered (yes or no), a county value, or computed from records by `rule`.

    `number` is its place in the text; parts of one place share it. `schools`: those that a computed item looks at, any
    entry suffices, none means all. An answer is asked for from the day `from` on, a value as its target says. `rows`:
    how the rows of schools tell the same, where it is reported, `counts`: how what the county counts tells it. `breach`
    makes it a veto: what is so where the answer is no, which `unmet` is elsewhere; `measure`: what is to be done then;
    `beside`: what is told beside the target, and decides nothing.
    """

    field: Literal["resources", "government", "quality", "recognition", "entry"]
    number: int = Field(ge=1)
    label: Label
    unmet: Label | None = None
    measure: Label | None = None
    kind: Literal["answer", "value", "computed"]
    rule: Name | None = None
    parameters: dict[Name, Any] = Field(default_factory=dict, validate_default=True)
    schools: tuple[SchoolSelect, ...] = ()
    target: Target | None = None
    since: date | None = Field(default=None, alias="from")
    article: str = ""
    assumed: bool = False
    rows: Refuting | None = None
    counts: dict[Name, Any] | None = None
    breach: Label | None = None
    beside: tuple[Beside, ...] = ()

    _rule_known = field_validator("rule")(_known_rule)
    _parameters_fit = field_validator("parameters")(_fitting)
    _counts_fit = field_validator("counts")(_counting)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "computed" and self.rule is None:
            raise ValueError("a computed item names its rule")
        if self.kind != "answer" and self.target is None:
            raise ValueError("an item with a value has a target")
        if self.breach is not None and (self.field, self.kind) != ("entry", "answer"):
            raise ValueError("a veto is an answer among the entry conditions")
        if self.kind == "computed" and self.rows is not None:
            raise ValueError("a computed item is told by rows already")
        if self.counts is not None and (self.kind == "answer") != bool({"at_least", "above"} & set(self.counts)):
            raise ValueError("counts of an answer say what a yes is, those of a value leave it to its target")
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
