"""Items of a standard below the resources, and the dated targets that judge them."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from analysis.standards import rules
from analysis.standards.basis import Frozen, Label, Name, Sense
from analysis.standards.dated import StageSchedules
from analysis.standards.known_ids import Area, RunBy, SchoolType, Unit
from analysis.standards.practice import Beside

#: The rule that makes a figure of what a county counts.
COUNTS = "county_counts"


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
